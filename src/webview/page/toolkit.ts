import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { rovingFocus } from './choices';
import { type ElementAttributes, h, setAttribute } from './dom';

/**
 * The only file that knows the webview UI toolkit. Its last release is 1.4; a successor is a change here alone.
 * Its rounded corners (`--corner-radius-round`) are set in panel.css.
 */

type Appearance = 'primary' | 'secondary' | 'icon';
/** Its attribute `appearance` follows the property, a frame later: what is written into the attribute can be lost. */
type ToolkitButton = HTMLElement & { disabled: boolean; appearance: Appearance };
type ToolkitTextField = HTMLElement & { value: string; disabled: boolean };

/** Registers the elements in use; call once, before any is made. */
export function useToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
}

export function button(
  label: string,
  appearance: Appearance,
  attributes: ElementAttributes,
  onClick: () => void,
): ToolkitButton {
  const element = h('vscode-button', { appearance, ...attributes }, label) as ToolkitButton;
  element.addEventListener('click', () => {
    if (!element.disabled) onClick();
  });
  return element;
}

/** A text field; `onInput` hears every change of its text. */
export function textField(attributes: ElementAttributes, onInput: (text: string) => void): ToolkitTextField {
  const element = h('vscode-text-field', attributes) as ToolkitTextField;
  element.addEventListener('input', () => onInput(element.value));
  return element;
}

interface MenuItem {
  id: string;
  label: string;
  choose(): void;
}

interface Menu {
  readonly element: HTMLElement;
  readonly trigger: ToolkitButton;
  enable(is: Readonly<Record<string, boolean>>): void;
}

/** A button that opens a small menu above itself. */
export function menu(id: string, label: string, items: readonly MenuItem[]): Menu {
  const popup = { id, 'aria-haspopup': 'menu', 'aria-expanded': 'false' };
  const trigger = button(`${label} ▾`, 'secondary', popup, () => open(list.hidden === true));
  const leave = (): void => {
    open(false);
    trigger.focus();
  };
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave();
  };
  const entries = items.map((item) => {
    const onclick = (): void => {
      if (entry.getAttribute('aria-disabled')) return;
      leave();
      item.choose();
    };
    const entry = h('button', { id: item.id, role: 'menuitem', tabindex: -1, onclick }, item.label);
    return entry;
  });
  const list = h('div.menu', { role: 'menu', 'aria-label': label, hidden: true, onkeydown }, ...entries);
  const onfocusout = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) open(false);
  };
  const element = h('div.menu-anchor', { onfocusout }, trigger, list);

  function open(is: boolean): void {
    list.hidden = !is;
    setAttribute(trigger, 'aria-expanded', String(is));
    if (is) entries[0]?.focus();
  }
  rovingFocus(list, () => entries);
  const enable = (is: Readonly<Record<string, boolean>>): void => {
    for (const entry of entries) setAttribute(entry, 'aria-disabled', is[entry.id] === false ? 'true' : null);
  };
  return { element, trigger, enable };
}
