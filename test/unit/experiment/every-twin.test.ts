import { describe, expect, it } from 'vitest';
import { controlsOf } from '../../../src/experiment/variants/draws';
import { proofsOf } from '../../../src/experiment/variants/proof';
import { ruleVariant } from '../../../src/experiment/variants/rule';
import type { VariantSpec } from '../../../src/experiment/spec';
import type { Verdict } from '../../../src/experiment/verdict/verdict';
import type { OptimizerRow } from '../../../src/recipe/optimizers/optimizer-row';
import { verdicts, type Trial } from '../../attack/trials';
import { rowsOn, specOn, TASKS } from '../../support/twin-specs';
import { quiet } from './support/lab';

/** Nothing that a power of two could hide behind. */
const FACTORS = [3, 0.3, 7];

/** On larger tasks those whose rounding grows most, as all that trains shares one guess; and a few others. */
const chosen = (task: string): OptimizerRow[] =>
  rowsOn(task).filter(({ gauges }, i) => task === 'linear' || gauges === 'symmetric' || i % 12 === 5);

async function verdictsOn(task: string, row: OptimizerRow): Promise<Verdict['kind'][]> {
  const spec = specOn(task, row, 'wasm');
  const [base] = spec.variants;
  if (!base) throw new Error('no base');
  const trials = FACTORS.map((k): Trial<number> => {
    const rescaled: VariantSpec = { ...ruleVariant(base, row, k), name: 'rescaled', role: 'rescaled' };
    const alone: VariantSpec = { ...base, name: 'alpha-only', role: 'alpha-only', scaling: base.scaling * k };
    return { about: k, row, variants: [base, rescaled, alone, ...proofsOf(base, rescaled, row), ...controlsOf(base)] };
  });
  return (await verdicts(spec, trials, quiet)).map(({ verdict }) => verdict.kind);
}

describe('the right twin at k = 3, 0.3 and 7', () => {
  it.each(Object.keys(TASKS))('is the same run under every optimizer whose rule is exact: %s', async (task) => {
    const parted: string[] = [];
    for (const row of chosen(task)) {
      const kinds = await verdictsOn(task, row);
      if (kinds.some((kind) => kind !== 'identical' && kind !== 'equivalent'))
        parted.push(`${row.id}: ${kinds.join()}`);
    }
    expect(parted).toEqual([]);
  });
});
