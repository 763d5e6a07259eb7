import * as l10n from '@vscode/l10n';
import { numberLabel } from './notation';
import { MAX_ALPHA, MIN_ALPHA } from './recipe';

/**
 * The positive number somebody typed.
 * @param example a good answer
 * @returns the number, or one sentence that says what would be right
 */
export function parsePositive(text: string, example: number): { value: number } | { error: string } {
  const typed = text.trim();
  const such = numberLabel(example);
  if (typed === '') return { error: l10n.t`Type a number above 0, such as ${such}.` };
  if (/^\d+,\d+$/.test(typed)) return { error: l10n.t`Write the decimal point as a point: ${typed.replace(',', '.')}` };
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed) ? Number(typed) : NaN;
  if (Number.isNaN(value))
    return { error: l10n.t`“${typed}” is not a number. Type a number above 0, such as ${such}.` };
  if (value <= 0) return { error: l10n.t('It must be above 0: at 0 the adapter does nothing and never learns.') };
  return { value };
}

/** What keeps an alpha from being a target; empty if nothing does. `wholeFor` names who takes whole numbers only. */
export function alphaError(alpha: number, wholeFor: string | null): string {
  if (alpha > MAX_ALPHA) return l10n.t`Alpha must be at most ${MAX_ALPHA}. Type an alpha such as 32.`;
  if (alpha < MIN_ALPHA) return l10n.t`Alpha must be at least ${MIN_ALPHA}. Type an alpha such as 32.`;
  return wholeFor === null || Number.isInteger(alpha) ? '' : wholeAlphaError(wholeFor, alpha);
}

/** The refusal of an alpha with a fraction, and the whole alphas next to it. */
export function wholeAlphaError(trainer: string, alpha: number): string {
  const [below, above] = [Math.max(1, Math.floor(alpha)), Math.ceil(alpha)];
  const choices = below === above ? String(above) : l10n.t`${below} or ${above}`;
  return l10n.t`${trainer} takes whole alphas only, and this is ${numberLabel(alpha, 6)}. Use ${choices}.`;
}

/** The nearest alpha that can be a target. */
export function nearestAlpha(alpha: number, whole: boolean): number {
  const within = Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, alpha));
  return whole ? Math.max(1, Math.round(within)) : within;
}
