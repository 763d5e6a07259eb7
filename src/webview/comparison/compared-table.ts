import { h } from '../page/dom';

/** Rows under a heading of their own; without one where `label` is empty. */
export interface RowGroup {
  label: string;
  rows: readonly HTMLElement[];
}

export interface ComparedTable {
  element: HTMLElement;
  draw(headings: readonly (string | Node)[], groups: readonly RowGroup[]): void;
}

/** A table with a caption for screen readers, a heading for each column, and groups of rows. */
export function comparedTable(id: string, caption: string): ComparedTable {
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
