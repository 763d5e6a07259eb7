import { describe, expect, it } from 'vitest';
import { compareConfigs } from '../../../../src/config/compare/compare-configs';
import { configRecipe } from '../../../../src/config/plan/as-trained';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { applyEdits } from '../../../../src/config/write/edits';
import { nameCode } from '../../../../src/export/name-code';
import { writeWay } from '../../../../src/extension/comparison/write-way';
import { openNotebook } from '../../../../src/extension/documents/open-notebook';
import { notebookFile } from '../../../support/notebook';
import { AXOLOTL } from '../samples';

interface File {
  path: string;
  text: string;
  code?: string;
}

const SCRIPT = `from peft import LoraConfig
from trl import SFTConfig, SFTTrainer

peft_config = LoraConfig(r=16, lora_alpha=16, target_modules=["q_proj"])
args = SFTConfig("out", learning_rate=2e-4, optim="adamw_torch")
trainer = SFTTrainer("some/model", args=args, train_dataset=data, peft_config=peft_config)
trainer.train()
`;

const readingOf = ({ text, path, code }: File) => readConfig(text, path, code === undefined ? {} : { code });
const plansOf = (file: File, alpha: number) => planConfig(file.text, readingOf(file), 0, alpha).plans;
const codeOf = (file: File, alpha: number, id = 'symmetric') =>
  plansOf(file, alpha).find((one) => one.id === id)?.code ?? '';
const why = (file: File) => readingOf(file).notUnderstood.map((one) => `${one.line}: ${one.why}`);
const divisor = (text = '') => /div_\(([^)]*)\)/.exec(text)?.[1];
const indented = (code: string) => code.replace(/^(?=.)/gm, '    ');

/** The file at another alpha, with the code of the plan in the file that the config names, or before the training. */
function rescaled(file: File, alpha: number): File {
  const code = codeOf(file, alpha);
  const outcome = rewriteConfig(file.text, readingOf(file), 0, alpha, 'symmetric');
  const text = applyEdits(file.text, 'edits' in outcome ? outcome.edits : []);
  if (text.includes('# LoRA Alpha')) return { ...file, text };
  if (file.path.endsWith('.yml')) {
    return { ...file, text: applyEdits(text, nameCode(text, readConfig(text, file.path), 0) ?? []), code };
  }
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const placed = text.replace(/^( *)trainer\.train/m, (train, indent: string) => {
    return `${indent === '' ? code : indented(code)}`.replaceAll('\n', end) + train;
  });
  return { ...file, text: placed };
}

const script = (text: string): File => ({ path: 'train.py', text });
const FUNCTION = SCRIPT.replace(/peft_config = [^]*/, (body) => `def main():\n${indented(body)}\nmain()\n`);

describe('code in place', () => {
  it.each([
    ['the file that a config names', AXOLOTL],
    ['a script', script(SCRIPT)],
    ['a script with Windows line ends', script(SCRIPT.replaceAll('\n', '\r\n'))],
    ['a function', script(FUNCTION)],
  ])('is continued by the next plan: %s', (_, file) => {
    const first = rescaled(file, 64);
    expect(why(first)).toEqual([]);
    expect(readingOf(first).recipes[0]?.initFactors).toEqual({ A: 0.5, B: 0.5 });
    expect([256, 16].map((alpha) => divisor(codeOf(first, alpha)))).toEqual(['4.0', '1.0']);
    // Also where the plan itself leaves the init alone.
    expect(divisor(codeOf(first, 32, 'lr-only'))).toBe('2.0');
    const second = rescaled(first, 32);
    expect(why(second)).toEqual([]);
    expect(Number(divisor(second.code ?? second.text))).toBeCloseTo(Math.SQRT2, 12);
    expect(divisor(codeOf(second, 16))).toBe('1.0');
    const [one, other] = [file, second].map((each) => configRecipe(each.text, readingOf(each), 0));
    expect(one && other && compareConfigs(one, other).verdict).toBe('same');
  });

  it('is changed with the numbers of its script, in a cell of a notebook too', () => {
    const { text } = rescaled(script(SCRIPT), 64);
    const now = rescaled(script(text), 32).text.split('\n');
    expect(now.filter((line) => !text.includes(line)).map((line) => line.trim().slice(0, 26))).toEqual([
      ...[
        'peft_config = LoraConfig(r',
        'args = SFTConfig("out", le',
        '# LoRA Alpha: scaling 1 ->',
        'p.data.div_(1.414213562373',
      ],
    ]);
    const open = openNotebook([{ text, language: 'python', number: 1 }]).text;
    for (const notebook of [open, notebookFile([{ kind: 'code', source: text }])]) {
      const second = rescaled({ path: 'train.ipynb', text: notebook }, 32);
      expect(why(second)).toEqual([]);
      expect(Number(divisor(second.text))).toBeCloseTo(Math.SQRT2, 12);
    }
  });

  const { text: placed } = rescaled(script(SCRIPT), 64);
  const BLOCK = /# LoRA Alpha[^]*div_\(2\.0\)\n/;
  const block = BLOCK.exec(placed)?.[0] ?? '';
  const replaced = (from: string | RegExp, to: string): File => script(placed.replace(from, to));
  const within = (line: string): File => script(placed.replace(block, `${line}\n${indented(block)}`));
  const named = rescaled(AXOLOTL, 64);
  const left = FUNCTION.replace('alpha=16', 'alpha=64').replace(
    /^ +trainer.train/m,
    `    return 1\n${indented(block)}$&`,
  );
  const OTHER = 'other = LoraConfig(r=16, lora_alpha=64)\nsecond = get_peft_model(model, other)\n';
  it.each<[string, File, RegExp]>([
    ['a changed number', replaced('div_(2.0)', 'div_(3.0)'), /changed by hand/],
    ['a changed first line', replaced('A * 0.5', 'A * 0.25'), /changed by hand/],
    ['a line more', replaced('div_(2.0)', 'div_(2.0)\n    p.data.mul_(2)'), /mul_/],
    ['the code twice', replaced(block, block + block), /changed by hand/],
    ['another alpha', replaced('lora_alpha=64', 'lora_alpha=32'), /is for scaling 4, .* scaling 2/],
    ['a place behind the training', script(placed.replace(block, '') + block), /before training/],
    ['a branch', within('if resumed:'), /in the block that makes LoRA/],
    ['a loop', within('for _ in range(2):'), /in the block that makes LoRA/],
    ['a function that nothing calls', within('def divide():'), /in the block that makes LoRA/],
    ['a return before it', script(left), /in the block that makes LoRA/],
    ['two adapters', replaced('args =', `${OTHER}args =`), /in the block that makes LoRA/],
    ['a plugin that was changed', { ...named, code: `${named.code}\nprint()\n` }, /changed by hand/],
    [
      'a plugin for another alpha',
      { ...named, text: named.text.replace('alpha: 64', 'alpha: 32') },
      /is for scaling 4/,
    ],
    ['a plugin that is not there', { path: named.path, text: named.text }, /cannot read the code/],
  ])('is not understood with %s', (_, file, expected) => {
    expect(
      why(file).some((one) => expected.test(one)),
      why(file).join('\n'),
    ).toBe(true);
    expect(plansOf(file, 128).every(({ claim }) => claim.notUnderstood.length > 0)).toBe(true);
  });
});

describe('a way to the same run', () => {
  it.each([
    ['axolotl', AXOLOTL],
    ['script', script(SCRIPT)],
  ])('continues code in place: %s', (_, file) => {
    const second = rescaled(file, 64);
    const first = { ...file, text: file.text.replace(/(alpha(?:=|: ))16/, '$164') };
    const [one, other] = [first, second].map((each) => configRecipe(each.text, readingOf(each), 0));
    if (!one || !other) throw new Error('no recipe');
    const way = compareConfigs(one, other).ways.find(({ way: { id } }) => id === 'init');
    if (!way) throw new Error('no way');
    const writing = writeWay(one, other, way, second.path);
    const { edits, code } = 'refusal' in writing ? { edits: [], code: null } : writing;
    const after = { ...second, text: applyEdits(second.text, edits), ...(code !== null && { code }) };
    expect(after.code ?? after.text).toContain('# LoRA Alpha: scaling 1 -> 4, init of A * 1, ');
    expect(why(after)).toEqual([]);
    const now = configRecipe(after.text, readingOf(after), 0);
    expect(now && compareConfigs(one, now).verdict).toBe('same');
  });
});
