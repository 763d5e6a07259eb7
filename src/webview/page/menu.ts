import { h, setAttribute } from './dom';
import { rovingFocus } from './roving';
import { button, type ToolkitButton } from './toolkit';

interface MenuItem {
  id: string;
  label: string;
  choose(): void;
}

/** A button that opens a small menu above itself. */
export function menu(
  id: string,
  label: string,
  items: readonly MenuItem[],
): { element: HTMLElement; trigger: ToolkitButton; enable(is: Readonly<Record<string, boolean>>): void } {
  const list = h('div', { class: 'menu', role: 'menu', 'aria-label': label, hidden: true });
  const trigger = button(`${label} ▾`, 'secondary', { id, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, () => {
    open(list.hidden === true);
  });
  const entries = items.map((item) => {
    const entry = h('button', { id: item.id, type: 'button', role: 'menuitem', tabindex: -1 }, item.label);
    entry.addEventListener('click', () => {
      if (entry.getAttribute('aria-disabled')) return;
      open(false);
      trigger.focus();
      item.choose();
    });
    return entry;
  });
  list.append(...entries);
  const element = h('div', { class: 'menu-anchor' }, trigger, list);

  function open(is: boolean): void {
    list.hidden = !is;
    setAttribute(trigger, 'aria-expanded', String(is));
    if (is) entries[0]?.focus();
  }
  rovingFocus(
    list,
    () => entries,
    () => undefined,
  );
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open(false);
    trigger.focus();
  });
  element.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) open(false);
  });
  const enable = (is: Readonly<Record<string, boolean>>): void => {
    for (const entry of entries) setAttribute(entry, 'aria-disabled', is[entry.id] === false ? 'true' : null);
  };
  return { element, trigger, enable };
}
