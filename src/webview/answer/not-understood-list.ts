import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { placeLabel, filePlaceOf, type FilePlace } from '../../messages/place';
import { h, setAttribute, whenChanged, type Component } from '../page/dom';

/** What of the file was not understood: its line, as a link, what stands there, and what it may do. */
export function notUnderstood(onReveal: (place: FilePlace) => void): Component<PanelView> {
  const list = h('ul');
  const element = h(
    'section',
    { id: 'not-understood', 'aria-labelledby': 'not-understood-heading' },
    h('h2', { id: 'not-understood-heading' }, l10n.t('Not understood')),
    list,
  );
  const draw = whenChanged((all: PanelView['notUnderstood']) => {
    list.replaceChildren(...all.map((one) => rowOf(one, onReveal)));
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.notUnderstood.length === 0);
      draw(view.notUnderstood);
    },
  };
}

function rowOf(
  { source, why, ...at }: PanelView['notUnderstood'][number],
  onReveal: (place: FilePlace) => void,
): HTMLElement {
  const place = filePlaceOf(at) ?? { line: at.line };
  const label = placeLabel(place);
  const link = h('button', { class: 'link', type: 'button', title: l10n.t`Show ${label}` }, label);
  link.addEventListener('click', () => onReveal(place));
  return h('li', {}, link, ' ', h('code', {}, source), h('p', { class: 'muted' }, why));
}
