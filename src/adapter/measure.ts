import type { Adapter, AdapterModule } from './adapter';
import { countOf } from './files/source';
import { isFloat } from './files/dtype';
import { isProduct } from './factors';
import { energyOf, spectrumOf, usedFor } from './spectrum';

/** What a module does to its weight W. */
export interface Measured {
  /** Of ΔW, the largest first; of B·A where the scaling is unknown. Null where a number is not finite. */
  readonly sigma: readonly number[] | null;
  /** Frobenius norm. */
  readonly norm: number;
  /** Σσ²/σ₁²: how many directions it has, softly counted. */
  readonly stableRank: number;
  /** How many singular values hold 99 % of Σσ². */
  readonly used: number;
}

/** The share of the energy that counts as all of it. */
export const USED_SHARE = 0.99;

/** Norm and spectrum of ΔW. Null where it is no product of two matrices, or its type is not read. */
export async function measureModule(module: AdapterModule): Promise<Measured | null> {
  if (!isProduct(module) || !isFloat(module.a.dtype) || !isFloat(module.b.dtype)) return null;
  const spectrum = await spectrumOf(module);
  if (!spectrum) return { sigma: null, norm: NaN, stableRank: NaN, used: NaN };
  const scaling = Math.abs(module.scaling ?? 1);
  const sigma = spectrum.sigma.map((x) => x * scaling);
  const energy = energyOf(sigma);
  const [first = 0] = sigma;
  const stableRank = first === 0 ? 0 : energy / (first * first);
  return { sigma, norm: Math.sqrt(energy), stableRank, used: usedFor(sigma, USED_SHARE) };
}

/** Measures modules from one on, for about so many milliseconds; at least one of them. */
export async function measureFrom({ modules }: Adapter, from: number, ms: number): Promise<(Measured | null)[]> {
  const end = Date.now() + ms;
  const measured: (Measured | null)[] = [];
  for (const module of modules.slice(from)) {
    measured.push(await measureModule(module));
    if (Date.now() >= end) break;
  }
  return measured;
}

/** About how many multiplications a core does in a second. */
export const PER_SECOND = 1e9;

/** About how many multiplications {@link measureModule} needs for all modules. */
export const workOf = ({ modules }: Adapter): number =>
  modules.filter(isProduct).reduce((sum, { a, b, rank }) => sum + rank * (countOf(a) + countOf(b)) + 40 * rank ** 3, 0);

/** Modules and what was measured of each; null where it is no product of two matrices. */
export type Measures = ReadonlyMap<AdapterModule, Measured | null>;

/** What takes longer, in seconds, is measured only where it is asked for. */
const QUICK = 2;

/** Measures all modules; null where that takes a while, and nobody asked for it. @param some modules from one on */
export async function measuredModules(
  adapter: Adapter,
  isAsked = false,
  some = (from: number): Promise<(Measured | null)[]> => measureFrom(adapter, from, Infinity),
): Promise<Measures | null> {
  if (!isAsked && workOf(adapter) > QUICK * PER_SECOND) return null;
  const all: (Measured | null)[] = [];
  for (let next = await some(0); next.length > 0; next = await some(all.length)) all.push(...next);
  return new Map(adapter.modules.slice(0, all.length).map((module, i) => [module, all[i] ?? null]));
}
