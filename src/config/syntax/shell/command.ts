import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { programOf } from './programs';
import { bareScalar, type Entry, type Home, type MapNode, type ScalarNode, type SyntaxNode } from '../tree';
import { MAYBE_FLAGS } from './variables';
import { knownStart, MAYBE_EMPTY, scalarOf, sliceOf, spanOf, textOf, type Word } from './words';

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
  const { command: program, launcher, args } = programOf(words, programs);
  const name = words[launcher.length] ?? words[0];
  const { entries, further } = flagsOf(source, args);
  return { kind: 'map', range, entries, tag: { kind: 'command', program, range: name?.range ?? range, further } };
}

interface GivenFlag {
  name: string;
  keyRange: Range;
  values: Word[];
  home: Home;
}

/** The flags of a command, and the words that may be more flags. */
function flagsOf(source: string, words: readonly Word[]): { entries: Entry[]; further: ScalarNode[] } {
  const root: MapNode = { kind: 'map', range: { start: 0, end: 0 }, entries: [] };
  const further: Word[] = [];
  let open: GivenFlag | null = null;
  const close = (): void => {
    if (open) addTo(root, open.name, valueOf(source, open), open.keyRange, open.home);
    open = null;
  };
  for (const word of words) {
    const known = knownStart(word);
    const flag = FLAG.exec(known);
    const override = OVERRIDE.exec(known);
    if (flag && isWholeName(word, flag)) {
      close();
      const [whole, dashes = '', name = '', equals] = flag;
      const keyRange = sliceOf(word, 0, dashes.length + name.length).range;
      const key = name.replaceAll('-', '_');
      if (equals) addTo(root, key, scalarOf(source, sliceOf(word, whole.length)), keyRange, 'shell-flag');
      else open = { name: key, keyRange, values: [], home: 'shell-flag' };
    } else if (override && !takesPairs(open)) {
      close();
      const [whole, plus = '', name = ''] = override;
      const keyRange = sliceOf(word, plus.length, plus.length + name.length).range;
      addTo(root, name, hydraValue(source, sliceOf(word, whole.length)), keyRange, 'shell-override');
    } else if (known === '--' && textOf(word) === '--') close();
    // A word that looks like a flag is not the value of the flag before it.
    else if (known.startsWith('--') && known.length > 2) close();
    else if (isFurther(source, word, open, root.entries.length > 0)) {
      // A variable can expand to several words.
      if (!further.some((one) => spelled(source, one) === spelled(source, word))) further.push(word);
    } else if (open && !isEscapedBlank(source, word)) (open as GivenFlag).values.push(word);
  }
  close();
  return { entries: root.entries, further: further.map((word) => scalarOf(source, word)) };
}

const spelled = (source: string, { range }: Word): string => source.slice(range.start, range.end);

/**
 * `$@`, `$EXTRA_ARGS` and the like are more, unknown words, not the value of the flag before them. An unquoted variable
 * with another name may expand to nothing, so it is not treated as this flag's value either.
 */
function isFurther(source: string, word: Word, open: GivenFlag | null, hasFlags: boolean): boolean {
  if (textOf(word) !== null || knownStart(word) !== '') return false;
  const text = spelled(source, word);
  if (EXTRA.test(text) || GIVEN_IF_SET.test(text)) return true;
  const lock = word.pieces[0]?.lock?.code;
  if (lock === MAYBE_FLAGS) return true;
  const [first] = open?.values ?? [];
  // Before the first flag, an unquoted variable is a file name. Behind a flag, it may expand to more flags.
  if (!open) return lock === MAYBE_EMPTY || PRINTED.test(text) || (hasFlags && !/["']/.test(text[0] ?? ''));
  return first !== undefined && textOf(first) !== null && lock !== 'loop' && !/["']/.test(text[0] ?? '');
}

/** A backslash and a blank, where a line was meant to continue. */
function isEscapedBlank(source: string, word: Word): boolean {
  return textOf(word)?.trim() === '' && source[word.range.start] === '\\';
}

/** The name must end the word or be followed by `=`: the name of `--a$B` is unknown. */
function isWholeName(word: Word, [whole, , , equals]: RegExpExecArray): boolean {
  return equals === '=' || textOf(word) === whole;
}

/** `--optimizer_args "weight_decay=0.01" "eps=1e-8"`: pairs of this flag, not of Hydra. */
function takesPairs(open: GivenFlag | null): boolean {
  if (!open || SWITCHES.has(open.name)) return false;
  return open.values.every((word) => OVERRIDE.test(knownStart(word)));
}

function valueOf(source: string, { values, keyRange }: GivenFlag): SyntaxNode {
  const [first, second] = values;
  if (!first) {
    const end = { start: keyRange.end, end: keyRange.end };
    const lock = { code: 'switch', message: l10n.t('This flag is a switch without a value.') };
    return { ...bareScalar(source, end, true), lock };
  }
  if (!second) return scalarOf(source, first);
  const last = values.at(-1) ?? first;
  return {
    kind: 'list',
    range: spanOf(first.range, last.range),
    items: values.map((word) => scalarOf(source, word)),
  };
}

/** Hydra's value: a list in brackets, a map in braces, a quoted string, or a scalar. */
function hydraValue(source: string, word: Word): SyntaxNode {
  const text = textOf(word);
  const list = text === null ? null : /^\[(.*)\]$/s.exec(text);
  if (list && text !== null) {
    const items = [...text.slice(1, -1).matchAll(/[^,]+/g)].map((match) => {
      const lead = match[0].length - match[0].trimStart().length;
      const start = 1 + match.index + lead;
      return scalarOf(source, unquoted(sliceOf(word, start, start + match[0].trim().length)));
    });
    return { kind: 'list', range: word.range, items };
  }
  const map = text === null ? null : /^\{(.*)\}$/s.exec(text);
  if (map && text !== null) {
    const entries = [...text.slice(1, -1).matchAll(/(?<![\w.])([\w.]+)\s*:\s*([^,{}[\]]*[^,{}[\]\s])/g)].map(
      (match): Entry => {
        const [whole, key = '', own = ''] = match;
        const end = 1 + match.index + whole.length;
        const keyRange = sliceOf(word, 1 + match.index, 1 + match.index + key.length).range;
        return { key, keyRange, value: scalarOf(source, sliceOf(word, end - own.length, end)) };
      },
    );
    return { kind: 'map', range: word.range, entries };
  }
  return scalarOf(source, unquoted(word));
}

function unquoted(word: Word): Word {
  const text = textOf(word);
  return text !== null && text.length > 1 && /^(["']).*\1$/s.test(text) ? sliceOf(word, 1, text.length - 1) : word;
}

function addTo(root: MapNode, name: string, value: SyntaxNode, keyRange: Range, home: Home): void {
  addNested(root, name.split('.'), { key: name, keyRange, value, home });
}

/** Adds an entry at a path. Maps on the path are created, or copied before they change. */
export function addNested(root: MapNode, path: readonly string[], entry: Entry): void {
  let owner = root;
  for (const step of path.slice(0, -1)) {
    const at = owner.entries.findLastIndex(({ key }) => key === step);
    const found = owner.entries[at];
    const next: MapNode =
      found?.value.kind === 'map'
        ? { ...found.value, entries: [...found.value.entries] }
        : { kind: 'map', range: entry.keyRange, entries: [] };
    if (found?.value.kind === 'map') owner.entries[at] = { ...found, value: next };
    else owner.entries.push({ key: step, keyRange: entry.keyRange, value: next });
    owner = next;
  }
  owner.entries.push({ ...entry, key: path.at(-1) ?? entry.key });
}
