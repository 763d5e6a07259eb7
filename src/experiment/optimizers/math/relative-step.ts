/**
 * Adafactor's own learning rate at step `number` (from 1) with relative_step.
 * @see https://arxiv.org/abs/1804.04235 (section 8)
 */
export function relativeStep(number: number, warmupInit: boolean): number {
  return Math.min(warmupInit ? 1e-6 * number : 1e-2, 1 / Math.sqrt(number));
}
