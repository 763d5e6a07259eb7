import { INITS } from './init-rows';
import { RecipeError } from '../recipe';
import type { InitRow, InitScale } from './init-row';

/** Widths of the layer: A is [rank, inFeatures], B is [outFeatures, rank]. */
export interface LayerShape {
  inFeatures: number;
  outFeatures: number;
  rank: number;
}

const BY_ID: ReadonlyMap<string, InitRow> = new Map(INITS.map((row) => [row.id, row]));

/** Every init we know, in the order they are documented. */
export function initRows(): readonly InitRow[] {
  return INITS;
}

/** The init of that name, or undefined where we do not know it. */
export function initRow(id: string | null): InitRow | undefined {
  return id === null ? undefined : BY_ID.get(id);
}

/**
 * Standard deviation of a fresh factor, or null where it comes from the weights or a width is not known.
 * @param scaling the s the init runs with
 * @throws RecipeError when a width or the scaling is no number above 0
 */
export function sigmaOf(scale: InitScale, shape: Partial<LayerShape>, scaling: number): number | null {
  for (const [field, value] of Object.entries({ ...shape, scaling })) {
    if (!(value > 0 && value < Infinity)) throw new RecipeError(field, `${field} is ${value}; it must be above 0`);
  }
  if (scale.factor === 'weights') return null;
  const powers = [
    [shape.inFeatures, scale.in],
    [shape.outFeatures, scale.out],
    [shape.rank, scale.rank],
    [scaling, scale.scaling],
  ] as const;
  let sigma = scale.factor;
  for (const [width, power = 0] of powers) {
    if (power === 0) continue;
    if (width === undefined) return null;
    sigma *= width ** power;
  }
  return sigma;
}

/** Whether the init makes up for the scaling by itself: σ of both factors goes with 1/√s, so the symmetric gauge needs no code. */
export function isAutomatic({ A, B }: Pick<InitRow, 'A' | 'B'>): boolean {
  return A.scaling === -1 / 2 && B.scaling === -1 / 2;
}
