import { storeFirst } from './vectors';

const ADD = 0;
const SUBTRACT = 1;
export const MULTIPLY = 2;

/**
 * a + b, a − b, a·b or a/b, in up to three nested loops over the result. In the innermost loop an operand either
 * advances by one number a step, or is the same number at every step.
 * @param aLine whether a advances in the innermost loop; `aMiddle`, `aOuter`: bytes by which a advances in the others
 */
export function elementwise(
  operation: i32,
  size: i32,
  middle: i32,
  outer: i32,
  out: usize,
  a: usize,
  aLine: bool,
  aMiddle: usize,
  aOuter: usize,
  b: usize,
  bLine: bool,
  bMiddle: usize,
  bOuter: usize,
): void {
  for (let i = 0; i < outer; i++, a += aOuter, b += bOuter) {
    for (let j = 0, p = a, q = b; j < middle; j++, p += aMiddle, q += bMiddle, out += (<usize>size) << 2) {
      line(operation, size, out, p, aLine, q, bLine);
    }
  }
}

/** `size` results. */
export function line(operation: i32, size: i32, out: usize, a: usize, aLine: bool, b: usize, bLine: bool): void {
  let left = v128.load32_splat(a);
  let right = v128.load32_splat(b);
  for (let rest = size; rest > 0; rest -= 4, out += 16) {
    if (aLine) {
      left = v128.load(a);
      a += 16;
    }
    if (bLine) {
      right = v128.load(b);
      b += 16;
    }
    storeFirst(out, combined(operation, left, right), rest);
  }
}

function combined(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  return operation == MULTIPLY ? f32x4.mul(a, b) : f32x4.div(a, b);
}
