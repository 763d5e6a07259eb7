import * as l10n from '@vscode/l10n';
import { filePlaceOf, placeLabel, type ChangeRow, type PanelHost, type PanelView } from '../../messages/panel';
import { largeAndRest } from '../../recipe/plans/plan';
import { type Attributes, aside, breakable, disclosure, h, headRow, type Html } from '../page/dom';
import { section, unlessEmpty, wrapping } from '../page/dom';

/** What to change: the rate, alpha and the init large, the other numbers as rows; then why, and the code. */
export function answerCard(view: PanelView, host: PanelHost, attributes: Attributes): Html {
  const { changes, code } = view;
  const [big, rest] = largeAndRest(changes, ({ ofFactor }) => ofFactor);
  const head = headRow('thead.hidden-text', l10n.t('hyperparameter'), l10n.t('now'), l10n.t('new'), l10n.t('factor'));
  const caption = h('caption.hidden-text', l10n.t('Other numbers that change'));
  const rows = rest.map((row) => rowOf(row, host));
  const openRules = { id: 'open-rules', onclick: () => host.notify('openRules', undefined) };
  const snippet = h('pre.code', { tabindex: 0, 'aria-label': l10n.t('Code that goes with the plan') }, code ?? '');
  const card = h(
    'div.card',
    h('dl.large', ...big.map((row) => largeOf(row, host))),
    unlessEmpty('p.note.muted', view.ranked?.note ?? ''),
    h('div.scroll', { hidden: rest.length === 0 }, h('table', { id: 'changes' }, caption, head, h('tbody', rows))),
    disclosure(
      'whys',
      l10n.t('Why each one changes'),
      {},
      unlessEmpty('p', view.why),
      unlessEmpty('p', view.popularRule),
      h('dl', ...changes.flatMap(({ key, why }) => (why === '' ? [] : [h('dt', breakable(key)), h('dd', why)]))),
      h('button.link', openRules, l10n.t('Why, for every optimizer')),
    ),
    disclosure('init-code', l10n.t('Also needed: code for this plan'), { hidden: code === null }, snippet),
  );
  const own = { ...attributes, hidden: changes.length === 0 };
  return section('section.s-answer', 'answer', view.ranked?.heading ?? l10n.t('Change these'), own, card);
}

/** `1e-4 / learning_rate, was 2e-4`; a factor for the init, which has no number of its own. */
function largeOf(row: ChangeRow, host: PanelHost): Html {
  const isInit = row.field === 'init';
  const now = isInit ? row.note : row.from === row.to ? l10n.t('stays') : row.from && l10n.t`was ${row.from}`;
  const about = [now, isInit ? '' : row.note].filter((part) => part !== '').join(' · ');
  return h(
    'div',
    { title: row.why },
    h('dt', changeKey(row, host), ' ', h('span.muted.about', about)),
    h('dd', { class: row.to.length > 12 ? 'long' : null }, isInit ? `× ${row.to}` : row.to),
  );
}

function rowOf(row: ChangeRow, host: PanelHost): Html {
  const { from, to, law, why, note } = row;
  return h(
    'tr',
    { title: why },
    h('th', { scope: 'row' }, changeKey(row, host), aside(note)),
    h('td', { class: wrapping(from, 16) }, from || '–'),
    h('td', { class: wrapping(to, 16) }, h('b', to)),
    h('td.muted', law),
  );
}

/** The key of a change; a link to its line if it has one. */
function changeKey(row: ChangeRow, host: PanelHost): Html {
  const place = filePlaceOf(row);
  if (!place) return h('span.key', breakable(row.key));
  const onclick = (): void => host.notify('reveal', place);
  const own = { title: l10n.t`Show ${placeLabel(place)}`, 'data-id': row.key, onclick };
  return h('button.key.link', own, breakable(row.key));
}
