import { visible } from '../../recipe/visible';

type AttributeValue = string | number | boolean | null;

/** What an element is made of: attributes by name; `true` = present, `false` and `null` = absent. */
export type ElementAttributes = Readonly<Record<string, AttributeValue>>;

/** A piece of the page: made once, drawn whenever what it shows has changed. */
export interface Component<View> {
  readonly element: HTMLElement;
  draw(view: View): void;
}

/**
 * Makes an element. Text children become text nodes, so that nothing from a file can turn into markup; characters that
 * act instead of being seen are spelled out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes?: ElementAttributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag];
export function h(tag: string, attributes?: ElementAttributes, ...children: (Node | string)[]): HTMLElement;
export function h(tag: string, attributes: ElementAttributes = {}, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return element;
}

/** Sets or removes an attribute; leaves it alone where it already has this value, so that observers stay quiet. */
export function setAttribute(element: Element, name: string, value: AttributeValue): void {
  if (value === false || value === null) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : visible(String(value));
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets an element's text; leaves it alone where it already says so, so that a selection in it survives. */
export function setText(element: Element, text: string): void {
  const shown = visible(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Sets the text of an element; text between backticks becomes code. */
export function setWords(element: Element, words: string): void {
  const parts = visible(words).split('`');
  if (element.textContent === parts.join('')) return;
  element.replaceChildren(...parts.map((part, index) => (index % 2 === 0 ? part : h('code', {}, part))));
}

/** A key with places to break a line after each `_`, `.` and `/`; its text stays the same. */
export function breakable(key: string): (Node | string)[] {
  return visible(key)
    .split(/(?<=[_./])(?=.)/)
    .flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part]));
}

/** Calls `draw` only when `view` differs from the last one, compared as JSON. */
export function whenChanged<View>(draw: (view: View) => void): (view: View) => void {
  let last: string | undefined;
  return (view) => {
    const now = JSON.stringify(view);
    if (now === last) return;
    last = now;
    draw(view);
  };
}

/** The class of a cell: a number stays on one line, words may break. */
export function wrapping(text: string, longest: number): string | null {
  return /\s/.test(text) || text.length > longest ? 'words' : null;
}

/** A part that folds out. What is open is remembered by its id. */
export function disclosure(id: string, label: string, ...content: Node[]): HTMLDetailsElement {
  return h('details', { id, class: 'disclosure' }, h('summary', {}, label), ...content);
}

interface Debounced<Value> {
  (value: Value): void;
  /** Forgets a value that waits. */
  cancel(): void;
  /** Acts on a value that waits. */
  now(): void;
}

/** Calls `act` with the last value once nothing has come for `ms` milliseconds. */
export function debounced<Value>(act: (value: Value) => void, ms: number): Debounced<Value> {
  let waiting: { value: Value; timer: ReturnType<typeof setTimeout> } | null = null;
  const cancel = (): void => {
    if (waiting) clearTimeout(waiting.timer);
    waiting = null;
  };
  const now = (): void => {
    const due = waiting;
    cancel();
    if (due) act(due.value);
  };
  const later = (value: Value): void => {
    cancel();
    waiting = { value, timer: setTimeout(now, ms) };
  };
  return Object.assign(later, { cancel, now });
}
