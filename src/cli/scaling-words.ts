import type { ScalingRule } from '../recipe/recipe';
import { numberLabel } from '../plot/numbers';

const FORMULAS: Readonly<Record<ScalingRule, (alpha: string, rank: number) => string>> = {
  standard: (alpha, rank) => `α/r = ${alpha}/${rank} = `,
  rslora: (alpha, rank) => `α/√r = ${alpha}/√${rank} = `,
  direct: () => '',
};

/** `α/r = 16/16 = 1`; a scaling that is set directly is just its number. */
export function scalingWords(recipe: {
  scalingRule: ScalingRule;
  alpha: number;
  rank: number;
  scaling: number;
}): string {
  const { scalingRule, alpha, rank, scaling } = recipe;
  return FORMULAS[scalingRule](numberLabel(alpha), rank) + numberLabel(scaling);
}
