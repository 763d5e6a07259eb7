import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../messages/recipes';
import { rovingFocus } from '../page/choices';
import { breakable, h, setAttribute, setText } from '../page/dom';
import { COLUMNS, type ColumnId, fileOf, numberText, otherRateB, pathOf, runReason, runSign } from './rows';
import type { TableState } from './rows';

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
    return h(
      'tr',
      { 'data-id': id, class: 'broken' },
      h('td', { class: 'choose' }),
      fileCell(row, true),
      h('td', { class: 'trainer' }, trainer),
      h('td', { class: 'error', colspan: 5 }, h('span', { 'aria-hidden': 'true' }, '⚠ '), note),
    );
  }
  const { rank, alpha, scaling, rule } = numbers;
  const box = h('input', {
    type: 'checkbox',
    class: 'stop',
    tabindex: -1,
    'aria-label': l10n.t`Choose ${pathOf(row)}`,
    'aria-describedby': 'recipes-keys',
  });
  return h(
    'tr',
    { 'data-id': id },
    h('td', { class: 'choose' }, box),
    fileCell(row, false),
    h('td', { class: 'trainer' }, trainer),
    h('td', { class: 'number' }, String(rank)),
    h('td', { class: 'number' }, numberText(alpha)),
    h(
      'td',
      { class: 'number', title: `s = ${rule}` },
      ...(rule === 'α/√r' ? [aside(rule), ' '] : []),
      numberText(scaling),
    ),
    rateCell(row),
    runCell(row),
  );
}

function fileCell(row: RecipeRow, isStop: boolean): HTMLElement {
  const { name, folder, recipe, trainer, note, numbers } = row;
  const open = h(
    'button',
    {
      type: 'button',
      class: isStop ? 'link open stop' : 'link open',
      tabindex: -1,
      title: l10n.t`Open ${fileOf(row)}`,
    },
    ...breakable(name),
  );
  const isOpen = numbers !== null && note !== '';
  const unsure = h('span', { class: 'unsure', title: note }, '?', h('span', { class: 'hidden-text' }, ` ${note}`));
  return h(
    'th',
    { scope: 'row', class: 'file' },
    ...(folder === '' ? [] : [h('span', { class: 'muted folder' }, ...breakable(`${folder}/`))]),
    open,
    ...(recipe === '' ? [] : [` · ${recipe}`]),
    ...(isOpen ? ['\u00a0', unsure] : []),
    h('span', { class: 'muted below' }, folder === '' ? trainer : `${trainer} · ${folder}`),
  );
}

function rateCell(row: RecipeRow): HTMLElement {
  const b = otherRateB(row);
  const ofB = b === null ? [] : [' ', h('span', { class: 'muted aside of-b' }, `B ${numberText(b)}`)];
  return h('td', { class: 'number' }, numberText(row.numbers?.rate ?? null), ...ofB);
}

function runCell(row: RecipeRow): HTMLElement {
  if (!row.run) return h('td', { class: 'run' });
  const why = runReason(row);
  return h(
    'td',
    { class: 'run', title: why },
    h('span', { class: 'letter' }, runSign(row)),
    h('span', { class: 'hidden-text' }, ` ${why}`),
  );
}

function aside(text: string): HTMLElement {
  return h('span', { class: 'muted aside' }, text);
}

const SAME = l10n.t('Recipes with the same letter are the same run');

interface TableHead {
  readonly element: HTMLElement;
  /** @param isChosen whether all rows that are shown are chosen; `some`: a part of them */
  draw(sort: TableState['sort'], isChosen: boolean | 'some'): void;
}

/** The headings: one chooses all rows, the others sort. One stop for the tabulator key each. */
export function tableHead(sortBy: (column: ColumnId) => void, chooseAll: () => void): TableHead {
  const all = h('input', { type: 'checkbox', id: 'choose-all', 'aria-label': l10n.t('Choose all that are shown') });
  all.addEventListener('change', chooseAll);
  const headings = COLUMNS.map(({ id, heading, isNumber }) => {
    const arrow = h('span', { class: 'arrow', 'aria-hidden': 'true' });
    const button = h('button', { type: 'button', id: `sort-${id}`, class: 'sort' }, h('span', {}, heading), arrow);
    button.addEventListener('click', () => sortBy(id));
    const cell = h('th', { scope: 'col', class: isNumber ? 'number' : id, title: id === 'run' ? SAME : null }, button);
    return { id, cell, button, arrow };
  });
  const row = h('tr', {}, h('th', { scope: 'col', class: 'choose' }, all), ...headings.map(({ cell }) => cell));
  rovingFocus(
    row,
    () => headings.map(({ button }) => button),
    () => undefined,
  );
  return {
    element: h('thead', {}, row),
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
