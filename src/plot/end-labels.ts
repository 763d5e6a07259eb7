import type { Interval } from './scales';

/**
 * Places labels of equal height so that none overlaps another, each as near to its own y as it can be. Labels that want
 * the same y keep their order.
 * @param height of a label, in pixels
 * @param range top and bottom of the room for the middles of labels, in pixels
 * @returns the middle of each label
 */
export function spreadLabels(wanted: readonly number[], height: number, [top, bottom]: Interval): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  // Isotonic regression: labels that would overlap lie where they want to be in the mean.
  const starts = order.map((index, i) => (wanted[index] ?? 0) - i * height);
  const mean = (from: number, to: number): number =>
    starts.slice(from, to + 1).reduce((sum, start) => sum + start, 0) / (to + 1 - from);
  const last = bottom - (order.length - 1) * height;
  const middles = [...wanted];
  for (const [i, index] of order.entries()) {
    const means = starts
      .slice(0, i + 1)
      .map((_, from) => Math.min(...starts.slice(i).map((_, to) => mean(from, i + to))));
    middles[index] = Math.min(last, Math.max(top, ...means)) + i * height;
  }
  return middles;
}
