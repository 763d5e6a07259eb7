import { isMap, isScalar, type ParsedNode, type Scalar } from 'yaml';
import type { Loader } from '../loaders';
import { isWhole, NoNumber, numberIn, plainScalar, specialIn } from '../scalars';
import { Stop } from '../stop';
import { under } from '../table';
import type { Scalar as Value } from '../tree';
import { unread } from './documents';

const DEFAULT_TAG = 'tag:yaml.org,2002:';

/** A value that this program does not make: what a tag makes of a text. */
export const UNKNOWN = Symbol('unknown');

/** A node with content: no alias. */
export type Content = Exclude<ParsedNode, { source: string; resolve: unknown }>;

const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** `int` for YAML's own tag `!!int`, any other tag in full; null without a tag, and for `!`. */
function tagOf(node: Content): string | null {
  const { tag } = node;
  if (tag !== undefined && tag !== '!') return tag.startsWith(DEFAULT_TAG) ? tag.slice(DEFAULT_TAG.length) : tag;
  if (!isScalar(node) || !isBare(node)) return null;
  return under({ '<<': 'merge', '=': 'value' }, node.source ?? '') ?? null;
}

/** Whether PyYAML finds the type of a scalar by its text. */
export function isBare({ type, tag }: Scalar): boolean {
  return type === 'PLAIN' || tag === '!';
}

/** `<<`, as a word without quotes. */
export function isMerge(node: ParsedNode): boolean {
  return isScalar(node) && tagOf(node) === 'merge';
}

/**
 * Whether a list or map is read as one. What a tag of Python makes of it is not known.
 * @throws Stop where the loader has no constructor for the tag
 */
export function isPlainCollection(node: Content, loader: Loader | undefined): boolean {
  const tag = tagOf(node);
  return tag === null || tag === (isMap(node) ? 'map' : 'seq') || otherTag(node, tag, loader) !== UNKNOWN;
}

/** What a tag makes of a text; undefined where that is not known, or Python stops. */
const SCALARS: Readonly<Record<string, (text: string) => Value | undefined>> = {
  str: (text) => text,
  null: () => null,
  bool: (text) => {
    const word = text.toLowerCase();
    return /^(?:yes|true|on)$/.test(word) || (/^(?:no|false|off)$/.test(word) ? false : undefined);
  },
  int: (text) => (isWhole(text) ? plainScalar(text) : undefined),
  float: (text) => numberIn(text) ?? specialIn(text),
};

/**
 * The value of a scalar as this loader makes it.
 * @throws Stop where it stops
 */
export function scalarOf(node: Scalar.Parsed, loader: Loader | undefined): Value | typeof UNKNOWN {
  const tag = tagOf(node);
  const text = node.source ?? '';
  const construct = tag === null ? undefined : under(SCALARS, tag);
  if (tag !== null && !construct) return otherTag(node, tag, loader);
  try {
    if (!construct) return isBare(node) ? untagged(text, loader) : text;
    const value = construct(text);
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof NoNumber) throw new Stop(error.message, node.range[0]);
    throw error;
  }
  throw unread(`!!${tag ?? ''} ${text}`, node.range[0]);
}

/** @throws Stop, unless the loader may know the tag */
function otherTag(node: Content, tag: string, loader: Loader | undefined): typeof UNKNOWN {
  const full = node.tag ?? DEFAULT_TAG + tag;
  const isPython = tag.startsWith('python/') && full !== tag;
  if (loader === undefined || (loader.tags === 'python' && isPython)) return UNKNOWN;
  if (/^[a-z]+$/.test(tag) && node.tag) throw unread(`!!${tag}`, node.range[0]);
  throw new Stop(`could not determine a constructor for the tag '${full}'`, node.range[0]);
}

function untagged(text: string, loader: Loader | undefined): Value {
  if (!loader?.dates || !TIMESTAMP.test(text)) return plainScalar(text, loader?.numbers);
  if (!isDate(text)) throw new NoNumber('no valid date');
  return text;
}

/** Whether Python makes a date of a text in the form of one. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D+/).map(Number);
  const zone = Number(/[-+](\d\d?)(?::\d\d)?$/.exec(text.slice(10))?.[1] ?? 0);
  const days = new Date(Date.UTC(year < 100 ? year + 2000 : year, month, 0)).getUTCDate();
  const isDay = year > 0 && month > 0 && month < 13 && day > 0 && day <= days;
  return isDay && hour < 24 && minute < 60 && second < 60 && zone < 24;
}
