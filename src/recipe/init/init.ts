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

/** The init of that name, or undefined. */
export function initRow(id: string | null): InitRow | undefined {
  return id === null ? undefined : BY_ID.get(id);
}

/**
 * Standard deviation of a fresh factor; null if it comes from the weights, or a needed width is unknown.
 * @param scaling the scaling s during the init
 * @throws RecipeError unless every width and the scaling are above 0
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

/**
 * Whether the init compensates for the scaling by itself: σ of both factors is proportional to 1/√s, so the symmetric
 * gauge needs no code.
 */
export function isAutomatic({ A, B }: Pick<InitRow, 'A' | 'B'>): boolean {
  return A.scaling === -1 / 2 && B.scaling === -1 / 2;
}
