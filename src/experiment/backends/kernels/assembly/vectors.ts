/** sum + a·b; the relaxed build rounds once, where the processor has an instruction for it. */
export function addProduct(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * Stores the first `count` of four numbers, all of them from 4 on. There is nothing like it for loads: whatever lies
 * behind a tensor may be read, since the allocator keeps a few bytes behind the last one.
 */
export function storeFirst(at: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, values);
  } else if (count == 1) {
    v128.store32_lane(at, values, 0);
  } else {
    v128.store64_lane(at, values, 0);
    if (count == 3) v128.store32_lane(at, values, 2, 8);
  }
}
