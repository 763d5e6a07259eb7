import type { SyntaxNode } from '../tree';

// The package toml 0.10.2 goes over the text line by line and splits it at quotes, commas and brackets. Experiments show
// which texts it reads as TOML defines them (test/judges/loading). It may read other values from all other texts, so they
// are not read here.

const KEY = /^(?:[\w-]+(?:\.[\w-]+)*|"[\w -]+"|'[\w -]+')$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const ZERO_WITH_EXPONENT = /^-?0[eE]/;
const WORD = /^(?:true|false|inf|nan)$/;
const TEXT = /^"(?:[^"'\\]|\\[\\nt])*"$|^'[^'"]*'$/;
/** A string in a list must not begin with a comma: the package would end the string there. */
const TEXT_IN_LIST =
  /^" *(?:(?:[^"'\\#\s,]|\\\\[^"'\\#uU])(?:[^"'\\#]|\\\\[^"'\\#uU])*)?"$|^' *(?:[^"'\\#\s,][^"'\\#]*)?'$/;
/** A string in a list of lists must not contain brackets either. */
const TEXT_IN_LISTS = /^" *(?:[^"'\\[\]{}#\s,][^"'\\[\]{}#]*)?"$|^' *(?:[^"'\\[\]{}#\s,][^"'\\[\]{}#]*)?'$/;
const TEXTS = [TEXT, TEXT_IN_LIST, TEXT_IN_LISTS];

/** An inline table of switches, numbers and texts, without the marks at which the package splits it. */
const NUMBER_IN_TABLE = String.raw`-?(?:0(?:\.\d+(?:[eE][+-]?\d+)?)?|[1-9]\d*(?:\.\d+)?(?:[eE][+-]?\d+)?)`;
const IN_TABLE = String.raw`(?:true|false|${NUMBER_IN_TABLE}|"[^"'\\[\]{}#,=]*"|'[^"'\\[\]{}#,=]*')`;
const ENTRY = String.raw`[\w-]+ *= *${IN_TABLE}`;
const TABLE = new RegExp(String.raw`^\{ *${ENTRY}(?:, *${ENTRY})* *\}$`);

/** Whether the package reads a key as TOML has it. */
export function isPlainKey(source: string): boolean {
  return KEY.test(source);
}

/**
 * Whether the package reads a number, a boolean, a string or an inline table as TOML defines it.
 * @param depth how many lists are around it
 */
export function isPlainValue(source: string, depth: number): boolean {
  if (source.startsWith('{')) return TABLE.test(source);
  if (/^["']/.test(source)) return (TEXTS[depth] ?? TEXT_IN_LISTS).test(source);
  return WORD.test(source) || (NUMBER.test(source) && !ZERO_WITH_EXPONENT.test(source));
}

/** The type of an item as the package names it. */
export function typeOf(node: SyntaxNode): string {
  if (node.kind !== 'scalar') return node.kind;
  if (typeof node.value !== 'number') return typeof node.value;
  return /[.eEin]/.test(node.raw) ? 'float' : 'int';
}
