import type { Adapter, AdapterModule } from './adapter';
import { countOf } from './files/source';
import { factorsOf, isProduct, usedFor } from './factors';
import { singularOf } from './singular';

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

/** Norm and spectrum of ΔW: thin QR of both factors, SVD of the rank × rank core. Null where it is no product. */
export async function measureModule(module: AdapterModule): Promise<Measured | null> {
  const factors = await factorsOf(module);
  if (!factors) return null;
  const found = singularOf(factors);
  if (!found) return { sigma: null, norm: NaN, stableRank: NaN, used: NaN };
  const scaling = Math.abs(module.scaling ?? 1);
  const sigma = found.map((x) => x * scaling);
  const energy = sigma.reduce((sum, x) => sum + x * x, 0);
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
export const PER_SECOND = 5e8;

/** About how many multiplications {@link measureModule} needs for all modules. */
export function workOf({ modules }: Adapter): number {
  const works = modules
    .filter(isProduct)
    .map(({ a, b, rank }) => 4 * rank * (countOf(a) + countOf(b)) + 40 * rank ** 3);
  return works.reduce((sum, work) => sum + work, 0);
}
