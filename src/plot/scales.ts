export type Interval = readonly [number, number];

/** Where the values of an axis are drawn, and which are written beside it. */
export interface Scale {
  /** Position of a value in the units of the range; values outside the domain fall outside the range. */
  position(value: number): number;
  ticks: readonly number[];
}

/** The values that an axis shows. */
export interface Axis {
  kind: 'linear' | 'log';
  range: Interval;
}

/** A linear axis over `domain`; an empty domain is widened so that something can be drawn. */
export function linearScale([from, to]: Interval, range: Interval, tickCount = 5): Scale {
  const room = to > from ? 0 : Math.abs(from) * 0.1 || 1;
  const [low, high] = room === 0 ? [from, to] : [from - room, from + room];
  return { position: between([low, high], range), ticks: linearTicks(low, high, tickCount) };
}

/**
 * A logarithmic axis. `domain` must be above 0; values at or below its lower end are drawn on it,
 * because zero (the same bits) is on the deviation's axis and has no logarithm.
 * @throws RangeError when the domain holds values that have no logarithm
 */
export function logScale([from, to]: Interval, range: Interval, tickCount = 6): Scale {
  if (!(from > 0 && to >= from && Number.isFinite(to))) {
    throw new RangeError(`a logarithmic axis from ${from} to ${to}; both must be above 0, in this order`);
  }
  const low = Math.log10(from);
  const high = to > from ? Math.log10(to) : low + 1;
  const position = between([low, high], range);
  return {
    position: (value) => position(value > from ? Math.log10(value) : low),
    ticks: decadeTicks(low, high, tickCount),
  };
}

function between([low, high]: Interval, [first, last]: Interval): Scale['position'] {
  return (value) => first + ((value - low) / (high - low)) * (last - first);
}

/** Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about `count` of them. */
export function linearTicks(low: number, high: number, count = 5): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((nice) => nice * decade >= rough * 0.999) ?? 10) * decade;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Number(toPrecision) takes away the 0.30000000000000004 of repeated addition.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten between two exponents, every n-th so that at most `count` + 1 remain. */
function decadeTicks(low: number, high: number, count: number): number[] {
  const first = Math.ceil(low - 1e-9);
  const decades = Math.floor(high + 1e-9) - first;
  const stride = Math.max(1, Math.ceil(decades / count));
  return Array.from({ length: Math.floor(decades / stride) + 1 }, (_, i) => Number(`1e${first + i * stride}`));
}

/** A loss that leaves this many times the range of the runs that matter is cut off, or nothing else could be seen. */
const HEADROOM = 2;

/** Losses over more than this factor are drawn logarithmically. */
const LINEAR_SPAN = 100;

type Curves = readonly (readonly number[])[];

/**
 * The loss axis: everything, unless a curve diverges; then the curves of `anchors` with headroom.
 * @param curves losses per step, of every curve drawn
 * @param anchors those that must be seen whole (the baseline and the plan)
 * @param window first and last step that is shown
 */
export function lossAxis(curves: Curves, anchors: Curves, window: Interval): Axis {
  const all = extent(curves, window);
  if (!all) return { kind: 'linear', range: [0, 1] };
  const [least, most] = extent(anchors, window) ?? all;
  const whole = extent(anchors, [0, Infinity]) ?? all;
  if (whole[0] > 0 && whole[1] / whole[0] > LINEAR_SPAN) {
    return { kind: 'log', range: [Math.max(all[0], least / 10) * 0.8, Math.min(all[1], most * 10) * 1.25] };
  }
  const room = (most - least) * HEADROOM || Math.abs(most) || 1;
  const low = Math.max(all[0], least - room);
  const high = Math.min(all[1], most + room);
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  // A loss is seldom negative: do not show an axis below 0 for the sake of a margin.
  return { kind: 'linear', range: [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin] };
}

/** Significant digits that tell the ticks of a range apart. */
export function digitsFor([low, high]: Interval): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return Math.min(9, Math.max(4, Math.ceil(Math.log10(size / (high - low))) + 3));
}

function extent(curves: Curves, [from, to]: Interval): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of curves.flatMap((curve) => curve.slice(Math.max(0, Math.ceil(from)), to + 1))) {
    if (Number.isFinite(loss)) [low, high] = [Math.min(low, loss), Math.max(high, loss)];
  }
  return low <= high ? [low, high] : null;
}
