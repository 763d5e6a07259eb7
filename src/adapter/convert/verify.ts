import type { Adapter, AdapterModule, Tensor } from '../adapter';
import { isFloat, numbersOf } from '../files/dtype';
import { bytesOf } from '../files/source';
import type { Conversion } from './convert';
import { probesOf, product, type Applied } from './probes';

async function numbersIn(tensor: Tensor): Promise<Float32Array> {
  if (!isFloat(tensor.dtype)) throw new Error(`${tensor.key} has the type ${tensor.dtype}`);
  return numbersOf(await bytesOf(tensor), tensor.dtype);
}

const applied = async (module: AdapterModule, probes: number): Promise<Applied> =>
  product(module, await numbersIn(module.a), await numbersIn(module.b), probes);

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
