import { type Component, h, setAttribute, whenChanged } from './dom';

/** What a row of choices is to a screen reader. */
const KINDS = {
  tab: { group: 'tablist', chosen: 'aria-selected' },
  radio: { group: 'radiogroup', chosen: 'aria-checked' },
} as const;

export interface Choices {
  names: readonly string[];
  chosen: number;
}

interface Row {
  kind: keyof typeof KINDS;
  group: Readonly<Record<string, string>>;
  item: (index: number) => Readonly<Record<string, string>>;
}

/** A button for each name, of which one is chosen; hidden where there is nothing to choose. */
export function choiceRow({ kind, group, item }: Row, choose: (index: number) => void): Component<Choices> {
  const roles = KINDS[kind];
  const element = h('div.tabs', { role: roles.group, ...group });
  const all = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>(`[role=${kind}]`)];
  rovingFocus(element, all, (button) => choose(all().indexOf(button)));
  const draw = whenChanged(({ names, chosen }: Choices) => {
    const focused = element.contains(document.activeElement);
    const buttons = names.map((name, index) => {
      const is = index === chosen;
      const own = { role: kind, [roles.chosen]: String(is), tabindex: is ? 0 : -1, onclick: () => choose(index) };
      return h('button', { ...item(index), ...own }, name);
    });
    element.replaceChildren(...buttons);
    if (focused) all()[chosen]?.focus();
  });
  return {
    element,
    draw(choices) {
      setAttribute(element, 'hidden', choices.names.length < 2);
      draw(choices);
    },
  };
}

/**
 * Keyboard for a group of which one element has the focus (radio buttons, tabs, a menu): the arrows move within it,
 * Home and End go to its ends. One stop for the tabulator key.
 * @param items the elements as they are now, in their order
 */
export function rovingFocus(
  group: HTMLElement,
  items: () => HTMLElement[],
  onMove?: (item: HTMLElement) => void,
): void {
  group.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const next = at < 0 ? undefined : all[nextIndex(event.key, at, all.length)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    onMove?.(next);
  });
}

/** Where a key leads from place `at` of `count`; −1 where it is no key that moves. */
export function nextIndex(key: string, at: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowUp':
    case 'ArrowLeft':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
}
