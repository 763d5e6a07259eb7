import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../messages/recipes';
import { h, setAttribute, setText } from '../page/dom';
import { checkboxOf, rowAround, rowElement, stopOf, tableHead } from './row';
import { COLUMNS, type ColumnId, type TableState } from './rows';

interface RecipesTable {
  readonly element: HTMLElement;
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
  const caption = h('caption.hidden-text', l10n.t('LoRA recipes of the workspace'));
  const attributes = { id: 'recipes', role: 'grid', 'aria-multiselectable': 'true' };
  const table = h('table.recipes-table', attributes, caption, head.element, body);
  const showMore = (): void => {
    most += MOST_ROWS;
    if (last) draw(last.shown, last.state);
  };
  const more = h('button.link.more', { onclick: showMore });
  const element = h('div.recipes-box', table, more);
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

/** Rows that Page Up and Page Down pass. */
const PAGE = 10;

/**
 * The keyboard of the rows, of which one has the focus: arrows, Home, End and the page keys move, with Shift they choose
 * what they pass; Space chooses, Enter opens, Ctrl+A chooses all, Escape none.
 */
function rowKeys(body: HTMLElement, rows: () => HTMLElement[], actions: TableActions): void {
  body.addEventListener('keydown', (event) => {
    const row = rowAround(event.target);
    const id = row?.dataset['id'];
    if (!row || id === undefined) return;
    const all = rows();
    const next = all[stepFrom(event.key, all.indexOf(row), all.length)];
    if (next) {
      stopOf(next)?.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
      const to = next.dataset['id'];
      if (event.shiftKey && to !== undefined && checkboxOf(next)) actions.extend(to, id);
    } else if (event.key === ' ') {
      if (checkboxOf(row)) actions.toggle(id);
    } else if (event.key === 'Enter') actions.open(id);
    else if (event.key === 'Escape') actions.clear();
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) actions.toggleAll();
    else return;
    event.preventDefault();
  });
  // A checkbox toggles itself when Space is let go.
  body.addEventListener('keyup', (event) => {
    if (event.key === ' ') event.preventDefault();
  });
}

/** The row that a key leads to; −1 where it is no key that moves. It stops at the ends. */
export function stepFrom(key: string, at: number, count: number): number {
  const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE };
  const step = steps[key];
  if (step !== undefined) return Math.min(count - 1, Math.max(0, at + step));
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : -1;
}

interface TableActions {
  sortBy(column: ColumnId): void;
  open(id: string): void;
  toggle(id: string): void;
  /** @param from where a range begins that has no beginning yet */
  extend(id: string, from?: string): void;
  toggleAll(): void;
  clear(): void;
  activate(id: string): void;
}
