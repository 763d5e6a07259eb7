import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { rowUnder } from '../../recipe/optimizers/early-steps';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { PlanId, Plans } from '../../recipe/plans/plan';
import type { Recipe } from '../../recipe/recipe';
import { assumptionsOf, type PassedOver } from '../toy/assumptions';
import { overDraws } from '../variants/draws';
import type { TaskChoice } from '../toy/task-choice';
import { fitFor } from '../fit/run-fit';
import type { ExperimentSpec } from '../spec';
import { betasOf, toyFor, type ToyOptions } from '../toy/toy';
import { variantsFor } from '../variants/variants';
import { usualCostOf, type Costed } from '../cost/time';
import { hasUnits } from '../toy/data-for';

export interface SpecOptions extends Omit<ToyOptions, 'task'> {
  /** Default: one layer. */
  task?: TaskChoice;
}

export interface PreparedSpec {
  spec: ExperimentSpec;
  assumptions: string[];
}

/**
 * The experiment that measures one plan of a recipe, all with the user's numbers. Only the data are chosen here.
 * @throws Error if the plan does not exist
 */
export function specFor(recipe: Recipe, plans: Plans, planId: PlanId, options: SpecOptions): PreparedSpec {
  const chosen = plans.plans.find(({ id }) => id === planId);
  if (!chosen) throw new Error(plans.refusal?.message ?? `There is no plan ${planId} for this recipe.`);
  const row = rowOf(recipe);
  const variants = variantsFor(recipe, row, plans, chosen);
  const fit = chosen.id === 'lr-only' ? fitFor(variants, row, plans.k) : undefined;
  return preparedFor(recipe, row, options, { ...(fit ? { fit } : {}), variants });
}

/**
 * The spec of the requested task and its assumptions. `auto` chooses the task.
 * @param trained the variants of one draw
 */
export function preparedFor(
  recipe: Recipe,
  row: OptimizerRow,
  { task: choice = 'linear', ...options }: SpecOptions,
  trained: Pick<ExperimentSpec, 'variants' | 'fit'>,
): PreparedSpec {
  // What code does to the init already, it does in every variant.
  const { A, B } = recipe.initFactors ?? { A: 1, B: 1 };
  const variants = trained.variants.map((each) => ({ ...each, init: { A: each.init.A * A, B: each.init.B * B } }));
  const { spec, passedOver } = chosenTask(choice, (task): ExperimentSpec => {
    const toy = toyFor(recipe, row, { ...options, task });
    return { ...toy, ...trained, variants: overDraws(variants, toy.seeds, row) };
  });
  return { spec, assumptions: assumptionsOf(recipe, spec, row, passedOver) };
}

/**
 * The row that trains in place of the recipe's optimizer, with as many early steps as its betas make.
 * @throws Error where there is none
 */
export function rowOf(recipe: Recipe): OptimizerRow {
  const row = rowFor(recipe.optimizer);
  if (!row)
    throw new Error(`No rule is known for the optimizer ${recipe.optimizer.name}, so there is nothing to train.`);
  return rowUnder(row, betasOf(recipe, row));
}

const RICHEST = ['transformer', 'mlp'] as const;

/** The longest check that `auto` chooses, in milliseconds. */
const LONGEST_AUTO_MS = 1_000;

/**
 * The requested task. `auto`: the largest task that learns and is done within a second.
 * @param specOf makes the spec of a task
 * @returns its spec, and larger tasks with why they are not trained
 */
export function chosenTask<Spec extends Costed>(
  choice: TaskChoice,
  specOf: (task: ExperimentSpec['task']) => Spec,
): { spec: Spec; passedOver: readonly PassedOver[] } {
  if (choice !== 'auto') return { spec: specOf(choice), passedOver: [] };
  const passedOver: PassedOver[] = [];
  for (const task of RICHEST) {
    const spec = specOf(task);
    const { ms } = usualCostOf(spec);
    if (!hasUnits(spec.data)) passedOver.push({ task, ms: null });
    else if (ms > LONGEST_AUTO_MS) passedOver.push({ task, ms });
    else return { spec, passedOver };
  }
  return { spec: specOf('linear'), passedOver };
}
