import * as l10n from '@vscode/l10n';
import type { ComparisonView, SettingCell, SettingRow, Side } from '../../messages/comparison';
import { placeLabel, placeOf } from '../../messages/place';
import { h, setAttribute, whenChanged, type Component } from '../page/dom';
import type { ComparisonHost } from './comparison-host';
import { comparedTable } from './compared-table';

/** What both files say of the numbers that go with the scaling. */
export function settings(host: ComparisonHost): Component<ComparisonView> {
  const table = comparedTable('settings', l10n.t('What both files say'), [
    l10n.t('setting'),
    l10n.t('first'),
    l10n.t('second'),
    l10n.t('ratio'),
  ]);
  const element = h(
    'section',
    { 'aria-labelledby': 'settings-heading' },
    h('h2', { id: 'settings-heading' }, l10n.t('In the files')),
    table.element,
  );
  const draw = whenChanged((rows: readonly SettingRow[]) => {
    table.body.replaceChildren(...rows.map((row) => rowOf(row, host)));
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.settings.length === 0);
      draw(view.settings);
    },
  };
}

function rowOf({ name, first, second, ratio, same }: SettingRow, host: ComparisonHost): HTMLElement {
  return h(
    'tr',
    { 'data-same': same },
    h('th', { scope: 'row' }, name),
    cellOf(first, 'first', host),
    cellOf(second, 'second', host),
    h('td', { class: same ? 'muted' : null }, ratio),
  );
}

function cellOf({ text, hint, note, ...at }: SettingCell, side: Side, host: ComparisonHost): HTMLElement {
  const remark = note === '' ? [] : [' ', h('span', { class: 'muted aside' }, note)];
  const place = placeOf(at);
  if (!place) return h('td', { title: hint || null, class: text === 'not stated' ? 'muted' : null }, text, ...remark);
  const link = h('button', { class: 'key link', type: 'button', title: `${hint}, ${placeLabel(place)}` }, text);
  link.addEventListener('click', () => host.notify('reveal', { side, place }));
  return h('td', {}, link, ...remark);
}
