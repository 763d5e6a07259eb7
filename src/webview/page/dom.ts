import { visible } from '../../recipe/visible';

type AttributeValue = string | number | boolean | null;
type Listener = (event: Event) => void;
type Listeners = {
  readonly [Type in keyof HTMLElementEventMap as `on${Type}`]?: (event: HTMLElementEventMap[Type]) => void;
};

/**
 * What an element is made of: attributes by name (`true` = present, `false` and `null` = absent), listeners by `on` and
 * the name of their event.
 */
export type ElementAttributes = Readonly<Record<string, AttributeValue | Listener>> | Listeners;

/** A text, an element, or nothing where a condition does not hold. */
type Child = Node | string | false | null;

type TagIn<Name> = Name extends `${infer Tag}.${string}` ? Tag : Name;
type ElementOf<Tag> = Tag extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag] : HTMLElement;

/** A piece of the page: made once, drawn whenever what it shows has changed. */
export interface Component<View> {
  readonly element: HTMLElement;
  draw(view: View): void;
}

/**
 * Makes an element: `h('p.muted.note', { id: 'foot' }, 'text')`. Text children become text nodes, so that nothing from a
 * file can turn into markup; characters that act instead of being seen are spelled out.
 */
export function h<Name extends string>(
  name: Name,
  ...[first, ...others]: (ElementAttributes | Child)[]
): ElementOf<TagIn<Name>> {
  const [tag = '', ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  if (tag === 'button') setAttribute(element, 'type', 'button');
  const hasAttributes = typeof first === 'object' && first !== null && !(first instanceof Node);
  for (const [key, value] of Object.entries(hasAttributes ? first : {})) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value as (event: Event) => void);
    else setAttribute(element, key, value);
  }
  for (const child of (hasAttributes ? others : [first, ...others]) as readonly (Child | undefined)[]) {
    if (child) element.append(typeof child === 'string' ? visible(child) : child);
  }
  return element as ElementOf<TagIn<Name>>;
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
  element.replaceChildren(...parts.map((part, index) => (index % 2 === 0 ? part : h('code', part))));
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

/** A part of the page under its heading, `<id>-heading`. */
export function section(name: string, id: string, heading: Child | HTMLElement, ...content: Child[]): HTMLElement {
  const title = heading instanceof HTMLElement ? heading : h('h2', heading);
  title.id = `${id}-heading`;
  return h(name === '' ? 'section' : `section.${name}`, { 'aria-labelledby': title.id }, title, ...content);
}

/** A list of sentences. */
export function sentences(name = 'ul.muted'): Component<readonly string[]> {
  const element = h(name);
  return { element, draw: whenChanged((texts) => element.replaceChildren(...texts.map((text) => h('li', text)))) };
}

/** A box that scrolls sideways, and can be reached by keyboard for it. */
export function scrolling(label: string, content: HTMLElement): HTMLElement {
  return h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': label }, content);
}

/** A row of headings of columns. */
export function headRow(...headings: readonly (string | Node)[]): HTMLElement {
  return h('thead', h('tr', ...headings.map((heading) => h('th', { scope: 'col' }, heading))));
}

/** A part that folds out. What is open is remembered by its id. */
export function disclosure(id: string, label: string, ...content: Node[]): HTMLDetailsElement {
  return h('details.disclosure', { id }, h('summary', label), ...content);
}

interface Debounced<Value> {
  (value: Value): void;
  cancel(): void;
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
