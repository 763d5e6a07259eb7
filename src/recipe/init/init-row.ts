import type { InitMethod } from '../recipe';

/** Standard deviation σ of a fresh factor: `factor · rank^rank · s^scaling`. Powers that are left out are 0. */
export interface InitScale {
  /** 0: the factor starts at zero. `layer`: the size comes from the layer's widths, its weights or data. */
  factor: number | 'layer';
  rank?: number;
  /** Power of the scaling s in σ. */
  scaling?: number;
}

/** How a LoRA layer starts. */
export interface InitRow {
  id: InitMethod | 'embedding';
  title: string;
  /** Trainers that offer the init, with its key or word if it has one. */
  offeredBy: string;
  A: InitScale;
  B: InitScale;
  /** Another init that draws the same values, under a different name. */
  sameAs?: InitMethod;
  /** The factor that is not trained. */
  frozen?: 'A' | 'B';
  /**
   * What happens to the frozen weights. `minus-product`: the init subtracts s·B·A from them, so the frozen weights
   * depend on the scaling of the init. If σ of A and B compensates for s, the product is the same at every scaling.
   */
  frozenWeights: 'untouched' | 'quantised' | 'minus-product';
  /** One sentence for the user: how A and B start. */
  says: string;
  source: string;
}
