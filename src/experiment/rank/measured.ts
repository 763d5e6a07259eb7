/** The losses that training ended with at several learning rates, on one or more draws. */
export interface RateCurve {
  /** Ascending. `rate`: the learning rate as a power of two; `losses`: of each draw, NaN where it exploded. */
  points: readonly { rate: number; losses: readonly number[] }[];
  /** The loss before training, of each draw. */
  starts: readonly number[];
}

/** Where the best learning rate of one curve lies on another. Shifts are factors. */
export interface Measured {
  shift: number;
  /** 95 % interval over the draws; null with a single draw. */
  interval: { low: number; high: number } | null;
  /** The loss lost where the learning rate of the first stays, of what training wins there at best. */
  regret: number;
  /** Width of the range of learning rates within 5 % of the best, in octaves. */
  basin: number;
  verdict: 'stays' | 'moves' | 'flat' | 'undecided';
  /** Why it is undecided. */
  reason?: 'not-learning' | 'single' | 'at-the-edge' | 'wide-interval' | 'few-draws';
}

/** Of a curve from 0, the best, to 1, the start: what lies above this is as bad as any. */
const CAP = 0.6;

/** Within this share of the best a learning rate counts as good. */
const GOOD = 0.05;

/** Of a coarse curve, a valley that may be the best one once there are points between. */
const VALLEY = 0.25;

/** A basin that is wider, in octaves, has no best learning rate to speak of. */
const WIDE = 4;

/** What the grid of learning rates and the interpolation leave open, in octaves. */
const OPEN = 0.15;

/** A shift that is known no better than to a factor of two each way decides nothing. */
const DECIDED = 1;

/** Less than this share of the loss won is no learning. */
const LEARNING = 0.02;

/** Where one rank wins less than this share of what the other wins, their valleys are not of one kind. */
const COMPARABLE = 1 / 4;

const STEP = 1 / 32;

/**
 * By how much the curve of the learning rate moves: the shift that lays both curves, from their best to their start, best
 * on each other. The place of the best loss alone would say less: near it a curve is flat.
 */
export function measured(from: RateCurve, to: RateCurve): Measured {
  const [ofFrom, ofTo] = [traitsOf(from), traitsOf(to)];
  const shift = shiftOf(from, to);
  const draws = Math.min(from.starts.length, to.starts.length);
  const open = OPEN + Math.max(ofFrom.open, ofTo.open);
  const spread = draws > 1 ? open + (STUDENT[draws - 2] ?? 2) * jackknife(from, to, draws) : null;
  const { basin } = ofTo;
  const interval = spread === null ? null : { low: 2 ** (shift - spread), high: 2 ** (shift + spread) };
  const found = { shift: 2 ** shift, interval, regret: regretAt(to, bestRate(from)), basin };
  const undecided = (reason: NonNullable<Measured['reason']>): Measured => ({ ...found, verdict: 'undecided', reason });
  const won = [ofFrom.won, ofTo.won];
  if (Math.min(...won) < Math.max(LEARNING, COMPARABLE * Math.max(...won))) return undecided('not-learning');
  if (basin > WIDE) return { ...found, verdict: 'flat' };
  if (!ofFrom.isPlaced || !ofTo.isPlaced) return undecided('at-the-edge');
  if (!ofFrom.isValley || !ofTo.isValley) return undecided('single');
  if (spread === null) return undecided('few-draws');
  if (spread > DECIDED) return undecided('wide-interval');
  return { ...found, verdict: Math.abs(shift) <= spread ? 'stays' : 'moves' };
}

/** Loss lost at a learning rate (a power of two), of what training wins at best. */
export const regretAt = (curve: RateCurve, rate: number): number => valueAt(shapeOf(curve, Infinity), rate);

/** The learning rate of the best loss as a power of two, from a parabola through the best and its neighbours. */
export function bestRate(curve: RateCurve): number {
  const shape = shapeOf(curve);
  return lowestAt(shape, bestOf(shape));
}

/** Where a coarse curve first has a valley: at much larger learning rates there may be one more, which is no better. */
export function firstValley(curve: RateCurve): number {
  const shape = shapeOf(curve, Infinity);
  const isLow = ({ value }: Shape[number], i: number): boolean =>
    value <= VALLEY && value <= (shape[i + 1]?.value ?? Infinity);
  return lowestAt(shape, shape.findIndex(isLow));
}

function lowestAt(shape: Shape, i: number): number {
  const [before, here, after] = [shape[i - 1], shape[i], shape[i + 1]];
  if (!before || !here || !after) return here?.rate ?? 0;
  const bend = before.value + after.value - 2 * here.value;
  const aside = ((before.value - after.value) * (after.rate - before.rate)) / (4 * bend);
  return bend > 0 ? here.rate + aside : here.rate;
}

/** A curve as its mean over the draws, from 0 at the best learning rate to 1 at the start. */
type Shape = readonly { rate: number; value: number }[];

/** A run that exploded counts as the start. */
function shapeOf({ points, starts }: RateCurve, cap = CAP): Shape {
  const means = points.map(({ losses }) => mean(losses.map((loss, draw) => least([loss, starts[draw] ?? NaN]))));
  const best = least(means);
  const won = Math.max(mean(starts) - best, Number.MIN_VALUE);
  return points.map(({ rate }, i) => ({ rate, value: Math.min(cap, ((means[i] ?? NaN) - best) / won) }));
}

const bestOf = (shape: Shape): number => shape.findIndex(({ value }) => value === 0);

/** The least of those that are numbers. */
const least = (values: readonly number[]): number =>
  Math.min(...values.map((value) => (Number.isNaN(value) ? Infinity : value)));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function shiftOf(from: RateCurve, to: RateCurve): number {
  const [ofFrom, ofTo] = [shapeOf(from), shapeOf(to)];
  const middle = bestRate(to) - bestRate(from);
  const rates = grid((ofFrom[0]?.rate ?? 0) - 1, (ofFrom.at(-1)?.rate ?? 0) + 1, 1 / 8);
  const values = rates.map((rate) => valueAt(ofFrom, rate));
  const shifts = grid(middle - 3, middle + 3, STEP);
  const sums = shifts.map((shift) =>
    mean(rates.map((rate, i) => ((values[i] ?? NaN) - valueAt(ofTo, rate + shift)) ** 2)),
  );
  return shifts[sums.indexOf(least(sums))] ?? middle;
}

const grid = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

/** Linear between the learning rates; beyond them as at the last. */
function valueAt(shape: Shape, rate: number): number {
  const next = shape.findIndex((point) => point.rate >= rate);
  const [low, high] = [shape[next - 1], shape[next]];
  if (!high) return shape.at(-1)?.value ?? NaN;
  if (!low) return high.value;
  return low.value + ((high.value - low.value) * (rate - low.rate)) / (high.rate - low.rate);
}

/** The standard error of the shift: what leaving out each draw does to it. */
function jackknife(from: RateCurve, to: RateCurve, draws: number): number {
  const without = Array.from({ length: draws }, (_, left) => {
    const others = (all: readonly number[]): number[] => all.filter((_, draw) => draw !== left);
    const [one, other] = [from, to].map(({ points, starts }): RateCurve => {
      return { points: points.map(({ rate, losses }) => ({ rate, losses: others(losses) })), starts: others(starts) };
    });
    return one && other ? shiftOf(one, other) : NaN;
  });
  const middle = mean(without);
  return Math.sqrt((draws - 1) * mean(without.map((shift) => (shift - middle) ** 2)));
}

/** Student's t at 97.5 %, by degrees of freedom from 1. */
const STUDENT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2];

/** What the shape of a curve says of it. */
function traitsOf(curve: RateCurve) {
  const { points, starts } = curve;
  const shape = shapeOf(curve);
  const best = bestOf(shape);
  const all = grid(shape[0]?.rate ?? 0, shape.at(-1)?.rate ?? 0, STEP);
  const basin = STEP * all.filter((rate) => valueAt(shape, rate) <= GOOD).length;
  const flanks = [shape.slice(0, best).toReversed(), shape.slice(best + 1)];
  const cliffs = flanks.map((flank) => flank.find(({ value }) => value > GOOD)?.value ?? 0);
  const step = (shape[1]?.rate ?? 0) - (shape[0]?.rate ?? 0);
  /** The ends at which the curve has not risen from its best. */
  const openEnds = ([-1, 1] as const).filter((side) => !((shape.at(side < 0 ? 0 : -1)?.value ?? 0) > GOOD));
  return {
    ...{ basin, openEnds },
    /** The share of the loss that training wins at best. */
    won: mean(starts.map((start, draw) => 1 - least(points.map(({ losses }) => losses[draw] ?? NaN)) / start)),
    /** Half a step where a flank rises to the cap within one: it may lie anywhere in there. */
    open: Math.max(...cliffs) >= CAP ? step / 2 : 0,
    /** Whether a neighbour of the best learning rate is good, too: a single one may be luck among runs that explode. */
    isValley: [shape[best - 1], shape[best + 1]].some((point) => point !== undefined && point.value < CAP),
    /** Whether a flank says where it lies: both, or one where so many learning rates are good that no other comes. */
    isPlaced: openEnds.length <= Number(basin > WIDE),
  };
}

/** The end beyond which the best learning rate may lie; null where more of them would show nothing else. */
export function openEnd(curve: RateCurve): -1 | 1 | null {
  const { won, isPlaced, openEnds } = traitsOf(curve);
  return won >= LEARNING && !isPlaced ? (openEnds[0] ?? null) : null;
}
