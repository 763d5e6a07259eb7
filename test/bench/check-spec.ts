import { specFor, type PreparedSpec } from '../../src/experiment/specs/spec-for';
import type { BackendId } from '../../src/experiment/spec';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../support/recipe';

const recipe = recipeWith({ dropout: 0.05 });

/** The usual check: an AdamW recipe at three times its alpha, with every kind of variant. */
export function checkSpec(backend: BackendId): PreparedSpec {
  return specFor(recipe, plansFor(recipe, 3 * recipe.alpha, everyKnob), 'symmetric', { backend });
}
