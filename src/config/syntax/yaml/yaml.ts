import * as l10n from '@vscode/l10n';
import { isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';
import type { Pair, ParsedNode, Scalar, YAMLMap } from 'yaml';
import type { Range } from '../../reading';
import { TOO_DEEP } from '../bounds';
import type { Loader } from '../loaders';
import { isTextTo, NoNumber, plainScalar } from '../scalars';
import { refusal, Stop, type Advice } from '../stop';
import { bareScalar, quotedScalar, type Entry, type Lock, type Parsed, type Root, type SyntaxNode } from '../tree';
import { checkScalar, documentsIn, unread } from './documents';

/** What errors of the package and of PyYAML mean to someone who writes configs. */
const ADVICE: Advice = [
  [/Plain value cannot start/, l10n.t('YAML reserves this character. Quote the value.')],
  [
    /Nested mappings|not allowed on the same line|on one line/,
    l10n.t('A value contains a second "key:". Quote the value, or correct the indentation.'),
  ],
  [/Implicit (?:map )?keys? need/, l10n.t('This line has no ": " between its key and its value.')],
  [
    /indent|end with a|same column/,
    l10n.t('The indentation does not fit the lines above, or a bracket or quote is not closed.'),
  ],
  [/undefined alias/, l10n.t('A value that starts with "*" has to name an anchor. Quote other values.')],
  [
    /single document/,
    l10n.t('The trainer reads one document a file. Move each document into its own file, or remove the line "---".'),
  ],
];

/**
 * Parse YAML as PyYAML does, into trees with the ranges of the source, one a document. Never throws. Tags and merge keys
 * are refused, and an alias is an unknown value.
 * @param loader the rules for numbers, dates and duplicate keys; by default the rules that refuse least
 */
export function parseYaml(text: string, loader?: Loader): Parsed {
  try {
    const documents = documentsIn(text);
    const roots = documents.flatMap(({ contents, range }): Root[] => {
      if (!contents) return [];
      if (isScalar(contents) && contents.type?.startsWith('BLOCK')) throw unread('|', 0);
      const node = new Converter(text, loader).node(contents, range[0]);
      return node.kind === 'scalar' && node.value === null && !node.unresolved ? [] : [{ node }];
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

/** Characters of a key. */
const MAX_KEY = 1024;

const SHARED: Lock = {
  code: 'yaml-shared',
  message: l10n.t(
    'This value has a YAML anchor, so a change here may change other places too. Write the value without the anchor first.',
  ),
};
const ALIAS: Lock = {
  code: 'yaml-alias',
  message: l10n.t('This value is a YAML alias, which LoRA Alpha does not follow. Write the value here first.'),
};
const BLOCK_TEXT: Lock = { code: 'yaml-block-text', message: l10n.t('This value is a block of text.') };

class Converter {
  /** How many lists and maps in brackets are around a node. */
  private brackets = 0;

  constructor(
    private readonly text: string,
    private readonly loader: Loader | undefined,
  ) {}

  /**
   * @param keyEnd where the key of the value ends
   * @throws Stop where the loader makes no value of a node
   */
  node(source: ParsedNode | null, keyEnd: number, around: Lock | null = null): SyntaxNode {
    if (source === null) return bareScalar(this.text, { start: keyEnd, end: keyEnd }, null, around);
    const range = rangeOf(source);
    if (isAlias(source)) {
      const node = bareScalar(this.text, range, null, ALIAS);
      return { ...node, unresolved: node.raw };
    }
    const lock = source.anchor === undefined ? around : SHARED;
    if (isScalar(source)) return this.scalar(source, keyEnd, lock);
    this.brackets += source.flow ? 1 : 0;
    const node: SyntaxNode = isMap(source)
      ? { kind: 'map', range, entries: this.entries(source, lock) }
      : { kind: 'list', range, items: source.items.map((item) => this.node(item, keyEnd, lock)) };
    this.brackets -= source.flow ? 1 : 0;
    return node;
  }

  private entries({ flow, items }: YAMLMap.Parsed, lock: Lock | null): Entry[] {
    const keys = new Set<string>();
    return items.map(({ key: source, value }): Entry => {
      const keyRange = rangeOf(source);
      const key = this.keyOf(source);
      if (this.loader?.refusesTwins && keys.has(key)) {
        throw new Stop(`while constructing a mapping: found duplicate key ${key}`, keyRange.start);
      }
      keys.add(key);
      const home = lock ? undefined : flow ? 'yaml-flow' : 'yaml-block';
      return { key, keyRange, value: this.node(value, keyRange.end, lock), home };
    });
  }

  private scalar(source: Scalar.Parsed, keyEnd: number, lock: Lock | null): SyntaxNode {
    const value = this.valueOf(source);
    const range = rangeOf(source);
    if (source.type?.startsWith('BLOCK')) {
      // The package adds a line feed to a block at the end of a file that has none.
      const isAdded = range.end === this.text.length && !this.text.endsWith('\n');
      const text = isAdded ? String(value).replace(/\n$/, '') : value;
      return { ...bareScalar(this.text, range, text, BLOCK_TEXT), quoted: true };
    }
    if (source.type !== 'PLAIN') return quotedScalar(this.text, range, source.source ?? '', lock, 1);
    if (range.start < range.end || source.anchor !== undefined) return bareScalar(this.text, range, value, lock);
    // Nothing stands here; a value would stand behind the colon.
    const before = this.text.slice(keyEnd, range.start).trimEnd();
    const at = before.endsWith(':') ? keyEnd + before.length : keyEnd;
    return bareScalar(this.text, { start: at, end: at }, value, lock);
  }

  /** @throws Stop where the loader makes no value */
  private valueOf(node: Scalar.Parsed): ReturnType<typeof plainScalar> {
    checkScalar(node, this.text, this.brackets > 0);
    const text = node.source ?? '';
    if (node.type !== 'PLAIN') return text;
    if (this.loader?.dates && /^\d{4}-\d\d?-\d\d?(?:$|[Tt]|[ \t]+\d)/.test(text)) {
      if (!isDate(text)) throw unread(text, node.range[0]);
      return text;
    }
    try {
      return plainScalar(text, this.loader?.numbers);
    } catch (error) {
      if (error instanceof NoNumber) throw new Stop(error.message, node.range[0]);
      throw error;
    }
  }

  /** A key as Python shows it: `True` for `yes`. */
  private keyOf(node: ParsedNode): string {
    const at = node.range[0];
    const written = this.text.slice(at, node.range[1]);
    if (isAlias(node)) throw unread(written, at);
    if (!isScalar(node)) throw new Stop('while constructing a mapping: found unhashable key', at);
    const text = node.source ?? '';
    const isApart = this.brackets > 0 && /^[ \t]*\r?\n\s*:/.test(this.text.slice(node.range[1], node.range[1] + 200));
    if ((text === '' && node.type === 'PLAIN') || written.length > MAX_KEY || written.includes('\n') || isApart) {
      throw unread(text, at);
    }
    const value = this.valueOf(node);
    // A number of so many digits is another one in JavaScript.
    if (node.type !== 'PLAIN' || /^\d{16,}$/.test(text) || isTextTo(text, this.loader?.numbers)) return text;
    if (value === null) return 'None';
    return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  }
}

/** Whether Python makes a date of a text that looks like one. A date with a time is not followed. */
function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  const days = new Date(Date.UTC(year < 100 ? year + 2000 : year, month, 0)).getUTCDate();
  return year > 0 && month > 0 && month < 13 && day > 0 && day <= days;
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
