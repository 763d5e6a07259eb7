import * as l10n from '@vscode/l10n';
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { bareScalar, quotedScalar, type Entry, type Parsed, type Scalar, type SyntaxNode } from '../tree';

/** The parser's error codes in words for people who write configs. */
const ADVICE: Readonly<Record<string, string>> = {
  InvalidSymbol: l10n.t('This word is not true, false, null, a number or a string in double quotes.'),
  InvalidNumberFormat: l10n.t('JSON does not write numbers like this.'),
  PropertyNameExpected: l10n.t('A key in double quotes is missing here.'),
  ValueExpected: l10n.t('A value is missing here.'),
  ColonExpected: l10n.t('A ":" is missing between a key and its value.'),
  CommaExpected: l10n.t('A "," is missing between two entries.'),
  CloseBraceExpected: l10n.t('A "}" is missing.'),
  CloseBracketExpected: l10n.t('A "]" is missing.'),
  EndOfFileExpected: l10n.t('The file continues behind its last "}".'),
  UnexpectedEndOfString: l10n.t('A closing double quote is missing.'),
};

/** Numbers outside of the JSON standard that Python's json module reads and writes. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** A string, a comment, or a word between punctuation. */
const TOKEN = /"(?:[^"\\\r\n]|\\.)*"?|\/\/.*|\/\*(?:[^*]|\*(?!\/))*|[^\s"{}[\]:,/]+/g;

/**
 * Parse JSON into a tree with the ranges of the source, as Python's json module does: `NaN`, `Infinity` and `-Infinity`
 * are numbers. Comments and trailing commas are allowed too. Never throws.
 */
export function parseJson(text: string): Parsed {
  const errors: ParseError[] = [];
  // A blank replaces the byte order mark, so that all offsets stay.
  const plain = inPlainNumbers(text.replace(/^\uFEFF/, ' '));
  const root = parseTree(plain, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  if (error) {
    const name = printParseErrorCode(error.error);
    return { ok: false, offset: error.offset, message: l10n.t`This is not valid JSON. ${ADVICE[name] ?? name}` };
  }
  return { ok: true, roots: root ? [{ node: convert(text, root), lock: null }] : [] };
}

/** Replaces `NaN` and `Infinity`, which the parser does not know, by numbers of the same length. */
function inPlainNumbers(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replace(TOKEN, (token) => (WORDS.has(token) ? token.replace(/\w/g, '1') : token));
}

function convert(text: string, node: Node): SyntaxNode {
  const range = { start: node.offset, end: node.offset + node.length };
  if (node.type === 'object') {
    return { kind: 'map', range, entries: (node.children ?? []).flatMap((property) => entryOf(text, property)) };
  }
  if (node.type === 'array') {
    return { kind: 'list', range, items: (node.children ?? []).map((item) => convert(text, item)) };
  }
  if (node.type === 'string') return quotedScalar(text, range, String(node.value));
  const word = WORDS.get(text.slice(range.start, range.end));
  return bareScalar(text, range, word ?? (node.value as Scalar));
}

function entryOf(text: string, property: Node): Entry[] {
  const [key, value] = property.children ?? [];
  if (!key || !value) return [];
  const keyRange = { start: key.offset, end: key.offset + key.length };
  return [{ key: String(key.value), keyRange, value: convert(text, value), home: 'json' }];
}
