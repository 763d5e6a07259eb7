import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { h, type ElementAttributes } from './dom';

/**
 * The only file that knows the webview UI toolkit. Its last release is 1.4; a successor is a change here alone.
 * Its rounded corners (`--corner-radius-round`) are set in panel.css.
 */

type Appearance = 'primary' | 'secondary' | 'icon';
/** Its attribute `appearance` follows the property, a frame later: what is written into the attribute can be lost. */
export type ToolkitButton = HTMLElement & { disabled: boolean; appearance: Appearance };
export type ToolkitTextField = HTMLElement & { value: string; disabled: boolean };

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
