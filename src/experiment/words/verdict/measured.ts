import * as l10n from '@vscode/l10n';
import type { ExperimentSpec } from '../../spec';
import type { Verdict } from '../../verdict';
import { curveLabel } from '../curve-labels';
import { sentences, sizeWords } from '../sizes';
import type { Sentences } from './verdict-text';

/** If no rule is known, nothing is confirmed: the text says which rate came closest, and how close. */
export function measuredWords({ variants }: ExperimentSpec, verdict: Verdict, trained: string): Sentences {
  const worst = (name: string): number =>
    Math.max(...verdict.deviations.filter((_, i) => variants.slice(i, i + 1).some((each) => each.name === name)));
  const tried = variants
    .filter(({ triedRate, draw }) => draw === 0 && triedRate !== undefined)
    .map((variant) => ({ label: curveLabel(variant), deviation: worst(variant.name) }))
    .toSorted((one, other) => one.deviation - other.deviation);
  const [closest] = tried;
  const isInside = closest !== undefined && closest.deviation <= verdict.envelope;
  const came =
    closest && Number.isFinite(closest.deviation)
      ? l10n.t`${closest.label} came closest`
      : l10n.t('every learning rate that was tried diverges');
  return {
    headline: l10n.t`No rule is known; ${came}`,
    detail: sentences(
      l10n.t`${trained}, at the new scaling with only the learning rate changed.`,
      l10n.t`Compared with the baseline: ${tried.map(triedWords).join(', ')}.`,
      l10n.t`Rounding error alone: ${sizeWords(verdict.envelope)}.`,
    ),
    aside: l10n.t`${isInside ? l10n.t('That is within the rounding error here') : l10n.t('None of them is the same run')}. Your run may differ more.`,
  };
}

function triedWords({ label, deviation }: { label: string; deviation: number }): string {
  return Number.isFinite(deviation) ? l10n.t`${label} is ${sizeWords(deviation)} apart` : l10n.t`${label} diverges`;
}
