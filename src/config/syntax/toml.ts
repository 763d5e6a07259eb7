import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import { bareScalar, quotedScalar, type Entry, type Home, type MapNode, type Parsed, type SyntaxNode } from './tree';

/** Parse TOML into a tree with the ranges of the source; tables become maps, arrays of tables lists of maps. Never throws. */
export function parseToml(text: string): Parsed {
  try {
    // A byte order mark is white space to the eye; keeping its place keeps every offset.
    const program = parseTOML(text.replace(/^\uFEFF/, ' '));
    return { ok: true, roots: [{ node: new Converter(text).top(program.body[0]), lock: null }] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { ok: false, offset: error.index, message: `This is not valid TOML: ${adviceOf(error, text)}.` };
  }
}

function adviceOf(error: ParseError, text: string): string {
  if (error.message === 'Unexpected character') {
    return `there is a "${text[error.index] ?? ''}" that TOML does not expect; a text needs quotes, a number only digits`;
  }
  if (error.message === 'Unspecified values are invalid') return 'a value is missing behind the "="';
  return error.message.charAt(0).toLowerCase() + error.message.slice(1);
}

class Converter {
  constructor(private readonly text: string) {}

  top(table: AST.TOMLTopLevelTable): MapNode {
    const root: MapNode = { kind: 'map', range: rangeOf(table), entries: [] };
    for (const item of table.body) {
      if (item.type === 'TOMLKeyValue') this.add(root, item, 'toml-table');
      else {
        // A table is there even where nothing stands in it.
        const table = this.open(root, item);
        for (const pair of item.body) this.add(table, pair, 'toml-table');
      }
    }
    return root;
  }

  /** The map of a `[table]`, or the element of a `[[table]]`, made on the way where it is new. */
  private open(root: MapNode, table: AST.TOMLTable): MapNode {
    let node: SyntaxNode = root;
    for (const [at, step] of table.resolvedKey.entries()) {
      if (typeof step === 'number') {
        if (node.kind !== 'list') break;
        node.items[step] ??= { kind: 'map', range: rangeOf(table), entries: [] };
        node = node.items[step];
        continue;
      }
      if (node.kind !== 'map') break;
      node = child(node, step, rangeOf(table), typeof table.resolvedKey[at + 1] === 'number');
    }
    return node.kind === 'map' ? node : root;
  }

  private add(map: MapNode, pair: AST.TOMLKeyValue, home: Home): void {
    const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    const last = names.pop() ?? '';
    let owner = map;
    for (const name of names) {
      const next = child(owner, name, rangeOf(pair), false);
      if (next.kind === 'map') owner = next;
    }
    // A neighbour of a dotted key would need its prefix; leave such places alone.
    const where = names.length > 0 ? 'fixed' : home;
    owner.entries.push({ key: last, keyRange: rangeOf(pair.key), value: this.value(pair.value), home: where });
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

/** The container under `name`, made where it is new. */
function child(map: MapNode, name: string, range: Entry['keyRange'], isList: boolean): SyntaxNode {
  const found = map.entries.find((entry) => entry.key === name);
  if (found) return found.value;
  const value: SyntaxNode = isList ? { kind: 'list', range, items: [] } : { kind: 'map', range, entries: [] };
  map.entries.push({ key: name, keyRange: range, value, home: 'fixed' });
  return value;
}

function rangeOf(node: { range: readonly [number, number] }): Entry['keyRange'] {
  return { start: node.range[0], end: node.range[1] };
}
