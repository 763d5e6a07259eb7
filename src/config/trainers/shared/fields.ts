import * as l10n from '@vscode/l10n';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ReadField } from '../../reading';
import { callIn, entryAt, nodeAt, scalarAt, type MapNode, type Scalar } from '../../syntax/tree';

export type Fields = Partial<Record<ReadField, Source>>;

export interface AdapterSources {
  name: string;
  rank: Source;
  alpha: Source;
}

/** The keys of a value, and its default. */
export interface Source {
  /** The first key that the file has wins. None for a value that no config can set ({@link fixedAt}). */
  keys: readonly Key[];
  default?: Default | DefaultOf;
  /** The caller of the optimizer's class has its own default, so the default of the class never applies. */
  hasOwnDefault?: true;
  /** Key to write if the file has none of `keys`; by default the last of `keys`. */
  write?: Key;
  /** Neighbours to insert a new key after, best first; by default those of {@link withNeighbours}. */
  beside?: readonly Key[];
  /** Default of the pair (such as betas) that this value is an item of. */
  pair?: readonly [number, number];
}

export interface Key {
  path: readonly string[];
  /** The key as a person would write it. */
  label: string;
  /** Converts the scalar as the trainer does; undefined if the trainer treats it as not set. */
  read?: (value: Exclude<Scalar, null>) => Exclude<Scalar, null> | undefined;
}

/** The default of a value. Its sentence is made from the value (default-words.ts). */
export interface Default {
  value: Scalar | readonly [number, number];
  /** The owner of the default if not the trainer: a library, an optimizer's class. */
  who?: string;
  /** The value in the sentence, if itself it says too little: `every linear layer but the head`. */
  inWords?: string;
  /** The sentence, if the reason is this trainer's alone. */
  why?: string;
}

export type DefaultOf = (known: ReadSoFar) => Default | null;

/** What has been read so far, for defaults that depend on it. */
export interface ReadSoFar {
  root: MapNode;
  rank: number | null;
  /** The trainer's name for the optimizer. */
  optimizer: string | null;
  row: OptimizerRow | null;
}

/** `key('optimizer.lr')`: the key with this dotted path. The first item of a list, `eps.0`, is shown as `eps[0]`. */
export function key(label: string, read?: Key['read']): Key {
  return { path: label.split('.'), label: label.replace(/\.(\d+)$/, '[$1]'), ...(read ? { read } : {}) };
}

/** Keys by their dotted paths, separated by spaces. */
export const keys = (labels: string): Key[] => labels.split(/\s+/).map((label) => key(label));

/** The scalar at a dotted path: `valueAt(root, 'optimizer.lr')`. */
export const valueAt = (root: MapNode, label: string): Exclude<Scalar, null> | undefined =>
  scalarAt(root, label.split('.'));

/** The scalar at a dotted path as a string; empty if there is none. */
export const wordAt = (root: MapNode, label: string): string => String(valueAt(root, label) ?? '');

/** Whether the file has the key, whatever its value. */
export const has = (root: MapNode, label: string): boolean => nodeAt(root, label.split('.')) !== null;

/** Whether the file has the key, without a value: `lora_r:`, `use_rslora: null`. */
export function isNull(root: MapNode, path: readonly string[]): boolean {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && node.value === null && node.unresolved === undefined && !node.lock;
}

export const says = (root: MapNode, ...labels: readonly string[]): boolean =>
  labels.some((label) => valueAt(root, label) !== undefined);

/** The names of a list, or of a text with commas. */
export function namesIn(root: MapNode, label: string): string[] {
  const node = nodeAt(root, [label]);
  if (node?.kind === 'scalar') return String(node.value ?? '').split(',');
  return node?.kind === 'list'
    ? node.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
    : [];
}

export const isMap = (root: MapNode, label: string): boolean => nodeAt(root, label.split('.'))?.kind === 'map';

/** Why a file of a trainer is not LoRA's: its kind of adapter. */
export const otherKind = (type: string): { not: string } => ({
  not: l10n.t`This trains ${type}, which has no alpha that scales as LoRA's does.`,
});

type At = string | Pick<Key, 'path'>;

/** Whether the key has a value: not null, false or empty. A call without arguments and an unresolved flag count. */
export function isFilled(root: MapNode, at: At): boolean {
  const path = typeof at === 'string' ? at.split('.') : at.path;
  const node = nodeAt(root, path);
  if (node?.kind === 'list') return node.items.length > 0;
  if (node?.kind === 'map') return callIn(node) !== null || node.entries.length > 0;
  if (!node) return false;
  if (entryAt(root, path)?.home === 'shell-flag') {
    if (node.unresolved !== undefined) return true;
    // A flag without a value is not filled.
    if (node.lock?.code === 'switch') return false;
  }
  return node.value !== null && node.value !== false && node.value !== '';
}

/** Like {@link isFilled}, for a switch: the flag alone turns it on. */
export const isOnOrFilled = (root: MapNode, at: At): boolean =>
  scalarAt(root, typeof at === 'string' ? at.split('.') : at.path) === true || isFilled(root, at);

export const writeKey = (source: Source): Key | null => source.write ?? source.keys.at(-1) ?? null;

/**
 * The keys of a value with its default: `field('lora_r', 8)`.
 * @param at its key, or several, by their dotted paths; the first that the file has wins
 * @param fallback the default of the trainer: its value, or how it is found
 * @param who has this default, if not the trainer
 */
export function field(
  at: string | Key | readonly (string | Key)[],
  fallback?: Default['value'] | Default | DefaultOf,
  who?: string,
): Source {
  const keys = [at].flat().map((one: string | Key) => (typeof one === 'string' ? key(one) : one));
  if (fallback === undefined) return { keys };
  const isFound = typeof fallback === 'function' || (typeof fallback === 'object' && fallback && 'value' in fallback);
  return { keys, default: isFound ? fallback : { value: fallback, ...(who === undefined ? {} : { who }) } };
}

/** A value that the trainer lets nobody set: `fixedAt('cosine')`. */
export const fixedAt = (fallback: Default['value'] | Default | DefaultOf): Source => field([], fallback);

/** Keys that the trainer does not convert: it treats an empty string as not set. */
export const unlessEmpty: NonNullable<Key['read']> = (value) => (value === '' ? undefined : value);

/** An alpha of 0 stands for the rank in sd-scripts (adapters/lora.py) and what was made after it. */
export const zeroIsRank: NonNullable<Key['read']> = (value) => (Number(value) === 0 ? undefined : value);

/** `onlyIf('dora', true)`: true for that word, and not set for all others. */
export const onlyIf =
  (word: Scalar, meaning: Exclude<Scalar, null>): NonNullable<Key['read']> =>
  (value) =>
    value === word ? meaning : undefined;

/** An alpha that follows the rank. */
export function timesRank(times: number): DefaultOf {
  return ({ rank }) => {
    if (rank === null) return null;
    const value = times * rank;
    return { value, inWords: times === 1 ? l10n.t`the rank, ${value}` : l10n.t`${times} × the rank, ${value}` };
  };
}

/** Clipping where null turns it off. */
export function notClipped(label: string): Default {
  return { value: 0, why: l10n.t`${label} is null, which turns clipping off.` };
}

type RowField = ConstantId | 'weightDecay' | 'betas' | 'momentum';

/** The default of the optimizer's class, for trainers that pass only the learning rate to it. */
export function fromRow(field: RowField): DefaultOf {
  return ({ row, optimizer }) => {
    const value = row && defaultOf(row, field);
    if (!row || value === null || value === undefined) return null;
    return { value, who: optimizer ?? row.title };
  };
}

export const rateFromRow: DefaultOf = ({ row, optimizer }) =>
  row && row.defaults.learningRate !== null ? { value: row.defaults.learningRate, who: optimizer ?? row.title } : null;

/** `value` for optimizers with this constant. */
export function ifRowHas(field: 'eps' | 'betas', value: Default['value'], who?: string): DefaultOf {
  return ({ row }) => {
    const has = row && (defaultOf(row, field) ?? null) !== null;
    return has ? { value, ...(who === undefined ? {} : { who }) } : null;
  };
}

function defaultOf(row: OptimizerRow, field: RowField): number | readonly [number, number] | null | undefined {
  if (field === 'weightDecay') return row.decay === 'none' ? null : row.defaults.weightDecay;
  if (field === 'betas' || field === 'momentum') return row.defaults[field];
  const usual = constantOf(row, field)?.default;
  // The largest learning rate defaults to that of the run.
  return field === 'maxRate' && usual === 0 ? null : usual;
}

/** The numbers of an optimizer's class, in a map of its arguments: `classNumbers('optimizer')`; or at the top. */
export function classNumbers(at = ''): Fields {
  const label = (name: string): string => (at === '' ? name : `${at}.${name}`);
  return {
    weightDecay: field(label('weight_decay'), fromRow('weightDecay')),
    eps: field(label('eps'), fromRow('eps')),
    betas: field(label('betas'), fromRow('betas')),
    momentum: field(label('momentum'), fromRow('momentum')),
    nesterov: field(label('nesterov')),
  };
}

/** {@link classNumbers} with the learning rate of the class. */
export const torchClass = (at: string): Fields => ({
  learningRate: field(`${at}.lr`, rateFromRow),
  ...classNumbers(at),
});

/** Fields that belong together in a config. A new key is inserted beside them, in this order. */
const OF_LORA = ['alpha', 'rank', 'dropout', 'useRslora', 'useDora', 'targetModules', 'init'] as const;
const OF_TRAINING = [
  ...(['weightDecay', 'learningRate', 'eps', 'maxGradNorm', 'optimizer', 'scheduler', 'betas', 'momentum'] as const),
  ...(['maxGradValue', 'loraplusLrRatio', 'warmup'] as const),
];

/** The fields with the neighbours of their keys: related keys, best first. */
export function withNeighbours(fields: Fields): Fields {
  const near = (field: string): Key[] => {
    const isOfLora = OF_LORA.some((one) => one === field);
    const order: readonly ReadField[] = isOfLora ? [...OF_LORA, ...OF_TRAINING] : [...OF_TRAINING, ...OF_LORA];
    return order.flatMap((one) => (one === field ? [] : (fields[one]?.keys ?? [])));
  };
  const all = Object.entries(fields).map(([field, source]) => [field, { beside: near(field), ...source }] as const);
  return Object.fromEntries(all);
}
