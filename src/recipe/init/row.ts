import type { InitMethod } from '../recipe';

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
