import { claimWords } from '../../config/plan/claim';
import type { ConfigPlans } from '../../config/planned';
import type { ReadRecipe, Reading } from '../../config/reading';

/**
 * The answer to a language model: the plans for another alpha, best first. Each claim comes with its limit, and the
 * plans come with the lines that were not understood.
 */
export function planAnswer(reading: Reading, recipe: ReadRecipe, { k, plans }: ConfigPlans): string {
  return JSON.stringify({
    trainer: reading.trainerName,
    recipe: recipe.name,
    recipesOfFile: reading.recipes.map(({ name }) => name),
    rank: recipe.rank,
    alpha: recipe.alpha,
    scaling: recipe.scaling,
    scalingFactor: k,
    guessed: recipe.guess ?? null,
    notUnderstood: reading.notUnderstood.map(({ line, source, why }) => ({ line, source, why })),
    plans: plans.map(({ title, claim, rows, code }) => ({
      title,
      claim: claimWords(claim),
      limit: claim.limit,
      changes: rows.map(({ key, from, to, law, place, line }) => ({ key, from, to, rule: law, place, line })),
      code,
    })),
  });
}
