import * as l10n from '@vscode/l10n';
import type { ComparisonHost, ComparisonView, RunRow, SettingCell, Side } from '../../messages/comparison';
import { filePlaceOf, placeLabel } from '../../messages/place';
import {
  breakable,
  disclosure,
  h,
  headRow,
  scrolling,
  section,
  setAttribute,
  setText,
  whenChanged,
  wrapping,
  type Component,
} from '../page/dom';

/** What differs: first the numbers of both files, then what decides the run, each with why it matters. */
export function differences(host: ComparisonHost): Component<ComparisonView> {
  const table = comparedTable('differences', l10n.t('What differs, and why it matters'));
  const heading = h('h2');
  const alike = h('p.note.muted');
  const element = section('', 'differences', heading, table.element, alike);
  const draw = whenChanged(
    ({ settings, differences: runs, first, second }: Omit<Shown, 'signature'> & Pick<ComparisonView, 'settings'>) => {
      const names = [first, second].map((name) => h('span', ...breakable(name)));
      const inFiles = settings.map((row) =>
        rowOf(
          row.name,
          [
            ...(['first', 'second'] as const).map((side) => settingCell(row[side], side, host)),
            h('td', { class: row.same ? 'muted' : null }, row.ratio),
            h('td.why'),
          ],
          row.same,
        ),
      );
      table.draw(
        [l10n.t('what'), ...names, l10n.t('ratio'), l10n.t('why')],
        [l10n.t('In the files'), inFiles],
        [l10n.t('In the run'), runs.map((row) => rowOf(row.name, [...values(row), ratio(row), h('td.why', row.why)]))],
      );
    },
  );
  return {
    element,
    draw({ settings, differences: runs, alike: same, first, second }) {
      const isEmpty = settings.length === 0 && runs.length === 0;
      setAttribute(element, 'hidden', isEmpty && same === '');
      setAttribute(table.element, 'hidden', isEmpty);
      setText(heading, runs.length === 0 ? l10n.t('Numbers') : l10n.t('Differences'));
      setText(alike, same === '' ? '' : l10n.t`The same: ${same}.`);
      draw({ settings, differences: runs, first: first.name, second: second.name });
    },
  };
}

/** Both signatures, number by number: what no alpha can change. Open where there is nothing else to show. */
export function signature(): Component<ComparisonView> {
  const table = comparedTable('signature', l10n.t('Both signatures'));
  const explained = l10n.t(
    'A signature is the recipe as it would be at scaling 1 with A starting at size 1. Two recipes are the same run when their signatures agree.',
  );
  const element = disclosure('signatures', l10n.t('Signatures'), h('p.muted.note', explained), table.element);
  let touched = false;
  element.querySelector('summary')?.addEventListener('click', () => {
    touched = true;
  });
  const draw = whenChanged(({ signature: all, first, second }: Omit<Shown, 'differences'>) => {
    const rows = all.map((row) => {
      const last = ratio(row);
      if (row.same === true) last.className = 'muted';
      return rowOf(row.name, [h('td.muted.formula', row.formula), ...values(row), last]);
    });
    table.draw([l10n.t('number'), l10n.t('formula'), first, second, l10n.t('ratio')], ['', rows]);
  });
  return {
    element,
    draw({ signature: all, verdict, first, second }) {
      setAttribute(element, 'hidden', all.length === 0);
      if (!touched) setAttribute(element, 'open', verdict?.kind === 'same');
      draw({ signature: all, first: first.name, second: second.name });
    },
  };
}

interface Shown extends Readonly<Record<'differences' | 'signature', RunRow[]>>, Readonly<Record<Side, string>> {}

function rowOf(name: string, cells: readonly HTMLElement[], same = false): HTMLElement {
  return h('tr', { 'data-same': same }, h('th', { scope: 'row' }, name), ...cells);
}

function values({ first, second }: RunRow): HTMLElement[] {
  return [first, second].map((text) => h('td', { class: valueClass(text) }, text));
}

function ratio({ same, ratio }: RunRow): HTMLElement {
  return h('td', same === null ? '?' : ratio);
}

function settingCell({ text, hint, note, ...at }: SettingCell, side: Side, host: ComparisonHost): HTMLElement {
  const remark = note === '' ? [] : [' ', h('span.muted.aside', note)];
  const place = filePlaceOf(at);
  if (!place) return h('td', { title: hint || null, class: valueClass(text) }, text, ...remark);
  const onclick = (): void => host.notify('reveal', { side, place });
  return h('td', h('button.key.link', { title: `${hint}, ${placeLabel(place)}`, onclick }, text), ...remark);
}

function valueClass(text: string): string | null {
  return text === l10n.t('not stated') ? 'muted words' : wrapping(text, 14);
}

/** Rows under a heading of their own; without one where the label is empty. */
type RowGroup = readonly [label: string, rows: readonly HTMLElement[]];

/** A table with a caption for screen readers, a heading for each column, and groups of rows. */
function comparedTable(id: string, caption: string) {
  const table = h('table.compared', { id });
  const heading = h('caption.hidden-text', caption);
  return {
    element: scrolling(caption, table),
    draw(headings: readonly (string | Node)[], ...groups: RowGroup[]) {
      const bodies = groups.flatMap(([label, rows]) => {
        const title = h('tr.group', h('th', { scope: 'rowgroup', colspan: headings.length }, label));
        return rows.length === 0 ? [] : [h('tbody', label !== '' && title, ...rows)];
      });
      table.replaceChildren(heading, headRow(...headings), ...bodies);
    },
  };
}
