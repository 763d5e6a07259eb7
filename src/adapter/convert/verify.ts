import type { Adapter, AdapterModule, Tensor } from '../adapter';
import { combined, dot } from '../factors';
import type { Cut } from '../spectrum';
import { isFloat, numbersOf } from '../files/dtype';
import type { Wrong } from '../files/safetensors';
import { bytesOf } from '../files/source';
import type { Plan } from './plan';

/** A fixed vector of signs. */
function signs(length: number, seed: number): Float64Array {
  let state = Math.imul(length, 2 * seed + 1) | 1;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state < 0 ? -1 : 1;
  });
}

/** A matrix times a vector; `isTransposed`: its rows are columns in the file. */
function times(matrix: Float32Array, x: Float64Array, isTransposed: boolean): Float64Array {
  const width = x.length;
  const y = new Float64Array(matrix.length / width);
  for (let i = 0; i < y.length; i++) {
    let sum = 0;
    if (isTransposed) for (let j = 0; j < width; j++) sum += (matrix[j * y.length + i] ?? 0) * (x[j] ?? 0);
    else for (let j = 0, at = i * width; j < width; j++) sum += (matrix[at + j] ?? 0) * (x[j] ?? 0);
    y[i] = sum;
  }
  return y;
}

async function numbersIn(tensor: Tensor): Promise<Float32Array> {
  if (!isFloat(tensor.dtype)) throw new Error(`${tensor.key} has the type ${tensor.dtype}`);
  return numbersOf(await bytesOf(tensor), tensor.dtype);
}

/** B·A·x for each of some vectors x of signs; of a module that shrinks, through what {@link Cut} makes of A and B. */
async function applied({ a, b, rank, isTransposed }: AdapterModule, probes: number, cut: Cut | null) {
  const [inner, outer] = [await numbersIn(a), await numbersIn(b)];
  return Array.from({ length: probes }, (_, seed) => {
    const x = times(inner, signs(inner.length / rank, seed), isTransposed);
    const [through = x] = cut ? combined([Float64Array.from(cut.a, (row) => dot(row, x))], cut.b) : [];
    return times(outer, through, isTransposed);
  });
}

export interface Deviation {
  /** The module in the new file. */
  readonly name: string;
  /** ‖(ΔW − ΔW′)·x‖/‖ΔW·x‖ for a vector x of signs. */
  readonly relative: number;
}

/**
 * Compares each module of a new file, read from the disk, with the old one, or where it shrank with the nearest ΔW of
 * its rank: ΔW applied to vectors, with the scaling of the new file.
 * @returns a sentence where a module is missing or has no scaling
 */
export async function deviations({ jobs }: Plan, written: Adapter): Promise<readonly Deviation[] | Wrong> {
  const made = new Map(written.modules.map((module) => [`${module.prefix}${module.name}`, module]));
  const found: Deviation[] = [];
  for (const { module, stem, from, to, cut } of jobs) {
    const other = made.get(stem);
    if (!other) return { wrong: `${stem} is missing in the new file` };
    // diffusers' layout says no alpha, which means 1.
    const scaling = other.scaling ?? (other.alpha === null ? 1 : NaN);
    if (!(Math.abs(scaling / to - 1) < 1e-6)) return { wrong: `${stem} has the scaling ${scaling} in place of ${to}` };
    // A small module needs more vectors, as one says less of it.
    const probes = module.a.at.length < 1e6 ? 8 : 1;
    const [before, after] = [await applied(module, probes, cut), await applied(other, probes, null)];
    let [difference, whole] = [0, 0];
    before.forEach((values, probe) => {
      values.forEach((value, i) => {
        difference += (from * value - scaling * (after[probe]?.[i] ?? NaN)) ** 2;
        whole += (from * value) ** 2;
      });
    });
    found.push({ name: stem, relative: whole === 0 ? Math.sqrt(difference) : Math.sqrt(difference / whole) });
  }
  return found;
}
