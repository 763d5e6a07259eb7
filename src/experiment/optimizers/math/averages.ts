import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * A step of `weight` from `from` to `to`, rounded as PyTorch's `lerp_`: it starts from the nearer end.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lerp.html
 */
export function lerp(from: Tensor, to: Tensor, weight: number): Tensor {
  const way = sub(to, from);
  return weight < 0.5 ? add(from, mul(way, weight)) : sub(to, mul(way, 1 - weight));
}

/** `average · kept + value · (1 − kept)`. */
export function averaged(average: Tensor, value: Tensor, kept: number): Tensor {
  return add(mul(average, kept), mul(value, 1 - kept));
}

/** The same for the square of `value`, in the order of PyTorch's `addcmul_`. */
export function averagedSquare(average: Tensor, value: Tensor, kept: number): Tensor {
  return add(mul(average, kept), mul(mul(value, 1 - kept), value));
}
