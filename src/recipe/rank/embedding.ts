import { CONSTANTS, type ConstantId } from '../optimizers/constants';
import type { OptimizerRow } from '../optimizers/optimizer-row';
import type { OptimizerId } from '../optimizers/optimizers';
import type { Field } from '../plans/plan';

/**
 * The numbers of the run that starts from A's rows repeated m times, B zero, alpha kept: the scaling is then divided by
 * m. In exact arithmetic every copy moves as the original did, and every gradient is divided by m, while no weight
 * changes: the weights' unit stays, the gradient's is 1/m. Powers of m.
 *
 * It says nothing of a rank whose rows are independent. It is the control for what is measured there.
 */
export type Embedding = Readonly<Partial<Record<Field, number>>>;

/** Optimizers that look at a whole matrix, or at all: what the degrees alone would get wrong. */
const OWN: Readonly<Partial<Record<OptimizerId, { lr?: number } & Partial<Record<ConstantId, number>>>>> = {
  // The directions of a matrix with repeated rows are as long as before, so each row is shorter by √m.
  muon: { lr: 1 / 2, eps: -1 / 2 },
  // G·Gᵀ and Gᵀ·G are divided by m, so the step is divided by √m.
  shampoo: { lr: 1 / 2, eps: -1 },
  // The estimate of the distance carries the degree of these rows, and the distance in one element stays.
  ...Object.fromEntries(
    ['prodigy', 'prodigy-coupled', 'dadapt-adam', 'dadapt-adan', 'dadapt-adan-ip'].map((id) => [id, { lr: 0 }]),
  ),
  // Its estimate is a norm.
  'dadapt-sgd': { lr: 0, d0: 1 / 2 },
  // Norms of whole matrices.
  grokadamw: { tensorClip: -1 / 2 },
  lamb: { trustCap: 1 / 2 },
};

/**
 * Rows for which no number makes the repeated rows the same run: steps along directions that rounding chooses among equal
 * rows, inverses of a matrix that repeated rows make singular, constants of two units, first steps of another degree; or for
 * which training has not shown it.
 */
const WITHOUT: ReadonlySet<string> = new Set(
  `soap dion galore apollo sinkgd lora-fa radam radam-decoupled lars bnb-lamb bnb-lars adafactor-torch dadapt-adagrad
   dadapt-adam-decoupled dadapt-adam-preprint dadapt-adam-preprint-decoupled dadapt-lion`.split(/\s+/),
);

/**
 * The powers of m under an optimizer, from the degrees of its row; null where there are none.
 * @param options of the recipe, by the row's names: Muon's steps depend on the shape of B unless `matchRms` is on
 */
export function embeddingOf(row: OptimizerRow, options: Readonly<Record<string, number>>): Embedding | null {
  if (row.noRule || WITHOUT.has(row.id)) return null;
  if (row.id === 'muon' && !(options.matchRms ?? row.options?.matchRms)) return null;
  const own = OWN[row.id as OptimizerId];
  const lr = own?.lr ?? row.d;
  return {
    learningRate: lr,
    // Coupled: a gradient for each weight. Decoupled: what the learning rate takes, the decay gives back.
    weightDecay: row.decay === 'coupled' ? -1 : row.decayPower === 0 ? 0 : 0 - lr,
    // The norm of m times as many elements, each divided by m, and one element.
    ...{ maxGradNorm: -1 / 2, maxGradValue: -1 },
    ...Object.fromEntries(
      row.constants.map(({ constant, power }) => {
        return [constant, own?.[constant] ?? POWERS[CONSTANTS[constant].unit](power, lr)];
      }),
    ),
  };
}

/** Powers of m of a constant, by its unit. @param power of c in its row @param lr power of m in the learning rate */
const POWERS = {
  gradient: (power) => -power,
  'gradient / weights': () => -1,
  '1 / gradient': () => 1,
  'learning rate': (_, lr) => lr,
  weights: () => 0,
} satisfies Record<(typeof CONSTANTS)[ConstantId]['unit'], (power: number, lr: number) => number>;
