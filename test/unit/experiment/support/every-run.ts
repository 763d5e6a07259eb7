import type { ExperimentSpec, VariantSpec } from '../../../../src/experiment/spec';
import { ROWS_WITHOUT_RULE, optimizerRow, OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { spec, variant } from './lab';

/** @throws Error where there is none */
export function rowOf(id: string): OptimizerRow {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return row;
}

/** Kinds of training that differ in what they keep. */
export const TASKS = ['linear', 'dora', 'mlp', 'transformer'] as const;
export type TaskKind = (typeof TASKS)[number];

/** Every optimizer on one kind of training, every kind on one optimizer in turn. */
export const ROWS_AND_TASKS = [...OPTIMIZER_ROWS, ...ROWS_WITHOUT_RULE].map(
  ({ id }, i) => [id, TASKS[i % TASKS.length] ?? 'linear'] as const,
);

const KINDS: Readonly<Record<TaskKind, Partial<ExperimentSpec>>> = {
  linear: { task: 'linear' },
  dora: { task: 'linear', useDora: true },
  mlp: { task: 'mlp', loss: 'l1' },
  transformer: {
    task: 'transformer',
    loss: 'ce',
    sizes: { sequence: 4, heads: 2, vocabulary: 6 },
    block: { norm: 'rms', gated: true, targets: ['q', 'v', 'up', 'down'], pretrainSteps: 2 },
  },
};

/** A spec that trains `count` variants under a row with its own constants, decay and a clip threshold at work. */
export function trainable(
  row: string,
  task: TaskKind,
  count: number,
  fields: Partial<ExperimentSpec> = {},
): ExperimentSpec {
  const found = rowOf(row);
  const constants = Object.fromEntries(found.constants.map(({ constant, default: usual }) => [constant, usual]));
  const factor = { lr: 0.001, weightDecay: found.decay === 'none' ? 0 : 0.01, constants };
  const one = variant({ a: factor, b: factor, maxGradNorm: 1, ...(task === 'dora' ? { m: factor } : {}) });
  return spec({
    ...KINDS[task],
    optimizer: {
      row,
      betas: [0.9, 0.999],
      momentum: found.defaults.momentum === null ? 0 : 0.6,
      nesterov: false,
      options: found.options ?? {},
    },
    variants: Array.from({ length: count }, (_, i): VariantSpec =>
      i === 0 ? one : { ...one, name: `v${i}`, role: 'plan' },
    ),
    ...fields,
  });
}
