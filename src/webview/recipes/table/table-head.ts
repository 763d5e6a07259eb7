import * as l10n from '@vscode/l10n';
import { h, setAttribute, setText } from '../../page/dom';
import { rovingFocus } from '../../page/roving';
import { COLUMNS, type ColumnId } from './columns';
import type { TableState } from '../table-state';

const SAME = l10n.t('Recipes with the same letter are the same run');

export interface TableHead {
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
