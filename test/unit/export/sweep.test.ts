import { describe, expect, it } from 'vitest';
import { configRecipe } from '../../../src/config/plan/as-trained';
import { readConfig } from '../../../src/config/read';
import { isExport } from '../../../src/export/export-check';
import { sweepFile, sweptChecks, type SweepRequest } from '../../../src/export/sweep';
import { axolotl, script } from './export-of';

const alphas = (...all: number[]): { alpha: number }[] => all.map((alpha) => ({ alpha }));

function swept(text: string, request: SweepRequest, name = 'a.yml'): { names: string[]; leftOut: readonly string[] } {
  const chosen = configRecipe(text, readConfig(text, name), 0);
  if (!chosen) throw new Error('there is no recipe');
  const { checks, leftOut } = sweptChecks({ ...chosen, name }, request);
  for (const check of checks) {
    const [, alpha, , rank, plan] = check.name.replace(/\.py$/, '').split('_');
    const top = check.text.slice(0, check.text.indexOf('import')).replaceAll('\n', ' ');
    expect(top).toContain(`alpha ${alpha} against alpha 16: plan ${plan}, k = `);
    expect(check.text).toMatch(new RegExp(String.raw`^LORA = dict\(r=${rank}\b`, 'm'));
  }
  return { names: checks.map((check) => check.name), leftOut };
}

describe('sweptChecks', () => {
  it.each<[string, SweepRequest['plans'], string[]]>([
    ['the best plan', 'best', ['symmetric']],
    ['all plans', 'all', ['symmetric', 'keep-init', 'keep-b', 'lr-only']],
    ['the plans that are named', ['keep-b', 'symmetric'], ['keep-b', 'symmetric']],
  ])('makes a check for every alpha: %s', (_, plans, ids) => {
    const { names, leftOut } = swept(axolotl(), { targets: alphas(0.25, 64), plans });
    expect(names).toEqual([0.25, 64].flatMap((alpha) => ids.map((id) => `alpha_${alpha}_rank_8_${id}.py`)));
    expect(leftOut).toEqual([]);
  });

  it.each<[string, string, SweepRequest, string[]]>([
    [
      'the alpha of the file',
      axolotl(),
      { targets: alphas(16), plans: 'all' },
      ['alpha 16 at rank 8: The scaling does not change, so there is nothing to check.'],
    ],
    [
      'a plan that there is not',
      script({ lora: ', init_lora_weights="pissa"' }),
      { targets: alphas(64), plans: ['keep-b'] },
      ['alpha 64 at rank 8, plan keep-b: There is no such plan.'],
    ],
    [
      'a run that the file cannot build',
      axolotl('optimizer: came_pytorch'),
      { targets: alphas(64), plans: 'best' },
      ['alpha 64 at rank 8, plan symmetric: The exported file cannot build CAME from torch and transformers alone.'],
    ],
    [
      'an alpha beyond what is possible',
      axolotl(),
      { targets: alphas(1e9), plans: 'best' },
      ['alpha 1000000000 at rank 8: alpha is 1000000000; it must be a number above 0, from 1e-6 to 1e6'],
    ],
  ])('leaves out %s, and says why', (_, text, request, leftOut) => {
    expect(swept(text, request, text.startsWith('import') ? 'train.py' : 'a.yml')).toEqual({ names: [], leftOut });
  });

  it('goes on where one of several is left out', () => {
    const { names, leftOut } = swept(script(), { targets: alphas(16, 32), plans: 'best' }, 'train.py');
    expect(names).toEqual(['alpha_32_rank_8_symmetric.py']);
    expect(leftOut).toHaveLength(1);
  });
});

describe('sweepFile', () => {
  const { name, text } = sweepFile([
    { name: 'alpha_0.25_rank_8_symmetric.py', text: '' },
    { name: 'alpha_64_rank_8_lr-only.py', text: '' },
  ]);

  it('names its checks, and is no config', () => {
    expect(name).toBe('sweep.py');
    expect(text).toContain('CHECKS = [\n    "alpha_0.25_rank_8_symmetric",\n    "alpha_64_rank_8_lr-only",\n]\n');
    expect(isExport(text)).toBe(true);
    expect(readConfig(text, name)).toMatchObject({ isLora: false, recipes: [], findings: [] });
  });

  it('is short enough to be read', () => {
    const lines = sweepFile([]).text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(135);
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
  });
});
