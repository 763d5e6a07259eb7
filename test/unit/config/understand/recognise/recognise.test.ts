import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainersPage } from '../../../../../scripts/docs/trainers-page';
import { wholeFile } from '../../../../../src/config/documents/document';
import { notebookDocuments } from '../../../../../src/config/documents/notebook';
import { applyEdits } from '../../../../../src/config/write/edits';
import { mayHoldLora } from '../../../../../src/config/hint';
import { optimizerNames } from '../../../../../scripts/docs/optimizer-names';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { recognise, specificityOf, trainersHintedAt } from '../../../../../src/config/understand/recognise/recognise';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { parseText, syntaxOf } from '../../../../../src/config/syntax/parse';
import { TRAINERS } from '../../../../../src/config/trainers/all';
import type { Trainer } from '../../../../../src/config/trainers/trainer';
import { brewer } from '../../brewer';

/** Every fixture of a trainer, with the trainers that would read a tree of it. */
const readers = readdirSync('test/fixtures/trainers', { recursive: true, withFileTypes: true }).flatMap((entry) => {
  const path = join(entry.parentPath, entry.name);
  const syntax = entry.isFile() ? syntaxOf(path) : null;
  if (!syntax) return [];
  const text = readFileSync(path, 'utf8');
  const documents = syntax === 'notebook' ? notebookDocuments(text) : [wholeFile(text, syntax)];
  return documents.flatMap((document) => {
    const candidates = trainersHintedAt(document);
    const parsed = parseText(document.text, document.syntax);
    return !parsed.ok
      ? []
      : parsed.roots.flatMap(({ node: plain }) => {
          const node = document.amend?.(plain) ?? plain;
          return node.kind === 'map' ? [{ path, found: candidates.filter((one) => recognise(node, [one])) }] : [];
        });
  });
});

describe('recognise', () => {
  it('has one trainer that knows most of a file, whatever the order of the list', () => {
    const known = readers.filter(({ found }) => found.length > 0);
    expect(known.length).toBeGreaterThan(100);
    expect(known.some(({ found }) => found.length > 1)).toBe(true);
    for (const { path, found } of known) {
      const most = Math.max(...found.map(specificityOf));
      expect(
        found.filter((one) => specificityOf(one) === most).map(({ id }) => id),
        path,
      ).toHaveLength(1);
    }
  });
});

const FILE = 'brew_lora: true\nmalt_rank: 8\nmalt_alpha: 16\nheat: 2e-4\nfoam: 1\n';
const COMMAND = 'brewer boil --brew_lora true --malt_rank 8 --malt_alpha 16 --heat 2e-4\n';

/** What the page of trainers says of them, from no measurement at all. */
const page = (): string => trainersPage('[]');

describe('a trainer that is one file and one line in the list', () => {
  const list = TRAINERS as Trainer[];
  const before = list.length;
  beforeAll(() => list.push(brewer));
  afterAll(() => list.pop());

  it('is hinted at, recognised and read, with its defaults and problems', () => {
    expect(mayHoldLora(FILE)).toBe(true);
    const { trainer, recipes, findings } = readConfig(FILE, 'beer.yaml');
    expect(trainer).toBe('brewer');
    expect(recipes[0]).toMatchObject({ rank: 8, alpha: 16, learningRate: 2e-4, optimizer: { row: 'adamw' } });
    expect(recipes[0]?.assumed).toMatchObject({ optimizer: 'The brewer defaults the optimizer to copper.' });
    expect(findings.map(({ message }) => message)).toContain('The brewer has no foam.');
    expect(readConfig('brew_lora: true\n', 'beer.yaml').recipes[0]?.assumed).toMatchObject({
      rank: 'The brewer defaults the rank to 6.',
      alpha: 'The brewer defaults alpha to 12, whatever the rank.',
      learningRate: 'The brewer defaults the learning rate to 3e-4.',
    });
  });

  it('names a key that may reach LoRA and is not known', () => {
    const { notUnderstood } = readConfig(`${FILE}malt_lr: 1e-3\n`, 'beer.yaml');
    expect(notUnderstood.map(({ source }) => source)).toEqual(['malt_lr: 1e-3']);
  });

  it('is planned, with init code for its own factors, and rewritten', () => {
    const reading = readConfig(FILE, 'beer.yaml');
    const { plans } = planConfig(FILE, reading, 0, 64);
    expect(plans[0]?.id).toBe('symmetric');
    expect(plans[0]?.code).toContain('{"malt", "hops"} & parts');
    const result = rewriteConfig(FILE, reading, 0, 64, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    expect(applyEdits(FILE, result.edits)).toBe('brew_lora: true\nmalt_rank: 8\nmalt_alpha: 64\nheat: 1e-4\nfoam: 1\n');
  });

  it('is read on a command line, behind a launcher too, and guessed at nowhere', () => {
    for (const command of [COMMAND, `uvx --quiet yes ${COMMAND}`]) {
      const { trainer, recipes } = readConfig(command, 'boil.sh');
      expect([trainer, recipes[0]?.rank, recipes[0]?.alpha]).toEqual(['brewer', 8, 16]);
    }
    expect(
      readConfig(COMMAND.replace('--brew_lora true', '--lr 1e-4 --lora_alpha 8 --lora_r 8'), 'boil.sh').recipes,
    ).toEqual([]);
  });

  it('has its optimizer names and its pages', () => {
    expect(optimizerNames().filter(({ trainer }) => trainer === 'The brewer')).toEqual([
      { trainer: 'The brewer', name: 'copper', rows: ['adamw'], reasons: [] },
      { trainer: 'The brewer', name: 'steel', rows: [], reasons: ['steel: nobody has looked into it.'] },
    ]);
    expect(page()).toContain('| The brewer | yaml | `malt_rank` (6) | `malt_alpha` (12) | `heat` (3e-4) |');
    expect(page()).toContain('- **The brewer**: [key-ignored]');
  });

  it('is gone again', () => {
    list.pop();
    expect(list).toHaveLength(before);
    expect(readConfig(FILE, 'beer.yaml').trainer).not.toBe('brewer');
    list.push(brewer);
  });
});
