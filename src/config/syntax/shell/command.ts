import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { bareScalar, entryAt, type Entry, type Home, type MapNode, type SyntaxNode } from '../tree';
import { MAYBE_EMPTY, MAYBE_FLAGS } from './locks';
import { programOf } from './programs';
import { knownStart, scalarOf, sliceOf, spanOf, textOf, type Word } from './words';

/** `--key` or `-k`, with or without `=value`; not a negative number. */
const FLAG = /^(--?)([A-Za-z][\w.-]*)(=?)/;

/** Hydra's `key=value`, `+key=value`, `++key=value`. */
const OVERRIDE = /^(\+{0,2})([A-Za-z_][\w.@/-]*)=/;

/** `$@`, `${ARGS[@]}`, `$EXTRA_ARGS`, `@PSBoundParameters`: variables that hold more words. */
const EXTRA =
  /^["']?(?:@\w|\$\{?(?:[@*]|\w+\[[@*]|\w*(?:args?|opts?|options?|extra|flags?|params?|rest|remaining)(?:_|\b)(?!\[\d)))/i;

/** `$(cat flags.txt)`: words that a program prints. */
const PRINTED = /^(?:\$\(|`)/;
/** `${LR:+--learning_rate $LR}`: flags that are added if a variable is set. */
const GIVEN_IF_SET = /^\$\{\w+:?\+["']?-/;
/** Flags without a value, although `key=value` words may follow. */
const SWITCHES = new Set(['multirun', 'm']);

interface OpenFlag {
  key: string;
  keyRange: Range;
  values: Word[];
  /** Whether all values so far are pairs of this flag, not of Hydra: `--optimizer_args "weight_decay=0.01" "eps=1e-8"`. */
  hasPairs: boolean;
}

/**
 * A command line as the tree of its flags: `--lora_rank 8` under `lora_rank`, `--optimizer.lr=1e-4` and Hydra's
 * `optimizer.lr=1e-4` under `optimizer`, `lr`; a flag without a value is true, several values are a list.
 * @param source the text that contains the words
 * @param programs see {@link programOf}
 */
export function commandTree(
  source: string,
  words: readonly Word[],
  range: Range,
  programs?: ReadonlySet<string>,
): MapNode {
  const { program, named, args } = programOf(words, programs);
  const root: MapNode = { kind: 'map', range, entries: [] };
  const further = new Map<string, Word>();
  let open: OpenFlag | null = null;
  const add = (key: string, keyRange: Range, value: SyntaxNode, home: Home): void =>
    addNested(root, key.split('.'), { key, keyRange, value, home });
  const close = (): void => {
    if (open) add(open.key, open.keyRange, valueOf(source, open), 'shell-flag');
    open = null;
  };
  for (const word of args) {
    const known = knownStart(word);
    const [flag, dashes = '', name = '', equals] = FLAG.exec(known) ?? [];
    const [override, plus = '', path = ''] = OVERRIDE.exec(known) ?? [];
    // The name of `--a$B` is unknown.
    if (flag !== undefined && (equals === '=' || textOf(word) === flag)) {
      close();
      const key = name.replaceAll('-', '_');
      const keyRange = sliceOf(word, 0, dashes.length + name.length).range;
      if (equals) add(key, keyRange, scalarOf(source, sliceOf(word, flag.length)), 'shell-flag');
      else open = { key, keyRange, values: [], hasPairs: !SWITCHES.has(key) };
    } else if (override !== undefined && !open?.hasPairs) {
      close();
      const keyRange = sliceOf(word, plus.length, plus.length + path.length).range;
      add(path, keyRange, hydraValue(source, sliceOf(word, override.length)), 'shell-override');
    }
    // A word that looks like a flag is not the value of the flag before it.
    else if (known.startsWith('--') && (known.length > 2 || textOf(word) === '--')) close();
    // A variable can expand to several words.
    else if (isFurther(source, word, open, root.entries.length > 0)) {
      const text = spelled(source, word);
      further.set(text, further.get(text) ?? word);
    }
    // A backslash and a blank, where a line was meant to continue, are no value.
    else if (open && (textOf(word)?.trim() !== '' || source[word.range.start] !== '\\')) {
      open.values.push(word);
      open.hasPairs &&= OVERRIDE.test(known);
    }
  }
  close();
  const more = [...further.values()].map((word) => scalarOf(source, word));
  const launcher = named ? source.slice(range.start, named.range.start) : '';
  return { ...root, tag: { kind: 'command', program, launcher, range: named?.range ?? range, further: more } };
}

const spelled = (source: string, { range }: Word): string => source.slice(range.start, range.end);

/**
 * `$@`, `$EXTRA_ARGS` and the like are more, unknown words, not the value of the flag before them. An unquoted variable
 * with another name may expand to nothing, so it is not treated as this flag's value either.
 */
function isFurther(source: string, word: Word, open: OpenFlag | null, hasFlags: boolean): boolean {
  if (textOf(word) !== null || knownStart(word) !== '') return false;
  const text = spelled(source, word);
  const lock = word.pieces[0]?.lock?.code;
  if (EXTRA.test(text) || GIVEN_IF_SET.test(text) || lock === MAYBE_FLAGS) return true;
  const isBare = !/^["']/.test(text);
  // Before the first flag, an unquoted variable is a file name. Behind a flag, it may expand to more flags.
  if (!open) return lock === MAYBE_EMPTY || PRINTED.test(text) || (hasFlags && isBare);
  const [first] = open.values;
  return first !== undefined && textOf(first) !== null && isBare;
}

function valueOf(source: string, { values, keyRange: { end } }: OpenFlag): SyntaxNode {
  const [first, second] = values;
  if (!first) {
    const lock = { code: 'switch', message: l10n.t('This flag is a switch without a value.') };
    return bareScalar(source, { start: end, end }, true, lock);
  }
  if (!second) return scalarOf(source, first);
  const range = spanOf(first.range, values.at(-1)?.range ?? first.range);
  return { kind: 'list', range, items: values.map((word) => scalarOf(source, word)) };
}

/** Hydra's value: a list in brackets, a quoted string, or a scalar; what a map in braces holds is unknown. */
function hydraValue(source: string, word: Word): SyntaxNode {
  const { range } = word;
  const text = textOf(word);
  if (text === null) return scalarOf(source, word);
  const scalar = (from: number, part: string): SyntaxNode => {
    const own = part.trim();
    const mark = /^(["']).+\1$/s.test(own) ? 1 : 0;
    const start = from + part.indexOf(own);
    return scalarOf(source, sliceOf(word, start + mark, start + own.length - mark));
  };
  if (/^\[.*\]$/s.test(text)) {
    const items = [...text.slice(1, -1).matchAll(/[^,]+/g)];
    return { kind: 'list', range, items: items.map(({ 0: item, index }) => scalar(1 + index, item)) };
  }
  return /^\{.*\}$/s.test(text) ? { ...scalarOf(source, word), value: null, unresolved: text } : scalar(0, text);
}

/** Adds an entry at a path. Maps on the path are created. */
export function addNested(root: MapNode, path: readonly string[], entry: Entry): void {
  let owner = root;
  for (const step of path.slice(0, -1)) {
    const found = entryAt(owner, [step])?.value;
    const next: MapNode = found?.kind === 'map' ? found : { kind: 'map', range: entry.keyRange, entries: [] };
    if (next !== found) owner.entries.push({ key: step, keyRange: entry.keyRange, value: next });
    owner = next;
  }
  owner.entries.push({ ...entry, key: path.at(-1) ?? entry.key });
}
