import * as l10n from '@vscode/l10n';
import type { ChangeRow, PanelView } from '../../messages/panel';
import { type FilePlace, placeLabel } from '../../messages/place';
import { largeAndRest } from '../../recipe/plans/plan';
import { type Component, breakable, disclosure, h, setAttribute, setText, whenChanged, wrapping } from '../page/dom';

interface AnswerActions {
  reveal(place: FilePlace): void;
  openRules(): void;
}

/** What to change: the rate, alpha and the init large, the other numbers as rows; then why, and the code. */
export function answerCard({ reveal, openRules }: AnswerActions): Component<PanelView> {
  const large = h('dl', { class: 'large' });
  const body = h('tbody');
  const table = h(
    'table',
    { id: 'changes' },
    h('caption', { class: 'hidden-text' }, l10n.t('Other numbers that change')),
    h('thead', { class: 'hidden-text' }, h('tr', {}, ...headings().map((label) => h('th', { scope: 'col' }, label)))),
    body,
  );
  const rows = h('div', { class: 'scroll' }, table);
  const why = h('p');
  const popular = h('p');
  const rules = h('button', { id: 'open-rules', class: 'link', type: 'button' }, l10n.t('Why, for every optimizer'));
  rules.addEventListener('click', openRules);
  const reasons = h('dl');
  const whys = disclosure('whys', l10n.t('Why each one changes'), why, popular, reasons, rules);
  const code = h('pre', { class: 'code', tabindex: 0, 'aria-label': l10n.t('Code that goes with the plan') });
  const snippet = disclosure('init-code', l10n.t('Code for this plan'), code);
  const element = h(
    'section',
    { class: 's-answer', 'aria-labelledby': 'answer-heading' },
    h('h2', { id: 'answer-heading' }, l10n.t('Change these')),
    h('div', { class: 'card' }, large, rows, whys, snippet),
  );
  const drawRows = whenChanged((all: readonly ChangeRow[]) => {
    const focused = focusedKey(element);
    const [big, rest] = largeAndRest(all, ({ ofFactor }) => ofFactor);
    large.replaceChildren(...big.map((row) => largeOf(row, reveal)));
    body.replaceChildren(...rest.map((row) => rowOf(row, reveal)));
    setAttribute(rows, 'hidden', rest.length === 0);
    reasons.replaceChildren(...all.flatMap(({ key, why }) => [h('dt', {}, ...breakable(key)), h('dd', {}, why)]));
    if (focused !== undefined) element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.changes.length === 0);
      drawRows(view.changes);
      setText(why, view.why);
      setText(popular, view.popularRule);
      setAttribute(popular, 'hidden', view.popularRule === '');
      setText(code, view.code ?? '');
      setAttribute(snippet, 'hidden', view.code === null);
    },
  };
}

function headings(): string[] {
  return [l10n.t('hyperparameter'), l10n.t('now'), l10n.t('new'), l10n.t('factor')];
}

/** `1e-4 / learning_rate, was 2e-4`; a factor for the init, which has no number of its own. */
function largeOf(row: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  const isInit = row.field === 'init';
  const now = isInit ? row.note : row.from === row.to ? l10n.t('stays') : row.from && l10n.t`was ${row.from}`;
  const note = isInit ? '' : row.note;
  const about = [now, note].filter((part) => part !== '').join(' · ');
  return h(
    'div',
    { title: row.why },
    h('dt', {}, changeKey(row, reveal), ' ', h('span', { class: 'muted about' }, about)),
    h('dd', { class: row.to.length > 12 ? 'long' : null }, isInit ? `× ${row.to}` : row.to),
  );
}

/** A row of the table of changes: hyperparameter, now, new, factor. */
function rowOf(row: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
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
function changeKey({ key, line, cell }: ChangeRow, reveal: (place: FilePlace) => void): HTMLElement {
  if (line === null) return h('span', { class: 'key' }, ...breakable(key));
  const place = { line, ...(cell !== undefined && { cell }) };
  const title = l10n.t`Show ${placeLabel(place)}`;
  const link = h('button', { class: 'key link', type: 'button', title, 'data-key': key }, ...breakable(key));
  link.addEventListener('click', () => reveal(place));
  return link;
}

function focusedKey(element: HTMLElement): string | undefined {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && element.contains(activeElement)
    ? activeElement.dataset['key']
    : undefined;
}
