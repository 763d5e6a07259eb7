import * as l10n from '@vscode/l10n';
import type { Interpretation } from '../understand/interpretation';
import { formatLike, formatNumber } from '../syntax/numbers';
import { numberIn } from '../syntax/scalars';
import { literalBehind, nodeAt, nodeToWrite, type Lock, type ScalarNode } from '../syntax/tree';
import { loaderOf } from '../trainers/loader-of';
import { writeKey, type Key, type Source } from '../trainers/shared/fields';
import { unresolvedAt, statedAt, type Unresolved } from '../understand/values';

/** Where a number will be written. */
export interface NumberPlace {
  key: Key;
  /** The scalar that is replaced, or null where the key has to be inserted. */
  node: ScalarNode | null;
  /** False where nobody wrote a number (the key is not there, is empty, or stands for a default). */
  isStated: boolean;
  lock: Lock | null;
  beside: readonly Key[];
  /** What the pair has whose item this is, where nobody wrote the pair. */
  pair?: readonly [number, number];
}

/** Where the number of `source` is written, or null where the config has no key for it. */
export function placeOf({ context, root }: Interpretation, source: Source | undefined): NumberPlace | null {
  if (!source || source.fixed) return null;
  const beside = source.beside ?? [];
  const pair = source.pair ? { pair: source.pair } : {};
  const stated = statedAt(context, source);
  if (stated) return { ...placeAt(stated.key, stated.node), beside };
  const away = unresolvedAt(context, source);
  if (away) return { key: away.key, node: away.node, isStated: true, lock: unresolvedLock(away), beside };
  const key = writeKey(source);
  if (!key) return null;
  const node = nodeAt(root, key.path);
  if (node?.kind === 'scalar') return { key, node, isStated: false, lock: node.lock, beside };
  return { key, node: null, isStated: false, lock: node?.kind === 'list' ? severalLock(key) : null, beside, ...pair };
}

/** Why a value that is not in this text is not written to. */
export function unresolvedLock({ key, node, expression }: Unresolved): Lock {
  return (
    node.lock ?? {
      code: 'value-elsewhere',
      message: l10n.t`${key.label} is ${expression}, whose value is set outside this file. Change it there.`,
    }
  );
}

/** Why a list is not written to where one number belongs: a second entry beside it would mend nothing. */
function severalLock({ label }: Key): Lock {
  return { code: 'several-values', message: l10n.t`${label} has several values here. Keep one of them.` };
}

/** The place of a scalar that is known to stand there, or where the names lead that stand for it. */
export function placeAt(key: Key, used: ScalarNode): NumberPlace {
  const node = nodeToWrite(used);
  return { key, node, isStated: true, lock: node.lock, beside: [] };
}

/** Whether both mean the same scalar, or the same key where none stands yet. */
export function isSamePlace(a: NumberPlace | null, b: NumberPlace | null): boolean {
  if (!a || !b) return false;
  return a.node && b.node ? a.node.inner.start === b.node.inner.start : a.key.label === b.key.label;
}

/**
 * `value` in the notation in which the place holds its number now, as far as the trainer's reader takes it for a number.
 * @param like another number of the file, whose notation a new small number takes
 */
export function literalFor(
  file: Interpretation,
  { node }: NumberPlace,
  value: number,
  whole: boolean,
  like: ScalarNode | null = null,
): string {
  const literal = node && literalBehind(node);
  const raw = literal?.raw.trim() ?? '';
  const dotless = readsDotless(file);
  if (numberIn(raw) !== undefined) return formatLike(raw, value, dotless || literal?.quoted === true);
  const model = like?.raw.trim() ?? '';
  const isSmall = value !== 0 && Math.abs(value) < 1e-3;
  return isSmall && /\de-?\d/i.test(model) ? formatLike(model, value, dotless) : formatNumber(value, !whole);
}

/** Whether `1e-4` reaches the trainer as a number, which PyYAML takes for text. */
function readsDotless({ document, trainer }: Interpretation): boolean {
  const { textNumbers, dotlessNumbers } = trainer;
  if (document.syntax !== 'yaml') return true;
  // What a trainer converts itself is a number in the end.
  const isNumber = loaderOf(trainer, 'yaml')?.numbers !== 'yaml-1.1';
  return dotlessNumbers === undefined && (textNumbers === 'converts' || isNumber);
}

/** Pairs of words for no and yes, as the readers of YAML, TOML, JSON and Python take them. */
const SWITCHES: readonly (readonly [no: string, yes: string])[] = [
  ['false', 'true'],
  ['False', 'True'],
  ['FALSE', 'TRUE'],
  ['no', 'yes'],
  ['No', 'Yes'],
  ['off', 'on'],
  ['Off', 'On'],
];

/** `on` in the words in which the place says yes or no now, else in those of its syntax. */
export function switchFor({ document }: Pick<Interpretation, 'document'>, { node }: NumberPlace, on: boolean): string {
  const pair = SWITCHES.find((words) => words.includes(node?.raw.trim() ?? ''));
  return (pair ?? (document.syntax === 'python' ? ['False', 'True'] : ['false', 'true']))[on ? 1 : 0] ?? '';
}
