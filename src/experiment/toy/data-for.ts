import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Numbers } from '../variants/numbers';
import type { DataSpec, ExperimentSpec, FactorHyper } from '../spec';

/** Standard deviation of an element of A is this over √width (Kaiming-uniform, a = √5). */
const SPREAD_OF_A = 1 / Math.sqrt(3);

/** Initial gradient norm / max grad norm: clipping is active at first only. Without it: large relative to any eps. */
const OVER_THE_CLIP = 1.5;
const FREE_NORM = 8;

/** If past steps decide the step size (Adadelta), the first step is about this many times √eps. */
const STRIDE_BY_EPS = 3;

/** If all rates together are below this, no float32 weight changes, whatever the data. */
const LEAST_DISTANCE = 1e-20;

/** The first step counts as this many steps, so that it does not overshoot. */
const ONE_STEP = 4;

/** Properties of a task at its default sizes, with inputs and loss in units of one. Measured at ranks 1 to 8. */
interface Nature {
  /** Distance of s·B, element by element, at rank 1 with one target, for the loss to fall by a third or more. */
  reach: number;
  /** The norm of s·B that does the same if B moves along the gradient. */
  distance: number;
  /** Norm of the first gradient per unit of s·√rank, with one target: a lower estimate. */
  slope: number;
  /** Learning rates × steps in which gradient descent does the same, at s·√rank = 1 with one target. */
  descent: number;
}

const NATURES: Readonly<Record<Exclude<ExperimentSpec['task'], 'linear'>, Nature>> = {
  mlp: { reach: 1, distance: 10, slope: 0.08, descent: 40 },
  transformer: { reach: 1.5, distance: 20, slope: 0.05, descent: 80 },
};

/**
 * Chooses data on which the user's learning rate learns within the run. The rate is never changed; the units of the
 * problem are chosen instead. The row's `stride` gives the actual step relative to the rate. Either the step grows with
 * the size of the gradient (d = 1, SGD), or B moves by a distance that the gradient does not change (d = 0, Adam; and
 * Adadelta, whose eps decides).
 *
 * One layer's own numbers will do: B reaches what is asked for about half-way.
 *
 * - SGD contracts the error by `2·lr·(s·σx)²/(3·width)` a step, whatever the targets: the inputs' size σx decides.
 * - Adam moves every element of B by lr a step: the targets' size decides, and σx sets the norm of the gradient.
 *
 * With several layers the data cannot change the inputs of the inner ones, so the units do. Inputs in units of 1/σ turn
 * the scaling s into s·σ; a loss in units of 1/L multiplies the gradient by L.
 *
 * - Adam: B must reach `reach`, so σ = reach/(s·√rank·distance). L sets the norm of the gradient relative to clip and
 *   eps.
 * - SGD moves B by `distance·L·(s·σ)²`, so σ = 1/(s·√rank) and L decides. With clipping, a step is at most lr times the
 *   threshold. If all steps add up to less than `distance`, σ is chosen as for Adam.
 * @param pace sum of the schedule's factors over the run, in steps
 */
export function dataFor(
  task: ExperimentSpec['task'],
  row: OptimizerRow,
  { width, rank, block }: Pick<ExperimentSpec, 'width' | 'rank' | 'block'>,
  { b, maxGradNorm }: Numbers,
  scaling: number,
  momentum: number,
  pace: number,
): DataSpec {
  /** Wanted norm of the first gradient. */
  const norm = maxGradNorm === null ? FREE_NORM : maxGradNorm * OVER_THE_CLIP;
  const { eps } = b.constants;
  // LARS: its first step is that of SGD; as long as B is tiny, all other steps are negligible.
  const isFirst = row.early?.of === 'both' && row.early.power === -2;
  const followsGradient = isFirst || (row.d === 1 && eps === undefined);
  const stride =
    row.stride ?? (row.d === 1 ? (followsGradient ? 1 / (1 - momentum) : STRIDE_BY_EPS * Math.sqrt(eps ?? 0)) : 1);
  /** Distance that an element of B moves (d = 0), or learning rates × steps (d = 1). */
  const distance = isFirst ? (ONE_STEP * b.lr) / (1 - momentum) : distanceOfB(row, b, pace * stride);
  const natural = { target: 'map', inputScale: 1, targetScale: 1 } as const;
  if (!(distance > LEAST_DISTANCE) || row.stuck !== undefined) return natural;

  if (task === 'linear') {
    // First gradient norm of B, per unit of σx² and of the target's size.
    const slope = (scaling * 2 * SPREAD_OF_A * Math.sqrt(rank)) / width;
    if (followsGradient) {
      const inputScale = Math.sqrt((4.5 * width) / (distance * scaling ** 2));
      const inReach = (0.3 * scaling * SPREAD_OF_A) / Math.sqrt(width);
      const clipped = norm / (slope * inputScale ** 2);
      return { target: 'map', inputScale, targetScale: Math.min(inReach * Math.sqrt(width), clipped) };
    }
    const targetScale = distance * scaling * SPREAD_OF_A * Math.sqrt(rank);
    return { target: 'map', inputScale: Math.sqrt(norm / (slope * targetScale)), targetScale };
  }

  const nature = NATURES[task];
  const drive = scaling * Math.sqrt(rank);
  // All targets share the change and the gradient.
  const parts = Math.sqrt(block?.targets.length ?? 1);
  const clipped = maxGradNorm === null ? 0 : nature.distance / (parts * maxGradNorm * distance);
  if (followsGradient && clipped <= 1) {
    return { ...natural, inputUnit: 1 / drive, lossUnit: nature.descent / (parts ** 2 * distance) };
  }
  const unit = followsGradient ? clipped : nature.reach / (parts * distance);
  return { ...natural, inputUnit: unit / drive, lossUnit: norm / (nature.slope * parts * unit) };
}

const ROOM = 1e17;

/**
 * Whether a task of several layers has units in which it learns, with values and squares times thousands inside
 * float32. There are none for a rate of 0, or for an optimizer whose steps are all zero.
 */
export function hasUnits({ inputUnit, lossUnit }: DataSpec): boolean {
  return [inputUnit, lossUnit].every((unit) => unit !== undefined && unit < ROOM && unit > 1 / ROOM);
}

/** Distance at a rate of 1 for optimizers that estimate it: slow ones reach no larger one, fast ones overshoot. */
const DISTANCE = 2e-4;

/** At least this share of the distance that the initial guess alone would reach. */
const FROM_THE_START = 0.2;

/** The first step, which is as long as the rate, covers half the distance. */
const FIRST_STEPS = 2;

/** Beyond this many e-foldings the weights of a toy overflow. */
const MOST_FOLDINGS = 20;

/**
 * Estimates how far an element of B moves within a run; the toy's targets are chosen from it. A step proportional to
 * the weights moves it by lr·pace times the initial size of B (Adafactor's floor, or LAMB's first step, which is lr)
 * and then grows with B. An optimizer that estimates the distance reaches any, but at a rate below 1 less within the
 * run.
 * @param pace sum of the factors on the rate over the run, in steps
 */
export function distanceOfB({ d, e }: OptimizerRow, { lr, constants }: FactorHyper, pace: number): number {
  if (d < 0 || constants.d0 !== undefined) {
    return Math.max(DISTANCE * Math.min(1, lr) ** 2, (constants.d0 ?? 0) * lr * pace * FROM_THE_START);
  }
  const moved = lr * pace;
  if (e === 0) return moved + ((constants.rateBump ?? 0) * pace ** 2) / 2;
  const foldings = Math.min(moved, MOST_FOLDINGS);
  const floor = constants.epsRms;
  if (floor === undefined) return FIRST_STEPS * lr * Math.exp(foldings);
  return floor * (moved <= 1 ? moved : Math.exp(foldings - 1));
}
