import { provideVSCodeDesignSystem, TextField, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { rovingFocus } from './choices';
import { type Attributes, h, type Html } from './dom';

/**
 * The only file that knows the webview UI toolkit. Its last release is 1.4; a successor is a change here alone.
 * Its rounded corners (`--corner-radius-round`) are set in panel.css.
 */

/** Registers the elements in use; call once, before any is made. */
export function useToolkit(): void {
  // A field names itself "Text field" as it comes onto the page, whatever label it has.
  const connected = Reflect.get(TextField.prototype, 'connectedCallback');
  TextField.prototype.connectedCallback = function () {
    const label = this.getAttribute('aria-label');
    connected.call(this);
    if (label !== null) this.setAttribute('aria-label', label);
  };
  // Its inner field gets a new value in the next frame: that would undo a selection made before, and typing would append.
  const changed = Reflect.get(TextField.prototype, 'valueChanged');
  TextField.prototype.valueChanged = function (previous, next) {
    changed.call(this, previous, next);
    if (this.isConnected) this.control.value = next;
  };
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
}

export function button(
  label: string,
  appearance: 'primary' | 'secondary',
  attributes: Attributes,
  onClick: () => void,
): Html {
  const onclick = (): void => {
    if (attributes['disabled'] !== true) onClick();
  };
  return h('vscode-button', { disabled: false, ...attributes, appearance, onclick }, label);
}

/** A text field; `onInput` hears every change of its text. */
export function textField(attributes: Attributes, onInput: (text: string) => void): Html {
  const oninput = ({ currentTarget }: Event): void => onInput((currentTarget as HTMLInputElement).value);
  return h('vscode-text-field', { ...attributes, oninput });
}

/** Moves the focus to a text field, where typing replaces what is there. */
export function selectField(id: string): void {
  const field = document.getElementById(id);
  if (!(field instanceof TextField)) return;
  field.focus();
  field.control.select();
}

interface MenuItem {
  id: string;
  label: string;
  isOff?: boolean;
  choose(): void;
}

/** A button that opens a small menu above itself. Whether it is open is state of the elements alone. */
export function menu(
  { id, label, title, isOff = false }: { id: string; label: string; title: string; isOff?: boolean },
  items: readonly MenuItem[],
): Html {
  const parts = (): [trigger: HTMLElement, list: HTMLElement] => {
    const trigger = document.getElementById(id);
    return [trigger as HTMLElement, trigger?.nextElementSibling as HTMLElement];
  };
  const open = (is: boolean): void => {
    const [trigger, list] = parts();
    list.hidden = !is;
    trigger.setAttribute('aria-expanded', String(is));
    if (is) list.querySelector('button')?.focus();
  };
  const leave = (): void => {
    open(false);
    parts()[0].focus();
  };
  const moves = rovingFocus('button');
  const onkeydown = (event: KeyboardEvent): void => (event.key === 'Escape' ? leave() : moves(event));
  const entries = items.map((item) => {
    const onclick = (): void => {
      if (item.isOff) return;
      leave();
      item.choose();
    };
    const isOff = item.isOff === true ? 'true' : null;
    return h('button', { id: item.id, role: 'menuitem', tabindex: -1, 'aria-disabled': isOff, onclick }, item.label);
  });
  const onfocusout = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    const isInside = relatedTarget instanceof Node && (currentTarget as HTMLElement).contains(relatedTarget);
    if (!isInside) open(false);
  };
  const popup = { id, 'aria-haspopup': 'menu', 'aria-expanded': 'false', disabled: isOff };
  return h(
    'div.menu-anchor',
    { onfocusout },
    button(title, 'secondary', popup, () => open(parts()[1].hidden === true)),
    h('div.menu', { role: 'menu', 'aria-label': label, hidden: true, onkeydown }, ...entries),
  );
}
