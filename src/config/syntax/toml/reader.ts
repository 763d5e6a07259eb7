import * as l10n from '@vscode/l10n';
import { bareScalar, quotedScalar, type Entry, type Home, type ListNode, type MapNode, type SyntaxNode } from '../tree';
import { isPlainKey, isPlainValue, typeOf } from './plain';
import { Odd, SPACE, type TomlSource } from './source';
import { anyString, lineString } from './strings';
import { bareValueAt } from './bare-value';

const BARE_KEY = /[\w-]+/y;

interface KeyPart {
  name: string;
  range: Entry['keyRange'];
}

/** @see https://github.com/python/cpython/blob/3.13/Lib/tomllib/_parser.py (MIT licence: scripts/notices.mjs) */
export class TomlReader {
  private readonly top: MapNode;
  /** The entries of each map by name: a file of many tables asks for them often. */
  private readonly known = new WeakMap<MapNode, Map<string, SyntaxNode>>();
  /** Lists and tables in brackets, which nothing is added to. */
  private readonly frozen = new WeakSet<SyntaxNode>();
  /** Tables that no further header may open. */
  private readonly opened = new WeakSet<SyntaxNode>();
  /** Tables that dotted keys named. From the next header on, they count as opened. */
  private dotted: SyntaxNode[] = [];

  constructor(
    private readonly source: TomlSource,
    private readonly file: string,
    /** Whether to stop at valid TOML that the package toml may read differently. */
    private readonly isPlain: boolean,
  ) {
    this.top = { kind: 'map', range: { start: 0, end: file.length }, entries: [] };
  }

  root(): MapNode {
    const { source } = this;
    let table = this.top;
    for (;;) {
      source.skip(SPACE);
      const next = source.peek();
      if (next === '') return this.top;
      if (next === '[') {
        for (const node of this.dotted.splice(0)) this.opened.add(node);
        table = source.isNext('[[') ? this.listHeader() : this.header();
      } else if (next === '"' || next === "'" || /[\w-]/.test(next)) {
        this.pair(table);
        if (table !== this.top) table.range = { ...table.range, end: source.inFile(source.at) };
      } else if (next !== '#' && next !== '\n') source.stop('Invalid statement');
      source.skip(SPACE);
      source.comment();
      if (source.peek() === '') return this.top;
      if (source.peek() !== '\n') source.stop('Expected newline or end of document after a statement');
      source.at += 1;
    }
  }

  private key(): KeyPart[] {
    const { source } = this;
    const parts: KeyPart[] = [];
    const begin = source.at;
    for (;;) {
      source.skip(SPACE);
      const start = source.at;
      const name = source.match(BARE_KEY) ?? lineString(source);
      if (name === null) return source.stop('Invalid initial character for a key part');
      parts.push({ name, range: source.range(start) });
      const end = source.at;
      source.skip(SPACE);
      if (source.peek() !== '.') {
        if (this.isPlain && !isPlainKey(source.text.slice(begin, end).trim())) this.odd(begin, end);
        return parts;
      }
      source.at += 1;
    }
  }

  /** @throws Odd */
  private odd(start: number, end: number): never {
    const shown = this.source.text.slice(start, end).replace(/\s+/g, ' ').slice(0, 40);
    throw new Odd(
      l10n.t`The package toml, with which the trainer reads this file, may read ${shown} as another value, so LoRA Alpha does not read the file.`,
      start,
    );
  }

  /** The map of a `[table]`. */
  private header(): MapNode {
    const start = this.source.at;
    this.source.at += 1;
    const key = this.key();
    const known = this.nodeAt(key);
    if (known && (this.opened.has(known) || this.frozen.has(known)))
      this.source.stop(`Cannot declare ${tuple(key)} twice`);
    const node = this.nest(this.top, key, start);
    this.close(']', "Expected ']' at the end of a table declaration");
    this.opened.add(node);
    // `[a.b]` creates `a` with an empty range; a later `[a]` gives it its range.
    if (node.range.start === node.range.end) node.range = this.source.range(start);
    return node;
  }

  /** The new element of a `[[table]]`. */
  private listHeader(): MapNode {
    const start = this.source.at;
    this.source.at += 2;
    const key = this.key();
    const known = this.nodeAt(key);
    if (known && this.frozen.has(known)) this.source.stop(`Cannot mutate immutable namespace ${tuple(key)}`);
    const parent = this.nest(this.top, key.slice(0, -1), start);
    const last = key.at(-1)?.name ?? '';
    const list =
      this.child(parent, last) ??
      this.added<ListNode>(parent, last, { kind: 'list', range: this.source.range(start, start), items: [] });
    if (list.kind !== 'list') return this.source.stop('Cannot overwrite a value');
    this.close(']]', "Expected ']]' at the end of an array declaration");
    this.opened.add(list);
    const element: MapNode = { kind: 'map', range: this.source.range(start), entries: [] };
    list.items.push(element);
    return element;
  }

  private close(brackets: string, otherwise: string): void {
    if (!this.source.isNext(brackets)) this.source.stop(otherwise);
    this.source.at += brackets.length;
  }

  private pair(table: MapNode): void {
    const start = this.source.at;
    const key = this.key();
    const value = this.valueOf();
    for (let i = 1; i < key.length; i += 1) {
      const node = this.nodeAt(key.slice(0, i), table);
      if (node && this.opened.has(node)) this.source.stop(`Cannot redefine namespace ${tuple(key.slice(0, i))}`);
    }
    this.add(
      this.nest(table, key.slice(0, -1), start, this.dotted),
      key,
      value,
      'toml-table',
      'Cannot overwrite a value',
    );
    if (value.kind !== 'scalar') this.frozen.add(value);
  }

  private valueOf(): SyntaxNode {
    const { source } = this;
    if (source.peek() !== '=') source.stop("Expected '=' after a key in a key/value pair");
    source.at += 1;
    source.skip(SPACE);
    return this.value();
  }

  private add(map: MapNode, key: readonly KeyPart[], value: SyntaxNode, home: Home, otherwise: string): void {
    const last = key.at(-1);
    if (!last) return;
    if (this.frozen.has(map)) this.source.stop(`Cannot mutate immutable namespace ${tuple(key.slice(0, -1))}`);
    if (this.child(map, last.name)) this.source.stop(otherwise);
    // In a table, a neighbour's line takes the prefix of a dotted key; between braces there is no line to take it from.
    const where = key.length > 1 && home === 'toml-inline' ? undefined : home;
    this.push(map, { key: last.name, keyRange: last.range, value, home: where });
  }

  /** The map at `key`, created if it is missing. `made` collects the tables that a dotted key passes through. */
  private nest(from: MapNode, key: readonly KeyPart[], start: number, made?: SyntaxNode[]): MapNode {
    let map = from;
    for (const { name } of key) {
      const found = this.child(map, name);
      const node =
        found ?? this.added<MapNode>(map, name, { kind: 'map', range: this.source.range(start, start), entries: [] });
      const next = node.kind === 'list' && !this.frozen.has(node) ? node.items.at(-1) : node;
      if (next?.kind !== 'map') return this.source.stop('Cannot overwrite a value');
      if (this.frozen.has(next)) this.source.stop(`Cannot mutate immutable namespace ${tuple(key)}`);
      made?.push(node);
      map = next;
    }
    return map;
  }

  /** What stands at `key`; undefined where nothing does. */
  private nodeAt(key: readonly KeyPart[], from: MapNode = this.top): SyntaxNode | undefined {
    let node: SyntaxNode | undefined = from;
    for (const { name } of key) {
      if (node && this.frozen.has(node)) return node;
      const map: SyntaxNode | undefined = node?.kind === 'list' ? node.items.at(-1) : node;
      node = map?.kind === 'map' ? this.child(map, name) : undefined;
    }
    return node;
  }

  private child(map: MapNode, name: string): SyntaxNode | undefined {
    return this.known.get(map)?.get(name);
  }

  private added<T extends SyntaxNode>(map: MapNode, key: string, value: T): T {
    this.push(map, { key, keyRange: value.range, value });
    return value;
  }

  private push(map: MapNode, entry: Entry): void {
    map.entries.push(entry);
    const names = this.known.get(map) ?? new Map<string, SyntaxNode>();
    names.set(entry.key, entry.value);
    this.known.set(map, names);
  }

  /** @param depth how many lists are around it */
  private value(depth = 0): SyntaxNode {
    const { source } = this;
    const start = source.at;
    const next = source.peek();
    if (next === '[') return this.array(depth);
    const node = next === '{' ? this.inlineTable() : this.scalar();
    const isRead = !this.isPlain || isPlainValue(source.text.slice(start, source.at), depth);
    return isRead ? node : this.odd(start, source.at);
  }

  private scalar(): SyntaxNode {
    const { source, file } = this;
    const start = source.at;
    const text = anyString(source);
    if (text !== null) return quotedScalar(file, source.range(start), text);
    const word = bareValueAt(source);
    return word === null ? source.stop('Invalid value') : bareScalar(file, source.range(start), word);
  }

  private array(depth: number): SyntaxNode {
    const { source } = this;
    const start = source.at;
    const items: SyntaxNode[] = [];
    source.at += 1;
    source.skipLines();
    while (source.peek() !== ']') {
      items.push(this.value(depth + 1));
      source.skipLines();
      if (source.peek() === ']') break;
      if (source.peek() !== ',') source.stop('Unclosed array');
      source.at += 1;
      source.skipLines();
    }
    source.at += 1;
    if (this.isPlain && new Set(items.map(typeOf)).size > 1) source.stop('Not a homogeneous array', start);
    return { kind: 'list', range: source.range(start), items };
  }

  private inlineTable(): SyntaxNode {
    const { source } = this;
    const start = source.at;
    const map: MapNode = { kind: 'map', range: source.range(start), entries: [] };
    source.at += 1;
    source.skip(SPACE);
    for (let isFirst = true; !(isFirst && source.peek() === '}'); isFirst = false) {
      const key = this.key();
      const value = this.valueOf();
      const name = key.at(-1)?.name ?? '';
      this.add(
        this.nest(map, key.slice(0, -1), start),
        key,
        value,
        'toml-inline',
        `Duplicate inline table key '${name}'`,
      );
      source.skip(SPACE);
      if (source.peek() === '}') break;
      if (source.peek() !== ',') source.stop('Unclosed inline table');
      if (value.kind !== 'scalar') this.frozen.add(value);
      source.at += 1;
      source.skip(SPACE);
    }
    source.at += 1;
    map.range = source.range(start);
    return map;
  }
}

/** A key as Python shows it. */
function tuple(key: readonly KeyPart[]): string {
  const names = key.map(({ name }) => `'${name}'`);
  return `(${names.join(', ')}${names.length === 1 ? ',' : ''})`;
}
