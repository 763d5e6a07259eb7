import * as l10n from '@vscode/l10n';
import type { ChangeRow, PanelView } from '../../messages/panel';
import { placeLabel, type FilePlace } from '../../messages/place';
import { numberLabel } from '../../recipe/notation';
import { changesAsTsv } from './changes-tsv';
import { disclosure } from '../page/disclosure';
import { breakable, h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';

interface ChangesActions {
  reveal(place: FilePlace): void;
  copy(text: string, what: string): void;
  openRules(): void;
}

/** The table of what moves: hyperparameter, now, at the new alpha, factor; and why. */
export function changes({ reveal, copy, openRules }: ChangesActions): Component<PanelView> {
  let view: PanelView | null = null;
  const atHeading = h('th', { scope: 'col' });
  const body = h('tbody');
  const why = h('p', { class: 'note muted' });
  const popular = h('span');
  const rules = h('button', { id: 'open-rules', class: 'link', type: 'button' }, l10n.t('Why, for every optimizer'));
  rules.addEventListener('click', openRules);
  const popularRule = h('p', { class: 'note muted' }, popular, ' ', rules);
  const reasons = h('dl');
  const whys = disclosure('whys', l10n.t('Why each moves'), reasons);
  const code = h('pre', { class: 'code', tabindex: 0, 'aria-label': l10n.t('Code that goes with the plan') });
  const snippet = disclosure('init-code', l10n.t('Code that goes with it'), code);
  const copyTable = button(
    l10n.t('Copy table'),
    'icon',
    { id: 'copy-table', 'aria-label': l10n.t('Copy table'), title: l10n.t('Copy as tab-separated values') },
    () => {
      if (view) copy(changesAsTsv(view.changes, view.target.alpha), l10n.t('The table of changes'));
    },
  );
  const table = h(
    'table',
    { id: 'changes' },
    h('caption', { class: 'hidden-text' }, l10n.t('What to change, and by which factor')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, l10n.t('hyperparameter')),
        h('th', { scope: 'col' }, l10n.t('now')),
        atHeading,
        h('th', { scope: 'col' }, l10n.t('factor')),
      ),
    ),
    body,
  );
  const heading = h('h2', { id: 'changes-heading' });
  const rows = h('div', { class: 'scroll' }, table);
  const left = h('p', { class: 'note' });
  const element = h(
    'section',
    { class: 's-changes', 'aria-labelledby': 'changes-heading' },
    h('div', { class: 'heading' }, heading, copyTable),
    rows,
    left,
    why,
    popularRule,
    whys,
    snippet,
  );
  const draw = whenChanged((rows: readonly ChangeRow[]) => {
    body.replaceChildren(...rows.map((row) => rowOf(row, reveal)));
    reasons.replaceChildren(...rows.flatMap(({ key, why }) => [h('dt', {}, ...breakable(key)), h('dd', {}, why)]));
  });
  return {
    element,
    draw(next) {
      view = next;
      // After Apply nothing changes any more, but code may still be needed.
      const isWritten = next.changes.length === 0;
      setAttribute(element, 'hidden', isWritten && next.code === null && !next.left);
      setText(heading, isWritten ? l10n.t('Still to do in your code') : l10n.t('Changes'));
      for (const part of [rows, copyTable, whys, why]) setAttribute(part, 'hidden', isWritten);
      setText(left, next.left ?? '');
      setAttribute(left, 'hidden', !next.left);
      setText(atHeading, `at α ${numberLabel(next.target.alpha)}`);
      draw(next.changes);
      setText(why, next.why);
      setText(popular, next.popularRule);
      setAttribute(popularRule, 'hidden', next.popularRule === '');
      setText(code, next.code ?? '');
      setAttribute(snippet, 'hidden', next.code === null);
      if (isWritten && next.code !== null) setAttribute(snippet, 'open', true);
    },
  };
}

function rowOf(row: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  return h(
    'tr',
    { title: row.why },
    h(
      'th',
      { scope: 'row' },
      keyOf(row, reveal),
      ...(row.note ? [' ', h('span', { class: 'muted aside' }, row.note)] : []),
    ),
    h('td', { class: wrapping(row.from) }, row.from || '–'),
    h('td', { class: wrapping(row.to) }, h('b', {}, row.to)),
    h('td', {}, row.law, h('span', { class: 'hidden-text' }, `. ${row.why}`)),
  );
}

/** A number stays on one line; words may break. */
function wrapping(text: string): string | null {
  return /\s/.test(text) || text.length > 16 ? 'words' : null;
}

function keyOf({ key, line, cell }: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  if (line === null) return h('span', { class: 'key' }, ...breakable(key));
  const place = { line, ...(cell !== undefined && { cell }) };
  const title = l10n.t`Show ${placeLabel(place)}`;
  const link = h('button', { class: 'key link', type: 'button', title }, ...breakable(key));
  link.addEventListener('click', () => reveal(place));
  return link;
}
