import * as l10n from '@vscode/l10n';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { TOO_DEEP, TreeTooLarge } from '../bounds';
import { plainScalar } from '../scalars';
import { bareScalar, quotedScalar, type Entry, type Lock, type Parsed, type Root, type SyntaxNode } from '../tree';
import { anchorsOf, type Anchors } from './anchors';

/** The parser's error codes in words for people who write configs. */
const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: l10n.t('A tab indents this line. Use spaces.'),
  BAD_INDENT: l10n.t('The indentation does not fit the lines above, or a bracket is not closed.'),
  BLOCK_AS_IMPLICIT_KEY: l10n.t('A value contains a second "key:". Quote the value, or correct the indentation.'),
  MULTILINE_IMPLICIT_KEY: l10n.t('A line has no ": " between its key and its value.'),
  MISSING_CHAR: l10n.t('A closing quote or bracket, or a ":" behind a key, is missing.'),
  BAD_SCALAR_START: l10n.t('A value starts with a character that YAML reserves. Quote the value.'),
  UNEXPECTED_TOKEN: l10n.t('YAML does not expect this here. Quote the value, or correct the line.'),
};

/** Parse YAML into one tree for each document, with the ranges of the source. Never throws. */
export function parseYaml(text: string): Parsed {
  const documents = parseAllDocuments(text, { keepSourceTokens: false, uniqueKeys: false, prettyErrors: false });
  if (!Array.isArray(documents)) return { ok: true, roots: [] };
  const roots: Root[] = [];
  for (const document of documents as Document.Parsed[]) {
    // `[a]#note` is an error to this parser alone.
    const error = document.errors.find(({ message }) => !message.startsWith('Comments must be separated'));
    if (error) {
      if (error.code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
      const why = ADVICE[error.code] ?? error.message;
      const offset = /quote/.test(error.message) ? openingQuote(document, error.pos[0]) : error.pos[0];
      const isLax = goesOn(text, error.message, offset);
      return { ok: false, offset, message: isLax ? INDENT_MORE : notYaml(why) };
    }
    const converter = new Converter(text, document);
    const node = document.contents ? converter.node(document.contents, 0) : null;
    if (converter.unclosedQuote !== null) {
      return { ok: false, offset: converter.unclosedQuote, message: notYaml(ADVICE['MISSING_CHAR'] ?? '') };
    }
    if (converter.danglingAlias !== null) {
      const why = l10n.t('A value starts with "*" but names no anchor. Quote the value.');
      return { ok: false, offset: converter.danglingAlias, message: notYaml(why) };
    }
    if (node && (node.kind !== 'scalar' || node.value !== null)) roots.push({ node, lock: null });
  }
  const second = (documents as Document.Parsed[])[1]?.range[0];
  return {
    ok: true,
    ...(second === undefined ? {} : { second }),
    roots: roots.map((root, i) => (roots.length > 1 ? { ...root, name: l10n.t`document ${i + 1}` } : root)),
  };
}

/** PyYAML reads strings and lists over several lines at any indentation; YAML, and this parser, require some. */
const INDENT_MORE = l10n.t(
  'PyYAML reads this file, but LoRA Alpha does not: a quoted string, or a list in brackets, continues on a line that is not indented. Indent that line deeper than its key.',
);

function notYaml(why: string): string {
  return l10n.t`This is not valid YAML. ${why}`;
}

/** Whether an unclosed string or bracket is closed on a later line that is not indented enough. */
function goesOn(text: string, message: string, offset: number): boolean {
  if (/sufficiently indented/.test(message)) return /^[^\n:]*[\]}]/.test(text.slice(offset, offset + 500));
  const quote = text[offset];
  return /^Missing closing/.test(message) && (quote === '"' || quote === "'") && text.includes(quote, offset + 1);
}

/** The parser reports an unclosed quote at the end of the file; this finds where the quote opens. */
function openingQuote(document: Document.Parsed, noticedAt: number): number {
  let opening = noticedAt;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[1] >= noticedAt - 1) opening = range[0];
    },
  });
  return opening;
}

/** Limit on entries from merge keys, because merges of merges can grow without end. */
const MAX_MERGED = 20_000;

/** Converts the nodes of one document. Aliases are resolved, and values that several places share are locked. */
class Converter {
  /** Offset of an alias without an anchor. */
  danglingAlias: number | null = null;
  /** Offset of a string whose closing quote is escaped, so that the string does not end. */
  unclosedQuote: number | null = null;
  private merged = 0;
  private readonly anchors: Anchors;
  private readonly converted = new Map<unknown, SyntaxNode>();

  constructor(
    private readonly text: string,
    document: Document.Parsed,
  ) {
    this.anchors = anchorsOf(document, text);
  }

  /** @throws TreeTooLarge if merge keys add too many entries */
  node(source: unknown, keyEnd: number, lock: Lock | null = null): SyntaxNode {
    if (isAlias(source)) return this.alias(source, keyEnd, lock);
    const shared = (isNode(source) && this.anchors.lockOf(source)) || lock;
    const fresh = this.fresh(source, keyEnd, shared);
    const uses = isNode(source) ? this.anchors.usesOf(source) : 0;
    const isOrigin = fresh.kind === 'scalar' && uses > 0 && !lock;
    // The anchor itself is one of the uses.
    const node = isOrigin ? { ...fresh, origin: { node: { ...fresh, lock }, uses: uses + 1, also: '' } } : fresh;
    if (shared) this.converted.set(source, node);
    return node;
  }

  private fresh(source: unknown, keyEnd: number, lock: Lock | null): SyntaxNode {
    if (isMap(source)) {
      const home = source.flow ? 'yaml-flow' : 'yaml-block';
      const own: Entry[] = [];
      const merged: Entry[] = [];
      for (const pair of source.items as Pair<Node, Node | null>[]) {
        const entry = this.entry(pair, home, lock);
        if (isMergeKey(pair)) merged.push(...this.mergedEntries(entry.value));
        else own.push(entry);
      }
      // The map's own entries override merged ones, so they come last.
      return { kind: 'map', range: this.range(source, keyEnd), entries: [...merged, ...own] };
    }
    if (isSeq(source)) {
      const items = source.items.map((item) => this.node(item, keyEnd, lock));
      return { kind: 'list', range: this.range(source, keyEnd), items };
    }
    return this.scalar(source, keyEnd, lock);
  }

  private scalar(source: unknown, keyEnd: number, lock: Lock | null): SyntaxNode {
    if (!isScalar(source)) return bareScalar(this.text, { start: keyEnd, end: keyEnd }, null, lock);
    const range = this.range(source, keyEnd);
    if (source.type === 'PLAIN') {
      // A tag such as !!float adds nothing to the text.
      const value = plainScalar(source.source ?? '');
      if (value === null && range.start === range.end)
        return bareScalar(this.text, this.afterColon(keyEnd), null, lock);
      // The library's range includes a carriage return before the value, which is white space.
      const lead = /^\r*/.exec(this.text.slice(range.start, range.end))?.[0].length ?? 0;
      return bareScalar(this.text, { start: range.start + lead, end: range.end }, value, lock);
    }
    const value = String(source.value);
    if (source.type === 'QUOTE_DOUBLE' || source.type === 'QUOTE_SINGLE') {
      if (!isClosed(this.text.slice(range.start, range.end))) this.unclosedQuote ??= range.start;
      return quotedScalar(this.text, range, value, lock);
    }
    return bareScalar(this.text, range, value, {
      code: 'yaml-block-text',
      message: l10n.t('This value is a block of text.'),
    });
  }

  /**
   * The value of the anchor: a scalar is written at the alias, a map or list at the anchor. An alias inside its own anchor
   * is null, because the anchor is not complete there.
   */
  private alias(alias: Alias, keyEnd: number, lock: Lock | null): SyntaxNode {
    const target = this.anchors.targetOf(alias);
    if (!target) this.danglingAlias ??= alias.range?.[0] ?? keyEnd;
    const node = target && this.converted.get(target);
    if (target && node?.kind === 'scalar') {
      const { node: anchored, uses } = node.origin ?? { node: null, uses: 0 };
      const own = bareScalar(this.text, this.range(alias, keyEnd), node.value, lock);
      return { ...own, ...(lock ? {} : { origin: { node: anchored, uses, also: this.anchors.wordsOf(target) } }) };
    }
    return (
      node ?? bareScalar(this.text, { start: keyEnd, end: keyEnd }, null, target ? this.anchors.lockOf(target) : null)
    );
  }

  private mergedEntries(value: SyntaxNode): Entry[] {
    const maps = value.kind === 'list' ? value.items.toReversed() : [value];
    const entries = maps.flatMap((node) => (node.kind === 'map' ? node.entries : []));
    this.merged += entries.length;
    if (this.merged > MAX_MERGED) throw new TreeTooLarge();
    return entries.map((entry) => ({ ...entry, home: undefined }));
  }

  private entry(pair: Pair<Node, Node | null>, home: 'yaml-block' | 'yaml-flow', lock: Lock | null): Entry {
    const keyRange = this.range(pair.key, 0);
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    return { key, keyRange, value: this.node(pair.value, keyRange.end, lock), home: lock ? undefined : home };
  }

  private range(node: unknown, fallback: number): { start: number; end: number } {
    const [start, end] = (node as { range?: [number, number, number] | null }).range ?? [fallback, fallback];
    return { start, end };
  }

  /** The empty range after `key:`, where its value would begin. */
  private afterColon(keyEnd: number): { start: number; end: number } {
    const colon = this.text.indexOf(':', keyEnd);
    const at = colon === -1 ? keyEnd : colon + 1;
    return { start: at, end: at };
  }
}

/** Whether the last quote of a string is unescaped: not part of `''` or `\"`. */
function isClosed(quoted: string): boolean {
  const isSingle = quoted.startsWith("'");
  const from = quoted.length - (isSingle ? 1 : 2);
  let at = from;
  while (at > 0 && quoted[at] === (isSingle ? "'" : '\\')) at -= 1;
  return (from - at) % 2 === (isSingle ? 1 : 0);
}

/** `<<:`, but not `"<<":`, which is a normal key. */
function isMergeKey({ key }: Pair<Node, Node | null>): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
