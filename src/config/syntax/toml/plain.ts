import type { SyntaxNode } from '../tree';

// The package toml 0.10.2 goes over the text line by line and splits it at quotes, commas and brackets. What it reads as
// TOML has it is found by trial (test/judges/loading); all else is not read here, as it may be another value to it.

const KEY = /^(?:[\w-]+(?:\.[\w-]+)*|"[\w -]+"|'[\w -]+')$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const ZERO_WITH_EXPONENT = /^-?0[eE]/;
const WORD = /^(?:true|false|inf|nan)$/;
const TEXT = /^"(?:[^"'\\]|\\[\\nt])*"$|^'[^'"]*'$/;
/** In a list of texts, a comma at the beginning of one ends it. */
const TEXT_IN_LIST =
  /^" *(?:(?:[^"'\\#\s,]|\\\\[^"'\\#uU])(?:[^"'\\#]|\\\\[^"'\\#uU])*)?"$|^' *(?:[^"'\\#\s,][^"'\\#]*)?'$/;
/** In lists of lists, so do brackets. */
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
 * Whether it reads a number, a switch, a text or an inline table so.
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
