import * as l10n from '@vscode/l10n';
import type { ChangeRow } from '../../messages/panel';

/** The table of changes as tab-separated values, with a heading; tabs and line ends inside a text become blanks. */
export function changesAsTsv(
  rows: readonly Pick<ChangeRow, 'key' | 'from' | 'to' | 'law' | 'why' | 'note'>[],
  alpha: number,
): string {
  const heading = [
    l10n.t('hyperparameter'),
    l10n.t('now'),
    l10n.t`at alpha ${alpha}`,
    l10n.t('factor'),
    l10n.t('why'),
    l10n.t('note'),
  ];
  const cells = rows.map(({ key, from, to, law, why, note }) => [key, from, to, law, why, note]);
  return [heading, ...cells].map((row) => row.map((cell) => cell.replace(/\s/g, ' ')).join('\t')).join('\n') + '\n';
}
