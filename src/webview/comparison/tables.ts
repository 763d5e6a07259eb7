import * as l10n from '@vscode/l10n';
import type { ComparisonHost, ComparisonView, RunRow, SettingCell, SettingRow, Side } from '../../messages/comparison';
import { filePlaceOf, placeLabel } from '../../messages/place';
import { type Component, breakable, disclosure, h, setAttribute, setText, whenChanged, wrapping } from '../page/dom';

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

function valueClass(text: string): string | null {
  if (text === l10n.t('not stated')) return 'muted words';
  return wrapping(text, 14);
}

/** Both signatures, number by number: what no alpha can change. Open where there is nothing else to show. */
export function signature(): Component<ComparisonView> {
  const table = comparedTable('signature', l10n.t('Both signatures'));
  const element = disclosure(
    'signatures',
    l10n.t('Signatures'),
    h(
      'p',
      { class: 'muted note' },
      l10n.t(
        'A signature is the recipe as it would be at scaling 1 with A starting at size 1. Two recipes are the same run when their signatures agree.',
      ),
    ),
    table.element,
  );
  let touched = false;
  element.querySelector('summary')?.addEventListener('click', () => {
    touched = true;
  });
  const draw = whenChanged(({ rows, names }: { rows: readonly RunRow[]; names: readonly string[] }) => {
    const headings = [l10n.t('number'), l10n.t('formula'), ...names, l10n.t('ratio')];
    table.draw(headings, [{ label: '', rows: rows.map(rowOf) }]);
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.signature.length === 0);
      if (!touched) setAttribute(element, 'open', view.verdict?.kind === 'same');
      draw({ rows: view.signature, names: [view.first.name, view.second.name] });
    },
  };
}

function rowOf({ name, formula, first, second, ratio, same }: RunRow): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'muted formula' }, formula),
    h('td', { class: valueClass(first) }, first),
    h('td', { class: valueClass(second) }, second),
    h('td', { class: same === true ? 'muted' : null }, same === null ? '?' : ratio),
  );
}

/** Rows under a heading of their own; without one where `label` is empty. */
interface RowGroup {
  label: string;
  rows: readonly HTMLElement[];
}

interface ComparedTable {
  element: HTMLElement;
  draw(headings: readonly (string | Node)[], groups: readonly RowGroup[]): void;
}

/** A table with a caption for screen readers, a heading for each column, and groups of rows. */
function comparedTable(id: string, caption: string): ComparedTable {
  const table = h('table', { id, class: 'compared' });
  const heading = h('caption', { class: 'hidden-text' }, caption);
  return {
    element: h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, table),
    draw(headings, groups) {
      const head = h('tr', {}, ...headings.map((text) => h('th', { scope: 'col' }, text)));
      const bodies = groups.filter(({ rows }) => rows.length > 0).map((group) => bodyOf(group, headings.length));
      table.replaceChildren(heading, h('thead', {}, head), ...bodies);
    },
  };
}

function bodyOf({ label, rows }: RowGroup, columns: number): HTMLElement {
  const title = h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: columns }, label));
  return h('tbody', {}, ...(label === '' ? [] : [title]), ...rows);
}
