import type { OptimizerRow } from '../recipe/optimizers/row';
import type { Numbers } from './hyper';
import type { DataSpec, ExperimentSpec } from './spec';
import { travelOf } from './travel';

/** Standard deviation of an element of A is this over √width (Kaiming-uniform, a = √5). */
const SPREAD_OF_A = 1 / Math.sqrt(3);

/** How often the gradient norm at the start exceeds the clip threshold: it fires first, and not for ever. */
const OVER_THE_CLIP = 1.5;

/** Norm of the first gradient where nothing clips: large against any eps. */
const FREE_NORM = 8;

/** Where past steps decide the size of the next, the first is a few times √eps, and they grow slowly. */
const STRIDE_BY_EPS = 3;

/** A rate that adds up to less than this moves no float32 weight, whatever the data. */
const LEAST_TRAVEL = 1e-20;

/** For how many steps a single one is taken, so that it does not overshoot. */
const ONE_STEP = 4;

export type ToySizes = Pick<ExperimentSpec, 'width' | 'batch' | 'rank'>;

/** A layer small enough that some fourteen variants train two hundred steps in a tenth of a second. */
export function sizesFor(rank: number): ToySizes {
  const toy = Math.min(rank, 8);
  return { rank: toy, width: toy <= 4 ? 8 : 16, batch: 16 };
}

/**
 * Data on which the user's own learning rate gets somewhere within the run. The rate is never touched; what is asked
 * for is chosen instead, so that B reaches it about half-way:
 *
 * - an optimizer that follows the gradient's size (d = 1) contracts the error by `2·lr·(s·σx)²/(3·width)` a step,
 *   whatever the targets: the inputs' size σx decides;
 * - one that does not (d = 0) moves every element of B by lr a step, so the targets' size decides, and σx is left to
 *   set the norm of the gradient. So does one whose eps decides how large its steps are, whatever its degree (Adadelta).
 *
 * How much larger or smaller a step really is, the optimizer's stride says.
 *
 * @param pace sum of the schedule's factors over the run, in steps
 */
export function dataFor(
  row: OptimizerRow,
  { width, rank }: ToySizes,
  { b, maxGradNorm }: Numbers,
  scaling: number,
  momentum: number,
  pace: number,
): DataSpec {
  const norm = maxGradNorm === null ? FREE_NORM : maxGradNorm * OVER_THE_CLIP;
  const { eps } = b.constants;
  const isFirst = goesByTheFirstGradient(row);
  const followsGradient = isFirst || (row.d === 1 && eps === undefined);
  const stride =
    row.stride ?? (row.d === 1 ? (followsGradient ? 1 / (1 - momentum) : STRIDE_BY_EPS * Math.sqrt(eps ?? 0)) : 1);
  const travel = isFirst ? (ONE_STEP * b.lr) / (1 - momentum) : travelOf(row, b, pace * stride);
  // First gradient norm of B, per unit of σx² and of the target's size.
  const slope = (scaling * 2 * SPREAD_OF_A * Math.sqrt(rank)) / width;
  if (!(travel > LEAST_TRAVEL)) return { target: 'map', inputScale: 1, targetScale: 1 };
  if (followsGradient) {
    const inputScale = Math.sqrt((4.5 * width) / (travel * scaling ** 2));
    const inReach = (0.3 * scaling * SPREAD_OF_A) / Math.sqrt(width);
    const clipped = norm / (slope * inputScale ** 2);
    return { target: 'map', inputScale, targetScale: Math.min(inReach * Math.sqrt(width), clipped) };
  }
  const targetScale = travel * scaling * SPREAD_OF_A * Math.sqrt(rank);
  return { target: 'map', inputScale: Math.sqrt(norm / (slope * targetScale)), targetScale };
}

/** LARS: its first step is SGD's, and as long as B hardly is, the others hardly count. */
function goesByTheFirstGradient({ early }: OptimizerRow): boolean {
  return early?.of === 'both' && early.power === -2;
}
