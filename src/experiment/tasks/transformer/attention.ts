import * as tf from '@tensorflow/tfjs-core';
import type { ModelShape } from './model';

export interface AttentionSizes extends Pick<ModelShape, 'sequence' | 'heads' | 'width'> {
  batch: number;
}

interface AttentionPass {
  /** [variants, batch·sequence, width] */
  output: tf.Tensor3D;
  /** ∂loss/∂q, ∂k and ∂v from ∂loss/∂output. */
  toInputs(gradient: tf.Tensor3D): { q: tf.Tensor3D; k: tf.Tensor3D; v: tf.Tensor3D };
}

/** Score of a masked position, as in torch: its exponential is 0. */
const HIDDEN = -1e9;

/** Causal mask, [1, sequence, sequence]: a position sees itself and those before. */
export function causalMask(sequence: number): tf.Tensor {
  const hides = (i: number): boolean => i % sequence > Math.floor(i / sequence);
  const scores = Array.from({ length: sequence ** 2 }, (_, i) => (hides(i) ? HIDDEN : 0));
  return tf.tensor(scores, [1, sequence, sequence], 'float32');
}

/**
 * Scaled dot-product attention, head by head: `softmax(q·kᵀ/√d + mask)·v`.
 *
 *     ∂/∂v = pᵀ·g    t = p·(g·vᵀ − Σ p·(g·vᵀ))/√d    ∂/∂q = t·k    ∂/∂k = tᵀ·q
 *
 * @param q, k, v [variants | 1, batch·sequence, width] each; one that is shared is spread out where another is not
 */
export function attention(
  q: tf.Tensor3D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
  mask: tf.Tensor,
  sizes: AttentionSizes,
): AttentionPass {
  const size = 1 / Math.sqrt(sizes.width / sizes.heads);
  const count = Math.max(q.shape[0], k.shape[0], v.shape[0]);
  const heads = (all: tf.Tensor3D): tf.Tensor3D =>
    split(all.shape[0] === count ? all : tf.tile(all, [count, 1, 1]), sizes);
  const [queries, keys, values] = [heads(q), heads(k), heads(v)];
  const chances = tf.softmax(tf.add(tf.mul(tf.matMul(queries, keys, false, true), size), mask)) as tf.Tensor3D;
  return {
    output: join(tf.matMul(chances, values), sizes),
    toInputs(gradient) {
      const ofHeads = split(gradient, sizes);
      const ofChances = tf.mul(chances, tf.matMul(ofHeads, values, false, true));
      const ofScores = tf.mul(tf.sub(ofChances, tf.mul(chances, tf.sum(ofChances, 2, true))), size) as tf.Tensor3D;
      return {
        q: join(tf.matMul(ofScores, keys), sizes),
        k: join(tf.matMul(ofScores, queries, true), sizes),
        v: join(tf.matMul(chances, ofHeads, true), sizes),
      };
    },
  };
}

/** [variants, batch·sequence, width] → [variants·batch·heads, sequence, width/heads] */
function split(all: tf.Tensor3D, { batch, sequence, heads, width }: AttentionSizes): tf.Tensor3D {
  const [count] = all.shape;
  const byHead = tf.reshape(all, [count * batch, sequence, heads, width / heads]);
  return tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [count * batch * heads, sequence, width / heads]);
}

/** The inverse of {@link split}. */
function join(heads: tf.Tensor3D, { batch, sequence, heads: count, width }: AttentionSizes): tf.Tensor3D {
  const variants = heads.shape[0] / (batch * count);
  const byHead = tf.transpose(tf.reshape(heads, [variants * batch, count, sequence, width / count]), [0, 2, 1, 3]);
  return tf.reshape(byHead, [variants, batch * sequence, width]);
}

/**
 * Mean of −log of the probability of the right token, and its slope in the logits: `(softmax − target)/rows`.
 * @param logits [variants, rows, vocabulary]
 * @param targets 1 at the right token and 0 elsewhere, [variants | 1, rows, vocabulary]
 * @returns loss [variants], gradient in the shape of the logits
 */
export function crossEntropy(logits: tf.Tensor3D, targets: tf.Tensor): { loss: tf.Tensor; gradient: tf.Tensor3D } {
  const [, rows] = logits.shape;
  // The largest becomes 0, so that no exponential overflows.
  const shifted = tf.sub(logits, tf.max(logits, 2, true));
  // The slowest of these operations, so it is done once.
  const weights = tf.exp(shifted);
  const total = tf.sum(weights, 2, true);
  const costs = tf.sub(tf.log(total), tf.sum(tf.mul(shifted, targets), 2, true));
  return {
    loss: tf.div(tf.sum(tf.sum(costs, 2), 1), rows),
    gradient: tf.div(tf.sub(tf.div(weights, total), targets), rows),
  };
}

/** 1 at each token, [1, tokens, vocabulary]. */
export function oneHot(tokens: ArrayLike<number>, vocabulary: number): tf.Tensor3D {
  return tf.tensor(oneHotRows(tokens, vocabulary), [1, tokens.length, vocabulary]);
}

export function oneHotRows(tokens: ArrayLike<number>, vocabulary: number): Float32Array {
  const values = new Float32Array(tokens.length * vocabulary);
  Array.from(tokens).forEach((token, row) => {
    values[row * vocabulary + token] = 1;
  });
  return values;
}
