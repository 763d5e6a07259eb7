import * as l10n from '@vscode/l10n';
import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import { bareScalar, quotedScalar, type Entry, type Home, type MapNode, type Parsed, type SyntaxNode } from '../tree';

/** Parse TOML into a tree with the ranges of the source. An array of tables becomes a list of maps. Never throws. */
export function parseToml(text: string): Parsed {
  try {
    // A blank replaces the byte order mark, so that all offsets stay.
    const program = parseTOML(text.replace(/^\uFEFF/, ' '));
    return { ok: true, roots: [{ node: new Converter(text).top(program.body[0]), lock: null }] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { ok: false, offset: error.index, message: l10n.t`This is not valid TOML. ${adviceOf(error, text)}` };
  }
}

function adviceOf(error: ParseError, text: string): string {
  if (error.message === 'Unexpected character') {
    return l10n.t`TOML does not expect the "${text[error.index] ?? ''}" here. Strings need quotes, and numbers only digits.`;
  }
  if (error.message === 'Unspecified values are invalid') return l10n.t('A value is missing behind the "=".');
  return `${error.message}.`;
}

class Converter {
  /** The entries of each map by name, because a file of many tables looks them up often. */
  private readonly known = new WeakMap<MapNode, Map<string, SyntaxNode>>();

  constructor(private readonly text: string) {}

  top(table: AST.TOMLTopLevelTable): MapNode {
    const root: MapNode = { kind: 'map', range: rangeOf(table), entries: [] };
    for (const item of table.body) {
      if (item.type === 'TOMLKeyValue') this.add(root, item, 'toml-table');
      else {
        // An empty table is a map too.
        const map = this.open(root, item);
        for (const pair of item.body) this.add(map, pair, 'toml-table');
      }
    }
    return root;
  }

  /** The map of a `[table]`, or the element of a `[[table]]`, created if it is new. */
  private open(root: MapNode, table: AST.TOMLTable): MapNode {
    let node: SyntaxNode = root;
    const range = rangeOf(table);
    for (const [at, step] of table.resolvedKey.entries()) {
      if (typeof step === 'number') {
        if (node.kind !== 'list') break;
        node.items[step] ??= { kind: 'map', range, entries: [] };
        node = node.items[step];
        continue;
      }
      if (node.kind !== 'map') break;
      node = this.child(node, step, range.start, typeof table.resolvedKey[at + 1] === 'number');
    }
    if (node.kind !== 'map') return root;
    // A table that only a subtable has named gets its range when its own header comes.
    if (node.range.start === node.range.end) node.range = range;
    return node;
  }

  private add(map: MapNode, pair: AST.TOMLKeyValue, home: Home): void {
    let owner = map;
    const { keys } = pair.key;
    const [last] = keys.slice(-1);
    if (!last) return;
    for (const key of keys.slice(0, -1)) {
      const next = this.child(owner, nameOf(key), rangeOf(pair).start, false);
      if (next.kind === 'map') owner = next;
    }
    // A new line in a table repeats the prefix of a dotted key; in braces there is no line to copy it from.
    const where = keys.length > 1 && home === 'toml-inline' ? undefined : home;
    this.push(owner, { key: nameOf(last), keyRange: rangeOf(last), value: this.value(pair.value), home: where });
  }

  private push(map: MapNode, entry: Entry): void {
    map.entries.push(entry);
    const names = this.known.get(map) ?? new Map<string, SyntaxNode>();
    names.set(entry.key, entry.value);
    this.known.set(map, names);
  }

  /** The container under `name`, created if it is new. */
  private child(map: MapNode, name: string, start: number, isList: boolean): SyntaxNode {
    const found = this.known.get(map)?.get(name);
    if (found) return found;
    const range = { start, end: start };
    const value: SyntaxNode = isList ? { kind: 'list', range, items: [] } : { kind: 'map', range, entries: [] };
    this.push(map, { key: name, keyRange: range, value });
    return value;
  }

  private value(node: AST.TOMLContentNode): SyntaxNode {
    const range = rangeOf(node);
    if (node.type === 'TOMLArray') {
      return { kind: 'list', range, items: node.elements.map((element) => this.value(element)) };
    }
    if (node.type === 'TOMLInlineTable') {
      const map: MapNode = { kind: 'map', range, entries: [] };
      for (const pair of node.body) this.add(map, pair, 'toml-inline');
      return map;
    }
    if (node.kind === 'string') return quotedScalar(this.text, range, node.value);
    const value = typeof node.value === 'number' || typeof node.value === 'boolean' ? node.value : String(node.value);
    return bareScalar(this.text, range, value);
  }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function rangeOf(node: { range: readonly [number, number] }): Entry['keyRange'] {
  return { start: node.range[0], end: node.range[1] };
}
