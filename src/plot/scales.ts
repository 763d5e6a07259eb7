/** One axis: where a value is drawn, and which values are written beside it. */
export interface Scale {
  /** Smallest and largest value drawn. */
  domain: readonly [number, number];
  /** Position of a value in the units of the range; values outside the domain fall outside the range. */
  position(value: number): number;
  ticks: readonly number[];
}

type Interval = readonly [number, number];

/** A linear axis over `domain`; an empty domain is widened so that something can be drawn. */
export function linearScale(domain: Interval, range: Interval, tickCount = 5): Scale {
  const [low, high] = widened(domain);
  return {
    domain: [low, high],
    position: (value) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]),
    ticks: linearTicks(low, high, tickCount),
  };
}

/**
 * A logarithmic axis. `domain` must be above 0; values at or below its lower end are drawn on it,
 * because zero (the same bits) is on the deviation's axis and has no logarithm.
 * @throws RangeError when the domain holds values that have no logarithm
 */
export function logScale(domain: Interval, range: Interval, tickCount = 6): Scale {
  if (!(domain[0] > 0 && domain[1] >= domain[0] && Number.isFinite(domain[1]))) {
    throw new RangeError(`a logarithmic axis from ${domain[0]} to ${domain[1]}; both must be above 0, in this order`);
  }
  const low = Math.log10(domain[0]);
  const high = domain[1] > domain[0] ? Math.log10(domain[1]) : low + 1;
  return {
    domain: [10 ** low, 10 ** high],
    position: (value) => {
      const exponent = value > domain[0] ? Math.log10(value) : low;
      return range[0] + ((exponent - low) / (high - low)) * (range[1] - range[0]);
    },
    ticks: decadeTicks(low, high, tickCount),
  };
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
  const last = Math.floor(high + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += stride) ticks.push(Number(`1e${exponent}`));
  return ticks;
}

function widened([low, high]: Interval): Interval {
  if (high > low) return [low, high];
  const room = Math.abs(low) * 0.1 || 1;
  return [low - room, low + room];
}

/** A loss that leaves this many times the range of the runs that matter is cut off, or nothing else could be seen. */
const HEADROOM = 2;

/** Losses over more than this factor are drawn logarithmically. */
const LINEAR_SPAN = 100;

export interface Axis {
  kind: 'linear' | 'log';
  range: readonly [number, number];
}

type Curves = readonly (readonly number[])[];

/**
 * The loss axis: everything, unless a curve diverges; then the curves of `anchors` with headroom.
 * @param curves losses per step, of every curve drawn
 * @param anchors those that must be seen whole (the baseline and the plan)
 * @param window first and last step that is shown
 */
export function lossAxis(curves: Curves, anchors: Curves, window: readonly [number, number]): Axis {
  const all = extent(curves, window);
  if (!all) return { kind: 'linear', range: [0, 1] };
  const anchored = extent(anchors, window) ?? all;
  const whole = extent(anchors, [0, Infinity]) ?? all;
  if (whole[0] > 0 && whole[1] / whole[0] > LINEAR_SPAN) {
    return {
      kind: 'log',
      range: [Math.max(all[0], anchored[0] / 10) * 0.8, Math.min(all[1], anchored[1] * 10) * 1.25],
    };
  }
  const room = (anchored[1] - anchored[0]) * HEADROOM || Math.abs(anchored[1]) || 1;
  const low = Math.max(all[0], anchored[0] - room);
  const high = Math.min(all[1], anchored[1] + room);
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  // A loss is seldom negative: do not show an axis below 0 for the sake of a margin.
  return { kind: 'linear', range: [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin] };
}

/** Significant digits that tell the ticks of a range apart. */
export function digitsFor([low, high]: Axis['range']): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return Math.min(9, Math.max(4, Math.ceil(Math.log10(size / (high - low))) + 3));
}

function extent(curves: Curves, [from, to]: readonly [number, number]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of curves) {
    for (let step = Math.max(0, Math.ceil(from)); step <= to && step < curve.length; step++) {
      const loss = curve[step] ?? NaN;
      if (!Number.isFinite(loss)) continue;
      low = Math.min(low, loss);
      high = Math.max(high, loss);
    }
  }
  return low <= high ? [low, high] : null;
}
