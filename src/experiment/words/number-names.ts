import * as l10n from '@vscode/l10n';
import { fieldNoun } from '../../recipe/field-names';
import type { MovedNumber } from '../spec';

/** The name of a number in a sentence. */
export function numberName(what: MovedNumber): string {
  if (what === 'early') return l10n.t('the learning rate of the first steps');
  return fieldNoun(what === 'lr' ? 'learningRate' : what);
}
