import { line, MULTIPLY } from './elementwise';
import { bytesOfPanels, PANEL_ROW, toPanels, toPanelsTransposed } from './panels';
import { product } from './product';
import { MAGNITUDES, SQUARES, storeMean, total } from './sums';
import { storeFirst } from './vectors';

/** Numbers of the error that are worked on at a time; they should stay in the second-level cache. */
const BLOCK = 1 << 16;

/** Between rows of the error: rows that lie 4 kB apart would share their places in the cache. */
const GAP: usize = 64;

function rowsAtATime(rows: i32, width: i32): i32 {
  return min(rows, max(4, (BLOCK / width) & ~3));
}

/** Bytes that {@link linearPass} needs beside its tensors. */
export function bytesOfLinearPass(rows: i32, width: i32, rank: i32): usize {
  const block = <usize>rowsAtATime(rows, width);
  const error = block * (((<usize>width) << 2) + GAP);
  const hidden = (<usize>rows + 2 * block) * ((<usize>rank) << 2);
  const factors = 2 * bytesOfPanels(width, rank) + bytesOfPanels(rank, width);
  return bytesOfPanels(rows, width) + factors + hidden + error;
}

/**
 * Both passes of tasks/regression.ts for all variants. The error of a few rows is worked on while it is in the cache.
 * @param seen [variants | 1, rows, width], `seenNext` bytes to the next variant's; as residual
 * @param weights A and Bᵀ, [2, variants, rank, width], as gradient
 * @param scaling one for each variant, as slope and losses
 */
export function linearPass(
  variants: i32,
  rows: i32,
  width: i32,
  rank: i32,
  seen: usize,
  seenNext: usize,
  residual: usize,
  residualNext: usize,
  weights: usize,
  scaling: usize,
  slope: usize,
  isSquare: bool,
  losses: usize,
  gradient: usize,
  scratch: usize,
): void {
  const row = (<usize>width) << 2;
  const rankRow = (<usize>rank) << 2;
  const matrix = rankRow * <usize>width;
  const all = <usize>variants * matrix;
  const panel = PANEL_ROW * <usize>width;
  const eRow = row + GAP;
  const block = rowsAtATime(rows, width);
  // The right operands x, Aᵀ, B and Bᵀ.
  const xs = scratch;
  const ats = xs + bytesOfPanels(rows, width);
  const bs = ats + bytesOfPanels(width, rank);
  const bts = bs + bytesOfPanels(width, rank);
  const dB = bts + bytesOfPanels(rank, width);
  const h = dB + <usize>rows * rankRow;
  const sh = h + <usize>block * rankRow;
  const e = sh + <usize>block * rankRow;

  for (let variant = 0; variant < variants; variant++) {
    if (variant == 0 || seenNext != 0) toPanels(seen, rows, width, xs);
    toPanelsTransposed(weights, width, rank, ats);
    toPanelsTransposed(weights + all, width, rank, bs);
    toPanels(weights + all, rank, width, bts);
    let cost: f64 = 0;
    for (let i = 0; i < rows; i += block) {
      const n = min(block, rows - i);
      const first = <usize>i * row;
      product(seen + first, row, 4, ats, PANEL_ROW, panel, h, rankRow, n, width, rank);
      line(MULTIPLY, n * rank, sh, scaling, false, h, true);
      const btPanel = PANEL_ROW * <usize>rank;
      // Four rows at a time, since columns of the residual and the error lie far apart.
      for (let j = 0; j < n; j += 4) {
        const four = min(4, n - j);
        const from = sh + <usize>j * rankRow;
        const at = e + <usize>j * eRow;
        const r = residual + first + <usize>j * row;
        product(from, rankRow, 4, bts, PANEL_ROW, btPanel, at, eRow, four, rank, width, false, r, row);
        for (let k = 0, p = at; k < four; k++, p += eRow) {
          cost += total(isSquare ? SQUARES : MAGNITUDES, p, width);
          if (!isSquare) signs(p, width);
        }
      }
      product(e, eRow, 4, bs, PANEL_ROW, panel, dB + <usize>i * rankRow, rankRow, n, width, rank);
      line(MULTIPLY, n * rank, h, slope, false, h, true);
      product(h, 4, rankRow, e, eRow, 32, gradient + all, row, rank, n, width, i > 0);
    }
    line(MULTIPLY, rows * rank, dB, slope, false, dB, true);
    product(dB, 4, rankRow, xs, PANEL_ROW, PANEL_ROW * <usize>rows, gradient, row, rank, rows, width);
    storeMean(losses, cost, rows * width);
    seen += seenNext;
    residual += residualNext;
    weights += matrix;
    gradient += matrix;
    scaling += 4;
    slope += 4;
    losses += 4;
  }
}

/** −1, 0 or 1; 0 of what is no number. */
function signs(values: usize, size: i32): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let rest = size; rest > 0; rest -= 4, values += 16) {
    const value = v128.load(values);
    const positive = v128.and(f32x4.gt(value, zero), one);
    storeFirst(values, f32x4.sub(positive, v128.and(f32x4.lt(value, zero), one)), rest);
  }
}
