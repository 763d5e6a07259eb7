import { h } from '../page/dom';

/** A table with a caption for screen readers and a heading for each column. */
export function comparedTable(
  id: string,
  caption: string,
  headings: readonly string[],
): { element: HTMLElement; body: HTMLElement } {
  const body = h('tbody');
  const head = h('tr', {}, ...headings.map((heading) => h('th', { scope: 'col' }, heading)));
  const table = h(
    'table',
    { id, class: 'compared' },
    h('caption', { class: 'hidden-text' }, caption),
    h('thead', {}, head),
    body,
  );
  return { element: h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, table), body };
}
