import type { Matrix } from 'ml-matrix';
import { orthogonal, type Rows } from '../factors';

/** B·A = (Qb·U) · diag(σ) · (Vᵀ·Qa): the singular values, the largest first, and what is needed to cut them. */
export interface Spectrum {
  sigma: readonly number[];
  u: Matrix;
  v: Matrix;
  qa: Rows;
  qb: Rows;
}

/** @returns null where a number is not finite */
export async function spectrumOf({ a, b }: { a: Rows; b: Rows }): Promise<Spectrum | null> {
  // Loaded where something is measured or shrunk.
  const { Matrix: Matrices, SingularValueDecomposition } = await import('ml-matrix');
  const [ofA, ofB] = [orthogonal(a), orthogonal(b)];
  const core = new Matrices([...ofB.triangle]).transpose().mmul(new Matrices([...ofA.triangle]));
  if (core.to1DArray().some((x) => !Number.isFinite(x))) return null;
  const svd = new SingularValueDecomposition(core, { autoTranspose: true });
  return { sigma: svd.diagonal, u: svd.leftSingularVectors, v: svd.rightSingularVectors, qa: ofA.q, qb: ofB.q };
}
