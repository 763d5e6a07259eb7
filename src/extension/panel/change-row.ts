import * as l10n from '@vscode/l10n';
import { type ConfigChange, WHERE_WORDS, oldValueWords } from '../../config/plan/changes';
import type { ChangeRow } from '../../messages/panel';
import { factorLabel } from '../../recipe/notation';
import { pointOf } from '../documents/places';

/** A change as a row of the panel. @param k by powers of which the page moves it with the slider */
export function changeRow(
  { field, of, key, to, factor, law, why, where, exact, ...at }: ConfigChange,
  k: number,
): ChangeRow {
  // A number that stands elsewhere can still be moved by hand: say by how much.
  const unresolved = factor === 1 ? l10n.t('your value, unchanged') : l10n.t`your value ${factorLabel(factor)}`;
  return {
    ...{ field, key, law, why },
    ofFactor: of !== undefined,
    moves: movesOf(exact, factor, k),
    from: oldValueWords(at) ?? '',
    to: to ?? unresolved,
    note: WHERE_WORDS[where],
    ...pointOf(at),
  };
}

/** A number's power of k, if it moves by a power of k; all plans have multiples of a half. */
function movesOf(exact: number | null, factor: number, k: number): ChangeRow['moves'] {
  const power = Math.round((2 * Math.log(factor)) / Math.log(k)) / 2;
  if (k === 1 || Math.abs(k ** power / factor - 1) > 1e-9) return null;
  return { from: exact === null ? null : exact / factor, power };
}
