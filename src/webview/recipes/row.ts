import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../messages/recipes';
import { rovingFocus } from '../page/choices';
import { breakable, h, setAttribute, setText } from '../page/dom';
import { COLUMNS, fileOf, numberText, otherRateB, pathOf, runReason, runSign } from './rows';
import type { ColumnId, TableState } from './rows';

/** The row that an element is of or in, or null. */
export function rowAround(element: EventTarget | null): HTMLElement | null {
  return element instanceof Element ? element.closest<HTMLElement>('tr[data-id]') : null;
}

/** The part of a row that takes the keyboard: its checkbox, or the file's name where there is nothing to choose. */
export function stopOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>('.stop');
}

export function checkboxOf(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>('input');
}

/** Draws a row. What is chosen, and which row takes the keyboard, is set by the table. */
export function rowElement(row: RecipeRow): HTMLElement {
  const { id, trainer, numbers, note } = row;
  if (!numbers) {
    const error = h('td.error', { colspan: 5 }, h('span', { 'aria-hidden': 'true' }, '⚠ '), note);
    return h('tr.broken', { 'data-id': id }, h('td.choose'), fileCell(row, true), h('td.trainer', trainer), error);
  }
  const { rank, alpha, scaling, rule, rate } = numbers;
  const label = l10n.t`Choose ${pathOf(row)}`;
  const keys = { 'aria-label': label, 'aria-describedby': 'recipes-keys' };
  const b = otherRateB(row);
  const ofB = b === null ? [] : [' ', h('span.muted.aside.of-b', `B ${numberText(b)}`)];
  const ofRule = rule === 'α/√r' ? [h('span.muted.aside', rule), ' '] : [];
  const why = row.run && [h('span.letter', runSign(row)), h('span.hidden-text', ` ${runReason(row)}`)];
  return h(
    'tr',
    { 'data-id': id },
    h('td.choose', h('input.stop', { type: 'checkbox', tabindex: -1, ...keys })),
    fileCell(row, false),
    h('td.trainer', trainer),
    h('td.number', String(rank)),
    h('td.number', numberText(alpha)),
    h('td.number', { title: `s = ${rule}` }, ...ofRule, numberText(scaling)),
    h('td.number', numberText(rate), ...ofB),
    h('td.run', { title: runReason(row) || null }, ...(why ?? [])),
  );
}

function fileCell(row: RecipeRow, isStop: boolean): HTMLElement {
  const { name, folder, recipe, trainer, note, numbers } = row;
  const look = isStop ? 'button.link.open.stop' : 'button.link.open';
  const isOpen = numbers !== null && note !== '';
  const unsure = h('span.unsure', { title: note }, '?', h('span.hidden-text', ` ${note}`));
  return h(
    'th.file',
    { scope: 'row' },
    folder !== '' && h('span.muted.folder', ...breakable(`${folder}/`)),
    h(look, { tabindex: -1, title: l10n.t`Open ${fileOf(row)}` }, ...breakable(name)),
    recipe !== '' && ` · ${recipe}`,
    ...(isOpen ? ['\u00a0', unsure] : []),
    h('span.muted.below', folder === '' ? trainer : `${trainer} · ${folder}`),
  );
}

const SAME = l10n.t('Recipes with the same letter are the same run');

interface TableHead {
  readonly element: HTMLElement;
  /** @param isChosen whether all rows that are shown are chosen; `some`: a part of them */
  draw(sort: TableState['sort'], isChosen: boolean | 'some'): void;
}

/** The headings: one chooses all rows, the others sort. One stop for the tabulator key each. */
export function tableHead(sortBy: (column: ColumnId) => void, chooseAll: () => void): TableHead {
  const label = l10n.t('Choose all that are shown');
  const all = h('input', { type: 'checkbox', id: 'choose-all', 'aria-label': label, onchange: chooseAll });
  const headings = COLUMNS.map(({ id, heading, isNumber }) => {
    const arrow = h('span.arrow', { 'aria-hidden': 'true' });
    const button = h('button.sort', { id: `sort-${id}`, onclick: () => sortBy(id) }, h('span', heading), arrow);
    const cell = h('th', { scope: 'col', class: isNumber ? 'number' : id, title: id === 'run' ? SAME : null }, button);
    return { id, cell, button, arrow };
  });
  const row = h('tr', h('th.choose', { scope: 'col' }, all), ...headings.map(({ cell }) => cell));
  rovingFocus(row, () => headings.map(({ button }) => button));
  return {
    element: h('thead', row),
    draw({ column, isDescending }, isChosen) {
      for (const { id, cell, button, arrow } of headings) {
        const is = id === column;
        setAttribute(cell, 'aria-sort', is ? (isDescending ? 'descending' : 'ascending') : null);
        setAttribute(button, 'tabindex', is ? 0 : -1);
        setText(arrow, is ? (isDescending ? '↓' : '↑') : '');
      }
      all.checked = isChosen === true;
      all.indeterminate = isChosen === 'some';
    },
  };
}
