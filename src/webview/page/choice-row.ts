import { h, setAttribute, whenChanged, type Component } from './dom';
import { rovingFocus } from './roving';

/** What a row of choices is to a screen reader. */
const KINDS = {
  tab: { group: 'tablist', chosen: 'aria-selected' },
  radio: { group: 'radiogroup', chosen: 'aria-checked' },
} as const;

export interface Choices {
  names: readonly string[];
  /** Index into `names`. */
  chosen: number;
}

interface Row {
  kind: keyof typeof KINDS;
  /** Attributes of the whole row. */
  group: Readonly<Record<string, string>>;
  /** Attributes of each button. */
  item: (index: number) => Readonly<Record<string, string>>;
}

/** A button for each name, of which one is chosen; hidden where there is nothing to choose. */
export function choiceRow({ kind, group, item }: Row, choose: (index: number) => void): Component<Choices> {
  const roles = KINDS[kind];
  const element = h('div', { class: 'tabs', role: roles.group, ...group });
  const all = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>(`[role=${kind}]`)];
  rovingFocus(element, all, (button) => choose(all().indexOf(button)));
  const draw = whenChanged(({ names, chosen }: Choices) => {
    const focused = element.contains(document.activeElement);
    element.replaceChildren(
      ...names.map((name, index) => {
        const is = index === chosen;
        const own = { role: kind, type: 'button', [roles.chosen]: String(is), tabindex: is ? 0 : -1 };
        const button = h('button', { ...item(index), ...own }, name);
        button.addEventListener('click', () => choose(index));
        return button;
      }),
    );
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
