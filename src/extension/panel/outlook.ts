import * as l10n from '@vscode/l10n';
import { asTrained } from '../../config/plan/as-trained';
import { planConfig, type ConfigPlan, type ConfigPlans } from '../../config/planned';
import { rewriteRank } from '../../config/ranked';
import type { ReadRecipe } from '../../config/reading';
import { rewriteConfig, type Rewriting } from '../../config/rewrite';
import { specFor, type SpecOptions } from '../../experiment/specs/spec-for';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import type { TargetChoice } from '../../messages/panel';
import type { PlanId } from '../../recipe/plans/plan';
import { hereOf, type Destination } from '../../recipe/target';
import type { ReadText, SourceText } from '../questions/read-text';
import type { Experiment } from '../runs/runs';
import { rankedAt, type Ranked } from './rank-outlook';

export interface PanelChoice {
  network: number;
  target: TargetChoice;
  plan: PlanId;
  /** The rule for another rank; empty: the recommended one. */
  rule?: string;
  task: TaskChoice;
}

/** Everything that follows from a text and a choice. Nothing here is state. */
export interface Outlook {
  recipe: ReadRecipe;
  network: number;
  target: Destination;
  plans: ConfigPlans;
  /** The chosen plan, or the first there is. */
  plan: ConfigPlan | null;
  /** The experiment that would check it, or null where there is nothing to check. */
  experiment: Experiment | null;
  assumptions: readonly string[];
  /** Why nothing is offered, or null. */
  refusal: string | null;
  /** How the plan is written, or why it cannot be: it can still be checked. Null where nothing is offered. */
  writing: Rewriting | null;
  /** Where the target is another rank. */
  ranked: Ranked | null;
}

/** The recipe the choice is about, or undefined where the text holds none. */
export function recipeOf({ reading }: Pick<SourceText, 'reading'>, choice: PanelChoice): ReadRecipe | undefined {
  return reading.recipes[choice.network] ?? reading.recipes[0];
}

/**
 * Plans, changes and experiment for a choice.
 * @param options what the settings say of the experiment
 * @returns null where the text holds no recipe
 * @throws RecipeError when the target alpha is not usable
 */
export function outlookOf(source: ReadText, choice: PanelChoice, options: SpecOptions): Outlook | null {
  const recipe = recipeOf(source, choice);
  if (!recipe) return null;
  const { text, reading } = source;
  const network = reading.recipes.indexOf(recipe);
  const { rank } = choice.target;
  if (rank !== undefined) {
    const own = { text, reading, index: network, recipe: asTrained(text, reading, recipe) };
    const ranked = rankedAt(own, rank, choice.rule);
    const { plan: rule, refusal } = ranked;
    const scaling = rule?.to.scaling ?? recipe.scaling;
    const target = { ...hereOf(recipe), scaling, k: scaling / recipe.scaling };
    // The plans of the file's own alpha have the limits of the trainer.
    const plans = { ...planConfig(text, reading, network, recipe.alpha), plans: [] };
    const idle = { recipe, network, target, plans, plan: null, experiment: null, assumptions: [] };
    return { ...idle, ranked, refusal, writing: rule && rewriteRank(own, rule) };
  }
  const plans = planConfig(text, reading, network, choice.target);
  // A refused target leads nowhere; its alpha is what the user asked for.
  const { alpha } = choice.target;
  const target = { ...plans.target, alpha };
  const plan = plans.plans.find(({ id }) => id === choice.plan) ?? plans.plans[0] ?? null;
  const idle = { recipe, network, target, plans, plan, experiment: null, assumptions: [], writing: null, ranked: null };
  if (plans.refusal) return { ...idle, refusal: plans.refusal.message };
  const already = l10n.t`Alpha is ${alpha} already, so there is nothing to change. Choose another target.`;
  if (!plan || plans.k === 1) return { ...idle, refusal: already };
  const { id, claim } = plan;
  const trained = asTrained(text, reading, recipe);
  const { spec, assumptions } = specFor(trained, plans, id, { ...options, task: choice.task });
  // The same curves say something else of a file in which less was understood.
  const experiment = { spec, plan: id, claim, key: JSON.stringify([spec, claim]) };
  const writing = rewriteConfig(text, reading, network, choice.target, id);
  return { ...idle, experiment, assumptions, refusal: null, writing };
}
