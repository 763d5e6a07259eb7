import type { BackendId, ExperimentSpec, FactorHyper, VariantSpec } from '../../src/experiment/spec';
import { controlsOf } from '../../src/experiment/variants/draws';
import { ruleVariant } from '../../src/experiment/variants/rule';
import { baseOf } from '../../src/experiment/variants/variants';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';

/** Experiments with the same verdict on every backend, in Node and in a browser. */

/** Kinds of training, small. */
export const TASKS: Readonly<Record<string, Partial<ExperimentSpec>>> = {
  linear: {},
  dora: { useDora: true },
  mlp: { task: 'mlp', loss: 'l1' },
  transformer: {
    task: 'transformer',
    loss: 'ce',
    sizes: { hidden: 6, sequence: 3, heads: 2, vocabulary: 5 },
    block: { norm: 'rms', gated: true, targets: ['q', 'v', 'down'], pretrainSteps: 5 },
  },
};

/** Rows whose twins must have the base's bits. Magnitudes that share a state with A and B have no gauge. */
export function rowsOn(task: string): readonly OptimizerRow[] {
  return OPTIMIZER_ROWS.filter(
    ({ exactness, stuck, gauges }) =>
      exactness === 'exact' && stuck === undefined && (task !== 'dora' || gauges !== 'symmetric'),
  );
}

/** A base, its twins at k = 3, 4 and 1/64, alpha alone, and controls. */
export function specOn(task: string, row: OptimizerRow, backend: BackendId): ExperimentSpec {
  const constants = Object.fromEntries(
    row.constants.map(({ constant, default: usual }) => [constant, constant === 'eps' ? Math.max(usual, 1e-6) : usual]),
  );
  const lr = row.rate === 'fixed' ? 1 : row.d < 0 ? 0.5 : 0.02;
  const factor: FactorHyper = { lr, weightDecay: row.decay === 'none' ? 0 : 0.1, constants };
  const numbers = { a: factor, b: factor, maxGradNorm: null, maxGradValue: null };
  const base: VariantSpec = { ...baseOf(2, numbers), ...(task === 'dora' ? { m: { ...factor, lr: lr / 3 } } : {}) };
  const twin = (k: number, name: string, role: VariantSpec['role']) => ({ ...ruleVariant(base, row, k), name, role });
  return {
    ...{ task: 'linear', useDora: false, width: 6, batch: 7, batches: 1, rank: 3, seeds: [3], dropout: 0, steps: 25 },
    ...{ loss: 'mse', data: { target: 'map', inputScale: 1, targetScale: 0.5 }, clipEps: 0, backend },
    optimizer: {
      row: row.id,
      betas: row.defaults.betas ?? [0.9, 0.999],
      momentum: row.defaults.momentum === null ? 0 : 0.6,
      nesterov: false,
      options: row.options ?? {},
    },
    schedule: { kind: 'cosine', warmupSteps: 2 },
    ...TASKS[task],
    variants: [
      base,
      twin(3, 'rescaled', 'rescaled'),
      { ...base, name: 'alpha-only', role: 'alpha-only', scaling: 6 },
      twin(4, 'proof', 'proof'),
      twin(1 / 64, 'proof-64', 'proof'),
      ...controlsOf(base),
    ],
  };
}
