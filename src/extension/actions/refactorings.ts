import * as l10n from '@vscode/l10n';
import { claimWords } from '../../config/plan/claim';
import { type ConfigPlans, planConfig } from '../../config/planned';
import type { ReadRecipe, TextEdit } from '../../config/reading';
import { rewriteConfig } from '../../config/rewrite';
import type { ImpliedField } from './fixes';
import { alphaError, parsePositive } from '../../recipe/target';
import { numberLabel } from '../../recipe/notation';
import { RecipeError } from '../../recipe/recipe';
import { bestPlan, changeOf, firstTarget, otherChanges } from '../best-plan';
import { fieldAt, networkAbove } from '../documents/places';
import type { ReadText } from '../questions/read-text';
import { impliedNumbers, writeDown } from './implied-numbers';

export interface Refactoring {
  title: string;
  /** Behind `refactor.rewrite`. */
  kind: 'rescale' | 'alphaIsRank' | 'writeAlphaDown' | 'writeDown';
  /** Why it cannot be done, what it writes, or the alpha that it rescales to (null: it asks). */
  does: { disabled: string } | { edits: readonly TextEdit[] } | { network: number; alpha: number | null };
}

interface RefactoringPlace {
  offset: number;
  /** Of the cursor, or null where no editor shows the text. */
  cursor: number | null;
  /** Whether somebody opened the menu of refactorings; otherwise only a hyperparameter at the offset gets any. */
  isAskedFor: boolean;
}

interface RecipeAt extends ReadText {
  network: number;
  recipe: ReadRecipe;
}

export function refactoringsAt(source: ReadText, { offset, cursor, isAskedFor }: RefactoringPlace): Refactoring[] {
  const { reading } = source;
  const at = fieldAt(reading, offset);
  const network = at?.network ?? networkAbove(reading, cursor);
  const recipe = reading.recipes[network];
  if (!recipe || !(at || isAskedFor)) return [];
  const rescaling = { title: l10n.t('Rescale to alpha = …'), kind: 'rescale', does: { network, alpha: null } } as const;
  const subject = { ...source, network, recipe };
  return [rescaling, toUnity(subject), ...writingsDown(subject)];
}

/** Alpha as the rank, so that the scaling is 1 and out of the way, with everything that keeps the run. */
function toUnity({ text, reading, network, recipe }: RecipeAt): Refactoring {
  const { rank, alpha } = recipe;
  const title = l10n.t('Set alpha = rank, keep the run');
  const disabled = (reason: string): Refactoring => ({ title, kind: 'alphaIsRank', does: { disabled: reason } });
  if (recipe.scalingRule === 'direct') {
    return disabled(l10n.t('This trainer sets the scaling itself, without an alpha.'));
  }
  if (alpha === rank) return disabled(l10n.t`Alpha is ${numberLabel(alpha)}, as the rank is.`);
  const same = bestPlan(text, reading, network, rank);
  if (!same) return disabled(l10n.t('No plan is known that keeps this run.'));
  const { id, claim, exactness } = same.plan;
  const rewriting = rewriteConfig(text, reading, network, rank, id);
  if ('refusal' in rewriting) return disabled(rewriting.refusal.message);
  const says = exactness === 'exact' ? title : `${l10n.t('Set alpha = rank')} (${claimWords(claim)})`;
  return { title: says, kind: 'alphaIsRank', does: { network, alpha: rank } };
}

/** What the trainer implies, written down: alpha by itself, and everything at once. */
function writingsDown({ text, reading, network, recipe }: RecipeAt): Refactoring[] {
  const writing = (title: string, kind: Refactoring['kind'], ...fields: ImpliedField[]): Refactoring => {
    const rewriting = writeDown(text, reading, network, ...fields);
    const does = 'refusal' in rewriting ? { disabled: rewriting.refusal.message } : { edits: rewriting.edits };
    return { title, kind, does };
  };
  const implied = impliedNumbers(text, reading, network);
  const alpha = implied.find(({ field }) => field === 'alpha');
  const others = implied.filter(({ field }) => field !== 'alpha');
  const title = l10n.t('Write the implied alpha down');
  const names = others.map(({ key, literal }) => `${key} ${literal}`).join(', ');
  const reason = recipe.stated.alpha
    ? l10n.t`${recipe.stated.alpha.path} is written already.`
    : l10n.t('This trainer has no key for alpha.');
  const ofAlpha: Refactoring = alpha
    ? writing(`${title} (${alpha.key} ${alpha.literal})`, 'writeAlphaDown', 'alpha')
    : { title, kind: 'writeAlphaDown', does: { disabled: reason } };
  if (others.length === 0) return [ofAlpha];
  const all = l10n.t`Write the other implied values down (${names})`;
  return [ofAlpha, writing(all, 'writeDown', ...others.map(({ field }) => field))];
}

/** The typed alpha: a target with what it changes, or what would be right. */
type AskedAlpha = { alpha: number; changes: string } | { error: string };

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
  const others = plan ? otherChanges(plan).length : 0;
  const more = others === 1 ? l10n.t('1 other change') : l10n.t`${others} other changes`;
  return [
    rate?.from && rate.to && rate.factor !== 1 ? `${rate.key} ${rate.from} → ${rate.to}` : '',
    others > 0 ? more : '',
    plan ? claimWords(plan.claim) : '',
    `k = ${numberLabel(k)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
