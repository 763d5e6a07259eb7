import { INITS } from './rows';
import { RecipeError, type InitMethod } from '../recipe';

/** Widths of the layer: A is [rank, inFeatures], B is [outFeatures, rank]. */
export interface LayerShape {
  inFeatures: number;
  outFeatures: number;
  rank: number;
}

/**
 * Standard deviation σ of a fresh factor: `factor · inFeatures^in · outFeatures^out · rank^rank · s^scaling`.
 * Powers that are left out are 0.
 */
export interface InitScale {
  /** 0: the factor starts at zero. `weights`: the size comes from the model's weights or data. */
  factor: number | 'weights';
  in?: number;
  out?: number;
  rank?: number;
  /** Power of the scaling s by which it moves. */
  scaling?: number;
}

/** How a LoRA layer starts. */
export interface InitRow {
  id: InitMethod | 'embedding';
  title: string;
  /** Trainers that offer it, with the key or word where there is one. */
  offeredBy: string;
  A: InitScale;
  B: InitScale;
  /** The init whose draw this is by another name. */
  sameAs?: InitMethod;
  /** A factor that stays as it starts. */
  frozen?: 'A' | 'B';
  /**
   * What becomes of the frozen weights: `minus-product` = the init takes s·B·A away from them, so that they hold the
   * scaling it ran with; where σ of A and B make up for s, that product is the same at every scaling.
   */
  frozenWeights: 'untouched' | 'quantised' | 'minus-product';
  /** One sentence for a user: what starts how. */
  says: string;
  source: string;
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
