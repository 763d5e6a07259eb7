import { nextIndex } from '../../page/roving';
import { checkboxOf, rowAround, stopOf } from './row-element';
import type { TableActions } from './table-actions';

/** Rows that Page Up and Page Down pass. */
const PAGE = 10;

/**
 * The keyboard of the rows, of which one has the focus: arrows, Home, End and the page keys move, with Shift they choose
 * what they pass; Space chooses, Enter opens, Ctrl+A chooses all, Escape none.
 */
export function rowKeys(body: HTMLElement, rows: () => HTMLElement[], actions: TableActions): void {
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
  switch (key) {
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'PageUp':
      return Math.max(0, at - PAGE);
    case 'PageDown':
      return Math.min(count - 1, at + PAGE);
    case 'Home':
    case 'End':
      return nextIndex(key, at, count);
    default:
      return -1;
  }
}
