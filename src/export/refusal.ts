import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../config/plan/as-trained';
import type { ConfigPlan, ConfigPlans } from '../config/planned';
import { runOfRecipe } from '../config/read';
import type { PeftKeys } from '../config/trainers/trainer';
import { notUnderstoodHeadline } from '../config/understand/not-understood';
import type { Run } from '../config/understand/run';
import { mayAdaptEmbeddings } from '../recipe/init/facts';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { rowFor } from '../recipe/optimizers/optimizers';

/** What an export is made from: a recipe of a config, its plans, and the chosen one. */
export interface ExportRequest extends ConfigRecipe {
  /** The name of the config's file. */
  name: string;
  plans: ConfigPlans;
  plan: ConfigPlan;
}

/** The exported file, or one sentence why there is none. */
export type Exported = { text: string } | { refused: string };

/** Why there is no file, in one sentence. */
class Refusal extends Error {}

/** @throws Refusal */
export function refuse(sentence: string): never {
  throw new Refusal(sentence);
}

/** The text that `make` returns, or the sentence of the {@link Refusal} that it throws. */
export function exported(make: () => string): Exported {
  try {
    return { text: make() };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.message };
    throw error;
  }
}

/**
 * The run of a request, how PEFT builds its adapter, and its optimizer. What PEFT, the optimizer and the schedule
 * cannot be is refused where they are built.
 * @param withoutPeft the sentence where PEFT does not build the adapter
 * @throws Refusal if no Python file can train the run, as far as the recipe says
 */
export function exportedRun(
  { text, reading, index, recipe, plans, plan }: ExportRequest,
  withoutPeft: (trainer: string) => string,
): { run: Run; peft: PeftKeys; row: OptimizerRow } {
  const located = runOfRecipe(text, reading, index);
  if (!located) refuse(l10n.t('The file has changed since it was read; read it again.'));
  const { run } = located;
  const { peft } = run.layout;
  if (/(?:^|["'\s])(?:from|import)\s+diffusers\b/m.test(text)) {
    refuse(l10n.t('The script trains a model of diffusers, which the exported file cannot build.'));
  }
  const { notUnderstood } = plan.claim;
  if (notUnderstood.length > 0) refuse(`${notUnderstoodHeadline(notUnderstood)}.`);
  if (!peft) refuse(withoutPeft(run.trainer.name));
  if (located.index > 0) {
    const whole = run.adapters[0]?.recipe.name ?? '';
    refuse(l10n.t`${recipe.name} is a pattern inside an adapter, which is exported as a whole: choose ${whole}.`);
  }
  const [unresolved] = Object.values(recipe.unresolved ?? {});
  if (unresolved !== undefined) {
    refuse(l10n.t`The value of ${unresolved} is not in this file, so the run cannot be trained.`);
  }
  if (recipe.initFactors && plan.init.A !== plan.init.B) {
    refuse(l10n.t('Code in place divides A and B alike, and this plan does not; check the plan that rescales both.'));
  }
  const row = rowFor(recipe.optimizer);
  if (!row || recipe.learningRate === null) {
    refuse(l10n.t('Learning rate or optimizer are not in this file, so the run cannot be trained.'));
  }
  if (row.noRule) refuse(l10n.t`No rule is known for ${row.title}, so there is no plan to check.`);
  if (plans.k === 1) refuse(l10n.t('The scaling does not change, so there is nothing to check.'));
  if (run.adapters.length > 1 && plans.target.scalingRule !== recipe.scalingRule) {
    refuse(l10n.t('The config has several ranks or alphas, and switching rsLoRA changes each by another factor.'));
  }
  if (usesRatio({ recipe, plan }) && mayAdaptEmbeddings(recipe)) {
    refuse(
      l10n.t('With a LoRA+ ratio embeddings have their own learning rate, which the exported file does not know.'),
    );
  }
  return { run, peft, row };
}

/** Whether B has a learning rate of its own, before the plan or after. */
export function usesRatio({ recipe, plan }: Pick<ExportRequest, 'recipe' | 'plan'>): boolean {
  return recipe.loraplusLrRatio !== null || plan.changes.some(({ field }) => field === 'loraplusLrRatio');
}
