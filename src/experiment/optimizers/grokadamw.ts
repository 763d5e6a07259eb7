import { add, div, minimum, mul, sqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { averagedSquare } from './math/averages';
import { constant, type Optimizer, option, rateOf, type Step, type Updated, zeros } from './optimizer';
import { withDecoupledDecay } from './math/decay';

/** torch adds this to the norm that it clips by. */
const CLIP_EPS = 1e-6;

/**
 * GrokAdamW without a signal from an evaluation, as Hugging Face trains it: every matrix clipped by itself, a slow mean
 * of gradients added to each, then AdamW, whose first memory is shorter from one matrix to the next.
 * @see https://github.com/cognitivecomputations/grokadamw (grokadamw/grokadamw.py)
 */
export const grokadamw: Optimizer = {
  start: zeros(3),
  update(steps) {
    const order = steps.flatMap(({ block }) => block.parameters.map(({ name }) => name));
    return steps.map((step) => updated(step, order));
  },
};

function updated(step: Step, order: readonly string[]): Updated {
  const { number, settings, each } = step;
  const [beta1, beta2] = settings.betas;
  const slowness = option(step, 'alphaInit', 0.98);
  const shortening = 1 - option(step, 'gamma', 0.1);
  const gradient = clipped(step);
  const [first = gradient, second = gradient, slow = gradient] = step.slots;
  const slower = add(mul(slow, slowness), mul(gradient, 1 - slowness));
  const grown = add(gradient, mul(slower, option(step, 'lamb', 2)));
  const memory = (name: string): number => beta1 * shortening ** order.indexOf(name);
  const kept = each((_, { parameter }) => memory(parameter.name));
  const taken = each((_, { parameter }) => 1 - memory(parameter.name));
  const mean = add(mul(first, kept), mul(grown, taken));
  const spread = averagedSquare(second, grown, beta2);
  const correction = Math.sqrt(1 - beta2 ** number) / (1 - beta1 ** number);
  const denominator = add(sqrt(spread), constant(step, 'eps'));
  return {
    weights: sub(withDecoupledDecay(step), div(mul(rateOf(step, correction), mean), denominator)),
    slots: [mean, spread, slower],
  };
}

/** Each matrix's gradient, clipped to a norm of `tensorClip`; 0 = no clipping. */
function clipped(step: Step): Step['gradient'] {
  const { gradient } = step;
  const norm = add(sqrt(sum(square(gradient), [2, 3], true)), CLIP_EPS);
  const threshold = step.each(({ constants }) => constants.tensorClip || Number.POSITIVE_INFINITY);
  return mul(gradient, minimum(div(threshold, norm), 1));
}
