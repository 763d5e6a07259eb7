/** Eigenvectors of a symmetric matrix, as columns [size, size], and its eigenvalues in ascending order. */
type Eigen = Record<'values' | 'vectors', Float64Array>;

const MOST_SWEEPS = 40;

/** An off-diagonal element below this share of the diagonal counts as zero. */
const ROUNDING = 2 ** -53;

/**
 * Eigendecomposition by Jacobi's method: every rotation makes one off-diagonal element zero. Nothing is compared with
 * an absolute number, so scaling the matrix by a power of two scales the eigenvalues and leaves every bit of the
 * vectors.
 * @param matrix [size, size], symmetric
 * @see Golub and Van Loan, Matrix Computations, section 8.5
 */
export function eigenOf(matrix: ArrayLike<number>, size: number): Eigen {
  const m = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0, isDone = false; !isDone && sweep < MOST_SWEEPS; sweep++) {
    isDone = true;
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        if (rotate(m, vectors, size, p, q)) isDone = false;
      }
    }
  }
  return sorted(m, vectors, size);
}

/**
 * X·Xᵀ + `shift`·I in float64, so that its eigenvectors are as accurate as the singular vectors of X.
 * @param x [rows, columns], row-major
 */
export function gramInFloat64(x: ArrayLike<number>, rows: number, shift = 0): Float64Array {
  const columns = x.length / rows;
  return Float64Array.from({ length: rows * rows }, (_, at) => {
    const [one, other] = [Math.floor(at / rows), at % rows];
    let sum = one === other ? shift : 0;
    for (let i = 0; i < columns; i++) sum += (x[one * columns + i] ?? 0) * (x[other * columns + i] ?? 0);
    return sum;
  });
}

/** Makes m[p][q] zero; returns false if it was zero. `vectors` has the eigenvectors as rows. */
function rotate(m: Float64Array, vectors: Float64Array, size: number, p: number, q: number): boolean {
  const [first, second] = [m[p * size + p] ?? 0, m[q * size + q] ?? 0];
  const off = m[p * size + q] ?? 0;
  // Also false for NaN, which no rotation would ever remove.
  if (!(Math.abs(off) > ROUNDING * (Math.abs(first) + Math.abs(second)))) return false;
  const slope = (second - first) / (2 * off);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  turn(m, size, p, q, cosine, sine);
  turn(vectors, size, p, q, cosine, sine);
  for (let i = 0; i < size; i++) {
    m[i * size + p] = m[p * size + i] ?? 0;
    m[i * size + q] = m[q * size + i] ?? 0;
  }
  m[p * size + p] = first - tangent * off;
  m[q * size + q] = second + tangent * off;
  m[p * size + q] = 0;
  m[q * size + p] = 0;
  return true;
}

function turn(m: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let one = p * size, other = q * size, end = one + size; one < end; one++, other++) {
    const a = m[one] ?? 0;
    const b = m[other] ?? 0;
    m[one] = cosine * a - sine * b;
    m[other] = sine * a + cosine * b;
  }
}

function sorted(m: Float64Array, vectors: Float64Array, size: number): Eigen {
  const value = (i: number): number => m[i * size + i] ?? 0;
  // Among equal values the last comes first: from the largest down, in the order of a singular value decomposition.
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => value(i) - value(j) || j - i);
  const turned = order.map((i) => vectors.subarray(i * size, (i + 1) * size));
  return {
    values: Float64Array.from(order, value),
    vectors: Float64Array.from({ length: size * size }, (_, at) => turned[at % size]?.[Math.floor(at / size)] ?? 0),
  };
}

/** Below this share of its length, the rest of a column is rounding error. */
const NOTHING_LEFT = 2 ** -45;

/**
 * Orthonormal columns, from the left, by Gram-Schmidt applied twice in float64. A column that depends on those before
 * it becomes zero. Scaling the matrix by a power of two changes no bit of the result.
 * @param matrix [rows, columns], row-major
 */
export function orthonormalColumns(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const result = Float64Array.from(matrix);
  const along = (one: number, other: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += (result[row * columns + one] ?? 0) * (result[row * columns + other] ?? 0);
    return sum;
  };
  for (let column = 0; column < columns; column++) {
    const length = Math.sqrt(along(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < column; before++) {
        const shadow = along(before, column);
        for (let row = 0; row < rows; row++) {
          const at = row * columns;
          result[at + column] = (result[at + column] ?? 0) - shadow * (result[at + before] ?? 0);
        }
      }
    }
    const rest = Math.sqrt(along(column, column));
    const factor = rest > length * NOTHING_LEFT ? 1 / rest : 0;
    for (let row = 0; row < rows; row++)
      result[row * columns + column] = (result[row * columns + column] ?? 0) * factor;
  }
  return result;
}
