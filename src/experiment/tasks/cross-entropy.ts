import { div, exp, log, max, mul, neg, sub, sum, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Mean of −log of the probability of the right token, and its slope in the logits: `(softmax − target)/rows`.
 * @param logits [variants, rows, vocabulary]
 * @param targets 1 at the right token and 0 elsewhere, [1, rows, vocabulary]
 * @returns loss [variants], gradient in the shape of the logits
 */
export function crossEntropy(logits: Tensor3D, targets: Tensor): { loss: Tensor; gradient: Tensor3D } {
  const [, rows] = logits.shape;
  const shifted = sub(logits, max(logits, 2, true));
  const logChances = sub(shifted, log(sum(exp(shifted), 2, true)));
  return {
    loss: div(neg(sum(sum(mul(logChances, targets), 2), 1)), rows),
    gradient: div(sub(exp(logChances), targets), rows),
  };
}
