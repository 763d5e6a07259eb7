import * as l10n from '@vscode/l10n';
import { fieldNoun } from '../../../recipe/field-names';
import { initFacts } from '../../../recipe/init/facts';
import { numberLabel } from '../../../recipe/notation';
import type { InitMethod } from '../../../recipe/init/init-rows';
import type { ReadField } from '../../reading';
import type { Default } from '../../trainers/shared/fields';

/**
 * The sentence about a default: `PEFT defaults alpha to 8, whatever the rank.`
 * @param trainer has the default, unless the default names another owner
 * @param hasKey whether the trainer has a key for the field
 */
export function whyDefault(field: ReadField, fallback: Default, trainer: string, hasKey: boolean): string {
  const { value, who, inWords, why } = fallback;
  if (why !== undefined) return why;
  const noun = fieldNoun(field);
  const shown = inWords ?? valueLabel(field, value);
  if (!hasKey && who !== undefined) return l10n.t`${trainer} leaves ${noun} to ${who}, which uses ${shown}.`;
  const owner = who ?? trainer;
  if (value === 0 && (field === 'maxGradNorm' || field === 'maxGradValue')) {
    return hasKey ? l10n.t`${owner} does not clip by default.` : l10n.t`${owner} never clips the gradient.`;
  }
  if (!hasKey) return l10n.t`${owner} always sets ${noun} to ${shown}.`;
  return field === 'alpha' && inWords === undefined
    ? l10n.t`${owner} defaults alpha to ${shown}, whatever the rank.`
    : l10n.t`${owner} defaults ${noun} to ${shown}.`;
}

function valueLabel(field: ReadField, value: Default['value']): string {
  if (field === 'warmup' && typeof value === 'number' && value > 0 && value < 1) {
    return l10n.t`${numberLabel(100 * value)} % of the steps`;
  }
  if (typeof value === 'number') return numberLabel(value);
  if (Array.isArray(value)) return value.map((one) => numberLabel(one as number)).join(l10n.t(' and '));
  if (field === 'targetModules' && value === 'all-linear') return l10n.t('every linear layer');
  const word = String(value);
  return field === 'init' && initFacts({ init: word as InitMethod }).zeroB
    ? l10n.t`${word} for A and zero for B`
    : word;
}
