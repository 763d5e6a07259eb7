import type { RateSchedule } from '../spec';

/**
 * Factor on the learning rate at `step` (from 1) of `steps`: linear warm-up, then constant, or decay to zero at the
 * end.
 */
export function rateAt({ kind, warmupSteps }: RateSchedule, step: number, steps: number): number {
  if (step <= warmupSteps) return step / warmupSteps;
  const done = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  if (kind === 'cosine') return (1 + Math.cos(Math.PI * done)) / 2;
  return kind === 'linear' ? 1 - done : 1;
}

/**
 * Adafactor's own learning rate at step `number` (from 1) with relative_step.
 * @see https://arxiv.org/abs/1804.04235 (section 8)
 */
export function relativeStep(number: number, warmupInit: boolean): number {
  return Math.min(warmupInit ? 1e-6 * number : 1e-2, 1 / Math.sqrt(number));
}
