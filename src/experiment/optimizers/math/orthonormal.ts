/**
 * Orthonormal columns, from the left, by Gram-Schmidt applied twice in float64: the Q of a QR decomposition. A column
 * that depends on those before it becomes zero. Scaling the matrix by a power of two changes no bit of the result.
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

/** Below this share of its length, the rest of a column is rounding error. */
const NOTHING_LEFT = 2 ** -45;
