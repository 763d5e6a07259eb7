import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../../messages/recipes';
import { h, setAttribute, setText } from '../../page/dom';
import { COLUMNS } from './columns';
import { checkboxOf, rowAround, rowElement, stopOf } from './row-element';
import { rowKeys } from './row-keys';
import type { TableActions } from './table-actions';
import { tableHead } from './table-head';
import type { TableState } from '../table-state';

export interface RecipesTable {
  readonly element: HTMLElement;
  /** @param shown the rows in their order */
  draw(shown: readonly RecipeRow[], state: TableState): void;
  /** Gives the keyboard to the row that had it last, else to the first. */
  focus(): void;
}

/** So many rows are drawn at once; a button draws more. */
const MOST_ROWS = 500;

/** The table in a box of its own, which scrolls. */
export function recipesTable(actions: TableActions): RecipesTable {
  const drawn = new Map<string, { text: string; element: HTMLElement }>();
  let most = MOST_ROWS;
  let last: { shown: readonly RecipeRow[]; state: TableState } | null = null;
  const head = tableHead(actions.sortBy, actions.toggleAll);
  const body = h('tbody');
  const table = h(
    'table',
    { id: 'recipes', class: 'recipes-table', role: 'grid', 'aria-multiselectable': 'true' },
    h('caption', { class: 'hidden-text' }, l10n.t('LoRA recipes of the workspace')),
    head.element,
    body,
  );
  const more = h('button', { type: 'button', class: 'link more' });
  more.addEventListener('click', () => {
    most += MOST_ROWS;
    if (last) draw(last.shown, last.state);
  });
  const element = h('div', { class: 'recipes-box' }, table, more);
  const rows = (): HTMLElement[] => [...body.children] as HTMLElement[];

  const elementOf = (row: RecipeRow): HTMLElement => {
    const text = JSON.stringify(row);
    const known = drawn.get(row.id);
    if (known?.text === text) return known.element;
    const made = rowElement(row);
    drawn.set(row.id, { text, element: made });
    return made;
  };

  function draw(shown: readonly RecipeRow[], state: TableState): void {
    last = { shown, state };
    const focused = rowAround(document.activeElement)?.dataset['id'];
    const next = shown.slice(0, most).map(elementOf);
    const isOther = next.length !== body.children.length || next.some((row, index) => row !== body.children[index]);
    if (isOther) body.replaceChildren(...next);
    const isShown = new Set(shown.map(({ id }) => id));
    for (const id of [...drawn.keys()]) if (!isShown.has(id)) drawn.delete(id);

    const chosen = new Set(state.chosen);
    const active = next.find(({ dataset }) => dataset['id'] === state.active) ?? next[0];
    for (const row of next) {
      const box = checkboxOf(row);
      const isChosen = chosen.has(row.dataset['id'] ?? '');
      if (box) {
        box.checked = isChosen;
        setAttribute(row, 'aria-selected', String(isChosen));
      }
      const stop = stopOf(row);
      if (stop) setAttribute(stop, 'tabindex', row === active ? 0 : -1);
    }
    // What is drawn anew loses the keyboard.
    if (isOther && focused !== undefined) {
      const row = next.find(({ dataset }) => dataset['id'] === focused) ?? active;
      if (row) stopOf(row)?.focus({ preventScroll: true });
    }
    const choosable = shown.filter(({ numbers }) => numbers !== null);
    const count = choosable.filter(({ id }) => chosen.has(id)).length;
    head.draw(state.sort, count === 0 ? false : count === choosable.length ? true : 'some');
    setAttribute(table, 'aria-rowcount', shown.length + 1);
    setAttribute(table, 'aria-colcount', COLUMNS.length + 1);
    setText(more, l10n.t`Show ${Math.min(MOST_ROWS, shown.length - next.length)} more of ${shown.length}`);
    setAttribute(more, 'hidden', shown.length <= next.length);
  }

  body.addEventListener('focusin', ({ target }) => {
    const id = rowAround(target)?.dataset['id'];
    if (id !== undefined) actions.activate(id);
  });
  body.addEventListener('mousedown', (event) => {
    // Shift chooses rows here, not text.
    if (event.shiftKey) event.preventDefault();
  });
  body.addEventListener('click', (event) => {
    const row = rowAround(event.target);
    const id = row?.dataset['id'];
    if (!row || id === undefined) return;
    if (event.target instanceof Element && event.target.closest('.open')) {
      actions.open(id);
      return;
    }
    if (!checkboxOf(row) || window.getSelection()?.isCollapsed === false) return;
    if (event.shiftKey) actions.extend(id);
    else actions.toggle(id);
    stopOf(row)?.focus({ preventScroll: true });
  });
  rowKeys(body, rows, actions);

  return {
    element,
    draw,
    focus() {
      const row = rows().find((each) => stopOf(each)?.tabIndex === 0);
      if (!row) return;
      stopOf(row)?.focus({ preventScroll: true });
      row.scrollIntoView({ block: 'nearest' });
    },
  };
}
