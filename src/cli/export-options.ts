import type { PlanId } from '../recipe/plans/plan';
import type { ENGINES } from './options';
import type { TargetOptions } from './target-options';

/** What the options of export can say. */
export interface ExportOptions extends Pick<TargetOptions, 'scaling' | 'rslora'> {
  /** Several alphas, ranks and plans are for `ray` alone. */
  alpha?: number[];
  rank?: number[];
  plan?: (PlanId | 'all')[];
  engine?: (typeof ENGINES)[number];
  out?: string;
  checkpoint?: boolean;
  network?: string;
}
