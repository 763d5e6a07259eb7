import type { Recipe } from '../../../recipe/recipe';
import type { ReadRecipe, Unread } from '../../reading';
import type { Trap } from '../../trainers/shared/trap';
import type { Fields, ReadSoFar } from '../../trainers/shared/fields';

/** The values that all networks of a run share. */
export interface Shared extends Pick<
  Recipe,
  | 'useDora'
  | 'scalingRule'
  | 'multiplier'
  | 'learningRate'
  | 'loraplusLrRatio'
  | 'optimizer'
  | 'maxGradNorm'
  | 'maxGradValue'
  | 'scheduler'
  | 'warmup'
  | 'dropout'
  | 'init'
  | 'targetModules'
  | 'unscaled'
  | 'loraBias'
> {
  stated: ReadRecipe['stated'];
  assumed: ReadRecipe['assumed'];
  unresolved: NonNullable<ReadRecipe['unresolved']>;
  known: ReadSoFar;
  /** The layout's fields, with the keys and defaults of the optimizer. */
  fields: Fields;
  /** The optimizer's own traps. */
  traps: readonly Trap[];
  /** Unknown arguments of the optimizer. */
  unread: readonly Unread[];
  /** False when a shared value cannot be used. */
  isGood: boolean;
}
