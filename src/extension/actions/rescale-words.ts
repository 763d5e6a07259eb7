import * as l10n from '@vscode/l10n';
import { claimWords } from '../../config/plan/claim';
import { planConfig, type ConfigPlans } from '../../config/planned';
import { alphaError, parsePositive } from '../../recipe/asked-alpha';
import { numberLabel } from '../../recipe/notation';
import { RecipeError } from '../../recipe/recipe';
import type { ReadText } from '../questions/read-text';
import { changeOf, firstTarget } from '../best-plan';

/** The typed alpha: a target with what it changes, or what would be right. */
export type AskedAlpha = { alpha: number; changes: string } | { error: string };

/** What the input box says while somebody types: `learning_rate 0.0002 → 0.0001 · 4 other changes · exact · k = 4`. */
export function askedAlpha({ text, reading }: ReadText, network: number, input: string): AskedAlpha {
  const recipe = reading.recipes[network];
  const parsed = parsePositive(input, recipe ? firstTarget(recipe).alpha : 32);
  if ('error' in parsed) return parsed;
  const { value: alpha } = parsed;
  try {
    const plans = planConfig(text, reading, network, alpha);
    const wholeFor = plans.limits.wholeAlpha ? (reading.trainerName ?? '') : null;
    const error = alphaError(alpha, wholeFor) || plans.refusal?.message;
    return error === undefined || error === '' ? { alpha, changes: changesWords(plans, alpha) } : { error };
  } catch (error) {
    if (error instanceof RecipeError) return { error: alphaError(alpha, null) || error.message };
    throw error;
  }
}

function changesWords({ k, plans: [plan] }: ConfigPlans, alpha: number): string {
  if (k === 1) return l10n.t`Alpha is ${numberLabel(alpha, 12)} already: nothing changes.`;
  const rate = plan && changeOf(plan, 'learningRate');
  const others = plan?.rows.filter(
    ({ field, factor }) => factor !== 1 && field !== 'alpha' && field !== 'learningRate',
  ).length;
  const more = others === 1 ? l10n.t('1 other change') : l10n.t`${others ?? 0} other changes`;
  return [
    rate?.from && rate.to && rate.factor !== 1 ? `${rate.key} ${rate.from} → ${rate.to}` : '',
    others ? more : '',
    plan ? claimWords(plan.claim) : '',
    `k = ${numberLabel(k)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
