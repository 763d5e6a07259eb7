import { describe, expect, it } from 'vitest';
import type { ExperimentSpec, FactorHyper, VariantSpec } from '../../../../src/experiment/spec';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { rowUnder } from '../../../../src/recipe/optimizers/early-steps';
import { OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { run, spec, variant } from '../support/lab';

const TASKS: readonly (readonly [string, Pick<ExperimentSpec, 'task' | 'useDora' | 'loss'>])[] = [
  ['one DoRA layer', { task: 'linear', useDora: true, loss: 'mse' }],
  ['an MLP', { task: 'mlp', useDora: false, loss: 'l1' }],
  ['a transformer', { task: 'transformer', useDora: false, loss: 'ce' }],
];

/** So that RAdam's first steps are eight, where they are five at the usual ones. */
const BETAS = [0.8, 0.72] as const;

/** Rows whose rule has a limit that these tasks do not show. */
const EXACT_HERE = ['radam', 'soap', 'sinkgd', 'galore'];

/** Rows whose rule has no limit that training could see, were the rates of single steps to be set. */
const ROWS = OPTIMIZER_ROWS.filter(({ stuck }) => stuck === undefined)
  .map((row) => rowUnder(row, BETAS))
  .filter(
    ({ exactness, early, rate, id }) => exactness === 'exact' || early || rate === 'fixed' || EXACT_HERE.includes(id),
  );

describe.each(TASKS)('twins of %s', (_, task) => {
  const rows = ROWS.filter(({ gauges }) => !task.useDora || gauges !== 'symmetric');

  it.each(rows.map((row) => [row.id, row] as const))('have the base’s bits under %s', async (__, row) => {
    const base = baseOf(row, task.useDora);
    const twins = [4, 1 / 64].map((k, i): VariantSpec => ({
      ...ruleVariant(base, row, k),
      name: `${i}`,
      role: 'rescaled',
    }));
    const { losses, weightDeviation } = await run(
      spec({
        ...task,
        backend: 'wasm',
        steps: 10,
        schedule: { kind: 'cosine', warmupSteps: 2 },
        optimizer: {
          row: row.id,
          betas: BETAS,
          momentum: row.defaults.momentum === null ? 0 : 0.6,
          nesterov: false,
          options: row.options ?? {},
        },
        sizes: { hidden: 5, sequence: 3, heads: 1, vocabulary: 4 },
        batch: 3,
        variants: [base, ...twins],
      }),
    );
    const [first = [], ...others] = losses;
    expect(first.every(Number.isFinite)).toBe(true);
    expect(first.at(-1)).not.toBe(first[0]);
    expect(Math.max(...others.flatMap((twin) => deviationsOf(twin, first)), ...weightDeviation)).toBe(0);
  });
});

/** Every number at work; the magnitudes of DoRA keep theirs. */
function baseOf(row: OptimizerRow, useDora: boolean): VariantSpec {
  const constants = Object.fromEntries(
    row.constants.map(({ constant, default: usual }) => [constant, constant === 'eps' ? Math.max(usual, 1e-4) : usual]),
  );
  const lr = row.rate === 'fixed' ? 1 : row.d < 0 ? 0.5 : 0.02;
  // The rates of RAdam's first steps take a decay along that does not look at the gradient.
  const decays = row.decay !== 'none' && row.id !== 'radam-decoupled';
  const factor: FactorHyper = { lr, weightDecay: decays ? 0.1 : 0, constants };
  return variant({ a: factor, b: factor, ...(useDora ? { m: { ...factor, lr: lr / 3 } } : {}) });
}
