import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../../../support/growth';
import { editsInFile } from '../../../../src/config/documents/document';
import { notebookDocuments } from '../../../../src/config/documents/notebook';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';

const file = (name: string): string => readFileSync(`test/fixtures/notebooks/${name}.ipynb`, 'utf8');

interface Stored {
  cells: { cell_type: string; source: string | string[] }[];
}
const sources = (text: string): string[] =>
  (JSON.parse(text) as Stored).cells.map(({ source }) => (typeof source === 'string' ? source : source.join('')));

/** `text` after the plan for `alpha` is written. */
function rewritten(text: string, index: number, alpha: number): string {
  const result = rewriteConfig(text, readConfig(text, 'a.ipynb'), index, alpha, 'symmetric');
  if ('refusal' in result) throw new Error(result.refusal.message);
  return applyEdits(text, result.edits);
}

describe('a notebook’s documents', () => {
  it('are its Python without magics, its commands, and the files it writes', () => {
    const documents = notebookDocuments(file('peft')).filter(({ isMagic }) => !isMagic);
    expect(documents.map(({ syntax }) => syntax)).toEqual(['python', 'shell', 'shell', 'yaml']);
    const [python, pip, accelerate, yaml] = documents.map(({ text }) => text);
    expect(python).toContain('import torch\n');
    expect(python).not.toMatch(/pip|%cd|accelerate|r=99|r=1\b/);
    expect(pip).toBe('pip install -q peft "transformers>=4.40"\n');
    expect(accelerate).toBe('accelerate config default --mixed_precision bf16\n');
    expect(yaml).toMatch(/^base_model: /);
  });

  it.each(['peft', 'compact'])('place every piece of a line where %s has it', (name) => {
    const text = file(name);
    for (const { text: document, place } of notebookDocuments(text)) {
      for (const { 0: word, index } of document.matchAll(/[^\s"\\]+/g)) {
        const range = place?.toFile({ start: index, end: index + word.length });
        if (!range) continue;
        expect(JSON.parse(`"${text.slice(range.start, range.end)}"`)).toBe(word);
      }
    }
  });

  it('know values across cells, and lines of the file', () => {
    const { recipes } = readConfig(file('peft'), 'a.ipynb');
    expect(recipes[0]).toMatchObject({ rank: 16, alpha: 32, learningRate: 2e-4, maxGradNorm: 0.5 });
    const { line = 0 } = recipes[0]?.stated.alpha ?? {};
    expect(file('peft').split('\n')[line - 1]).toContain('lora_alpha=32');
    expect(recipes[1]).toMatchObject({ rank: 8, alpha: 16, optimizer: { name: 'adamw_torch_fused' } });
  });

  it('do not know the values that Python puts into commands', () => {
    const command = (flags: string): string =>
      `!accelerate launch "{tools}/train_network.py" --network_module=networks.lora ${flags}\n`;
    const notebook = (source: string): string =>
      JSON.stringify({ cells: [{ cell_type: 'code', source }], metadata: {} }, null, 1);
    const read = (flags: string): ReturnType<typeof readConfig> =>
      readConfig(notebook(`lr = "1e-4"\n${command(flags)}`), 'a.ipynb');
    const known = notebook(command('--network_dim=8 --network_alpha=4 --learning_rate=1e-4'));
    expect(rewritten(known, 0, 16)).toContain('{tools}/train_network.py\\" --network_module=networks.lora');
    const open = read('--network_dim=8 --network_alpha=4 --learning_rate="{lr}" --optimizer_type=$lion');
    expect(open.recipes[0]?.unresolved).toEqual({ learningRate: '{…}', optimizer: '$lion' });
    expect(open.findings.map(({ code }) => code)).toEqual(['value-elsewhere', 'value-elsewhere']);
    const chosen = read('--network_dim 8 {"--v2" if is_v2 else ""} --network_alpha={"4" if small else "8"}');
    expect(chosen.findings.map(({ code }) => code)).toEqual(['value-elsewhere', 'not-understood']);
  });

  it.each(['peft', 'compact'])('are edited in the JSON of %s, and nothing else is', (name) => {
    const before = file(name);
    const after = rewritten(before, 0, 128);
    const changed = sources(after).filter((source, i) => source !== sources(before)[i]);
    expect(changed).toHaveLength(2);
    expect(changed[0]).toContain('lora_alpha=128,  # “twice” the rank');
    expect(changed[1]).toContain('learning_rate=1e-4, adam_epsilon=2e-8, max_grad_norm=1.0');
    const back = after.replace('=128', '=32').replace('=1e-4', '=2e-4').replace('=1.0', '=0.5');
    expect(back.replace(', adam_epsilon=2e-8', '')).toBe(before);
  });

  it('gets a new line as a string of its own where the source is a list', () => {
    const after = rewritten(file('peft'), 1, 64);
    expect(after).toMatch(
      /\n {4}"learning_rate: 0.0001\\n",\n {4}"max_grad_norm: 2.0\\n",\n {4}"adam_epsilon: 2.0e-8\\n"/,
    );
    expect(sources(after).at(-1)).toMatch(/0.0001\nmax_grad_norm: 2.0\nadam_epsilon: 2.0e-8\n?$/);
  });

  it('have the language of the kernel, or of the cell', () => {
    const cells = [{ cell_type: 'code', source: 'adapter: lora', metadata: { vscode: { languageId: 'yaml' } } }];
    const notebook = JSON.stringify({ cells, metadata: { kernelspec: { language: 'julia' } } });
    expect(notebookDocuments(notebook).map(({ syntax, text }) => [syntax, text])).toEqual([['yaml', 'adapter: lora']]);
  });

  it.each([
    '',
    '[]',
    '{"cells": [',
    '{"cells": [{"cell_type": "code"}]}',
    '{"cells": [1, "a"]}',
    '{"a" 1}',
    '{"cells": 3}',
    '// a comment\n{"cells": []}',
    `{"cells": ${'['.repeat(100_000)}`,
  ])('are none in %j', (text) => {
    expect(notebookDocuments(text)).toEqual([]);
  });

  it('cost little beside pictures of many megabytes', () => {
    const picture = 'iVBORw0KGgo\\n'.repeat(1_000_000);
    const text = file('compact').replace('"outputs": []', `"outputs": [{"data": {"image/png": "${picture}"}}]`);
    expect(text.length).toBeGreaterThan(12_000_000);
    const read = (): void => expect(readConfig(text, 'big.ipynb').recipes).toHaveLength(2);
    expect(processorTimeOf(read)).toBeLessThan(4000);
  });

  it('put any edit of any text where it belongs', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\n%!?]/g, ''));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.nat(),
        line,
        (lines, isList, at, added) => {
          const source = lines.join('\n');
          fc.pre(source.trim() !== '');
          const stored = isList ? lines.map((text, i) => (i < lines.length - 1 ? `${text}\n` : text)) : source;
          const notebook = JSON.stringify({ cells: [{ cell_type: 'code', source: stored }] }, null, 1);
          const [document] = notebookDocuments(notebook);
          const offset = at % (source.length + 1);
          const edits = document && editsInFile(document, [{ range: { start: offset, end: offset }, text: added }]);
          expect(edits && sources(applyEdits(notebook, edits))[0]).toBe(
            source.slice(0, offset) + added + source.slice(offset),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
