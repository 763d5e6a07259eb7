import { keep, tensor, add, div, maximum, minimum, mul, neg, reshape, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NumberOwner, Start } from '../optimizers/optimizer';
import { rateAt } from './schedule';
import type { ExperimentSpec, FactorHyper, VariantSpec } from '../spec';
import type { WeightBlock, Parameter } from '../tasks/task';

/** Tensors of hyperparameters for the optimizer of one block. */
export interface CachedNumbers {
  /** The function by which the optimizer gets numbers at step `number`. */
  at(number: number): Start['each'];
  /** Whether this tensor belongs to the cache, which frees it. */
  owns(tensor: Tensor): boolean;
  dispose(): void;
}

interface HyperAt {
  hyper: FactorHyper;
  owner: NumberOwner;
}

interface Cached {
  values: Float32Array;
  tensor: Tensor;
}

/** Caches tensors from step to step: most numbers do not change, so nothing is uploaded. */
export function numbersOfBlock(
  { variants, schedule, steps }: Pick<ExperimentSpec, 'variants' | 'schedule' | 'steps'>,
  { parameters }: WeightBlock,
): CachedNumbers {
  const owners = parameters.flatMap((parameter) =>
    variants.map((variant): HyperAt => {
      const hyper = hyperOf(variant, parameter.factor);
      return { hyper, owner: { parameter, variant, baseLr: hyper.lr } };
    }),
  );
  const cached: Cached[] = [];
  return {
    at(number) {
      const rate = rateAt(schedule, number, steps);
      let asked = 0;
      return (compute) => {
        const question = asked++;
        const before = cached[question];
        let changed = before === undefined;
        const values = before?.values ?? new Float32Array(owners.length);
        for (let i = 0; i < owners.length; i++) {
          const { hyper, owner } = owners[i] as HyperAt;
          const factor = rate * (hyper.early?.[number - 1] ?? 1);
          const value = Math.fround(compute(factor === 1 ? hyper : { ...hyper, lr: hyper.lr * factor }, owner));
          changed ||= !Object.is(value, values[i]);
          values[i] = value;
        }
        if (before && !changed) return before.tensor;
        before?.tensor.dispose();
        const fresh = keep(tensor(values.slice(), [parameters.length, variants.length, 1, 1], 'float32'));
        cached[question] = { values, tensor: fresh };
        return fresh;
      };
    },
    owns: (one) => cached.some((other) => other.tensor === one),
    dispose() {
      for (const { tensor } of cached.splice(0)) tensor.dispose();
    },
  };
}

function hyperOf({ a, b, m }: VariantSpec, factor: Parameter['factor']): FactorHyper {
  if (factor === 'm') return m ?? a;
  return factor === 'A' ? a : b;
}

/** Stands for "no threshold"; no finite gradient is as long. */
const NEVER = 1e30;

const numbersOf = (thresholds: readonly (number | null)[]): number[] => thresholds.map((value) => value ?? NEVER);

/**
 * Keeps every element of each variant's gradient within its threshold, as `torch.nn.utils.clip_grad_value_` does.
 * @param gradients [parameters, variants, rows, columns] each
 * @param thresholds of each variant; null = no clipping
 */
export function clipByValue(gradients: Tensor[], thresholds: readonly (number | null)[]): Tensor[] {
  if (thresholds.every((threshold) => threshold === null)) return gradients;
  const most = tensor(numbersOf(thresholds), [1, thresholds.length, 1, 1], 'float32');
  const least = neg(most);
  return gradients.map((gradient) => maximum(minimum(gradient, most), least));
}

/**
 * Clips each variant's gradient by its global norm over everything it trains, as `torch.nn.utils.clip_grad_norm_` does.
 * @param gradients [parameters, variants, rows, columns] each
 * @param thresholds of each variant; null = no clipping
 * @param clipEps added to the norm it divides by (torch: 1e-6)
 */
export function clipByNorm(gradients: Tensor[], thresholds: readonly (number | null)[], clipEps: number): Tensor[] {
  if (thresholds.every((threshold) => threshold === null)) return gradients;
  const count = thresholds.length;
  const squares = gradients.map((gradient) => sum(sum(sum(square(gradient), 3), 2), 0));
  const norm = sqrt(squares.reduce((total, part) => add(total, part)));
  const threshold = tensor(numbersOf(thresholds), [count], 'float32');
  const factor = reshape(minimum(div(threshold, add(norm, clipEps)), 1), [1, count, 1, 1]);
  return gradients.map((gradient) => mul(gradient, factor));
}
