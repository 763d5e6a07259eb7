import { readFileSync } from 'node:fs';
import { asTrained } from '../../src/config/plan/as-trained';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import type { TaskChoice } from '../../src/experiment/toy/task-choice';
import type { RunOptions } from '../../src/experiment/run';
import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { specFor } from '../../src/experiment/specs/spec-for';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../support/recipe';
import { quiet } from '../unit/experiment/support/lab';

/** A run that nobody watches. */
export const quietly: RunOptions = { ...quiet, assets: 'node_modules/@tensorflow/tfjs-backend-wasm/dist' };

/** The usual check of a task under an optimizer at its own rate: LoRA on q and v, dropout, four mini-batches, a clip. */
export function specOf(task: ExperimentSpec['task'], id: string, backend: BackendId = 'wasm'): ExperimentSpec {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  const recipe = recipeWith({
    learningRate: row.defaults.learningRate,
    targetModules: ['q_proj', 'v_proj'],
    dropout: 0.05,
    optimizer: { ...recipeWith().optimizer, row: id, name: id, eps: null, betas: null, weightDecay: null },
  });
  const plans = plansFor(recipe, 48, everyKnob);
  return specFor(recipe, plans, plans.plans[0]?.id ?? 'symmetric', { backend, task }).spec;
}

/** What `check FILE --alpha 100` trains. */
export function specOfFile(file: string, task: TaskChoice): ExperimentSpec {
  const text = readFileSync(file, 'utf8');
  const reading = readConfig(text, file);
  const [recipe] = reading.recipes;
  if (!recipe) throw new Error(`${file} holds no recipe`);
  const plans = planConfig(text, reading, 0, 100, {});
  const [plan] = plans.plans;
  if (!plan) throw new Error(`${file} has no plan`);
  return specFor(asTrained(text, reading, recipe, 0), plans, plan.id, { backend: 'auto', task }).spec;
}
