import type { Float } from '../files/dtype';
import type { Target } from '../layouts/places';

/** What a conversion is asked for. ΔW stays what it is, but where the rank shrinks. */
export interface Goal {
  /** The form that all engines read alike. */
  portable?: boolean | undefined;
  alpha?: number | 'rank' | undefined;
  rslora?: boolean | undefined;
  scaling?: number | undefined;
  rank?: number | undefined;
  /** The share of the energy Σσ² that the new rank must hold. */
  keep?: number | undefined;
  to?: Target | undefined;
  dtype?: Float | undefined;
  /** The alpha of training, where nothing says it. */
  assumeAlpha?: number | 'rank' | undefined;
}
