import type { Scalar } from './tree';

const NULL = /^(~|null|Null|NULL|)$/;
const TRUE = /^(true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const NUMBER = /^[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, nan: Number.NaN };

// PyYAML's rules (YAML 1.1, resolver.py): a float has a dot, and a sign in its exponent; a whole number with a leading
// zero is octal; `1:30` counts in sixties.
const YAML_1_1_FLOAT = /^([-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)([eE][-+]\d+)?$/;
const YAML_1_1_WHOLE = /^[-+]?(0[0-7_]*|[1-9][\d_]*)$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const OTHER_BASE = /^[-+]?0(?:x[\da-fA-F_]+|b[01_]+)$/;
const SIXTIES = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

/** A plain YAML scalar as trainers read it: YAML 1.1 booleans, and every number that Python's float() accepts. */
export function plainScalar(source: string): Scalar {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  return otherBase(source) ?? numberIn(source) ?? specialIn(source) ?? source;
}

/** The number in a string, or undefined: `1e-4`, `16`, `.5`, `20_000`. */
export function numberIn(source: string): number | undefined {
  return NUMBER.test(source) ? Number(source.replaceAll('_', '')) : undefined;
}

/** True for numbers such as `1e-4` that PyYAML reads as strings. */
export function isTextToPyYaml(source: string): boolean {
  return NUMBER.test(source) && !YAML_1_1_FLOAT.test(source) && !YAML_1_1_WHOLE.test(source);
}

/** Whole numbers in other bases of YAML 1.1: `0x10`, `0b11`, `010`, `1:30`. */
function otherBase(source: string): number | undefined {
  const text = source.replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (OTHER_BASE.test(source)) return sign * Number(digits);
  if (OCTAL.test(source)) return sign * Number.parseInt(digits, 8);
  if (!SIXTIES.test(source)) return undefined;
  return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function specialIn(source: string): number | undefined {
  const match = /^([-+]?)\.(inf|Inf|INF|nan|NaN|NAN)$/.exec(source);
  const value = SPECIAL[match?.[2]?.toLowerCase() ?? ''];
  return value === undefined ? undefined : match?.[1] === '-' ? -value : value;
}
