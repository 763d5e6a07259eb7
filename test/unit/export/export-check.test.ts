import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { exportCheck, isExport } from '../../../src/export/export-check';
import { axolotl, requestOf, script } from './export-of';

const AT = { alpha: 64 };

/** The text of an export that must succeed; exported.test.ts has what is in it. */
function textOf(...request: Parameters<typeof requestOf>): string {
  const made = exportCheck(requestOf(...request));
  if ('refused' in made) throw new Error(made.refused);
  return made.text;
}

describe('an exported file', () => {
  it('divides the init of every run as code in place does, where its plan divides A and B alike', () => {
    const { code } = requestOf(script(), 'train.py', AT).plan;
    const placed = script().replace('alpha=16', 'alpha=64').replace('trainer.train', `${code}trainer.train`);
    expect(textOf(placed, 'train.py', { alpha: 16 })).toContain(
      'CODE = {"base": [2.0], "rescaled": [1.0], "alpha-only": [2.0]}',
    );
    const request = requestOf(placed, 'train.py', { alpha: 16 });
    const other = exportCheck({ ...request, plan: { ...request.plan, init: { A: 4, B: 1 } } });
    expect('refused' in other && other.refused).toMatch(/^Code in place divides A and B alike/);
  });

  it.each([
    ['axolotl-llama3.yml', 64],
    ['axolotl-llama3.yml', 48],
    ['llamafactory-qwen.yaml', 64],
  ])('of %s at alpha %d reads its options before the packages, and is known again, as no config', (name, alpha) => {
    const text = textOf(readFileSync(`examples/${name}`, 'utf8'), name, { alpha });
    expect(isExport(text)).toBe(true);
    expect(readConfig(text, 'check_alpha.py')).toMatchObject({ isLora: false, findings: [], recipes: [] });
    expect(text).toMatch(/\ntry:\n {4}main\(\)\nexcept Exception as error:\n {4}fail\(.*\)\n$/);
    const imports = [...text.matchAll(/^(?:ARGS = arguments|\s*(?:import|from) (.*))/gm)].map(
      ([, names = '=']) => names,
    );
    const own = 'argparse copy functools json math os re signal sys time'.split(' ');
    expect(imports).toEqual([...own, '=', 'peft', 'torch', 'transformers']);
  });

  it.each([
    ['one k', AT, 'p.data.div_(2.0)'],
    ['several k', { alpha: 48 }, 'p.data.div_(by[0])'],
  ])('has the code of the plan at %s', (_, target, code) => {
    expect(textOf(axolotl(), 'a.yml', target)).toContain(code);
  });

  it.each([
    ['DoRA', script({ lora: ', use_dora=True', args: ', max_grad_norm=0.0' }), 'optimizer.param_groups.append(group)'],
    ['Lion', axolotl('optimizer: lion_32bit'), 'class Lion(torch.optim.Optimizer)'],
  ])('has what %s needs', (_, text, code) => {
    const made = textOf(text, text.startsWith('base_model') ? 'a.yml' : 'train.py', { alpha: 48 });
    expect(made).toContain(code);
  });

  it('keeps an equation of its top on one line', () => {
    const example = readFileSync('examples/llamafactory-qwen.yaml', 'utf8');
    const text = textOf(example, 'a-rather-long-name-of-qwen3.yaml', AT);
    expect(text).toMatch(/\nk = 2\.\n| k = 2\.\n/);
  });

  it('holds no code of a config, whatever its names and values are', () => {
    const values = axolotl('lora_modules_to_save: ["evil()"]').replace('my/llama', String.raw`"x\") + evil() + (\""`);
    const text = textOf(values, '""" \nimport evil\0 %(prog)s\n.yml', AT);
    expect(text.slice(0, text.indexOf('import'))).not.toMatch(/\0|%\(/);
    expect(text.indexOf('"""', 3)).toBe(text.indexOf('"""\n\nimport argparse'));
    expect(text).toContain(`MODEL = 'x") + evil() + ("'\nSEED, BATCH = 42, 1`);
    expect(text).toContain('modules_to_save=["evil()"]');
  });
});
