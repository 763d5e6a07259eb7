import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { MAX_ALPHA, MIN_ALPHA } from '../../recipe/recipe';

/** How far the slider reaches to both sides of the alpha in the file, in octaves. */
export const OCTAVES = 3;

/** Distance from a whole octave, in octaves, within which the slider snaps onto it. */
const SNAP = 0.06;

/**
 * The alpha somebody typed.
 * @returns the number, or one sentence that says what would be right
 */
export function parseAlpha(text: string): { alpha: number } | { error: string } {
  const typed = text.trim();
  if (typed === '') return { error: l10n.t('Type an alpha above 0, such as 32.') };
  if (/^\d+,\d+$/.test(typed)) return { error: l10n.t`Write the decimal point as a point: ${typed.replace(',', '.')}` };
  const alpha = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed) ? Number(typed) : NaN;
  if (Number.isNaN(alpha)) return { error: l10n.t`“${typed}” is not a number. Type an alpha above 0, such as 32.` };
  if (alpha <= 0) return { error: l10n.t('Alpha must be above 0: at 0 the adapter does nothing and never learns.') };
  if (alpha > MAX_ALPHA) return { error: l10n.t`Alpha must be at most ${MAX_ALPHA}. Type an alpha such as 32.` };
  return alpha >= MIN_ALPHA
    ? { alpha }
    : { error: l10n.t`Alpha must be at least ${MIN_ALPHA}. Type an alpha such as 32.` };
}

/** The next alpha up (`direction` 1) or down (−1): the next whole number, below 1 the next octave. */
export function steppedAlpha(alpha: number, direction: 1 | -1): number {
  const next = direction === 1 ? Math.floor(alpha) + 1 : Math.ceil(alpha) - 1;
  if (next >= 1) return alpha < 1 ? Math.min(alpha * 2, 1) : next;
  return alpha / 2;
}

/** Where an alpha stands on the slider, in octaves from the file's; held at the ends. */
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

/** The slider's marks: one per octave. */
export function octaveMarks(base: number): { octave: number; alpha: number }[] {
  return Array.from({ length: 2 * OCTAVES + 1 }, (_, i) => ({ octave: i - OCTAVES, alpha: base * 2 ** (i - OCTAVES) }));
}

/** What stands at a mark: a whole alpha in full, as people know it (1024); of others there is room for three digits. */
export function markLabel(alpha: number): string {
  return numberLabel(alpha, Number.isInteger(alpha) ? 6 : 3);
}
