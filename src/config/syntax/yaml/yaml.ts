import * as l10n from '@vscode/l10n';
import { isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';
import type { Alias, Document, Pair, ParsedNode, Scalar, YAMLMap } from 'yaml';
import type { Range } from '../../reading';
import { TOO_DEEP, TreeTooLarge } from '../bounds';
import type { Loader } from '../loaders';
import { isTextTo } from '../scalars';
import { refusal, Stop, type Advice } from '../stop';
import {
  bareScalar,
  quotedScalar,
  spreadEntry,
  type Entry,
  type Lock,
  type Parsed,
  type Root,
  type ScalarNode,
  type SyntaxNode,
} from '../tree';
import { anchorsOf, anchorWords, sharedLock, type Anchors } from './anchors';
import { checkScalar, documentsIn, unread } from './documents';
import { isMerge, isPlainCollection, scalarOf, UNKNOWN, type Content } from './tags';

/** What errors of the package and of PyYAML mean to someone who writes configs. */
const ADVICE: Advice = [
  [/'\\t' that cannot start|tab/i, l10n.t('A tab cannot start a value here. Use spaces.')],
  [/Plain value cannot start/, l10n.t('YAML reserves this character. Quote the value.')],
  [
    /Nested mappings|not allowed on the same line|on one line/,
    l10n.t('A value contains a second "key:". Quote the value, or correct the indentation.'),
  ],
  [/Implicit (?:map )?keys? need/, l10n.t('This line has no ": " between its key and its value.')],
  [/quote/, l10n.t('A closing quote is missing.')],
  [
    /indent|end with a|same column/,
    l10n.t('The indentation does not fit the lines above, or a bracket or quote is not closed.'),
  ],
  [/undefined alias/, l10n.t('A value that starts with "*" has to name an anchor. Quote other values.')],
  [
    /single document/,
    l10n.t('The trainer reads one document a file. Move each document into its own file, or remove the line "---".'),
  ],
  [/determine a constructor/, l10n.t('Quote a value that starts with "!" or "=".')],
];

/**
 * Parse YAML as PyYAML does, into trees with the ranges of the source, one a document. Never throws, but for trees that
 * are too large.
 * @param loader the rules for numbers, dates, tags and duplicate keys; by default the rules that refuse least
 */
export function parseYaml(text: string, loader?: Loader): Parsed {
  try {
    const documents = documentsIn(text);
    const roots = documents.flatMap((document): Root[] => {
      if (!document.contents) return [];
      if (isScalar(document.contents) && document.contents.type?.startsWith('BLOCK')) throw unread('|', 0);
      const node = new Converter(text, document, loader).node(document.contents, document.range[0]);
      return node.kind === 'scalar' && node.value === null && node.unresolved === undefined
        ? []
        : [{ node, lock: null }];
    });
    if (loader && documents[1]) {
      const words = 'expected a single document in the stream, but found another document';
      throw new Stop(words, documents[1].range[0]);
    }
    return {
      ok: true,
      roots: roots.map((root, i) => (roots.length > 1 ? { ...root, name: l10n.t`document ${i + 1}` } : root)),
    };
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    return refusal(error, loader?.name ?? 'PyYAML', ADVICE);
  }
}

/** Entries that merge keys may bring in; merges of merges can make a small file endless. */
const MAX_MERGED = 20_000;

const TAGGED: Lock = {
  code: 'yaml-tag',
  message: l10n.t('The tag of this value makes another value of the text.'),
};
/** Characters of a key. */
const MAX_KEY = 1024;

const BLOCK_TEXT: Lock = { code: 'yaml-block-text', message: l10n.t('This value is a block of text.') };

/** One document's nodes in our shape. Aliases are followed; what several places share is locked. */
class Converter {
  private merged = 0;
  /** How many lists and maps in brackets are around a node. */
  private brackets = 0;
  private readonly anchors: Anchors;
  private readonly converted = new Map<Content, SyntaxNode>();

  constructor(
    private readonly text: string,
    document: Document.Parsed,
    private readonly loader: Loader | undefined,
  ) {
    this.anchors = anchorsOf(document);
  }

  /**
   * @param keyEnd where the key of the value ends
   * @throws TreeTooLarge where merge keys bring in more than anybody writes
   * @throws Stop where the loader makes no value of a node
   */
  node(source: ParsedNode | null, keyEnd: number, lock: Lock | null = null): SyntaxNode {
    if (source === null) return bareScalar(this.text, { start: keyEnd, end: keyEnd }, null, lock);
    if (isAlias(source)) return this.alias(source, lock);
    const used = this.anchors.uses.get(source) ?? [];
    const shared = used.length > 0 ? sharedLock(source, used, this.text) : lock;
    const fresh = this.fresh(source, keyEnd, shared);
    const isOrigin = fresh.kind === 'scalar' && used.length > 0 && !lock;
    // The anchored place uses the value too, so it counts as one more use.
    const node = isOrigin ? { ...fresh, origin: { node: { ...fresh, lock }, uses: used.length + 1, also: '' } } : fresh;
    if (shared) this.converted.set(source, node);
    return node;
  }

  private fresh(source: Content, keyEnd: number, lock: Lock | null): SyntaxNode {
    if (isScalar(source)) return this.scalar(source, keyEnd, lock);
    const isPlain = isPlainCollection(source, this.loader);
    this.brackets += source.flow ? 1 : 0;
    const node = isMap(source)
      ? this.map(source, lock)
      : {
          kind: 'list' as const,
          range: rangeOf(source),
          items: source.items.map((item) => this.node(item, keyEnd, lock)),
        };
    this.brackets -= source.flow ? 1 : 0;
    return isPlain ? node : this.unknown(source, l10n.t('This value has a tag that is not followed.'));
  }

  private map(source: YAMLMap.Parsed, lock: Lock | null): SyntaxNode {
    const home = source.flow ? 'yaml-flow' : 'yaml-block';
    const own: Entry[] = [];
    const merged: Entry[] = [];
    for (const { key, value } of source.items) {
      const keyRange = rangeOf(key);
      const node = this.node(value, keyRange.end, lock);
      if (isMerge(this.target(key))) merged.push(...this.mergedEntries(source, keyRange, value ?? key, node));
      else own.push({ key: this.keyOf(key), keyRange, value: node, home: lock ? undefined : home });
    }
    if (this.loader?.refusesTwins) refuseTwins(own);
    checkMerged(merged);
    // The map's own entries override the merged ones, so they come last.
    return { kind: 'map', range: rangeOf(source), entries: [...merged, ...own] };
  }

  private target(node: ParsedNode): Content {
    return isAlias(node) ? (this.anchors.targets.get(node) as Content) : node;
  }

  private scalar(source: Scalar.Parsed, keyEnd: number, lock: Lock | null): SyntaxNode {
    checkScalar(source, this.text, this.brackets > 0);
    const value = scalarOf(source, this.loader);
    const range = rangeOf(source);
    if (value === UNKNOWN) return this.unknown(source, l10n.t('This value has a tag that is not followed.'));
    const own = source.tag !== undefined && typeof value !== 'number' ? TAGGED : lock;
    if (source.type?.startsWith('BLOCK')) {
      return { ...bareScalar(this.text, range, endedAsText(value, range, this.text), BLOCK_TEXT), quoted: true };
    }
    if (source.type !== 'PLAIN') return { ...quotedScalar(this.text, range, source.source ?? '', own), value };
    if (range.start < range.end || source.tag !== undefined || source.anchor !== undefined) {
      return bareScalar(this.text, range, value, own);
    }
    // Nothing stands here; a value would stand behind the colon.
    const before = this.text.slice(keyEnd, range.start).trimEnd();
    const at = before.endsWith(':') ? keyEnd + before.length : keyEnd;
    return bareScalar(this.text, { start: at, end: at }, value, own);
  }

  /** What only the loader knows. */
  private unknown(source: ParsedNode, message: string): ScalarNode {
    const range = rangeOf(source);
    const node = bareScalar(this.text, range, null, { code: 'yaml-unknown', message });
    return { ...node, unresolved: node.raw };
  }

  /**
   * The value of an alias. A scalar gets the range of the alias; a map or a list keeps the range of its anchor. The value
   * is unknown if the anchored node contains this alias.
   */
  private alias(alias: Alias.Parsed, lock: Lock | null): SyntaxNode {
    const target = this.target(alias);
    const node = this.converted.get(target);
    if (!node) return this.unknown(alias, l10n.t('This value holds itself.'));
    if (node.kind !== 'scalar' || node.unresolved !== undefined) return node;
    const { node: anchored, uses } = node.origin ?? { node: null, uses: 0 };
    const own = bareScalar(this.text, rangeOf(alias), node.value, lock);
    if (lock) return own;
    const also = l10n.t`The anchor ${anchorWords(target, this.text)} keeps its value.`;
    return { ...own, origin: { node: anchored, uses, also } };
  }

  private mergedEntries(into: YAMLMap.Parsed, keyRange: Range, source: ParsedNode, value: SyntaxNode): Entry[] {
    // A map that merges itself gains nothing. Merging another unknown value, such as a map around this one, adds unknowns.
    const target = this.target(source);
    if (value.kind === 'scalar' && value.unresolved !== undefined && !isScalar(target)) {
      return target === into ? [] : [spreadEntry(keyRange, value)];
    }
    const maps = value.kind === 'list' ? value.items : [value];
    if (maps.some(({ kind }) => kind !== 'map')) {
      throw new Stop('while constructing a mapping: expected a mapping for merging', source.range[0]);
    }
    // The first map wins, so it comes last.
    const entries = maps.toReversed().flatMap((node) => (node.kind === 'map' ? node.entries : []));
    this.merged += entries.length;
    if (this.merged > MAX_MERGED) throw new TreeTooLarge();
    return entries.map((entry) => ({ ...entry, home: undefined }));
  }

  /** A key as Python shows it: `True` for `yes`. */
  private keyOf(source: ParsedNode): string {
    const node = this.target(source);
    if (!isScalar(node)) {
      throw new Stop('while constructing a mapping: found unhashable key', source.range[0]);
    }
    checkScalar(node, this.text, this.brackets > 0);
    const text = node.source ?? '';
    const written = this.text.slice(node.range[0], node.range[1]);
    const isApart = this.brackets > 0 && /^[ \t]*\r?\n\s*:/.test(this.text.slice(node.range[1], node.range[1] + 200));
    if ((text === '' && node.type === 'PLAIN') || written.length > MAX_KEY || written.includes('\n') || isApart) {
      throw unread(text, source.range[0]);
    }
    // A number of so many digits is another one in JavaScript.
    if (text === '=' || /^\d{16,}$/.test(text) || (node.type === 'PLAIN' && isTextTo(text, this.loader?.numbers)))
      return text;
    const value = scalarOf(node, this.loader);
    if (typeof value === 'string') return value;
    if (value === UNKNOWN) return written;
    if (value === null) return 'None';
    return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  }
}

/**
 * Of a key that is merged more than once, versions of PyYAML take different values.
 * @throws Stop where the values differ
 */
function checkMerged(entries: readonly Entry[]): void {
  const seen = new Map<string, SyntaxNode>();
  for (const { key, keyRange, value } of entries) {
    const before = seen.get(key);
    const isSame =
      !before ||
      before === value ||
      (before.kind === 'scalar' &&
        value.kind === 'scalar' &&
        !value.unresolved &&
        Object.is(before.value, value.value));
    if (!isSame) throw unread(`<<: ${key}`, keyRange.start);
    seen.set(key, value);
  }
}

/** @throws Stop at a key that the map has twice */
function refuseTwins(entries: readonly Entry[]): void {
  const keys = new Set<string>();
  for (const { key, keyRange } of entries) {
    if (keys.has(key)) throw new Stop(`while constructing a mapping: found duplicate key ${key}`, keyRange.start);
    keys.add(key);
  }
}

/** A block of text at the end of a file that has no line feed there: the package adds one. */
function endedAsText(value: ScalarNode['value'], { end }: Range, text: string): ScalarNode['value'] {
  const isAdded = end === text.length && !text.endsWith('\n') && typeof value === 'string' && value.endsWith('\n');
  return isAdded ? value.slice(0, -1) : value;
}

/** Where a node begins, and where its last value ends. The package counts comments behind a block as part of it. */
function rangeOf(node: ParsedNode): Range {
  let last: ParsedNode = node;
  while (isCollection(last) && !last.flow) {
    const item: ParsedNode | Pair<ParsedNode, ParsedNode | null> | undefined = last.items.at(-1);
    const end: ParsedNode | undefined = isPair(item) ? (item.value ?? item.key) : item;
    if (!end) break;
    last = end;
  }
  return { start: node.range[0], end: last.range[1] };
}
