import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../messages/recipes';
import { h, type Html } from '../page/dom';
import { type Sort, sortableTable } from '../page/sorting';
import { rowElement } from './row';
import { COLUMNS, type ColumnId, type TableState } from './rows';

interface TableActions {
  change(changes: { sort?: Sort<ColumnId>; most?: number }): void;
  open(id: string): void;
  toggle(id: string): void;
  /** @param from where a range begins that has no beginning yet */
  extend(id: string, from?: string): void;
  toggleAll(): void;
  clear(): void;
  activate(id: string): void;
}

/** Rows as they were drawn: most are as they were. */
const drawn = new WeakMap<RecipeRow, { state: string; html: Html }>();

function rowOf(row: RecipeRow, isChosen: boolean, isActive: boolean): Html {
  const state = `${isChosen} ${isActive}`;
  const known = drawn.get(row);
  if (known?.state === state) return known.html;
  const html = rowElement(row, isChosen, isActive ? 0 : -1);
  drawn.set(row, { state, html });
  return html;
}

/** The table in a box of its own, which scrolls. */
export function recipesTable(
  shown: readonly RecipeRow[],
  { chosen: ids, active: last, sort, most }: TableState & { most: number },
  actions: TableActions,
): Html {
  const chosen = new Set(ids);
  const active = shown.slice(0, most).find(({ id }) => id === last) ?? shown[0];
  const choosable = shown.filter(({ numbers }) => numbers !== null);
  const count = choosable.filter(({ id }) => chosen.has(id)).length;
  const { change, toggleAll: onchange } = actions;
  const checked = {
    checked: count > 0 && count === choosable.length,
    indeterminate: count > 0 && count < choosable.length,
  };
  const choose = { type: 'checkbox', id: 'choose-all', 'aria-label': l10n.t('Choose all that are shown'), ...checked };
  return sortableTable({
    ...{ id: 'recipes', caption: l10n.t('LoRA recipes of the workspace'), columns: COLUMNS, sort, change },
    ...{ rows: shown, most, listeners: listeners(actions) },
    first: h('th.choose', { scope: 'col' }, h('input', { ...choose, onchange })),
    rowOf: (row) => rowOf(row, chosen.has(row.id), row === active),
    own: { role: 'grid', 'aria-multiselectable': 'true', 'aria-colcount': COLUMNS.length + 1 },
  });
}

/** Gives the keyboard to the row that had it last, else to the first. */
export function focusTable(): void {
  const stop = document.querySelector<HTMLElement>('#recipes .stop[tabindex="0"]');
  if (stop) focusRow(stop.closest('tr'));
}

function focusRow(row: HTMLElement | null | undefined): void {
  row?.querySelector<HTMLElement>('.stop')?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

interface RowAt {
  row: HTMLElement;
  id: string;
  canChoose: boolean;
}

function rowAt(element: EventTarget | null | undefined): RowAt | null {
  const row = element instanceof Element ? element.closest<HTMLElement>('tr[data-id]') : null;
  return row && { row, id: row.dataset['id'] ?? '', canChoose: row.querySelector('input') !== null };
}

const PAGE = 10;

/**
 * Mouse and keyboard of the rows, of which one has the focus: arrows, Home, End and the page keys move, with Shift they
 * choose what they pass; Space chooses, Enter opens, Ctrl+A chooses all, Escape none.
 */
function listeners(actions: TableActions) {
  return {
    onfocusin: ({ target }: Event): void => {
      const at = rowAt(target);
      if (at) actions.activate(at.id);
    },
    onmousedown: (event: MouseEvent): void => {
      // Shift chooses rows here, not text.
      if (event.shiftKey) event.preventDefault();
    },
    onclick: ({ target, shiftKey }: MouseEvent): void => {
      const at = rowAt(target);
      if (!at) return;
      const { row, id, canChoose } = at;
      if (target instanceof Element && target.closest('.open')) return actions.open(id);
      if (!canChoose || window.getSelection()?.isCollapsed === false) return;
      if (shiftKey) actions.extend(id);
      else actions.toggle(id);
      row.querySelector<HTMLElement>('.stop')?.focus({ preventScroll: true });
    },
    onkeydown: (event: KeyboardEvent): void => {
      const at = rowAt(event.target);
      if (!at) return;
      const { row, id, canChoose } = at;
      const all = [...(row.parentElement?.children ?? [])];
      const next = rowAt(all[stepFrom(event.key, all.indexOf(row), all.length)]);
      if (next) {
        focusRow(next.row);
        if (event.shiftKey && next.canChoose) actions.extend(next.id, id);
      } else if (event.key === ' ') {
        if (canChoose) actions.toggle(id);
      } else if (event.key === 'Enter') actions.open(id);
      else if (event.key === 'Escape') actions.clear();
      else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) actions.toggleAll();
      else return;
      event.preventDefault();
    },
    // A checkbox toggles itself when Space is let go.
    onkeyup: (event: KeyboardEvent): void => {
      if (event.key === ' ') event.preventDefault();
    },
  };
}

/** The row that a key leads to; −1 where it is no key that moves. It stops at the ends. */
export function stepFrom(key: string, at: number, count: number): number {
  const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE };
  const step = steps[key];
  if (step !== undefined) return Math.min(count - 1, Math.max(0, at + step));
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : -1;
}
