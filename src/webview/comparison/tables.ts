import * as l10n from '@vscode/l10n';
import { filePlaceOf, placeLabel } from '../../messages/panel';
import type { ComparisonHost, ComparisonView, RunRow, SettingCell, Side } from '../../messages/comparison';
import { aside, breakable, type Child, disclosure, h, headRow, type Html, row, scrolling } from '../page/dom';
import { section, wrapping } from '../page/dom';

/** What differs: first the numbers of both files, then what decides the run, each with why it matters. */
export function differences(view: ComparisonView, host: ComparisonHost): Html {
  const { settings, differences: runs, alike } = view;
  const isEmpty = settings.length === 0 && runs.length === 0;
  const names = [view.first, view.second].map(({ name }) => h('span', breakable(name)));
  const inFiles = settings.map(({ name, same, ratio, ...of }) => {
    const cells = (['first', 'second'] as const).map((side) => settingCell(of[side], side, host));
    return row({ 'data-same': same }, name, ...cells, h('td', { class: same ? 'muted' : null }, ratio), h('td.why'));
  });
  const inRun = runs.map((each) => row({}, each.name, ...values(each), ratioOf(each), h('td.why', each.why)));
  return section(
    'section',
    'differences',
    runs.length === 0 ? l10n.t('Numbers') : l10n.t('Differences'),
    { hidden: isEmpty && alike === '' },
    comparedTable(
      { id: 'differences', caption: l10n.t('What differs, and why it matters'), hidden: isEmpty },
      [l10n.t('what'), ...names, l10n.t('ratio'), l10n.t('why')],
      [l10n.t('In the files'), inFiles],
      [l10n.t('In the run'), inRun],
    ),
    h('p.note.muted', alike !== '' && l10n.t`The same: ${alike}.`),
  );
}

/** Both signatures, number by number: what no alpha can change. Open where there is nothing else to show. */
export function signature({ signature: all, verdict, first, second }: ComparisonView): Html {
  const explained = l10n.t(
    'A signature is the recipe as it would be at scaling 1 with A starting at size 1. Two recipes are the same run when their signatures agree.',
  );
  const rows = all.map((each) => {
    const last = h('td', { class: each.same === true ? 'muted' : null }, ratioOf(each));
    return row({}, each.name, h('td.muted.formula', each.formula), ...values(each), last);
  });
  return disclosure(
    'signatures',
    l10n.t('Signatures'),
    { hidden: all.length === 0, open: verdict?.kind === 'same' },
    h('p.muted.note', explained),
    comparedTable(
      { id: 'signature', caption: l10n.t('Both signatures'), hidden: false },
      [l10n.t('number'), l10n.t('formula'), first.name, second.name, l10n.t('ratio')],
      ['', rows],
    ),
  );
}

function values({ first, second }: RunRow): Html[] {
  return [first, second].map((text) => h('td', { class: valueClass(text) }, text));
}

function ratioOf({ same, ratio }: RunRow): string {
  return same === null ? '?' : ratio;
}

function settingCell({ text, hint, note, ...at }: SettingCell, side: Side, host: ComparisonHost): Html {
  const place = filePlaceOf(at);
  if (!place) return h('td', { title: hint || null, class: valueClass(text) }, text, aside(note));
  const onclick = (): void => host.notify('reveal', { side, place });
  return h('td', h('button.key.link', { title: `${hint}, ${placeLabel(place)}`, onclick }, text), aside(note));
}

function valueClass(text: string): string | null {
  return text === l10n.t('not stated') ? 'muted words' : wrapping(text, 14);
}

/** A table with a caption for screen readers, headings of columns, and groups of rows, each with a label or none. */
function comparedTable(
  { id, caption, hidden }: { id: string; caption: string; hidden: boolean },
  headings: readonly Child[],
  ...groups: (readonly [label: string, rows: readonly Html[]])[]
): Html {
  const bodies = groups.map(([label, rows]) => {
    const title = h('tr.group', h('th', { scope: 'rowgroup', colspan: headings.length }, label));
    return rows.length > 0 && h('tbody', label !== '' && title, rows);
  });
  const heading = h('caption.hidden-text', caption);
  return scrolling(caption, h('table.compared', { id }, heading, headRow('thead', ...headings), bodies), { hidden });
}
