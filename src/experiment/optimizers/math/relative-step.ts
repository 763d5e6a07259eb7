/**
 * The rate that Adafactor takes at step `number` (from 1) where it sets its own.
 * @see https://arxiv.org/abs/1804.04235 (section 8)
 */
export function relativeStep(number: number, warmupInit: boolean): number {
  return Math.min(warmupInit ? 1e-6 * number : 1e-2, 1 / Math.sqrt(number));
}
