import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { MAX_ALPHA, MIN_ALPHA } from '../../recipe/recipe';

/** Reach of the slider to both sides of the value in the file, in octaves. */
export const OCTAVES = 3;

/** Distance from a whole octave, in octaves, within which the slider snaps onto it. */
const SNAP = 0.06;

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

/** What keeps an alpha from being a target; empty if nothing does. `trainer` names who takes whole numbers only. */
export function alphaError(alpha: number, wholeFor: string | null): string {
  if (alpha > MAX_ALPHA) return l10n.t`Alpha must be at most ${MAX_ALPHA}. Type an alpha such as 32.`;
  if (alpha < MIN_ALPHA) return l10n.t`Alpha must be at least ${MIN_ALPHA}. Type an alpha such as 32.`;
  if (wholeFor === null || Number.isInteger(alpha)) return '';
  const [below, above] = [Math.max(1, Math.floor(alpha)), Math.ceil(alpha)];
  const choices = below === above ? String(above) : l10n.t`${below} or ${above}`;
  return l10n.t`${wholeFor} takes whole alphas only, and this is ${numberLabel(alpha, 6)}. Use ${choices}.`;
}

/** The nearest alpha that can be a target. */
export function nearestAlpha(alpha: number, whole: boolean): number {
  const within = Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, alpha));
  return whole ? Math.max(1, Math.round(within)) : within;
}

/** The next alpha up (`direction` 1) or down (−1): the next whole number, below 1 the next octave. */
export function steppedAlpha(alpha: number, direction: 1 | -1): number {
  const next = direction === 1 ? Math.floor(alpha) + 1 : Math.ceil(alpha) - 1;
  if (next >= 1) return alpha < 1 ? Math.min(alpha * 2, 1) : next;
  return alpha / 2;
}

/** Where an alpha is on the slider, in octaves from the file's; held at the ends. */
export function octaveOf(alpha: number, base: number): number {
  return Math.min(OCTAVES, Math.max(-OCTAVES, Math.log2(alpha / base)));
}

/** The alpha at a place of the slider: exact on whole octaves, else rounded to two or three digits. */
export function alphaAtOctave(octave: number, base: number): number {
  const whole = Math.round(octave);
  if (Math.abs(octave - whole) < SNAP) return base * 2 ** whole;
  const alpha = base * 2 ** octave;
  return alpha >= 10 ? Math.round(alpha) : Number(alpha.toPrecision(2));
}

/** The slider's marks: one for each octave. */
export function octaveMarks(base: number): { octave: number; value: number }[] {
  return Array.from({ length: 2 * OCTAVES + 1 }, (_, i) => ({ octave: i - OCTAVES, value: base * 2 ** (i - OCTAVES) }));
}

/** The text at a mark: a whole number in full, as people know it (1024); of others there is room for three digits. */
export function markLabel(value: number): string {
  return numberLabel(value, Number.isInteger(value) ? 6 : 3);
}
