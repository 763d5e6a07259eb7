import { cast, less, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * −1, 0 or 1. tfjs's own `sign` takes everything below 1e-7 for 0 on WebAssembly, so that a twin with smaller gradients
 * would be another run.
 */
export function signOf<T extends Tensor>(values: T): T {
  return sub(cast(less(0, values), 'float32'), cast(less(values, 0), 'float32'));
}
