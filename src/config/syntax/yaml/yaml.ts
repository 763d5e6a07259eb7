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

/** What a parser's complaint means to someone who writes configs. */
const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: l10n.t('A tab indents this line. Use spaces.'),
  BAD_INDENT: l10n.t('The indentation does not fit the lines above, or a bracket is not closed.'),
  BLOCK_AS_IMPLICIT_KEY: l10n.t('A value contains a second "key:". Quote the value, or correct the indentation.'),
  MULTILINE_IMPLICIT_KEY: l10n.t('A line has no ": " between its key and its value.'),
  MISSING_CHAR: l10n.t('A closing quote or bracket, or a ":" behind a key, is missing.'),
  BAD_SCALAR_START: l10n.t('A value starts with a character that YAML reserves. Quote the value.'),
  UNEXPECTED_TOKEN: l10n.t('YAML does not expect this here. Quote the value, or correct the line.'),
};

/** Parse YAML into trees with the ranges of the source, one a document. Never throws. */
export function parseYaml(text: string): Parsed {
  const documents = parseAllDocuments(text, { keepSourceTokens: false, uniqueKeys: false, prettyErrors: false });
  if (!Array.isArray(documents)) return { ok: true, roots: [] };
  const roots: Root[] = [];
  for (const document of documents as Document.Parsed[]) {
    // `[a]#note`: everyone else reads it.
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

/** PyYAML reads a text or list over several lines whatever their indentation; YAML, and this reader, ask for some. */
const INDENT_MORE = l10n.t(
  'PyYAML reads this file, but LoRA Alpha does not: a quoted string, or a list in brackets, continues on a line that is not indented. Indent that line deeper than its key.',
);

function notYaml(why: string): string {
  return l10n.t`This is not valid YAML. ${why}`;
}

/** Whether what is not closed is closed in a later line, which is not indented enough. */
function goesOn(text: string, message: string, offset: number): boolean {
  if (/sufficiently indented/.test(message)) return /^[^\n:]*[\]}]/.test(text.slice(offset, offset + 500));
  const quote = text[offset];
  return /^Missing closing/.test(message) && (quote === '"' || quote === "'") && text.includes(quote, offset + 1);
}

/** An unclosed quote is noticed at the end of the file; the place to look at is where it opens. */
function openingQuote(document: Document.Parsed, noticedAt: number): number {
  let opening = noticedAt;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[1] >= noticedAt - 1) opening = range[0];
    },
  });
  return opening;
}

/** Entries that merge keys may bring in; merges of merges can make a small file endless. */
const MAX_MERGED = 20_000;

/** One document's nodes in our shape. Aliases are followed; what several places share is locked. */
class Converter {
  /** Offset of an alias that leads nowhere. */
  danglingAlias: number | null = null;
  /** Offset of a quote whose last letter the library takes for its end, although it is escaped. */
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

  /** @throws TreeTooLarge where merge keys bring in more than anybody writes */
  node(source: unknown, keyEnd: number, lock: Lock | null = null): SyntaxNode {
    if (isAlias(source)) return this.alias(source, keyEnd, lock);
    const shared = (isNode(source) && this.anchors.lockOf(source)) || lock;
    const fresh = this.fresh(source, keyEnd, shared);
    const uses = isNode(source) ? this.anchors.usesOf(source) : 0;
    const isOrigin = fresh.kind === 'scalar' && uses > 0 && !lock;
    // Where the anchor stands is one of the places that take the value.
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
      // What stands in the map itself beats what is merged into it, so it comes last.
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
      // A tag such as !!float says nothing that the text does not.
      const value = plainScalar(source.source ?? '');
      if (value === null && range.start === range.end)
        return bareScalar(this.text, this.afterColon(keyEnd), null, lock);
      // A lone carriage return before the value is white space here, though the library has it in the range.
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
   * What the anchor holds: a scalar to be written where the alias stands, a map or a list in its own place; nothing where
   * it is not complete yet, as it holds the alias itself.
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

  /** Where the value of `key:` would begin; it has none, so it is an empty range. */
  private afterColon(keyEnd: number): { start: number; end: number } {
    const colon = this.text.indexOf(':', keyEnd);
    const at = colon === -1 ? keyEnd : colon + 1;
    return { start: at, end: at };
  }
}

/** Whether a text in quotes ends with one that is not escaped, neither as `''` nor as `\"`. */
function isClosed(quoted: string): boolean {
  const isSingle = quoted.startsWith("'");
  const from = quoted.length - (isSingle ? 1 : 2);
  let at = from;
  while (at > 0 && quoted[at] === (isSingle ? "'" : '\\')) at -= 1;
  return (from - at) % 2 === (isSingle ? 1 : 0);
}

/** `<<:`, but not `"<<":`, which is a key like any other. */
function isMergeKey({ key }: Pair<Node, Node | null>): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
