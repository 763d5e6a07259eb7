import type { Loader } from '../loaders';
import { NoNumber, plainScalar } from '../scalars';
import type { Scalar } from '../tree';
import { Stop } from '../stop';
import { DEFAULT_TAG, type Anchored, type YamlScalar } from './nodes';

const PYTHON_TAG = `${DEFAULT_TAG}python/`;

/** A value that this program does not make: bytes, an object of Python. */
export const UNKNOWN = Symbol('unknown');

/** `int` for YAML's own tag `!!int`, any other tag in full; null without a tag and for `!`. */
function nameOf({ tag }: Anchored): string | null {
  if (tag === null || tag === '!') return null;
  return tag.startsWith(DEFAULT_TAG) ? tag.slice(DEFAULT_TAG.length) : tag;
}

/** `<<`, by its tag or as a word without quotes. */
export function isMerge(node: Anchored): boolean {
  return tagOf(node) === 'merge';
}

const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** The tag that counts: the one that is written, or the one that PyYAML resolves the value to. */
function tagOf(node: Anchored): string | null {
  const own = nameOf(node);
  if (own !== null || node.kind !== 'scalar' || (node.style !== 'plain' && node.tag !== '!')) return own;
  return { '<<': 'merge', '=': 'value' }[node.value] ?? null;
}

/** Tags of YAML that hold a list or a map. */
const OF: Readonly<Record<string, 'mapping' | 'sequence' | undefined>> = {
  map: 'mapping',
  set: 'mapping',
  seq: 'sequence',
  omap: 'sequence',
  pairs: 'sequence',
};

/**
 * Whether a list or map is read as one; what `!!set` and others make of it is not followed.
 * @throws Stop where the loader has no constructor for the tag, or another kind of node
 */
export function isPlainCollection(node: Anchored, loader: Loader | undefined): boolean {
  const tag = nameOf(node);
  if (tag === null || node.kind === 'scalar') return true;
  const kind = OF[tag];
  if (kind === node.kind) return tag === 'map' || tag === 'seq';
  if (kind !== undefined) throw new Stop(`expected a ${kind} node, but found ${node.kind}`, node.start);
  if (tag in SCALARS) throw new Stop(`expected a scalar node, but found ${node.kind}`, node.start);
  return unknownTag(node, loader) !== UNKNOWN;
}

type Construct = (text: string) => Scalar | typeof UNKNOWN;

/** Converts a text by its tag. Throws with Python's message if Python cannot convert the text. */
const SCALARS: Readonly<Record<string, Construct>> = {
  str: (text) => text,
  null: () => null,
  bool: (text) => {
    const word = text.toLowerCase();
    if (/^(?:yes|true|on)$/.test(word)) return true;
    if (/^(?:no|false|off)$/.test(word)) return false;
    throw new NoNumber(`'${word}'`);
  },
  int: wholeOf,
  float: floatOf,
  timestamp: (text) => dateOf(text),
  binary: bytesOf,
};

/**
 * The value of a scalar as this loader makes it.
 * @throws Stop where it stops
 */
export function scalarOf(node: YamlScalar, loader: Loader | undefined): Scalar | typeof UNKNOWN {
  const tag = tagOf(node);
  try {
    if (tag === null) return node.style === 'plain' || node.tag === '!' ? untagged(node.value, loader) : node.value;
    const construct = Object.hasOwn(SCALARS, tag) ? SCALARS[tag] : undefined;
    if (construct) return construct(node.value);
  } catch (error) {
    if (error instanceof NoNumber) throw new Stop(error.message, node.start);
    throw error;
  }
  const kind = OF[tag];
  if (kind !== undefined) throw new Stop(`expected a ${kind} node, but found scalar`, node.start);
  return unknownTag(node, loader);
}

function untagged(text: string, loader: Loader | undefined): Scalar {
  if (loader?.dates && TIMESTAMP.test(text)) return dateOf(text);
  return plainScalar(text, loader?.numbers);
}

/** @throws Stop, unless the loader may know the tag */
function unknownTag(node: Anchored, loader: Loader | undefined): typeof UNKNOWN {
  const tag = tagOf(node) ?? '';
  const full = node.tag === null ? DEFAULT_TAG + tag : node.tag;
  if (loader === undefined || (loader.tags === 'python' && full.startsWith(PYTHON_TAG))) return UNKNOWN;
  throw new Stop(`could not determine a constructor for the tag '${full}'`, node.start);
}

/** As int() takes it after the prefixes that YAML 1.1 has. */
function wholeOf(text: string): number {
  const plain = text.replaceAll('_', '');
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(plain) ?? [];
  const base = digits.startsWith('0b') ? 2 : digits.startsWith('0x') ? 16 : /^0./s.test(digits) ? 8 : 10;
  const parts = base === 10 ? digits.split(':') : [base === 8 ? digits : digits.slice(2)];
  const allowed = { 2: /^[01]+$/, 8: /^(?:0[oO])?[0-7]+$/, 10: /^[-+]?\d+$/, 16: /^[-+]?(?:0[xX])?[\da-fA-F]+$/ }[base];
  if (plain === '') throw new NoNumber('string index out of range');
  const bad = parts.find((part) => !allowed?.test(part.trim()));
  if (bad !== undefined) throw new NoNumber(`invalid literal for int() with base ${base}: '${bad}'`);
  const value = parts.reduce((sum, part) => sum * 60 + Number.parseInt(part.trim().replace(/^0[oO]/, ''), base), 0);
  return sign === '-' ? -value : value;
}

const PYTHON_FLOAT = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/;

function floatOf(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain === '') throw new NoNumber('string index out of range');
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(plain) ?? [];
  const value =
    digits === '.inf'
      ? Infinity
      : digits === '.nan'
        ? Number.NaN
        : digits.split(':').reduce((sum, part) => sum * 60 + pythonFloat(part), 0);
  return sign === '-' ? -value : value;
}

/** Python's float(). */
function pythonFloat(text: string): number {
  const plain = text.trim();
  if (PYTHON_FLOAT.test(plain)) return Number(plain);
  const [, sign = '', word = ''] = /^([-+]?)(inf|infinity|nan)$/.exec(plain) ?? [];
  if (word === '') throw new NoNumber(`could not convert string to float: '${text}'`);
  const value = word === 'nan' ? Number.NaN : Infinity;
  return sign === '-' ? -value : value;
}

/** A date, as its text. */
function dateOf(text: string): string {
  const match = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d).*)?$/.exec(text);
  if (!TIMESTAMP.test(text) && !/^\d{4}-\d\d?-\d\d?$/.test(text)) {
    throw new NoNumber("'NoneType' object has no attribute 'groupdict'");
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (year < 1) throw new NoNumber(`year ${year} is out of range`);
  if (month < 1 || month > 12) throw new NoNumber('month must be in 1..12');
  if (day < 1 || day > new Date(Date.UTC(year < 100 ? year + 2000 : year, month, 0)).getUTCDate()) {
    throw new NoNumber('day is out of range for month');
  }
  if (hour > 23) throw new NoNumber('hour must be in 0..23');
  if (minute > 59) throw new NoNumber('minute must be in 0..59');
  if (second > 59) throw new NoNumber('second must be in 0..59');
  const zone = /[-+](\d\d?)(?::(\d\d))?$/.exec(text.slice(10));
  if (zone && Number(zone[1]) * 60 + Number(zone[2] ?? 0) >= 24 * 60) {
    throw new NoNumber('offset must be a timedelta strictly between -24 and 24 hours');
  }
  return text;
}

/** Base64, of which only the length is checked: the bytes are no value of a config. */
function bytesOf(text: string): typeof UNKNOWN {
  // eslint-disable-next-line no-control-regex -- what ASCII holds
  if (!/^[\x00-\x7F]*$/.test(text)) throw new NoNumber('failed to convert base64 data into ascii');
  const [, letters = '', rest = ''] = /^([^=]*)(.*)$/s.exec(text.replace(/[^A-Za-z0-9+/=]/g, '')) ?? [];
  const odd = letters.length % 4;
  const marks = [...rest].filter((mark) => mark === '=').length;
  if (odd === 1 || (odd > 0 && marks < 4 - odd)) throw new NoNumber('failed to decode base64 data: Incorrect padding');
  return UNKNOWN;
}
