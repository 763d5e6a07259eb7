import * as l10n from '@vscode/l10n';
import type { ComparisonView, WayView } from '../../messages/comparison';
import { breakable, h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';
import { isOutdated } from './comparison-verdict';

/** The ways to make the second the same run as the first: name, what is written, and a button that writes it. */
export function ways(onApply: (way: WayView['id']) => void): Component<ComparisonView> {
  const heading = h('h2', { id: 'ways-heading' });
  const list = h('div', { class: 'ways' });
  const element = h('section', { 'aria-labelledby': 'ways-heading' }, heading, list);
  const draw = whenChanged(({ all, name, isOld }: { all: readonly WayView[]; name: string; isOld: boolean }) => {
    // One button stands out: the first way that can be written.
    const best = all.find(({ refusal }) => refusal === null);
    list.replaceChildren(...all.map((way) => wayOf(way, { isBest: way === best, isOld }, name, onApply)));
  });
  return {
    element,
    draw(view) {
      const { ways: all, first, second } = view;
      setAttribute(element, 'hidden', all.length === 0);
      setText(heading, l10n.t`Make ${second.name} match ${first.name}`);
      draw({ all, name: second.name, isOld: isOutdated(view) });
    },
  };
}

function wayOf(
  way: WayView,
  { isBest, isOld }: { isBest: boolean; isOld: boolean },
  file: string,
  onApply: (way: WayView['id']) => void,
): HTMLElement {
  const { id, title, needs, changes, left, refusal } = way;
  const apply = button(
    l10n.t('Apply to file…'),
    isBest ? 'primary' : 'secondary',
    { id: `apply-${id}`, 'aria-label': l10n.t`Apply to file… (${file}): ${title}` },
    () => onApply(id),
  );
  apply.disabled = isOld;
  return h(
    'article',
    { class: 'way', 'aria-label': title },
    h('h3', {}, title, ' ', h('span', { class: 'muted needs' }, needs)),
    h('ul', { class: 'changes', 'aria-label': l10n.t`${title}: change in ${file}` }, ...changes.map(changeOf)),
    ...(left === '' ? [] : [h('p', { class: 'note muted' }, left)]),
    refusal === null ? apply : h('p', { class: 'note muted' }, l10n.t`Apply is locked: ${refusal}`),
  );
}

/** `lora_alpha 64 → 16` */
function changeOf({ key, from, to, note }: WayView['changes'][number]): HTMLElement {
  return h(
    'li',
    {},
    ...breakable(key),
    ' ',
    h('span', { class: 'muted' }, `${from} →`),
    ' ',
    h('b', {}, to),
    ...(note === '' ? [] : [' ', h('span', { class: 'muted aside' }, note)]),
  );
}
