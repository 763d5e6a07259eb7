import * as l10n from '@vscode/l10n';
import { CONSTANTS, type ConstantId } from '../../recipe/optimizers/constants';
import type { MovedNumber } from '../spec';

const NAMES: Readonly<Partial<Record<MovedNumber, string>>> = {
  init: l10n.t('the init'),
  lr: l10n.t('the learning rate'),
  early: l10n.t('the learning rate of the first steps'),
  weightDecay: l10n.t('weight decay'),
  maxGradNorm: l10n.t('max grad norm'),
  maxGradValue: l10n.t('max grad value'),
};

/** The name of a number in a sentence. */
export function numberName(what: MovedNumber): string {
  return NAMES[what] ?? CONSTANTS[what as ConstantId].noun;
}
