import type { Scalar } from './tree';

const NULL = /^(~|null|Null|NULL|)$/;
const TRUE = /^(true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const NUMBER = /^[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, nan: Number.NaN };

// PyYAML's rule for a float (YAML 1.1, resolver.py): a dot, and a sign in the exponent.
const YAML_1_1_FLOAT = /^[-+]?(\d[\d_]*\.[\d_]*|\.\d[\d_]*)([eE][-+]\d+)?$/;

/** What a YAML plain scalar means to the trainers: YAML 1.1 for booleans, and every number that Python's float() takes. */
export function plainScalar(source: string): Scalar {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  return numberIn(source) ?? specialIn(source) ?? source;
}

/** The number a text holds, or undefined. `1e-4`, `16`, `.5`, `20_000`. */
export function numberIn(source: string): number | undefined {
  return NUMBER.test(source) ? Number(source.replaceAll('_', '')) : undefined;
}

/** True for numbers such as `1e-4` that PyYAML hands on as text. */
export function isTextToPyYaml(source: string): boolean {
  return /[eE.]/.test(source) && NUMBER.test(source) && !YAML_1_1_FLOAT.test(source);
}

function specialIn(source: string): number | undefined {
  const match = /^([-+]?)\.(inf|Inf|INF|nan|NaN|NAN)$/.exec(source);
  const value = SPECIAL[match?.[2]?.toLowerCase() ?? ''];
  return value === undefined ? undefined : match?.[1] === '-' ? -value : value;
}
