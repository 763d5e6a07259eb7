import type { PanelView } from '../messages/panel';
import { h, setAttribute, whenChanged, type Part } from './dom';
import { rovingFocus } from './roving';

/** A tab for each network, where a file holds several. */
export function networks(onNetwork: (network: number) => void): Part<PanelView> {
  const element = h('div', { id: 'networks', class: 'tabs', role: 'tablist', 'aria-label': 'Networks in this file' });
  const tabs = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>('[role=tab]')];
  rovingFocus(element, tabs, (tab) => onNetwork(tabs().indexOf(tab)));
  const draw = whenChanged(({ names, chosen }: { names: readonly string[]; chosen: number }) => {
    const focused = element.contains(document.activeElement);
    element.replaceChildren(
      ...names.map((name, index) => {
        const is = index === chosen;
        const attributes = { id: `network-${index}`, role: 'tab', type: 'button', 'aria-controls': 'panel' };
        const tab = h('button', { ...attributes, 'aria-selected': String(is), tabindex: is ? 0 : -1 }, name);
        tab.addEventListener('click', () => onNetwork(index));
        return tab;
      }),
    );
    if (focused) tabs()[chosen]?.focus();
  });
  return {
    element,
    draw({ recipe }) {
      const names = recipe?.networks ?? [];
      setAttribute(element, 'hidden', names.length < 2);
      draw({ names, chosen: recipe?.network ?? 0 });
    },
  };
}
