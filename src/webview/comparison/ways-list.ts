import * as l10n from '@vscode/l10n';
import type { ComparisonView, WayView } from '../../messages/comparison';
import { breakable, h, setAttribute, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';

/** What would make the second the same run as the first, and a button that writes it. */
export function ways(onApply: (way: WayView['id']) => void): Component<ComparisonView> {
  const list = h('div', { class: 'ways' });
  const element = h(
    'section',
    { 'aria-labelledby': 'ways-heading' },
    h('h2', { id: 'ways-heading' }, l10n.t('To make the second the same run as the first')),
    list,
  );
  const draw = whenChanged(({ all, name }: { all: readonly WayView[]; name: string }) => {
    // One button stands out: the first way that can be written.
    const best = all.find(({ refusal }) => refusal === null);
    list.replaceChildren(...all.map((way) => wayOf(way, way === best, name, onApply)));
  });
  return {
    element,
    draw({ ways: all, second }) {
      setAttribute(element, 'hidden', all.length === 0);
      draw({ all, name: second.file.name });
    },
  };
}

function wayOf(way: WayView, isBest: boolean, file: string, onApply: (way: WayView['id']) => void): HTMLElement {
  const { id, title, changes, left, refusal } = way;
  const rows = changes.map(({ key, from, to, note }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, ...breakable(key)),
      h('td', { class: 'muted' }, from),
      h('td', { class: 'arrow muted', 'aria-hidden': 'true' }, '→'),
      h('td', {}, h('b', {}, to), ...(note === '' ? [] : [' ', h('span', { class: 'muted aside' }, note)])),
    ),
  );
  const apply = button(
    l10n.t('Apply to file…'),
    isBest ? 'primary' : 'secondary',
    { id: `apply-${id}`, 'aria-label': l10n.t`Apply to file… (${file}): ${title}` },
    () => onApply(id),
  );
  return h(
    'article',
    { class: 'way', 'aria-label': title },
    h('h3', {}, title),
    h(
      'table',
      {},
      h('caption', { class: 'hidden-text' }, l10n.t`${title}: change in ${file}`),
      h('tbody', {}, ...rows),
    ),
    ...(left === '' ? [] : [h('p', { class: 'note muted' }, left)]),
    refusal === null ? apply : h('p', { class: 'note muted' }, l10n.t`Cannot be applied for you: ${refusal}`),
  );
}
