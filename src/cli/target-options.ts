import { numberLabel } from '../recipe/notation';
import type { Recipe } from '../recipe/recipe';
import type { Destination, Target } from '../recipe/target';
import { usage } from './failure';

/** What the options of plan, check and rewrite can say about where to go. */
export interface TargetOptions {
  alpha?: number;
  scaling?: number;
  rslora?: 'on' | 'off';
  rank?: number;
}

/** The other options of commands about one recipe. */
export interface RecipeOptions extends TargetOptions {
  network?: string;
  digits?: number;
  json?: boolean;
}

/**
 * The target that the options name.
 * @throws Failure where they name none, or the same twice
 */
export function targetOf({ alpha, scaling, rslora, rank }: TargetOptions): Target {
  if (alpha !== undefined && scaling !== undefined) {
    throw usage('--alpha and --scaling are both given; one of them decides the other, so it must be one');
  }
  if (alpha === undefined && scaling === undefined && rslora === undefined && rank === undefined) {
    throw usage('no target is given; it must be --alpha, --scaling or --rslora, such as --alpha 64');
  }
  return {
    ...(alpha === undefined ? {} : { alpha }),
    ...(scaling === undefined ? {} : { scaling }),
    ...(rslora === undefined ? {} : { rslora: rslora === 'on' }),
    ...(rank === undefined ? {} : { rank }),
  };
}

/** `alpha 64`; where the rule changes too, `alpha 16, rsLoRA`. */
export function targetLabel(recipe: Recipe, { alpha, scalingRule }: Destination): string {
  if (scalingRule === recipe.scalingRule) return `alpha ${numberLabel(alpha)}`;
  return `alpha ${numberLabel(alpha)}, ${scalingRule === 'rslora' ? 'rsLoRA' : 'no rsLoRA'}`;
}
