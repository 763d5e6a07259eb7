import type { AdapterModule } from './adapter';
import { add, combined, dot, isProduct, rowsOf, type Rows } from './factors';

/**
 * The triangle R of a QR decomposition of the transpose: rows = Rᵀ·Qᵀ. By Gram and Schmidt's rows, one taken from all
 * others at a time, whose R is as exact as that of reflections (Björck 1967).
 */
function triangleOf(rows: Rows): Rows {
  const left = rows.map((row) => row.slice());
  return left.map((own, k) => {
    const length = Math.sqrt(dot(own, own));
    return Float64Array.from(left, (row, j) => {
      if (j < k || length === 0) return 0;
      const along = j === k ? length : dot(row, own) / length;
      if (j > k) add(row, own, -along / length);
      return along;
    });
  });
}

/** Rotations reach the last bits after 6 to 10 rounds; this many are never needed. */
const MOST_ROUNDS = 60;

/** Relative: two rows this near to a right angle are at one. */
const RIGHT_ANGLE = 1e-15;

/**
 * Rotates each two rows until all are at right angles: then their lengths are the singular values, small ones as exact
 * as large ones (Hestenes 1958; Demmel and Veselić 1992). `others` are rotated with them; both change.
 */
function rotate(rows: Rows, others: Rows): void {
  for (let round = 0, isDone = false; round < MOST_ROUNDS && !isDone; round++) {
    isDone = true;
    rows.forEach((x, p) => {
      for (let q = p + 1; q < rows.length; q++) {
        const y = rows[q] ?? x;
        const [xy, xx, yy] = [dot(x, y), dot(x, x), dot(y, y)];
        if (Math.abs(xy) <= RIGHT_ANGLE * rows.length * Math.sqrt(xx * yy)) continue;
        isDone = false;
        const zeta = (yy - xx) / (2 * xy);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        turn(x, y, tangent);
        turn(others[p] ?? x, others[q] ?? y, tangent);
      }
    });
  }
}

function turn(x: Float64Array, y: Float64Array, tangent: number): void {
  const cos = 1 / Math.hypot(1, tangent);
  const sin = cos * tangent;
  for (let i = 0; i < x.length; i++) {
    const [one, other] = [x[i] ?? 0, y[i] ?? 0];
    x[i] = cos * one - sin * other;
    y[i] = sin * one + cos * other;
  }
}

/** Of B·A = Qb·(Rb·Raᵀ)·Qaᵀ, whose core Rb·Raᵀ is U·diag(σ)·Vᵀ. */
export interface Spectrum {
  /** The singular values, the largest first. */
  readonly sigma: readonly number[];
  /** The rows of Uᵀ·Rb, of diag(σ)·Vᵀ, and of Ra. */
  readonly left: Rows;
  readonly right: Rows;
  readonly ra: Rows;
}

/** @returns null where the module is no product, its type is not read, or a number is not finite */
export async function spectrumOf(module: AdapterModule): Promise<Spectrum | null> {
  const { a, b, rank, isTransposed } = module;
  if (!isProduct(module)) return null;
  // An embedding of GGUF has A as (vocab, rank).
  const rowsA = await rowsOf(a, rank, isTransposed || a.shape[0] !== rank);
  const rowsB = await rowsOf(b, rank, !isTransposed);
  if (!rowsA || !rowsB) return null;
  const [ra, rb] = [triangleOf(rowsA), triangleOf(rowsB)];
  const core = rb.map((row) => Float64Array.from(ra, (other) => dot(row, other)));
  if (core.some((row) => row.some((x) => !Number.isFinite(x)))) return null;
  rotate(core, rb);
  const found = core.map((right, k) => ({ right, left: rb[k] ?? right, size: Math.sqrt(dot(right, right)) }));
  const sorted = found.toSorted((one, other) => other.size - one.size);
  return {
    ...{ sigma: sorted.map(({ size }) => size), ra },
    ...{ left: sorted.map(({ left }) => left), right: sorted.map(({ right }) => right) },
  };
}

/** What makes of A and B those of a smaller rank: new rows of A, and new columns of B, are sums of the old ones. */
export interface Cut {
  readonly a: Rows;
  readonly b: Rows;
  /** ‖ΔW − ΔW′‖/‖ΔW‖ in the Frobenius norm. */
  readonly error: number;
}

/**
 * The nearest B·A of a rank (Eckart and Young), √σ to each side: its rows of A are σ^(−½)·uᵀ·Rb·A, its columns of B are
 * σ^(−½)·B·Raᵀ·v.
 */
export function cutTo({ sigma, left, right, ra }: Spectrum, rank: number): Cut {
  const scaled = (rows: Rows, power: number): Rows =>
    rows.slice(0, rank).map((row, k) => {
      const value = sigma[k] ?? 0;
      // Directions that are rounding error alone.
      const by = value > (sigma[0] ?? 0) * 1e-15 ? value ** power : 0;
      return row.map((x) => x * by);
    });
  const whole = energyOf(sigma);
  const error = whole === 0 ? 0 : Math.sqrt(energyOf(sigma.slice(rank)) / whole);
  return { a: scaled(left, -0.5), b: combined(scaled(right, -1.5), ra), error };
}

export const energyOf = (sigma: readonly number[]): number => sigma.reduce((sum, x) => sum + x * x, 0);

/** How many singular values hold a share of the energy Σσ². */
export function usedFor(sigma: readonly number[], share: number): number {
  const whole = energyOf(sigma);
  let held = 0;
  const used = sigma.findIndex((x) => (held += x * x) >= share * whole * (1 - 1e-12));
  return whole === 0 ? 0 : used + 1;
}
