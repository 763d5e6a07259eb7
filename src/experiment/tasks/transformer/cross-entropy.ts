import { div, exp, log, max, mul, sub, sum, type Tensor, tensor, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Mean of −log of the probability of the right token, and its slope in the logits: `(softmax − target)/rows`.
 * @param logits [variants, rows, vocabulary]
 * @param targets 1 at the right token and 0 elsewhere, [variants | 1, rows, vocabulary]
 * @returns loss [variants], gradient in the shape of the logits
 */
export function crossEntropy(logits: Tensor3D, targets: Tensor): { loss: Tensor; gradient: Tensor3D } {
  const [, rows] = logits.shape;
  // The largest becomes 0, so that no exponential overflows.
  const shifted = sub(logits, max(logits, 2, true));
  // The slowest of these operations, so it is done once.
  const weights = exp(shifted);
  const total = sum(weights, 2, true);
  const costs = sub(log(total), sum(mul(shifted, targets), 2, true));
  return {
    loss: div(sum(sum(costs, 2), 1), rows),
    gradient: div(sub(div(weights, total), targets), rows),
  };
}

/** 1 at each token, [1, tokens, vocabulary]. */
export function oneHot(tokens: ArrayLike<number>, vocabulary: number): Tensor3D {
  return tensor(oneHotRows(tokens, vocabulary), [1, tokens.length, vocabulary]);
}

/** The same in JavaScript, row-major. */
export function oneHotRows(tokens: ArrayLike<number>, vocabulary: number): Float32Array {
  const values = new Float32Array(tokens.length * vocabulary);
  Array.from(tokens).forEach((token, place) => {
    values[place * vocabulary + token] = 1;
  });
  return values;
}
