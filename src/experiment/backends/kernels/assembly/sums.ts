export const VALUES = 0;
export const SQUARES = 1;
export const MAGNITUDES = 2;

/** The sum of each of `count` rows of `size` numbers, rounded once. */
export function sums(from: usize, count: i32, size: i32, to: usize): void {
  for (let i = 0; i < count; i++, from += (<usize>size) << 2, to += 4) store<f32>(to, <f32>total(VALUES, from, size));
}

/** The mean of the squares or magnitudes of each of `count` rows of `size` numbers. */
export function means(kind: i32, from: usize, count: i32, size: i32, to: usize): void {
  for (let i = 0; i < count; i++, from += (<usize>size) << 2, to += 4) storeMean(to, total(kind, from, size), size);
}

/** The sum is a float32, as where it is divided by another kernel. */
export function storeMean(at: usize, sum: f64, size: i32): void {
  store<f32>(at, <f32>(<f64>(<f32>sum) / <f64>size));
}

/** The sum of `size` numbers, their squares or magnitudes, in float64. */
export function total(kind: i32, from: usize, size: i32): f64 {
  if (kind == SQUARES) return squares(from, size);
  // The bit of the sign.
  const dropped = f32x4.splat(kind == MAGNITUDES ? -0.0 : 0);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let i = 0;
  for (; i + 4 <= size; i += 4, from += 16) {
    const values = v128.andnot(v128.load(from), dropped);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(values));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<f64>(values, values, 1, 1)));
  }
  for (; i < size; i++, from += 4) {
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.andnot(v128.load32_zero(from), dropped)));
  }
  return both(f64x2.add(s0, s1));
}

/** The square of a float32 is exact in float64. */
function squares(from: usize, size: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i = 0;
  for (; i + 8 <= size; i += 8, from += 32) {
    const left = v128.load(from);
    const right = v128.load(from, 16);
    const x0 = f64x2.promote_low_f32x4(left);
    const x1 = f64x2.promote_low_f32x4(v128.shuffle<f64>(left, left, 1, 1));
    const x2 = f64x2.promote_low_f32x4(right);
    const x3 = f64x2.promote_low_f32x4(v128.shuffle<f64>(right, right, 1, 1));
    s0 = f64x2.add(s0, f64x2.mul(x0, x0));
    s1 = f64x2.add(s1, f64x2.mul(x1, x1));
    s2 = f64x2.add(s2, f64x2.mul(x2, x2));
    s3 = f64x2.add(s3, f64x2.mul(x3, x3));
  }
  for (; i < size; i++, from += 4) {
    const x = f64x2.promote_low_f32x4(v128.load32_zero(from));
    s0 = f64x2.add(s0, f64x2.mul(x, x));
  }
  return both(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
}

function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
