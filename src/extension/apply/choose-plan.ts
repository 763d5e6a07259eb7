import * as vscode from 'vscode';
import { configOf, documentOf, type Given } from '../subject';
import { claimHeadline, claimWords } from '../../config/plan/claim';
import type { ConfigPlan, ConfigPlans } from '../../config/planned';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { ask } from '../questions/ask';
import type { ChosenPlan } from './apply-plan';
import type { SourceText } from '../questions/read-text';
import { chosenRecipe } from '../pick-recipe';
import type { Inventory } from '../recipes/scan/inventory';

/** A plan for the config at hand, or one that is picked; undefined where nothing was, which has been said. */
export async function choosePlan(
  inventory: Inventory,
  { subject, network, alpha }: Given,
  which: string,
): Promise<ChosenPlan | undefined> {
  const chosen = await chosenRecipe(inventory, which, subject, network);
  const document = chosen && (await documentOf(chosen.uri));
  if (!document) return undefined;
  const index = chosen.network;
  const source = await configOf(document);
  if (!source?.reading.recipes[index]) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a LoRA config first: there is no alpha here.'));
    return undefined;
  }
  const target = alpha ?? (await askForAlpha(source, index));
  if (target === undefined) return undefined;
  const plans = await plansFor(source, index, target);
  if (typeof plans === 'string') {
    void vscode.window.showErrorMessage(plans);
    return undefined;
  }
  const plan = plans.k === 1 ? undefined : await askForPlan(plans.plans);
  return plan && { uri: chosen.uri, source, network: index, target: { alpha: target }, plan };
}

async function askForAlpha(source: SourceText, network: number): Promise<number | undefined> {
  const recipe = source.reading.recipes[network];
  if (!recipe) return undefined;
  const { Info } = vscode.InputBoxValidationSeverity;
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rescale to alpha = …'),
    prompt: vscode.l10n.t('Now s = {0}. You see every change before it is written.', scalingEquation(recipe)),
    value: numberLabel(recipe.alpha, 12),
    validateInput: async (input) => {
      const asked = await ask('askedAlpha', source, { network, input });
      return 'error' in asked ? asked.error : { message: asked.changes, severity: Info };
    },
  });
  const asked = answer === undefined ? undefined : await ask('askedAlpha', source, { network, input: answer });
  return asked && 'alpha' in asked ? asked.alpha : undefined;
}

async function plansFor(source: SourceText, network: number, alpha: number): Promise<ConfigPlans | string> {
  const plans = await ask('plans', source, { network, alpha });
  return typeof plans === 'string' ? plans : (plans.refusal?.message ?? plans);
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
