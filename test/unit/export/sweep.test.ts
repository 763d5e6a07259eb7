import { describe, expect, it } from 'vitest';
import { configRecipe } from '../../../src/config/plan/as-trained';
import { readConfig } from '../../../src/config/read';
import { isExport } from '../../../src/export/export-check';
import { sweepFile, sweptChecks, type SweepRequest } from '../../../src/export/sweep';
import { axolotl, script } from './export-of';

const PISSA = script({ lora: ', init_lora_weights="pissa"' });
const CAME = axolotl('optimizer: came_pytorch');
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

  const UNCHANGED = 'The scaling does not change, so there is nothing to check.';
  const CANNOT = 'The exported file cannot build CAME from torch and transformers alone.';
  const BEYOND = 'alpha is 1000000000; it must be a number above 0, from 1e-6 to 1e6';
  it.each<[string, string, number, SweepRequest['plans'], string]>([
    ['the alpha of the file', axolotl(), 16, 'all', `alpha 16 at rank 8: ${UNCHANGED}`],
    ['a plan that there is not', PISSA, 64, ['keep-b'], 'alpha 64 at rank 8, plan keep-b: There is no such plan.'],
    ['a run that the file cannot build', CAME, 64, 'best', `alpha 64 at rank 8, plan symmetric: ${CANNOT}`],
    ['an alpha beyond what is possible', axolotl(), 1e9, 'best', `alpha 1000000000 at rank 8: ${BEYOND}`],
  ])('leaves out %s, and says why', (_, text, alpha, plans, why) => {
    const found = swept(text, { targets: alphas(alpha), plans }, text === PISSA ? 'train.py' : 'a.yml');
    expect(found).toEqual({ names: [], leftOut: [why] });
  });

  it('goes on where one of several is left out', () => {
    const { names, leftOut } = swept(script(), { targets: alphas(16, 32), plans: 'best' }, 'train.py');
    expect(names).toEqual(['alpha_32_rank_8_symmetric.py']);
    expect(leftOut).toHaveLength(1);
  });
});

describe('sweepFile', () => {
  const checks = ['alpha_0.25_rank_8_symmetric', 'alpha_64_rank_8_lr-only'];
  const { name, text } = sweepFile(checks.map((check) => ({ name: `${check}.py`, text: '' })));

  it('names its checks, and is no config', () => {
    expect(name).toBe('sweep.py');
    expect(text).toContain('CHECKS = [\n    "alpha_0.25_rank_8_symmetric",\n    "alpha_64_rank_8_lr-only",\n]\n');
    expect(isExport(text)).toBe(true);
    expect(readConfig(text, name)).toMatchObject({ isLora: false, recipes: [], findings: [] });
  });
});
