import type { Adapter, AdapterModule, Tensor } from '../adapter';
import { isFloat, numbersOf } from '../files/dtype';
import { bytesOf } from '../files/source';
import type { Conversion } from './convert';

async function numbersIn(tensor: Tensor): Promise<Float32Array> {
  if (!isFloat(tensor.dtype)) throw new Error(`${tensor.key} has the type ${tensor.dtype}`);
  return numbersOf(await bytesOf(tensor), tensor.dtype);
}

/** A fixed vector of signs. */
function signs(length: number, seed: number): Float64Array {
  let state = Math.imul(length, 2 * seed + 1) | 1;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state < 0 ? -1 : 1;
  });
}

/** Vectors that a module is applied to: more to a small one, of which one says less. */
export const probesOf = ({ a }: AdapterModule): number => (a.at.length < 1e6 ? 8 : 1);

/** B·(A·x) for each x. */
export type Applied = readonly Float64Array[];

const applied = async (module: AdapterModule, probes: number): Promise<Applied> =>
  product(module, await numbersIn(module.a), await numbersIn(module.b), probes);

type Numbers = Float32Array | Float64Array;

/** B·(A·x) for each of the vectors x, of factors as a file has them. */
export function product(
  { rank, isTransposed }: Pick<AdapterModule, 'rank' | 'isTransposed'>,
  a: Numbers,
  b: Numbers,
  probes: number,
): Applied {
  const [width, height] = [a.length / rank, b.length / rank];
  return Array.from({ length: probes }, (_, seed) => {
    const inner = times(a, signs(width, seed), rank, isTransposed);
    return times(b, inner, height, isTransposed);
  });
}

/** A matrix times a vector; `isTransposed`: its rows are columns in the file. */
function times(matrix: Numbers, x: Float64Array, height: number, isTransposed: boolean): Float64Array {
  const width = x.length;
  const y = new Float64Array(height);
  for (let i = 0; i < height; i++) {
    let sum = 0;
    if (isTransposed) for (let j = 0; j < width; j++) sum += (matrix[j * height + i] ?? 0) * (x[j] ?? 0);
    else for (let j = 0, at = i * width; j < width; j++) sum += (matrix[at + j] ?? 0) * (x[j] ?? 0);
    y[i] = sum;
  }
  return y;
}

export interface Deviation {
  /** The module in the new file. */
  readonly name: string;
  /** ‖(ΔW − ΔW′)·x‖/‖ΔW·x‖ for a vector x of signs. */
  readonly relative: number;
}

/**
 * Compares each module of a new file, read from the disk, with the old one, or where it shrank with the nearest ΔW of
 * its rank: ΔW applied to vectors, with the scaling of the new file. @returns a sentence where a module is missing or has no scaling
 */
export async function deviations(
  { plan, making }: Pick<Conversion, 'plan' | 'making'>,
  written: Adapter,
): Promise<readonly Deviation[] | { wrong: string }> {
  const made = new Map(written.modules.map((module) => [`${module.prefix}${module.name}`, module]));
  const found: Deviation[] = [];
  for (const { module, stem, from, to } of plan.jobs) {
    const other = made.get(stem);
    if (!other) return { wrong: `${stem} is missing in the new file` };
    // diffusers' layout says no alpha, which means 1.
    const scaling = other.scaling ?? (other.alpha === null ? 1 : NaN);
    if (!(Math.abs(scaling / to - 1) < 1e-6)) return { wrong: `${stem} has the scaling ${scaling} in place of ${to}` };
    const probes = probesOf(module);
    const [before, after] = [making.cut.get(module) ?? (await applied(module, probes)), await applied(other, probes)];
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
