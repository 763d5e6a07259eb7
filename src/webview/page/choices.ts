import { type Attributes, h, type Html } from './dom';

interface Choice {
  label: string;
  attributes?: Attributes;
}

interface Row {
  /** What it is to a screen reader. */
  kind: 'tab' | 'radio';
  group: Attributes;
  choices: readonly Choice[];
  chosen: number;
}

/** A button for each choice, of which one is chosen; hidden where there is nothing to choose. */
export function choiceRow({ kind, group, choices, chosen }: Row, choose: (index: number) => void): Html {
  const [role, state] = kind === 'tab' ? ['tablist', 'aria-selected'] : ['radiogroup', 'aria-checked'];
  const buttons = choices.map(({ label, attributes }, index) => {
    const is = index === chosen;
    const own = { role: kind, [state]: String(is), tabindex: is ? 0 : -1, onclick: () => choose(index) };
    return h('button', { ...attributes, ...own }, label);
  });
  const onkeydown = rovingFocus(`[role=${kind}]`, choose);
  return h('div.tabs', { role, ...group, hidden: choices.length < 2, onkeydown }, ...buttons);
}

/**
 * Keyboard for a group of which one element has the focus (radio buttons, tabs, a menu): the arrows move within it,
 * Home and End go to its ends. One stop for the tabulator key.
 * @param onMove hears which has the focus now
 */
export function rovingFocus(selector: string, onMove?: (index: number) => void): (event: KeyboardEvent) => void {
  return (event) => {
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
    const at = all.findIndex((item) => item === document.activeElement);
    const index = at < 0 ? -1 : nextIndex(event.key, at, all.length);
    if (index < 0) return;
    event.preventDefault();
    all[index]?.focus();
    onMove?.(index);
  };
}

/** Where a key leads from place `at` of `count`; −1 where it is no key that moves. */
export function nextIndex(key: string, at: number, count: number): number {
  if (key === 'ArrowDown' || key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowUp' || key === 'ArrowLeft') return (at - 1 + count) % count;
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : -1;
}
