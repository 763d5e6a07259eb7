/*
 * The right operand of a product, rearranged: its columns in groups of eight, each group row by row. A group is read
 * from one end to the other, as caches like it. A last group of fewer columns is filled up with anything.
 */

/** Bytes of a row of a panel. */
export const PANEL_ROW: usize = 32;

/** Bytes of all panels. */
export function bytesOfPanels(rows: i32, columns: i32): usize {
  return PANEL_ROW * <usize>rows * <usize>((columns + 7) >> 3);
}

/** Eight rows at a time, which are in the cache together. @param from [rows, columns], row-major */
export function toPanels(from: usize, rows: i32, columns: i32, to: usize): void {
  const row = (<usize>columns) << 2;
  const panel = PANEL_ROW * <usize>rows;
  for (let first = 0; first < rows; first += 8, from += 8 * row, to += 8 * PANEL_ROW) {
    const count = min(8, rows - first);
    for (let j = 0, left = from, top = to; j < columns; j += 8, left += 32, top += panel) {
      for (let i = 0, p = left, q = top; i < count; i++, p += row, q += PANEL_ROW) {
        v128.store(q, v128.load(p));
        v128.store(q, v128.load(p, 16), 16);
      }
    }
  }
}

/** @param from the transposed operand: [columns, rows], row-major */
export function toPanelsTransposed(from: usize, rows: i32, columns: i32, to: usize): void {
  const row = (<usize>rows) << 2;
  for (let j = 0; j < columns; j += 8, from += 8 * row) {
    let i = 0;
    if (j + 8 <= columns) {
      for (; i + 4 <= rows; i += 4, to += 4 * PANEL_ROW) {
        const p = from + ((<usize>i) << 2);
        transposeFour(p, row, to);
        transposeFour(p + 4 * row, row, to + 16);
      }
    }
    const count = min(8, columns - j);
    for (; i < rows; i++, to += PANEL_ROW) {
      for (let c = 0, p = from + ((<usize>i) << 2), q = to; c < count; c++, p += row, q += 4) {
        store<f32>(q, load<f32>(p));
      }
    }
  }
}

/** Four numbers of each of four rows, into the half of four rows of a panel. */
function transposeFour(from: usize, row: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + row);
  const c = v128.load(from + 2 * row);
  const d = v128.load(from + 3 * row);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<f64>(ab, cd, 1, 3), 32);
  const abEnd = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdEnd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(abEnd, cdEnd, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(abEnd, cdEnd, 1, 3), 96);
}
