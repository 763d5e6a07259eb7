import { numberLabel } from '../../../recipe/notation';

/** Reach of the slider to both sides of the value in the file, in octaves. */
export const OCTAVES = 3;

/** Distance from a whole octave, in octaves, within which the slider snaps onto it. */
const SNAP = 0.06;

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
