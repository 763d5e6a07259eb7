import { bytesOfPanels, PANEL_ROW, toPanels, toPanelsTransposed } from './panels';
import { addProduct, storeFirst } from './vectors';

/** Rows from which it is worth copying an untransposed right operand into panels. Measured. */
const MANY_ROWS = 64;

/**
 * c = a·b for `count` pairs of matrices, [rows, inner]·[inner, columns].
 * @param aNext bytes to the next left operand, 0 if all pairs share one; as bNext
 * @param panels where {@link bytesOfPanels} of the right operand fit
 */
export function products(
  count: i32,
  a: usize,
  aNext: usize,
  isTransposedA: bool,
  b: usize,
  bNext: usize,
  isTransposedB: bool,
  c: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  panels: usize,
): void {
  const aRow: usize = isTransposedA ? 4 : (<usize>inner) << 2;
  const aStep: usize = isTransposedA ? (<usize>rows) << 2 : 4;
  const cRow = (<usize>columns) << 2;
  const isInPanels = isTransposedB || rows >= MANY_ROWS;
  for (let n = 0; n < count; n++, a += aNext, b += bNext, c += <usize>rows * cRow) {
    if (!isInPanels) {
      product(a, aRow, aStep, b, cRow, 32, c, cRow, rows, inner, columns);
      continue;
    }
    if (n == 0 || bNext != 0) {
      if (isTransposedB) toPanelsTransposed(b, inner, columns, panels);
      else toPanels(b, inner, columns, panels);
    }
    const panel = PANEL_ROW * <usize>inner;
    product(a, aRow, aStep, panels, PANEL_ROW, panel, c, cRow, rows, inner, columns);
  }
}

/**
 * c = a·b or c += a·b, and `plus` a third matrix, in tiles of four rows and eight columns that stay in registers. Every
 * number is added up in float32, in the order of the inner dimension, whatever the sizes. So its bits do not depend on
 * how a product is cut.
 * @param a whose number (i, k) is i·aRow + k·aStep bytes further
 * @param b whose eight numbers from (k, 8·j) on are k·bRow + j·bPanel bytes further
 */
export function product(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  adds: bool = false,
  plus: usize = 0,
  plusRow: usize = 0,
): void {
  for (let j = 0; j < columns; j += 8, b += bPanel, c += 32) {
    for (let i = 0; i < rows; i += 4) {
      // Beyond the last row the last is computed again.
      const last = rows - 1 - i;
      const next1 = <usize>min(1, last);
      const next2 = <usize>min(2, last);
      const next3 = <usize>min(3, last);
      const c0 = c + <usize>i * cRow;
      const c1 = c0 + next1 * cRow;
      const c2 = c0 + next2 * cRow;
      const c3 = c0 + next3 * cRow;
      let a0 = a + <usize>i * aRow;
      let a1 = a0 + next1 * aRow;
      let a2 = a0 + next2 * aRow;
      let a3 = a0 + next3 * aRow;
      let s00 = f32x4.splat(0);
      let s01 = s00;
      let s10 = s00;
      let s11 = s00;
      let s20 = s00;
      let s21 = s00;
      let s30 = s00;
      let s31 = s00;
      if (adds) {
        s00 = v128.load(c0);
        s01 = v128.load(c0, 16);
        s10 = v128.load(c1);
        s11 = v128.load(c1, 16);
        s20 = v128.load(c2);
        s21 = v128.load(c2, 16);
        s30 = v128.load(c3);
        s31 = v128.load(c3, 16);
      }
      for (let k = 0, p = b; k < inner; k++, p += bRow) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        const x0 = v128.load32_splat(a0);
        s00 = addProduct(s00, x0, b0);
        s01 = addProduct(s01, x0, b1);
        const x1 = v128.load32_splat(a1);
        s10 = addProduct(s10, x1, b0);
        s11 = addProduct(s11, x1, b1);
        const x2 = v128.load32_splat(a2);
        s20 = addProduct(s20, x2, b0);
        s21 = addProduct(s21, x2, b1);
        const x3 = v128.load32_splat(a3);
        s30 = addProduct(s30, x3, b0);
        s31 = addProduct(s31, x3, b1);
        a0 += aStep;
        a1 += aStep;
        a2 += aStep;
        a3 += aStep;
      }
      if (plus) {
        const p = plus + <usize>i * plusRow + ((<usize>j) << 2);
        s00 = f32x4.add(v128.load(p), s00);
        s01 = f32x4.add(v128.load(p, 16), s01);
        s10 = f32x4.add(v128.load(p + next1 * plusRow), s10);
        s11 = f32x4.add(v128.load(p + next1 * plusRow, 16), s11);
        s20 = f32x4.add(v128.load(p + next2 * plusRow), s20);
        s21 = f32x4.add(v128.load(p + next2 * plusRow, 16), s21);
        s30 = f32x4.add(v128.load(p + next3 * plusRow), s30);
        s31 = f32x4.add(v128.load(p + next3 * plusRow, 16), s31);
      }
      storeEight(c0, s00, s01, columns - j);
      storeEight(c1, s10, s11, columns - j);
      storeEight(c2, s20, s21, columns - j);
      storeEight(c3, s30, s31, columns - j);
    }
  }
}

function storeEight(at: usize, left: v128, right: v128, count: i32): void {
  storeFirst(at, left, count);
  if (count > 4) storeFirst(at + 16, right, count - 4);
}
