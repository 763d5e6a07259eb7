/** The losses that training ended with at several learning rates, on one or more draws. */
export interface RateCurve {
  /** Learning rates as powers of two, ascending. */
  rates: readonly number[];
  /** draws[draw][rate]: the loss at the end; NaN where it exploded. */
  draws: readonly (readonly number[])[];
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
  const shift = shiftOf(from, to);
  const draws = Math.min(from.draws.length, to.draws.length);
  const spread = draws > 1 ? OPEN + quantile(draws) * jackknife(from, to, draws) : null;
  const basin = basinOf(to);
  const found = {
    shift: 2 ** shift,
    interval: spread === null ? null : { low: 2 ** (shift - spread), high: 2 ** (shift + spread) },
    regret: regretAt(to, bestRate(from)),
    basin,
  };
  const undecided = (reason: NonNullable<Measured['reason']>): Measured => ({ ...found, verdict: 'undecided', reason });
  const won = [from, to].map(wonBy);
  const least = Math.max(LEARNING, COMPARABLE * Math.max(...won));
  if (Math.min(...won) < least) return undecided('not-learning');
  if (basin > WIDE) return { ...found, verdict: 'flat' };
  if (![from, to].every(isPlaced)) return undecided('at-the-edge');
  if (![from, to].every(isValley)) return undecided('single');
  if (spread === null) return undecided('few-draws');
  if (spread > DECIDED) return undecided('wide-interval');
  return { ...found, verdict: Math.abs(shift) <= spread ? 'stays' : 'moves' };
}

/** Loss lost at a learning rate (a power of two), of what training wins at best. */
export function regretAt(curve: RateCurve, rate: number): number {
  return valueAt(curve.rates, normalised(curve, Infinity), rate);
}

/** The learning rate of the best loss as a power of two, from a parabola through the best and its neighbours. */
export function bestRate(curve: RateCurve): number {
  const values = normalised(curve);
  return lowestAt(curve, values, values.indexOf(Math.min(...values)));
}

/** Where a coarse curve first has a valley: at much larger learning rates there may be one more, which is no better. */
export function firstValley(curve: RateCurve): number {
  const values = normalised(curve, Infinity);
  const i = values.findIndex((value, at) => value <= VALLEY && value <= (values[at + 1] ?? Infinity));
  return lowestAt(curve, values, i);
}

function lowestAt({ rates }: RateCurve, values: readonly number[], i: number): number {
  const [rate = 0, left = 0, right = 0] = [rates[i], rates[i - 1], rates[i + 1]];
  const [before, here, after] = [values[i - 1], values[i], values[i + 1]];
  if (before === undefined || after === undefined || here === undefined) return rate;
  const bend = before + after - 2 * here;
  return bend > 0 ? rate + (((before - after) / (2 * bend)) * (right - left)) / 2 : rate;
}

/** The mean over the draws, from 0 at the best learning rate to 1 at the start; a run that exploded counts as the start. */
function normalised({ draws, starts, rates }: RateCurve, cap = CAP): number[] {
  const start = mean(starts);
  const means = rates.map((_, i) =>
    mean(draws.map((losses, draw) => Math.min(...[losses[i], starts[draw]].map((one) => finite(one))))),
  );
  const best = Math.min(...means);
  return means.map((loss) => Math.min(cap, (loss - best) / Math.max(start - best, Number.MIN_VALUE)));
}

const finite = (value: number | undefined): number => (value !== undefined && !Number.isNaN(value) ? value : Infinity);

function shiftOf(from: RateCurve, to: RateCurve): number {
  const [ofFrom, ofTo] = [normalised(from), normalised(to)];
  const [first = 0, last = 0] = [from.rates[0], from.rates.at(-1)];
  const middle = bestRate(to) - bestRate(from);
  let [least, best] = [Infinity, middle];
  for (let shift = middle - 3; shift <= middle + 3; shift += STEP) {
    let sum = 0;
    for (let rate = first - 1; rate <= last + 1; rate += 1 / 8) {
      sum += (valueAt(from.rates, ofFrom, rate) - valueAt(to.rates, ofTo, rate + shift)) ** 2;
    }
    if (sum < least) [least, best] = [sum, shift];
  }
  return best;
}

/** Linear between the learning rates; beyond them as at the last. */
function valueAt(rates: readonly number[], values: readonly number[], rate: number): number {
  const next = rates.findIndex((one) => one >= rate);
  const [high, above] = [rates[next], values[next]];
  const [low, below] = [rates[next - 1], values[next - 1]];
  if (high === undefined || above === undefined) return values.at(-1) ?? NaN;
  if (low === undefined || below === undefined) return above;
  return below + ((above - below) * (rate - low)) / (high - low);
}

/** The standard error of the shift: what leaving out each draw does to it. */
function jackknife(from: RateCurve, to: RateCurve, draws: number): number {
  const without = Array.from({ length: draws }, (_, left) => shiftOf(except(from, left), except(to, left)));
  const middle = mean(without);
  return Math.sqrt(((draws - 1) / draws) * without.reduce((sum, shift) => sum + (shift - middle) ** 2, 0));
}

const except = (curve: RateCurve, left: number): RateCurve => ({
  ...curve,
  draws: curve.draws.filter((_, draw) => draw !== left),
  starts: curve.starts.filter((_, draw) => draw !== left),
});

/** Student's t at 97.5 %, by degrees of freedom from 1. */
const STUDENT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2];
const quantile = (draws: number): number => STUDENT[draws - 2] ?? 2;

function basinOf(curve: RateCurve): number {
  const values = normalised(curve);
  const [first = 0, last = 0] = [curve.rates[0], curve.rates.at(-1)];
  let width = 0;
  for (let rate = first; rate <= last; rate += STEP) if (valueAt(curve.rates, values, rate) <= GOOD) width += STEP;
  return width;
}

/** The share of the loss that training wins at best. */
const wonBy = ({ draws, starts }: RateCurve): number =>
  mean(draws.map((losses, draw) => 1 - Math.min(...losses.map(finite)) / (starts[draw] ?? NaN)));

/** Whether a neighbour of the best learning rate is good, too: a single one may be luck among runs that explode. */
function isValley(curve: RateCurve): boolean {
  const values = normalised(curve);
  const best = values.indexOf(Math.min(...values));
  return [values[best - 1], values[best + 1]].some((value) => value !== undefined && value < CAP);
}

/** The ends at which the curve has not risen from its best. */
function openEnds(curve: RateCurve): (-1 | 1)[] {
  const values = normalised(curve);
  return ([-1, 1] as const).filter((side) => !((values.at(side < 0 ? 0 : -1) ?? 0) > GOOD));
}

/** Whether a flank of the curve says where it lies: both, or one where so many learning rates are good that no other comes. */
const isPlaced = (curve: RateCurve): boolean => openEnds(curve).length <= Number(basinOf(curve) > WIDE);

/** The end beyond which the best learning rate may lie; null where more of them would show nothing else. */
export function openEnd(curve: RateCurve): -1 | 1 | null {
  return wonBy(curve) >= LEARNING && !isPlaced(curve) ? (openEnds(curve)[0] ?? null) : null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
