import { greater, mul, where, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { ofFirst } from './math/matrices';
import { biasCorrection, constant, option, rateOf } from './optimizer';
import type { Start, Step } from './optimizer';

/*
 * Prodigy and D-Adaptation: all parameters of a variant share an estimate d of the distance to the solution, which only
 * grows, and the running numbers it is estimated from, [1, variants, 1, 1] each. Every block holds a copy. Options of
 * all: `growthRate` (0 = no limit), `biasCorrection`.
 */

export function firstDistance(start: Pick<Start, 'each'>): Tensor {
  return ofFirst(constant(start, 'd0'));
}

/** The initial distance, and zeros of its shape. */
export function sharedNumbers<Name extends string>(start: Start, ...names: Name[]): Record<'distance' | Name, Tensor> {
  const distance = firstDistance(start);
  const entries = names.map((name) => [name, zerosLike(distance)] as const);
  return { distance, ...Object.fromEntries(entries) } as Record<'distance' | Name, Tensor>;
}

/** `next` in variants with `amount` above 0, `old` in the others: without a gradient, nothing changes. */
export function whereMoving(amount: Tensor, next: Tensor, old: Tensor): Tensor {
  return where(greater(amount, 0), next, old);
}

/** distance · lr · Adam's bias correction where `biasCorrection` is set, [parameters, variants, 1, 1]. */
export function scaledRate(step: Step, distance: Tensor): Tensor {
  return mul(distance, rateOf(step, option(step, 'biasCorrection', 0) ? biasCorrection(step) : 1));
}
