import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { ExperimentSpec } from '../spec';

/** A relative deviation in a table or on an axis: `0.4 %`, `3.1e-5`, `120×`; `0` for the same bits. */
export function deviationLabel(deviation: number): string {
  if (!Number.isFinite(deviation)) return numberLabel(deviation);
  const rounded = Number(deviation.toPrecision(2));
  if (rounded >= 100) return `${numberLabel(rounded, 2)}×`;
  return rounded >= 1e-3 ? `${numberLabel(rounded * 100, 3)} %` : numberLabel(rounded, 2);
}

/** The same in a sentence: `0.4 %`, `3.1e-5`, `a factor of 120`, `no bit`. */
export function sizeWords(deviation: number): string {
  if (deviation === 0) return l10n.t('no bit');
  if (!Number.isFinite(deviation)) return l10n.t('more than any number');
  return deviation >= 100 ? l10n.t`a factor of ${numberLabel(deviation, 2)}` : deviationLabel(deviation);
}

/** `0.41 s` */
export function secondsLabel(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `14 variants × 200 steps` */
export function runSize({ variants, steps }: Pick<ExperimentSpec, 'variants' | 'steps'>): string {
  return l10n.t`${variants.length} variants × ${steps} steps`;
}

/** The distance of two curves; `it diverges` if it is not finite. */
export function apart(deviation: number): string {
  return Number.isFinite(deviation) ? l10n.t`${sizeWords(deviation)} apart` : l10n.t('it diverges');
}

export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return l10n.t`${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
