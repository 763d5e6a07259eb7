import { tensor, type Tensor3D } from '@tensorflow/tfjs-core';

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
