import * as l10n from '@vscode/l10n';
import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import type { Loader } from '../loaders';
import { MAX_DIGITS, Odd, refusal, Stop, type Advice } from '../stop';
import { bareScalar, quotedScalar, type Entry, type Home, type MapNode, type Parsed, type SyntaxNode } from '../tree';

const ADVICE: Advice = [
  [
    /Unexpected character|Unexpected token/,
    l10n.t('Strings need quotes, true and false are lower case, and numbers have only digits.'),
  ],
  [/multiple times/, l10n.t('This key is set twice.')],
  [/inline table|curly braces/, l10n.t('An inline table is on one line, without a comma after its last entry.')],
];

// The package toml 0.10.2 goes over the text line by line and splits it at quotes, commas and brackets. Experiments show
// which keys and values it reads as TOML defines them (test/judges/loading). It may read others as other values.
const PLAIN_KEY = /^(?:[\w-]+(?:\.[\w-]+)*|"[\w -]+"|'[\w -]+')$/;
const PLAIN_WORD = /^(?:true|false|inf|nan|-?(?:0(?![eE])|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const PLAIN_TEXTS = [
  /^"(?:[^"'\\]|\\[\\nt])*"$|^'[^'"]*'$/,
  // In a list, a string must not begin with a comma: the package would end the string there.
  /^" *(?:(?:[^"'\\#\s,]|\\\\[^"'\\#uU])(?:[^"'\\#]|\\\\[^"'\\#uU])*)?"$|^' *(?:[^"'\\#\s,][^"'\\#]*)?'$/,
  // In a list of lists, it must not contain brackets either.
  /^" *(?:[^"'\\[\]{}#\s,][^"'\\[\]{}#]*)?"$|^' *(?:[^"'\\[\]{}#\s,][^"'\\[\]{}#]*)?'$/,
];

/** An inline table of switches, numbers and texts, without the marks at which the package splits it. */
const PLAIN_TABLE = (() => {
  const number = String.raw`-?(?:0(?:\.\d+(?:[eE][+-]?\d+)?)?|[1-9]\d*(?:\.\d+)?(?:[eE][+-]?\d+)?)`;
  const value = String.raw`(?:true|false|${number}|"[^"'\\[\]{}#,=]*"|'[^"'\\[\]{}#,=]*')`;
  return new RegExp(String.raw`^\{ *[\w-]+ *= *${value}(?:, *[\w-]+ *= *${value})* *\}$`);
})();

/**
 * Parse TOML 1.0 into a tree with the ranges of the source; tables become maps, arrays of tables lists of maps. Never
 * throws.
 */
export function parseToml(text: string, loader?: Loader): Parsed {
  try {
    if (loader && text.startsWith('\uFEFF')) throw new Stop('Invalid statement', 0);
    // The package takes a carriage return alone for a line end.
    const lone = /\r(?!\n)/.exec(text);
    if (lone) throw new Stop("Found invalid character '\\r'", lone.index);
    // A blank has the same length, so all offsets stay.
    const program = parseTOML(text.replace(/^\uFEFF/, ' '), { tomlVersion: '1.0' });
    const node = new Converter(text, loader?.readsPlain ?? false).top(program.body[0]);
    return { ok: true, roots: [{ node }] };
  } catch (error) {
    const stop = error instanceof ParseError ? new Stop(error.message, error.index) : error;
    return refusal(stop, loader?.name ?? 'tomllib', ADVICE);
  }
}

class Converter {
  /** The entries of each map by name, because a file of many tables looks them up often. */
  private readonly known = new WeakMap<MapNode, Map<string, SyntaxNode>>();

  constructor(
    private readonly text: string,
    /** Whether to stop at valid TOML that the package toml may read differently. */
    private readonly isPlain: boolean,
  ) {}

  top({ body }: AST.TOMLTopLevelTable): MapNode {
    const root: MapNode = { kind: 'map', range: { start: 0, end: this.text.length }, entries: [] };
    for (const item of body) {
      if (item.type === 'TOMLKeyValue') this.add(root, item, 'toml-table');
      else {
        // An empty table is a map too.
        const map = this.open(root, item);
        for (const pair of item.body) this.add(map, pair, 'toml-table');
      }
    }
    return root;
  }

  /** The map of a `[table]`, or the element of a `[[table]]`. */
  private open(root: MapNode, table: AST.TOMLTable): MapNode {
    this.check(table.key, PLAIN_KEY);
    const range = rangeOf(table);
    const node = table.resolvedKey.reduce<SyntaxNode>(
      (at, step, i, steps) => this.child(at, step, range.start, typeof steps[i + 1] === 'number'),
      root,
    );
    // `[a.b]` creates `a` with an empty range; a later `[a]` gives it its range.
    if (node.range.start === node.range.end) node.range = range;
    return node.kind === 'map' ? node : root;
  }

  private add(map: MapNode, { key: { keys }, key, value, range: [start] }: AST.TOMLKeyValue, home: Home): void {
    this.check(key, PLAIN_KEY);
    const owner = keys.slice(0, -1).reduce<SyntaxNode>((at, step) => this.child(at, nameOf(step), start), map);
    const last = keys.at(-1);
    if (!last || owner.kind !== 'map') return;
    // In a table, a neighbour's line takes the prefix of a dotted key; between braces there is no line to take it from.
    const where = keys.length > 1 && home === 'toml-inline' ? undefined : home;
    this.push(owner, { key: nameOf(last), keyRange: rangeOf(last), value: this.value(value), home: where });
  }

  private push(map: MapNode, entry: Entry): void {
    map.entries.push(entry);
    const names = this.known.get(map) ?? new Map<string, SyntaxNode>();
    this.known.set(map, names.set(entry.key, entry.value));
  }

  /** The map or list under a key, or at an index, created if it is new. */
  private child(node: SyntaxNode, step: string | number, start: number, isList = false): SyntaxNode {
    const range = { start, end: start };
    const fresh: SyntaxNode = isList ? { kind: 'list', range, items: [] } : { kind: 'map', range, entries: [] };
    if (node.kind === 'list') return (node.items[Number(step)] ??= fresh);
    if (node.kind !== 'map') return node;
    const found = this.known.get(node)?.get(String(step));
    if (!found) this.push(node, { key: String(step), keyRange: range, value: fresh });
    return found ?? fresh;
  }

  /** @param depth how many lists are around it */
  private value(node: AST.TOMLContentNode, depth = 0): SyntaxNode {
    const range = rangeOf(node);
    if (node.type === 'TOMLArray') {
      const items = node.elements.map((element) => this.value(element, depth + 1));
      if (this.isPlain && new Set(items.map(typeOf)).size > 1) throw new Stop('Not a homogeneous array', range.start);
      return { kind: 'list', range, items };
    }
    const source = this.text.slice(range.start, range.end);
    const plain = source.startsWith('{')
      ? PLAIN_TABLE
      : /^["']/.test(source)
        ? PLAIN_TEXTS[Math.min(depth, 2)]
        : PLAIN_WORD;
    this.check(node, plain ?? PLAIN_WORD);
    if (node.type === 'TOMLInlineTable') {
      const map: MapNode = { kind: 'map', range, entries: [] };
      for (const pair of node.body) this.add(map, pair, 'toml-inline');
      return map;
    }
    if (node.kind === 'string') return quotedScalar(this.text, range, node.value);
    if (node.kind === 'boolean' || node.kind === 'float') return bareScalar(this.text, range, node.value);
    if (node.kind !== 'integer') return bareScalar(this.text, range, source);
    if (/^[-+]?[\d_]+$/.test(source) && source.replace(/[-+_]/g, '').length > MAX_DIGITS) {
      throw new Stop(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`, range.start);
    }
    return bareScalar(this.text, range, node.value);
  }

  /** @throws Odd at what the package toml may read as another value */
  private check({ range: [start, end] }: AST.TOMLNode, plain: RegExp): void {
    const source = this.text.slice(start, end);
    if (!this.isPlain || plain.test(source)) return;
    const shown = source.replace(/\s+/g, ' ').slice(0, 40);
    const message = l10n.t`The package toml, with which the trainer reads this file, may read ${shown} as another value, so LoRA Alpha does not read the file.`;
    throw new Odd(message, start);
  }
}

/** The type of an item as the package toml names it. */
function typeOf(node: SyntaxNode): string {
  if (node.kind !== 'scalar') return node.kind;
  if (typeof node.value !== 'number') return typeof node.value;
  return /[.eEin]/.test(node.raw) ? 'float' : 'int';
}

const nameOf = (key: AST.TOMLBare | AST.TOMLQuoted): string => (key.type === 'TOMLBare' ? key.name : key.value);

const rangeOf = ({ range: [start, end] }: AST.TOMLNode): Entry['keyRange'] => ({ start, end });
