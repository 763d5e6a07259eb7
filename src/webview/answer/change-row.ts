import * as l10n from '@vscode/l10n';
import type { ChangeRow } from '../../messages/panel';
import { placeLabel, type FilePlace } from '../../messages/place';
import { breakable, h, wrapping } from '../page/dom';

/** A row of the table of changes: hyperparameter, now, new, factor. */
export function rowOf(row: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  return h(
    'tr',
    { title: row.why },
    h(
      'th',
      { scope: 'row' },
      changeKey(row, reveal),
      ...(row.note ? [' ', h('span', { class: 'muted aside' }, row.note)] : []),
    ),
    h('td', { class: wrapping(row.from, 16) }, row.from || '–'),
    h('td', { class: wrapping(row.to, 16) }, h('b', {}, row.to)),
    h('td', { class: 'muted' }, row.law),
  );
}

/** The key of a change; a link to its line if it has one. */
export function changeKey({ key, line, cell }: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  if (line === null) return h('span', { class: 'key' }, ...breakable(key));
  const place = { line, ...(cell !== undefined && { cell }) };
  const title = l10n.t`Show ${placeLabel(place)}`;
  const link = h('button', { class: 'key link', type: 'button', title, 'data-key': key }, ...breakable(key));
  link.addEventListener('click', () => reveal(place));
  return link;
}
