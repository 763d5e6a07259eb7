import * as l10n from '@vscode/l10n';
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Loader } from '../loaders';
import { MAX_DIGITS, refusal, Stop, type Advice } from '../stop';
import { bareScalar, quotedScalar, type Entry, type Parsed, type Scalar, type SyntaxNode } from '../tree';

const ADVICE: Advice = [
  [/comment/, l10n.t('JSON has no comments. Remove this one.')],
  [/behind the last comma/, l10n.t('Remove the comma after the last entry.')],
  [/BOM/, l10n.t('Save the file as UTF-8 without a byte order mark.')],
];

/** Numbers of Python's json that JSON does not have. */
const NUMBER = /^(?:NaN|-?Infinity)$/;

/** A string, a comment, or a word between marks. */
const TOKEN = /"(?:[^"\\\r\n]|\\.)*"?|\/\/.*|\/\*(?:[^*]|\*(?!\/))*|[^\s"{}[\]:,/]+/g;

/**
 * Parse JSON as Python's json module does, into a tree with the ranges of the source: `NaN`, `Infinity` and `-Infinity` are
 * numbers. Never throws.
 * @param loader if missing, comments, trailing commas and a byte order mark are allowed, because some readers accept them
 */
export function parseJson(text: string, loader?: Loader): Parsed {
  try {
    if (loader && text.startsWith('\uFEFF')) throw new Stop('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
    const errors: ParseError[] = [];
    const options = { disallowComments: loader !== undefined, allowTrailingComma: !loader, allowEmptyContent: !loader };
    // The package knows no `NaN`. Replacements have the same length, so all offsets stay.
    const plain = text
      .replace(/^\uFEFF/, ' ')
      .replace(TOKEN, (token) => (NUMBER.test(token) ? token.replace(/\w/g, '1') : token));
    const root = parseTree(plain, errors, options);
    const [error] = errors;
    if (error) throw stopAt(text, error);
    return { ok: true, roots: root ? [{ node: converted(text, root) }] : [] };
  } catch (error) {
    return refusal(error, loader?.name ?? 'json', ADVICE);
  }
}

function stopAt(text: string, { error, offset }: ParseError): Stop {
  // `PropertyNameExpected` → `property name expected`
  const words = printParseErrorCode(error)
    .replace(/\B[A-Z]/g, ' $&')
    .toLowerCase();
  const isLast = /,\s*$/.test(text.slice(Math.max(0, offset - 100), offset)) && /^[\]}]/.test(text.slice(offset));
  return new Stop(`${words}${isLast ? ' behind the last comma' : ''}`, offset);
}

/** @throws Stop at a number that Python does not make */
function converted(text: string, node: Node): SyntaxNode {
  const { type, offset: start, length, children = [] } = node;
  const range = { start, end: start + length };
  if (type === 'array') return { kind: 'list', range, items: children.map((item) => converted(text, item)) };
  if (type === 'string') return quotedScalar(text, range, String(node.value));
  if (type === 'object') {
    const entries = children.flatMap(({ children: [key, value] = [] }): Entry[] => {
      if (!key || !value) return [];
      const keyRange = { start: key.offset, end: key.offset + key.length };
      return [{ key: String(key.value), keyRange, value: converted(text, value), home: 'json' }];
    });
    return { kind: 'map', range, entries };
  }
  const source = text.slice(start, range.end);
  if (type === 'number' && /^-?\d+$/.test(source) && source.replace('-', '').length > MAX_DIGITS) {
    throw new Stop(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`, start);
  }
  return bareScalar(text, range, NUMBER.test(source) ? Number(source) : (node.value as Scalar));
}
