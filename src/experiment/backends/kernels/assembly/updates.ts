import { storeFirst } from './vectors';

/*
 * Every operation is rounded to float32 as it is when tfjs does one after the other, so the bits are the same in every
 * build.
 */

/**
 * w − g·rate, for `count` matrices of `size` numbers.
 * @param rate one for each matrix
 */
export function sgd(count: i32, size: i32, weights: usize, gradient: usize, rate: usize, out: usize): void {
  const next = (<usize>size) << 2;
  for (let i = 0; i < count; i++, rate += 4, weights += next, gradient += next, out += next) {
    const lr = v128.load32_splat(rate);
    for (let j = 0, at: usize = 0; j < size; j += 4, at += 16) {
      const moved = f32x4.sub(v128.load(weights + at), f32x4.mul(v128.load(gradient + at), lr));
      storeFirst(out + at, moved, size - j);
    }
  }
}

/**
 * Adam's step, for `count` matrices of `size` numbers; the operations are those of optimizers/adam.ts.
 * @param rate one for each matrix, as eps
 * @param way 1 − β₁, the part of the way from the mean to the gradient; β₁, counted from the gradient, if not `isNear`
 * @param kept β₂, weight of the old spread; `added`: 1 − β₂, weight of the gradient's square; `correction`: √(1 − β₂ᵗ)
 */
export function adam(
  count: i32,
  size: i32,
  weights: usize,
  gradient: usize,
  mean: usize,
  spread: usize,
  rate: usize,
  eps: usize,
  isNear: bool,
  way: f32,
  kept: f32,
  added: f32,
  correction: f32,
  toWeights: usize,
  toMean: usize,
  toSpread: usize,
): void {
  let at: usize = 0;
  for (let i = 0; i < count; i++, rate += 4, eps += 4) {
    const lr = v128.load32_splat(rate);
    const least = v128.load32_splat(eps);
    for (let rest = size; rest > 0; rest -= 4, at += 16) {
      const slope = v128.load(gradient + at);
      const before = v128.load(mean + at);
      const gap = f32x4.mul(f32x4.sub(slope, before), f32x4.splat(way));
      const first = isNear ? f32x4.add(before, gap) : f32x4.sub(slope, gap);
      const old = f32x4.mul(v128.load(spread + at), f32x4.splat(kept));
      const second = f32x4.add(old, f32x4.mul(f32x4.mul(slope, f32x4.splat(added)), slope));
      const root = f32x4.div(f32x4.sqrt(second), f32x4.splat(correction));
      const step = f32x4.div(f32x4.mul(lr, first), f32x4.add(root, least));
      storeFirst(toWeights + at, f32x4.sub(v128.load(weights + at), step), rest);
      storeFirst(toMean + at, first, rest);
      storeFirst(toSpread + at, second, rest);
    }
    at = <usize>(i + 1) * ((<usize>size) << 2);
  }
}
