import * as l10n from '@vscode/l10n';
import type { Run, Adapter } from '../understand/run';
import { formatLike, formatNumber } from '../syntax/numbers';
import { numberIn } from '../syntax/scalars';
import { literalBehind, nodeAt, nodeToWrite, type Lock, type ScalarNode } from '../syntax/tree';
import { loaderOf } from '../trainers/trainer';
import { writeKey, key, type Key, type Source } from '../trainers/shared/fields';
import { unresolvedAt, statedAt, type Unresolved } from '../understand/fields/values';
import type { ReadField } from '../reading';
import { scheduleOf } from '../trainers/schedules';

export interface NumberPlace {
  key: Key;
  /** The scalar to replace, or null if the key has to be added. */
  node: ScalarNode | null;
  /** False if the file sets no number: the key is missing or empty, or its value means a default. */
  isStated: boolean;
  lock: Lock | null;
  beside: readonly Key[];
  /** The default of the pair that this number is an item of. */
  pair?: readonly [number, number];
}

/** The place of the number of `source`, or null if the config has no key for it. */
export function placeOf({ root }: Pick<Run, 'root'>, source: Source | undefined): NumberPlace | null {
  if (!source) return null;
  const beside = source.beside ?? [];
  const pair = source.pair ? { pair: source.pair } : {};
  const stated = statedAt(root, source);
  if (stated) return { ...placeAt(stated.key, stated.node), beside };
  const away = unresolvedAt(root, source);
  if (away) return { key: away.key, node: away.node, isStated: true, lock: unresolvedLock(away), beside };
  const key = writeKey(source);
  if (!key) return null;
  const node = nodeAt(root, key.path);
  if (node?.kind === 'scalar') return { key, node, isStated: false, lock: node.lock, beside };
  // One number belongs where the list is.
  const message = l10n.t`${key.label} has several values here. Keep one of them.`;
  const lock = node?.kind === 'list' ? { code: 'several-values', message } : null;
  return { key, node: null, isStated: false, lock, beside, ...pair };
}

export function unresolvedLock({ key, node, expression }: Unresolved): Lock {
  const message = l10n.t`${key.label} is ${expression}, whose value is set outside this file. Change it there.`;
  return node.lock ?? { code: 'value-elsewhere', message };
}

/** The place of a scalar, or of the value behind its name. */
export function placeAt(key: Key, used: ScalarNode): NumberPlace {
  const node = nodeToWrite(used);
  return { key, node, isStated: true, lock: node.lock, beside: [] };
}

/** Whether two places are the same scalar, or the same missing key. */
export function isSamePlace(a: NumberPlace | null, b: NumberPlace | null): boolean {
  if (!a || !b) return false;
  return a.node && b.node ? a.node.inner.start === b.node.inner.start : a.key.label === b.key.label;
}

/**
 * `value` in the notation of the old number, if the trainer reads that notation as a number.
 * @param like another number of the file, for the notation of a new small number
 */
export function literalFor(
  run: Run,
  { node }: NumberPlace,
  value: number,
  whole: boolean,
  like: ScalarNode | null = null,
): string {
  const literal = node && literalBehind(node);
  const raw = literal?.raw.trim() ?? '';
  const dotless = readsDotless(run);
  if (numberIn(raw) !== undefined) return formatLike(raw, value, dotless || literal?.quoted === true);
  const model = like?.raw.trim() ?? '';
  const isSmall = value !== 0 && Math.abs(value) < 1e-3;
  return isSmall && /\de-?\d/i.test(model) ? formatLike(model, value, dotless) : formatNumber(value, !whole);
}

/** Whether the trainer reads `1e-4` as a number; PyYAML reads a string. */
function readsDotless({ document, trainer }: Run): boolean {
  const { textNumbers, dotlessNumbers } = trainer;
  if (document.syntax !== 'yaml') return true;
  // Some trainers convert the string.
  const isNumber = loaderOf(trainer, 'yaml')?.numbers !== 'yaml-1.1';
  return dotlessNumbers === undefined && (textNumbers === 'converts' || isNumber);
}

/** `on` as the file writes it: with a capital where the old value, or Python, has one. */
export function switchFor({ document }: Pick<Run, 'document'>, { node }: NumberPlace, on: boolean): string {
  const isCapital = node ? /^[A-Z]/.test(node.raw.trim()) : document.syntax === 'python';
  return isCapital ? (on ? 'True' : 'False') : String(on);
}

/** The numbers that change with `field`: copies of alpha, other learning rates, those of the schedule, other ratios. */
export function linkedNumbers(run: Run, adapter: Adapter, field: string): { place: NumberPlace; from: number }[] {
  const { root, layout } = run;
  const main = placeOf(run, adapter.fields[field as ReadField])?.node?.inner.start;
  const linked: Partial<Record<string, readonly Key[]>> = layout.linked ?? {};
  const rates = field === 'learningRate' ? scheduleRates(run, adapter) : [];
  const scalars = [...(linked[field] ?? []), ...rates.map((rate) => rate.key)].flatMap((each) => scalarsAt(run, each));
  const written = scalars.flatMap((scalar) => {
    const place = placeAt(scalar.key, scalar.node);
    const from = numberIn(String(scalar.node.value));
    // A learning rate of 0 means that this part is not trained.
    return from && place.node?.inner.start !== main ? [{ place, from }] : [];
  });
  // A default of the trainer has to be written into the file, or it stays.
  const beside = (['scheduler', 'learningRate'] as const).flatMap((near) => adapter.fields[near]?.keys ?? []);
  const unwritten = rates.flatMap(({ key: at, from }) =>
    from && nodeAt(root, at.path) === null
      ? [{ place: { key: at, node: null, isStated: false, lock: null, beside }, from }]
      : [],
  );
  return [...written, ...unwritten];
}

/** The learning rates among the arguments of the file's scheduler, if the file has a place for them. */
function scheduleRates({ layout: { schedule } }: Run, { recipe }: Adapter): { key: Key; from: number }[] {
  if (!schedule || schedule.at === null) return [];
  const { at, schedules } = schedule;
  const rates = Object.entries(scheduleOf(schedules, recipe.scheduler)?.rates ?? {});
  return rates.map(([name, from]) => ({ key: key(at === '' ? name : `${at}.${name}`), from }));
}

function scalarsAt({ root }: Run, at: Key): { key: Key; node: ScalarNode }[] {
  const node = nodeAt(root, at.path);
  if (node?.kind === 'scalar') return [{ key: at, node }];
  const items = node?.kind === 'list' ? node.items : [];
  return items.flatMap((item, i) =>
    item.kind === 'scalar' ? [{ key: { path: [...at.path, String(i)], label: `${at.label}[${i}]` }, node: item }] : [],
  );
}
