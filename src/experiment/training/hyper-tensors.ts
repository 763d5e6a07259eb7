import { keep, tensor, add, div, maximum, minimum, mul, neg, reshape, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NumberOwner, Start } from '../optimizers/optimizer';
import type { ExperimentSpec, FactorHyper } from '../spec';
import type { WeightBlock } from '../tasks/task';
import { rateAt } from './schedule';

/** Tensors of hyperparameters for the optimizer of one block. */
export interface CachedNumbers {
  /** The function by which the optimizer gets numbers at step `number`. */
  at(number: number): Start['each'];
  /** Whether this tensor belongs to the cache, which frees it. */
  owns(tensor: Tensor): boolean;
  dispose(): void;
}

/** Caches tensors from step to step: most numbers do not change, so nothing is uploaded. */
export function numbersOfBlock(
  { variants, schedule, steps }: Pick<ExperimentSpec, 'variants' | 'schedule' | 'steps'>,
  { parameters }: WeightBlock,
): CachedNumbers {
  const owners = parameters.flatMap((parameter) =>
    variants.map((variant): { hyper: FactorHyper; owner: NumberOwner } => {
      const hyper = { A: variant.a, B: variant.b, m: variant.m ?? variant.a }[parameter.factor];
      return { hyper, owner: { parameter, variant, baseLr: hyper.lr } };
    }),
  );
  const cached: { values: Float32Array; tensor: Tensor }[] = [];
  return {
    at(number) {
      const rate = rateAt(schedule, number, steps);
      let asked = 0;
      return (compute) => {
        const question = asked++;
        const before = cached[question];
        let changed = before === undefined;
        const values = before?.values ?? new Float32Array(owners.length);
        owners.forEach(({ hyper, owner }, i) => {
          const factor = rate * (hyper.early?.[number - 1] ?? 1);
          const value = Math.fround(compute(factor === 1 ? hyper : { ...hyper, lr: hyper.lr * factor }, owner));
          changed ||= !Object.is(value, values[i]);
          values[i] = value;
        });
        if (before && !changed) return before.tensor;
        before?.tensor.dispose();
        const fresh = keep(tensor(values.slice(), [parameters.length, variants.length, 1, 1], 'float32'));
        cached[question] = { values, tensor: fresh };
        return fresh;
      };
    },
    owns: (one) => cached.some((other) => other.tensor === one),
    dispose: () => cached.splice(0).forEach(({ tensor }) => tensor.dispose()),
  };
}

/** Of each variant, [1, variants, 1, 1]; where there is none, what no finite gradient is as long as. */
function thresholdsOf(thresholds: readonly (number | null)[]): Tensor | null {
  if (thresholds.every((threshold) => threshold === null)) return null;
  const numbers = thresholds.map((value) => value ?? 1e30);
  return tensor(numbers, [1, numbers.length, 1, 1], 'float32');
}

/**
 * Keeps every element of each variant's gradient within its threshold, as `torch.nn.utils.clip_grad_value_` does.
 * @param gradients [parameters, variants, rows, columns] each
 * @param thresholds of each variant; null = no clipping
 */
export function clipByValue(gradients: Tensor[], thresholds: readonly (number | null)[]): Tensor[] {
  const most = thresholdsOf(thresholds);
  if (!most) return gradients;
  const least = neg(most);
  return gradients.map((gradient) => maximum(minimum(gradient, most), least));
}

/**
 * Clips each variant's gradient by its global norm over everything it trains, as `torch.nn.utils.clip_grad_norm_` does.
 * @param clipEps added to the norm it divides by (torch: 1e-6)
 */
export function clipByNorm(gradients: Tensor[], thresholds: readonly (number | null)[], clipEps: number): Tensor[] {
  const threshold = thresholdsOf(thresholds);
  if (!threshold) return gradients;
  const squares = gradients.map((gradient) => sum(sum(sum(square(gradient), 3), 2), 0));
  const norm = reshape(sqrt(squares.reduce((total, part) => add(total, part))), threshold.shape);
  const factor = minimum(div(threshold, add(norm, clipEps)), 1);
  return gradients.map((gradient) => mul(gradient, factor));
}
