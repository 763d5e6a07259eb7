import { visible } from '../../recipe/visible';

type Listener = (event: never) => void;
/** `true`: present, `false` and `null`: absent; an object: properties of the style. */
type AttributeValue = string | number | boolean | null | Listener | Readonly<Record<string, string>>;

/** Attributes by name, listeners by `on` and the name of their event. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An element as it is to look; drawing changes the page where it looks otherwise. */
export interface Html {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Drawn[];
}

type Drawn = Html | Node | string;
/** Nothing where a condition does not hold. */
export type Child = Drawn | false | null | readonly Child[];

/**
 * Describes an element: `h('p.muted.note', { id: 'foot' }, 'text')`. Text becomes text nodes, so that nothing from a file
 * can turn into markup; characters that act instead of being seen are spelled out.
 */
export function h(name: string, ...[first = null, ...others]: (Attributes | Child)[]): Html {
  const [tag = '', ...classes] = name.split('.');
  const own = isAttributes(first) ? first : {};
  const attributes = { ...(classes.length > 0 && { class: classes.join(' ') }), ...own };
  const children = ([own === first ? null : first, ...others] as unknown[]).flat(Infinity) as Exclude<Child, []>[];
  return {
    tag,
    attributes: tag === 'button' ? { type: 'button', ...attributes } : attributes,
    children: children.filter((child) => child !== null && child !== false && child !== '') as Drawn[],
  };
}

function isAttributes(value: Attributes | Child): value is Attributes {
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Node) && !Array.isArray(value);
  return isPlain && !('children' in value);
}

let root: HTMLElement | null = null;

/** Draws the whole page. The focus stays where it was, though elements may move. */
export function drawPage(html: Html): void {
  const { activeElement: had } = document;
  root ??= document.body.appendChild(document.createElement(html.tag));
  dress(root, html);
  if (had instanceof HTMLElement && had !== document.activeElement && had.isConnected)
    had.focus({ preventScroll: true });
}

/** What each element looks like now. */
const drawn = new WeakMap<Node, Html>();

export function elementOf(html: Html): HTMLElement {
  const element = document.createElement(html.tag);
  dress(element, html);
  return element;
}

/** Makes an element look so. One that was described by the same object looks so already. */
function dress(element: HTMLElement, html: Html): void {
  const before = drawn.get(element);
  if (before === html) return;
  drawn.set(element, html);
  const old = before?.attributes ?? {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(html.attributes)])) {
    setAttribute(element, name, html.attributes[name] ?? null, old[name] ?? null);
  }
  // What others put into an element that is drawn without children stays there.
  if (html.children.length > 0 || before?.children.length) drawChildren(element, html.children);
}

export function drawChildren(parent: HTMLElement, children: readonly Drawn[]): void {
  let at: ChildNode | null = parent.firstChild;
  for (const child of children) {
    let node: ChildNode | null = at;
    // An element with an id, or one that is drawn as it is, may have moved: look for it further on.
    while (node && !isOf(node, child)) node = isNamed(child) ? node.nextSibling : null;
    const made: Node =
      node ?? (child instanceof Node ? child : typeof child === 'string' ? new Text() : elementOf(child));
    if (made instanceof Text && typeof child === 'string') {
      const text = visible(child);
      if (made.data !== text) made.data = text;
    } else if (made instanceof HTMLElement && isHtml(child)) dress(made, child);
    if (made === at) at = at.nextSibling;
    else parent.insertBefore(made, at);
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function isHtml(child: Drawn): child is Html {
  // An element has children as well.
  return typeof child === 'object' && !(child instanceof Node);
}

function nameOf({ attributes }: Html): AttributeValue | undefined {
  return attributes['id'] ?? attributes['data-id'];
}

function isNamed(child: Drawn): boolean {
  return typeof child !== 'string' && (child instanceof Node || nameOf(child) !== undefined);
}

function isOf(node: Node, child: Drawn): boolean {
  if (typeof child === 'string') return node instanceof Text;
  if (child instanceof Node) return node === child;
  const html = drawn.get(node);
  return html?.tag === child.tag && nameOf(html) === nameOf(child);
}

/** What a person or the toolkit may have changed since it was set. */
const PROPERTIES: ReadonlySet<string> = new Set(['value', 'checked', 'indeterminate', 'disabled', 'appearance']);

function setAttribute(element: HTMLElement, name: string, value: AttributeValue, before: AttributeValue): void {
  if (typeof value === 'function') {
    if (typeof before === 'function') return;
    element.addEventListener(name.slice(2), (event) => {
      const listener = drawn.get(element)?.attributes[name];
      if (typeof listener === 'function') listener(event as never);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [property, each] of Object.entries(value)) element.style.setProperty(property, each);
  } else if (PROPERTIES.has(name)) {
    if (Reflect.get(element, name) !== value) Reflect.set(element, name, value);
  } else if (value === false || value === null) element.removeAttribute(name);
  else if (value !== before) element.setAttribute(name, value === true ? '' : visible(String(value)));
}

/** Text between backticks becomes code. */
export function withCode(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : h('code', part)));
}

/** A key with places to break a line after each `_`, `.` and `/`; its text stays the same. */
export function breakable(key: string): Child[] {
  const parts = visible(key).split(/(?<=[_./])(?=.)/);
  return parts.map((part, index) => (index === 0 ? part : [h('wbr'), part]));
}

/** The class of a cell: a number stays on one line, words may break. */
export function wrapping(text: string, longest: number): string | null {
  return /\s/.test(text) || text.length > longest ? 'words' : null;
}

/** A text in an element that is not there while there is no text. */
export function unlessEmpty(name: string, text: string): Html {
  return h(name, { hidden: text === '' }, text);
}

/** A part of the page under its heading, `<id>-heading`. */
export function section(name: string, id: string, heading: string, more: Attributes, ...content: Child[]): Html {
  const named = `${id}-heading`;
  return h(name, { 'aria-labelledby': named, ...more }, h('h2', { id: named }, heading), ...content);
}

export function listOf(name: string, texts: readonly string[]): Html {
  return h(name, ...texts.map((text) => h('li', text)));
}

/** A box that scrolls sideways, and can be reached by keyboard for it. */
export function scrolling(label: string, content: Html, more: Attributes = {}): Html {
  return h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': label, ...more }, content);
}

/** A remark behind a value; nothing where it is empty. */
export function aside(note: string): Child {
  return note !== '' && [' ', h('span.muted.aside', note)];
}

/** A row of headings of columns. */
export function headRow(name: string, ...headings: readonly Child[]): Html {
  return h(name, h('tr', ...headings.map((heading) => h('th', { scope: 'col' }, heading))));
}

/** A row of a table under its own heading; text stands in a cell of its own. */
export function row(own: Attributes, heading: Child, ...cells: (string | Html)[]): Html {
  const made = cells.map((cell) => (typeof cell === 'string' ? h('td', cell) : cell));
  return h('tr', own, h('th', { scope: 'row' }, heading), made);
}

/** A table under headings of columns. @param caption as text: for screen readers alone */
export function table(id: string, caption: string | Html, headings: readonly Child[], rows: readonly Html[]): Html {
  const own = typeof caption === 'string' ? h('caption.hidden-text', caption) : caption;
  return h('table', { id }, own, headRow('thead', ...headings), h('tbody', ...rows));
}

/** How much of something is done, as a bar. */
export function progressBar(label: string, done: number, all: number): Html {
  const values = { 'aria-valuemin': 0, 'aria-valuenow': done, 'aria-valuemax': all };
  const style = { '--done': String(all > 0 ? Math.min(1, done / all) : 0) };
  return h('div.bar', { role: 'progressbar', 'aria-label': label, ...values, style }, h('i'));
}

/** A part that folds out. What is open is remembered by its id. */
export function disclosure(id: string, label: string, more: Attributes, ...content: Child[]): Html {
  return h('details.disclosure', { id, ...more }, h('summary', label), ...content);
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
