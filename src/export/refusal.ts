import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../config/plan/as-trained';
import type { ConfigPlan, ConfigPlans } from '../config/planned';
import type { Located } from '../config/read';
import { notUnderstoodHeadline } from '../config/understand/not-understood';
import { mayAdaptEmbeddings } from '../recipe/init/facts';
import { rowFor } from '../recipe/optimizers/optimizers';

/** What an export is made from: a recipe of a config, its plans, and the chosen one. */
export interface ExportRequest extends ConfigRecipe {
  /** The name of the config's file. */
  name: string;
  plans: ConfigPlans;
  plan: ConfigPlan;
}

/**
 * Why no Python file can train the run of this config; null if it can, as far as the recipe says. What PEFT, the
 * optimizer and the schedule cannot be is refused where they are built.
 */
export function refusalOf({ recipe, plans, plan }: ExportRequest, located: Located | null): string | null {
  if (!located) return l10n.t('The file has changed since it was read; read it again.');
  const { claim } = plan;
  if (claim.notUnderstood.length > 0) return `${notUnderstoodHeadline(claim.notUnderstood)}.`;
  const { layout, trainer, adapters } = located.run;
  if (!layout.peft) {
    return l10n.t`Only a run whose adapter PEFT builds can be checked with PyTorch; ${trainer.name} builds this one differently, or how is unknown.`;
  }
  if (located.index > 0) {
    return l10n.t`${recipe.name} is a pattern inside an adapter, which is exported as a whole: choose ${adapters[0]?.recipe.name ?? ''}.`;
  }
  const [unresolved] = Object.values(recipe.unresolved ?? {});
  if (unresolved !== undefined) {
    return l10n.t`The value of ${unresolved} is not in this file, so the run cannot be trained.`;
  }
  const row = rowFor(recipe.optimizer);
  if (!row || recipe.learningRate === null) {
    return l10n.t('Learning rate or optimizer are not in this file, so the run cannot be trained.');
  }
  if (row.noRule) return l10n.t`No rule is known for ${row.title}, so there is no plan to check.`;
  if (plans.k === 1) return l10n.t('The scaling does not change, so there is nothing to check.');
  if (adapters.length > 1 && plans.target.scalingRule !== recipe.scalingRule) {
    return l10n.t('The config has several ranks or alphas, and switching rsLoRA changes each by another factor.');
  }
  const usesRatio = recipe.loraplusLrRatio !== null || plan.changes.some(({ field }) => field === 'loraplusLrRatio');
  if (usesRatio && mayAdaptEmbeddings(recipe)) {
    return l10n.t('With a LoRA+ ratio embeddings have their own learning rate, which the exported file does not know.');
  }
  return null;
}
