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
