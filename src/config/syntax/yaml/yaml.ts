import * as l10n from '@vscode/l10n';
import { TOO_DEEP, TreeTooLarge } from '../bounds';
import type { Loader } from '../loaders';
import { isTextTo } from '../scalars';
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
import { anchorsOf, type Anchors } from './anchors';
import { refusal, Stop } from '../stop';
import { composeAll } from './compose';
import type { Anchored, YamlAlias, YamlDocument, YamlMapping, YamlNode, YamlPair, YamlScalar } from './nodes';
import { isMerge, isPlainCollection, scalarOf, UNKNOWN } from './tags';

/** Advice for PyYAML's errors, by their words. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/'\\t' that cannot start/, l10n.t('A tab cannot start a value here. Use spaces.')],
  [/cannot start any token/, l10n.t('YAML reserves this character. Quote the value.')],
  [
    /mapping values are not allowed/,
    l10n.t('A value contains a second "key:". Quote the value, or correct the indentation.'),
  ],
  [/could not find expected ':'/, l10n.t('This line has no ": " between its key and its value.')],
  [
    /expected <block end>/,
    l10n.t('The indentation does not fit the lines above, or a bracket or quote is not closed.'),
  ],
  [/expected ',' or/, l10n.t('A "," or a closing bracket is missing.')],
  [/unexpected end of stream/, l10n.t('A closing quote is missing.')],
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
    const documents = composeAll(text);
    const roots = documents.flatMap((document): Root[] => {
      const node = new Converter(text, document, loader).node(document.root, document.start);
      return node.kind === 'scalar' && node.value === null && node.unresolved === undefined
        ? []
        : [{ node, lock: null }];
    });
    const second = documents[1]?.start;
    if (loader && second !== undefined) throw new Stop(ONE_DOCUMENT, second);
    return {
      ok: true,
      roots: roots.map((root, i) => (roots.length > 1 ? { ...root, name: l10n.t`document ${i + 1}` } : root)),
    };
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    if (!(error instanceof Stop)) throw error;
    const advice = ADVICE.find(([words]) => words.test(error.message))?.[1];
    return refusal(loader?.name ?? 'PyYAML', error.offset, error.message, advice);
  }
}

const ONE_DOCUMENT = 'expected a single document in the stream, but found another document';

/** Entries that merge keys may bring in; merges of merges can make a small file endless. */
const MAX_MERGED = 20_000;

const BLOCK_TEXT: Lock = { code: 'yaml-block-text', message: l10n.t('This value is a block of text.') };

/** One document's nodes in our shape. Aliases are followed; what several places share is locked. */
class Converter {
  private merged = 0;
  private readonly anchors: Anchors;
  private readonly converted = new Map<Anchored, SyntaxNode>();

  constructor(
    private readonly text: string,
    document: YamlDocument,
    private readonly loader: Loader | undefined,
  ) {
    this.anchors = anchorsOf(document, text);
  }

  /**
   * @throws TreeTooLarge where merge keys bring in more than anybody writes
   * @throws Stop where the loader makes no value of a node
   */
  node(source: YamlNode, keyEnd: number, lock: Lock | null = null): SyntaxNode {
    if (source.kind === 'alias') return this.alias(source, lock);
    const shared = this.anchors.lockOf(source) ?? lock;
    const fresh = this.fresh(source, keyEnd, shared);
    const uses = this.anchors.usesOf(source);
    const isOrigin = fresh.kind === 'scalar' && uses > 0 && !lock;
    // The anchored place uses the value too, so it counts as one more use.
    const node = isOrigin ? { ...fresh, origin: { node: { ...fresh, lock }, uses: uses + 1, also: '' } } : fresh;
    if (shared) this.converted.set(source, node);
    return node;
  }

  private fresh(source: Anchored, keyEnd: number, lock: Lock | null): SyntaxNode {
    if (source.kind === 'scalar') return this.scalar(source, keyEnd, lock);
    const isPlain = isPlainCollection(source, this.loader);
    const node = source.kind === 'mapping' ? this.map(source, lock) : this.list(source, keyEnd, lock);
    return isPlain ? node : this.unknown(source, l10n.t('This value has a tag that is not followed.'));
  }

  private list(source: Extract<Anchored, { kind: 'sequence' }>, keyEnd: number, lock: Lock | null): SyntaxNode {
    const items = source.items.map((item) => this.node(item, keyEnd, lock));
    return { kind: 'list', range: rangeOf(source), items };
  }

  private map(source: YamlMapping, lock: Lock | null): SyntaxNode {
    const home = source.isFlow ? 'yaml-flow' : 'yaml-block';
    const own: Entry[] = [];
    const merged: Entry[] = [];
    let from: YamlNode = source;
    for (const pair of source.pairs) {
      const key = pair.key.kind === 'alias' ? pair.key.target : pair.key;
      if (isMerge(key)) {
        from = pair.value;
        merged.push(...this.mergedEntries(source, pair, this.node(from, pair.key.end, lock)));
      } else own.push(this.entry(pair, home, lock));
    }
    if (this.loader?.refusesTwins) refuseTwins(own);
    const twins = disputed(merged);
    const settled = merged.map((entry) =>
      twins.has(entry.key) ? { ...entry, value: this.unknown(from, DISPUTED) } : entry,
    );
    // The map's own entries override the merged ones, so they come last.
    return { kind: 'map', range: rangeOf(source), entries: [...settled, ...own] };
  }

  private scalar(source: YamlScalar, keyEnd: number, lock: Lock | null): SyntaxNode {
    const value = scalarOf(source, this.loader);
    const range = rangeOf(source);
    if (value === UNKNOWN) return this.unknown(source, l10n.t('This value has a tag that is not followed.'));
    const isTagged = source.tag !== null && typeof value !== 'number';
    const own = isTagged
      ? { code: 'yaml-tag', message: l10n.t('The tag of this value makes another value of the text.') }
      : lock;
    if (source.style === 'block') return { ...bareScalar(this.text, range, value, BLOCK_TEXT), quoted: true };
    if (source.style === 'plain') {
      // Nothing stands here; a value would stand behind the colon.
      const isMissing =
        range.start === range.end &&
        this.text[range.start - 1] !== ':' &&
        source.tag === null &&
        source.anchor === null;
      return bareScalar(this.text, isMissing ? { start: keyEnd, end: keyEnd } : range, value, own);
    }
    return typeof value === 'string'
      ? quotedScalar(this.text, range, value, own)
      : { ...quotedScalar(this.text, range, source.value, own), value };
  }

  /** What only the loader knows. */
  private unknown(source: YamlNode, message: string): ScalarNode {
    const range = rangeOf(source);
    const shown = this.text.slice(range.start, range.end);
    const node = bareScalar(this.text, range, null, { code: 'yaml-unknown', message });
    return { ...node, unresolved: shown };
  }

  /**
   * The value of an alias. A scalar gets the range of the alias; a map or a list keeps the range of its anchor. The value
   * is unknown if the anchored node contains this alias.
   */
  private alias(alias: YamlAlias, lock: Lock | null): SyntaxNode {
    const { target } = alias;
    const node = this.converted.get(target);
    if (!node) return this.unknown(alias, l10n.t('This value holds itself.'));
    if (node.kind !== 'scalar' || node.unresolved !== undefined) return node;
    const { node: anchored, uses } = node.origin ?? { node: null, uses: 0 };
    const own = bareScalar(this.text, rangeOf(alias), node.value, lock);
    return { ...own, ...(lock ? {} : { origin: { node: anchored, uses, also: this.anchors.wordsOf(target) } }) };
  }

  private mergedEntries(into: YamlMapping, { key, value: source }: YamlPair, value: SyntaxNode): Entry[] {
    // A map that merges itself gains nothing. Merging another unknown value, such as a map around this one, adds unknowns.
    const target = source.kind === 'alias' ? source.target : source;
    if (value.kind === 'scalar' && value.unresolved !== undefined && target.kind !== 'scalar') {
      return target === into ? [] : [spreadEntry(rangeOf(key), value)];
    }
    const maps = value.kind === 'list' ? value.items : [value];
    if (maps.some(({ kind }) => kind !== 'map')) {
      throw new Stop('while constructing a mapping: expected a mapping for merging', source.start);
    }
    // The first map wins, so it comes last.
    const entries = maps.toReversed().flatMap((node) => (node.kind === 'map' ? node.entries : []));
    this.merged += entries.length;
    if (this.merged > MAX_MERGED) throw new TreeTooLarge();
    return entries.map((entry) => ({ ...entry, home: undefined }));
  }

  private entry({ key, value }: YamlPair, home: 'yaml-block' | 'yaml-flow', lock: Lock | null): Entry {
    const keyRange = rangeOf(key);
    const node = this.node(value, keyRange.end, lock);
    return { key: this.keyOf(key), keyRange, value: node, home: lock ? undefined : home };
  }

  /** A key as Python shows it: `True` for `yes`. */
  private keyOf(source: YamlNode): string {
    const node = source.kind === 'alias' ? source.target : source;
    if (node.kind !== 'scalar') throw new Stop('while constructing a mapping: found unhashable key', source.start);
    const isValue = node.value === '=' && node.style === 'plain' && node.tag === null;
    const value = isValue ? node.value : scalarOf(node, this.loader);
    if (typeof value === 'string') return value;
    if (node.style === 'plain' && isTextTo(node.value, this.loader?.numbers)) return node.value;
    if (value === UNKNOWN) return this.text.slice(node.start, node.end);
    if (value === null) return 'None';
    return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  }
}

const DISPUTED = l10n.t(
  'This key is merged in more than once, with different values, and versions of PyYAML disagree which value counts.',
);

/** Keys that are merged more than once, with different values. */
function disputed(entries: readonly Entry[]): ReadonlySet<string> {
  const seen = new Map<string, SyntaxNode>();
  const twins = new Set<string>();
  for (const { key, value } of entries) {
    const before = seen.get(key);
    if (before && before !== value && !isSame(before, value)) twins.add(key);
    seen.set(key, value);
  }
  return twins;
}

function isSame(one: SyntaxNode, other: SyntaxNode): boolean {
  return (
    one.kind === 'scalar' &&
    other.kind === 'scalar' &&
    one.unresolved === undefined &&
    Object.is(one.value, other.value)
  );
}

/** @throws Stop at a key that the map has twice */
function refuseTwins(entries: readonly Entry[]): void {
  const keys = new Set<string>();
  for (const { key, keyRange } of entries) {
    if (keys.has(key)) throw new Stop(`while constructing a mapping: found duplicate key ${key}`, keyRange.start);
    keys.add(key);
  }
}

function rangeOf({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end };
}
