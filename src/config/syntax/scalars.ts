import type { Loader } from './loaders';
import type { Scalar } from './tree';

const NULL = /^(~|null|Null|NULL|)$/;
const TRUE = /^(true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const NUMBER = /^[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d+)?$/;

// PyYAML's rules (YAML 1.1, resolver.py): a float has a dot, and a sign in its exponent; a whole number with a leading
// zero is octal; `1:30` counts in sixties.
const YAML_1_1_FLOAT = /^([-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)([eE][-+]\d+)?$/;
const YAML_1_1_WHOLE = /^[-+]?(0[0-7_]*|[1-9][\d_]*)$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const OTHER_BASE = /^[-+]?0(?:x[\da-fA-F_]+|b[01_]+)$/;
const SIXTIES = /^[-+]?(?:[1-9][\d_]*(?::[0-5]?\d)+|\d[\d_]*(?::[0-5]?\d)+\.[\d_]*)$/;
// The float resolver that trainers add to PyYAML; the same in all of them.
const WITH_EXPONENTS = /^(?:[-+]?\d[\d_]*(?:\.[\d_]*)?[eE][-+]?\d+|\.[\d_]+(?:[eE][-+]\d+)?)$/;
const DOTTED = /^\.[\d_]+(?:[eE][-+]\d+)?$/;

const SPECIAL: Readonly<Record<string, number>> = { '.inf': Infinity, '.nan': Number.NaN };

/** A loader resolved a text to a number or another type, and Python cannot convert it. The message is Python's. */
export class NoNumber extends Error {}

/**
 * What a YAML plain scalar means to a loader: YAML 1.1 for booleans, and every number that Python's float() takes. A
 * number that reaches the trainer as text is one too; {@link isTextTo} tells which.
 * @throws NoNumber if the loader resolves the text to a number, but Python's int() or float() refuses it
 */
export function plainScalar(source: string, numbers: Loader['numbers'] = 'yaml-1.1'): Scalar {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (numbers === 'exponents' && DOTTED.test(source)) {
    // The resolver that trainers add takes `._5`, and `._`, of which float() makes nothing.
    const value = Number(source.replaceAll('_', ''));
    if (Number.isNaN(value)) throw new NoNumber(`could not convert string to float: '${source}'`);
    return value;
  }
  return otherBase(source) ?? numberIn(source) ?? specialIn(source) ?? source;
}

/** The number in a string, or undefined: `1e-4`, `16`, `.5`, `20_000`. */
export const numberIn = (source: string): number | undefined =>
  NUMBER.test(source) ? Number(source.replaceAll('_', '')) : undefined;

/** True for numbers such as `1e-4` that PyYAML reads as strings. */
export const isTextToPyYaml = (source: string): boolean =>
  NUMBER.test(source) && !YAML_1_1_FLOAT.test(source) && !YAML_1_1_WHOLE.test(source);

/** True for numbers that this loader hands on as text. */
export const isTextTo = (source: string, numbers: Loader['numbers']): boolean =>
  isTextToPyYaml(source) && !(numbers === 'exponents' && WITH_EXPONENTS.test(source));

/** Numbers that YAML 1.1 does not count in tens: `0x10`, `0b11`, `010`, `1:30`. */
function otherBase(source: string): number | undefined {
  const text = source.replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (OTHER_BASE.test(source)) {
    if (digits.length === 2) throw new NoNumber(`invalid literal for int() with base ${digits === '0x' ? 16 : 2}: ''`);
    return sign * Number(digits);
  }
  if (OCTAL.test(source)) return sign * Number.parseInt(digits, 8);
  if (!SIXTIES.test(source)) return undefined;
  return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Infinity, or no number at all, as YAML writes them: `.inf`, `-.inf`, `.nan`. */
function specialIn(source: string): number | undefined {
  const [, sign = '', word = ''] = /^([-+]?)(\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.exec(source) ?? [];
  const value = SPECIAL[word.toLowerCase()];
  if (value === undefined || (sign !== '' && Number.isNaN(value))) return undefined;
  return sign === '-' ? -value : value;
}
