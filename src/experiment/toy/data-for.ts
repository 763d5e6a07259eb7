import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Numbers } from '../variants/hyper';
import type { ToySizes } from './toy-sizes';
import type { DataSpec, ExperimentSpec } from '../spec';
import { distanceOfB } from './distance-of-b';

/** Standard deviation of an element of A is this over √width (Kaiming-uniform, a = √5). */
const SPREAD_OF_A = 1 / Math.sqrt(3);

/** How often the gradient norm at the start exceeds the clip threshold: it fires first, and not for ever. */
const OVER_THE_CLIP = 1.5;

/** Norm of the first gradient where nothing clips: large against any eps. */
const FREE_NORM = 8;

/** Where past steps decide the size of the next, the first is a few times √eps, and they grow slowly. */
const STRIDE_BY_EPS = 3;

/** A rate that adds up to less than this moves no float32 weight, whatever the data. */
const LEAST_DISTANCE = 1e-20;

/** For how many steps a single one is taken, so that it does not overshoot. */
const ONE_STEP = 4;

/** What a run makes of the user's numbers, as far as the data are chosen by it. */
interface Drive {
  row: OptimizerRow;
  sizes: ToySizes;
  scaling: number;
  /** The step follows the gradient's size. */
  followsGradient: boolean;
  /** How far an element of B comes (d = 0), or learning rates times steps (d = 1). */
  distance: number;
  /** What the norm of the first gradient should be. */
  norm: number;
  /** On the norm of the gradient; null = none. */
  threshold: number | null;
}

/**
 * Data on which the user's own learning rate gets somewhere within the run. The rate is never touched; the units in which
 * a problem counts are chosen instead. How much larger or smaller a step really is than the rate, the optimizer's stride
 * says.
 *
 * @param pace sum of the schedule's factors over the run, in steps
 */
export function dataFor(
  task: ExperimentSpec['task'],
  row: OptimizerRow,
  sizes: ToySizes,
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
  const distance = isFirst ? (ONE_STEP * b.lr) / (1 - momentum) : distanceOfB(row, b, pace * stride);
  if (!(distance > LEAST_DISTANCE) || row.stuck !== undefined) return { target: 'map', inputScale: 1, targetScale: 1 };
  const drive = { row, sizes, scaling, followsGradient, distance, norm, threshold: maxGradNorm };
  return task === 'linear' ? layerData(drive) : unitsFor(NATURES[task], drive);
}

/**
 * Whether units were found in which a task of several layers gets somewhere, and float32 has room for them and for their
 * squares. There are none for a rate of 0, or for an optimizer whose steps are all nothing.
 */
export function hasUnits({ inputUnit, lossUnit }: DataSpec): boolean {
  return [inputUnit, lossUnit].every((unit) => unit !== undefined && unit < ROOM && unit > 1 / ROOM);
}

/** Its square times a few thousand is a float32. */
const ROOM = 1e17;

/**
 * One layer's own numbers will do: B reaches what is asked for about half-way.
 *
 * - an optimizer that follows the gradient's size (d = 1) contracts the error by `2·lr·(s·σx)²/(3·width)` a step,
 *   whatever the targets: the inputs' size σx decides;
 * - one that does not (d = 0) moves every element of B by lr a step, so the targets' size decides, and σx is left to
 *   set the norm of the gradient. So does one whose eps decides how large its steps are, whatever its degree (Adadelta).
 */
function layerData({ sizes: { width, rank }, scaling, followsGradient, distance, norm }: Drive): DataSpec {
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

/** What a task of its default sizes is like where inputs and loss are counted in ones. Measured at ranks from 1 to 8. */
interface Nature {
  /** How far s·B has to come at a rank of 1 and one target, element by element, for the loss to fall by a third or more. */
  reach: number;
  /** The same where B goes along the gradient: the norm of what s·B comes to. */
  distance: number;
  /** Norm of the first gradient, per unit of s·√rank, at one target; never much less. */
  slope: number;
  /** Learning rates times steps in which plain gradient descent does the same, at s·√rank = 1 and one target. */
  descent: number;
}

const NATURES: Readonly<Record<Exclude<ExperimentSpec['task'], 'linear'>, Nature>> = {
  mlp: { reach: 1, distance: 10, slope: 0.08, descent: 40 },
  transformer: { reach: 1.5, distance: 20, slope: 0.05, descent: 80 },
};

/**
 * The units of a task with several layers. The data cannot change the size of the inputs of its inner layers, so the
 * units do. Inputs in units of 1/σ turn the scaling s into s·σ; a loss in units of 1/L multiplies the gradient by L.
 *
 * - An optimizer whose step does not depend on the size of the gradient (Adam) moves B by `distance` in any units. B
 *   must reach `reach`, so σ = reach/(s·√rank·distance). L sets the norm of the gradient relative to clip and eps.
 * - An optimizer whose step does (SGD) moves B by `distance·L·(s·σ)²`, so σ = 1/(s·√rank) and L decides. With clipping,
 *   a step is at most lr times the threshold. If all steps add up to less than `distance`, σ is chosen as above.
 */
function unitsFor(nature: Nature, { sizes, scaling, followsGradient, distance, norm, threshold }: Drive): DataSpec {
  const natural = { target: 'map', inputScale: 1, targetScale: 1 } as const;
  const drive = scaling * Math.sqrt(sizes.rank);
  // Every target has a part in the change, and in the gradient.
  const parts = Math.sqrt(sizes.block?.targets.length ?? 1);
  const clipped = threshold === null ? 0 : nature.distance / (parts * threshold * distance);
  if (followsGradient && clipped <= 1) {
    return { ...natural, inputUnit: 1 / drive, lossUnit: nature.descent / (parts ** 2 * distance) };
  }
  const unit = followsGradient ? clipped : nature.reach / (parts * distance);
  return { ...natural, inputUnit: unit / drive, lossUnit: norm / (nature.slope * parts * unit) };
}

/** LARS: its first step is SGD's, and as long as B hardly is, the others hardly count. */
function goesByTheFirstGradient({ early }: OptimizerRow): boolean {
  return early?.of === 'both' && early.power === -2;
}
