import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { ReadField } from '../reading';
import type { Default } from '../trainers/shared/fields';

/** The noun for a field in a sentence. */
const NOUNS: Readonly<Partial<Record<ReadField, string>>> = {
  rank: l10n.t('the rank'),
  learningRate: l10n.t('the learning rate'),
  optimizer: l10n.t('the optimizer'),
  weightDecay: l10n.t('the weight decay'),
  eps: 'eps',
  momentum: l10n.t('the momentum'),
  maxGradNorm: l10n.t('max grad norm'),
  scheduler: l10n.t('the schedule'),
  warmup: l10n.t('the warm-up'),
  dropout: l10n.t('the LoRA dropout'),
  targetModules: l10n.t('the target modules'),
  init: l10n.t('the init'),
};

/**
 * The sentence about a default: `PEFT defaults alpha to 8, whatever the rank.`
 * @param trainer the owner of the default, unless the default names another
 */
export function whyDefault(field: ReadField, { value, who, why }: Default, trainer: string): string {
  // Defaults that depend on the rank have their own sentence.
  if (why !== undefined) return why;
  const [owner, shown] = [who ?? trainer, valueLabel(value)];
  return field === 'alpha'
    ? l10n.t`${owner} defaults alpha to ${shown}, whatever the rank.`
    : l10n.t`${owner} defaults ${NOUNS[field] ?? field} to ${shown}.`;
}

function valueLabel(value: Default['value']): string {
  if (typeof value === 'number') return numberLabel(value);
  return Array.isArray(value) ? value.map((one) => numberLabel(one as number)).join(l10n.t(' and ')) : String(value);
}
