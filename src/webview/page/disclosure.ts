import { h } from './dom';

/** A part that folds out. What is open is remembered by its id. */
export function disclosure(id: string, label: string, ...content: Node[]): HTMLDetailsElement {
  return h('details', { id, class: 'disclosure' }, h('summary', {}, label), ...content);
}
