import * as vscode from 'vscode';
import { claimHeadline, claimWords } from '../../config/plan/claim';
import type { ConfigPlan } from '../../config/planned';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { chosenRecipe } from '../pick-recipe';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import type { Inventory } from '../recipes/scan/inventory';
import { refuse } from '../refuse';
import { configOf, documentOf, type Given } from '../subject';
import type { ChosenPlan } from './apply-plan';
import type { KeptChanges } from './kept-changes';

/** A plan for the config at hand, or one that is picked; undefined where nothing was, which has been said. */
export async function choosePlan(
  inventory: Inventory,
  kept: KeptChanges,
  { subject, network: named, alpha }: Given,
  which: string,
): Promise<ChosenPlan | undefined> {
  const chosen = await chosenRecipe(inventory, which, subject, named);
  const document = chosen && (await documentOf(chosen.uri));
  if (!document) return undefined;
  const { uri, network } = chosen;
  const found = await configOf(document);
  const source = found && kept.continued(uri, found, network);
  if (!source?.reading.recipes[network]) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a LoRA config first: there is no alpha here.'));
    return undefined;
  }
  const target = alpha ?? (await askForAlpha(source, network));
  if (target === undefined) return undefined;
  const plans = await ask('plans', source, { network, target });
  const refusal = typeof plans === 'string' ? plans : plans.refusal?.message;
  if (refusal !== undefined) return refuse(refusal);
  if (typeof plans === 'string' || plans.k === 1) return undefined;
  const plan = await askForPlan(plans.plans);
  return plan && { uri, source, network, target: { alpha: target }, plan };
}

async function askForAlpha(source: SourceText, network: number): Promise<number | undefined> {
  const recipe = source.reading.recipes[network];
  if (!recipe) return undefined;
  const { Info } = vscode.InputBoxValidationSeverity;
  const input = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rescale to alpha = …'),
    prompt: vscode.l10n.t('Now s = {0}. You see every change before it is written.', scalingEquation(recipe)),
    value: numberLabel(recipe.alpha, 12),
    validateInput: async (typed) => {
      const asked = await ask('askedAlpha', source, { network, input: typed });
      return 'error' in asked ? asked.error : { message: asked.changes, severity: Info };
    },
  });
  const asked = input === undefined ? undefined : await ask('askedAlpha', source, { network, input });
  return asked && 'alpha' in asked ? asked.alpha : undefined;
}

async function askForPlan(plans: readonly ConfigPlan[]): Promise<ConfigPlan | undefined> {
  if (plans.length < 2) return plans[0];
  const items = plans.map((plan) => ({
    label: plan.title,
    description: claimWords(plan.claim),
    detail: [claimHeadline(plan.claim) ?? '', plan.summary].filter((part) => part !== '').join('. '),
    plan,
  }));
  const title = vscode.l10n.t('Choose a plan');
  return (await vscode.window.showQuickPick(items, { title, placeHolder: title }))?.plan;
}
