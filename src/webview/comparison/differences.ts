import * as l10n from '@vscode/l10n';
import type { ComparisonView, RunRow, SettingCell, SettingRow, Side, ComparisonHost } from '../../messages/comparison';
import { placeLabel, filePlaceOf } from '../../messages/place';
import { breakable, h, setAttribute, setText, whenChanged, type Component, wrapping } from '../page/dom';
import { comparedTable } from './compared-table';

type Shown = Pick<ComparisonView, 'settings' | 'differences'> & { names: readonly [first: string, second: string] };

/** What differs: first the numbers of both files, then what decides the run, each with why it matters. */
export function differences(host: ComparisonHost): Component<ComparisonView> {
  const table = comparedTable('differences', l10n.t('What differs, and why it matters'));
  const heading = h('h2', { id: 'differences-heading' });
  const alike = h('p', { class: 'note muted' });
  const element = h('section', { 'aria-labelledby': 'differences-heading' }, heading, table.element, alike);
  const draw = whenChanged(({ settings, differences: runs, names: [first, second] }: Shown) => {
    table.draw(
      [
        l10n.t('what'),
        ...[first, second].map((name) => h('span', {}, ...breakable(name))),
        l10n.t('ratio'),
        l10n.t('why'),
      ],
      [
        { label: l10n.t('In the files'), rows: settings.map((row) => settingRow(row, host)) },
        { label: l10n.t('In the run'), rows: runs.map(runRow) },
      ],
    );
  });
  return {
    element,
    draw(view) {
      const { settings, differences: runs } = view;
      const isEmpty = settings.length === 0 && runs.length === 0;
      setAttribute(element, 'hidden', isEmpty && view.alike === '');
      setAttribute(table.element, 'hidden', isEmpty);
      setText(heading, runs.length === 0 ? l10n.t('Numbers') : l10n.t('Differences'));
      setText(alike, view.alike === '' ? '' : l10n.t`The same: ${view.alike}.`);
      draw({ settings, differences: runs, names: [view.first.name, view.second.name] });
    },
  };
}

function runRow({ name, first, second, ratio, why, same }: RunRow): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: valueClass(first) }, first),
    h('td', { class: valueClass(second) }, second),
    h('td', {}, same === null ? '?' : ratio),
    h('td', { class: 'why' }, why),
  );
}

function settingRow({ name, first, second, ratio, same }: SettingRow, host: ComparisonHost): HTMLElement {
  return h(
    'tr',
    { 'data-same': same },
    h('th', { scope: 'row' }, name),
    cellOf(first, 'first', host),
    cellOf(second, 'second', host),
    h('td', { class: same ? 'muted' : null }, ratio),
    h('td', { class: 'why' }),
  );
}

function cellOf({ text, hint, note, ...at }: SettingCell, side: Side, host: ComparisonHost): HTMLElement {
  const remark = note === '' ? [] : [' ', h('span', { class: 'muted aside' }, note)];
  const place = filePlaceOf(at);
  if (!place) return h('td', { title: hint || null, class: valueClass(text) }, text, ...remark);
  const link = h('button', { class: 'key link', type: 'button', title: `${hint}, ${placeLabel(place)}` }, text);
  link.addEventListener('click', () => host.notify('reveal', { side, place }));
  return h('td', {}, link, ...remark);
}

export function valueClass(text: string): string | null {
  if (text === l10n.t('not stated')) return 'muted words';
  return wrapping(text, 14);
}
