import * as l10n from '@vscode/l10n';
import type { ChangeRow, PanelHost, PanelView } from '../../messages/panel';
import { filePlaceOf, placeLabel } from '../../messages/place';
import { largeAndRest } from '../../recipe/plans/plan';
import { breakable, disclosure, h, headRow, section, setAttribute, setText, whenChanged, wrapping } from '../page/dom';
import type { Component } from '../page/dom';

/** What to change: the rate, alpha and the init large, the other numbers as rows; then why, and the code. */
export function answerCard(host: PanelHost): Component<PanelView> {
  const large = h('dl.large');
  const body = h('tbody');
  const head = headRow(l10n.t('hyperparameter'), l10n.t('now'), l10n.t('new'), l10n.t('factor'));
  head.className = 'hidden-text';
  const caption = h('caption.hidden-text', l10n.t('Other numbers that change'));
  const rows = h('div.scroll', h('table', { id: 'changes' }, caption, head, body));
  const why = h('p');
  const popular = h('p');
  const openRules = (): void => host.notify('openRules', undefined);
  const rules = h('button.link', { id: 'open-rules', onclick: openRules }, l10n.t('Why, for every optimizer'));
  const reasons = h('dl');
  const whys = disclosure('whys', l10n.t('Why each one changes'), why, popular, reasons, rules);
  const code = h('pre.code', { tabindex: 0, 'aria-label': l10n.t('Code that goes with the plan') });
  const snippet = disclosure('init-code', l10n.t('Code for this plan'), code);
  const card = h('div.card', large, rows, whys, snippet);
  const element = section('s-answer', 'answer', l10n.t('Change these'), card);
  const drawRows = whenChanged((all: readonly ChangeRow[]) => {
    const { activeElement } = document;
    const isInside = activeElement instanceof HTMLElement && element.contains(activeElement);
    const focused = isInside ? activeElement.dataset['key'] : undefined;
    const [big, rest] = largeAndRest(all, ({ ofFactor }) => ofFactor);
    large.replaceChildren(...big.map((row) => largeOf(row, host)));
    body.replaceChildren(...rest.map((row) => rowOf(row, host)));
    setAttribute(rows, 'hidden', rest.length === 0);
    reasons.replaceChildren(...all.flatMap(({ key, why }) => [h('dt', ...breakable(key)), h('dd', why)]));
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

/** `1e-4 / learning_rate, was 2e-4`; a factor for the init, which has no number of its own. */
function largeOf(row: ChangeRow, host: PanelHost): HTMLElement {
  const isInit = row.field === 'init';
  const now = isInit ? row.note : row.from === row.to ? l10n.t('stays') : row.from && l10n.t`was ${row.from}`;
  const about = [now, isInit ? '' : row.note].filter((part) => part !== '').join(' · ');
  const term = h('dt', changeKey(row, host), ' ', h('span.muted.about', about));
  return h(
    'div',
    { title: row.why },
    term,
    h('dd', { class: row.to.length > 12 ? 'long' : null }, isInit ? `× ${row.to}` : row.to),
  );
}

function rowOf(row: ChangeRow, host: PanelHost): HTMLElement {
  const note = row.note === '' ? [] : [' ', h('span.muted.aside', row.note)];
  return h(
    'tr',
    { title: row.why },
    h('th', { scope: 'row' }, changeKey(row, host), ...note),
    h('td', { class: wrapping(row.from, 16) }, row.from || '–'),
    h('td', { class: wrapping(row.to, 16) }, h('b', row.to)),
    h('td.muted', row.law),
  );
}

/** The key of a change; a link to its line if it has one. */
function changeKey(row: ChangeRow, host: PanelHost): HTMLElement {
  const place = filePlaceOf(row);
  if (!place) return h('span.key', ...breakable(row.key));
  const onclick = (): void => host.notify('reveal', place);
  const attributes = { title: l10n.t`Show ${placeLabel(place)}`, 'data-key': row.key, onclick };
  return h('button.key.link', attributes, ...breakable(row.key));
}
