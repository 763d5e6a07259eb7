/**
 * Number of items at the head of a sorted list for which `holds` is true (binary search). `holds` must be false for
 * every item after the first false one.
 */
export function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
