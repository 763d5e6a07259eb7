import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { lineEnd, lineStart } from '../lines';
import type { Expression } from './nodes';
import { parseTree } from './parse-tree';

/** Valid Python that the package's grammar does not know, and what it takes in as many characters. */
const UNKNOWN: readonly (readonly [RegExp, (whole: string) => string])[] = [
  [/\f/g, () => ' '],
  [/(?<![\w.])\d[\d_]*\.(?![\w.])/g, (number) => `${number.slice(0, -1)} `],
  [/\byield(?=[ \t]*(?:[#;)\n]|$))/g, () => 'None '],
  [/\bas[ \t]*\([^()]*\)(?=:)/g, (names) => names.replace(/[()]/g, ' ')],
];

/** A string to whose end no quote stands. */
const OPEN = /^[a-z]*(?=("""|'''|["']))(?!\1[^]*\1$)/i;

export const SYNTAX_ERROR = l10n.t('This looks like a syntax error, at which Python stops before it runs anything.');

/**
 * The line of what looks like a syntax error. Of 9,203 public files without one it names one. Not seen: what Python checks
 * behind its grammar, such as the order of arguments, and a line with too large an indent.
 */
export function syntaxErrorIn(text: string): Unread[] {
  const { tree } = parseTree(UNKNOWN.reduce((known, [pattern, as]) => known.replace(pattern, as), text));
  let at: number | null = null;
  tree?.iterate({
    enter: ({ node }) => {
      const isWrong = node.type.isError
        ? !isAllowed(node, text)
        : node.name === 'PrintStatement' ||
          (/^(?:Format)?String$/.test(node.name) && OPEN.test(text.slice(node.from, node.to)));
      if (isWrong) at ??= node.from;
    },
  });
  if (at === null) return [];
  const last = text.slice(0, at + 1).trimEnd().length;
  return [{ range: { start: lineStart(text, last), end: lineEnd(text, last) }, why: SYNTAX_ERROR, mayMove: true }];
}

/** Whether the grammar is too narrow there: `@a(1).b`, `with (a as b, c)`, `case A():`, `for *a, b in`. */
function isAllowed(error: Expression, text: string): boolean {
  if (error.parent?.name === 'DecoratedStatement') return true;
  for (let around = error.parent; around; around = around.parent) {
    if (/^(?:Decorator|PatternArgList)$/.test(around.name)) return true;
    const body = around.name === 'WithStatement' ? around.getChild('Body') : null;
    if (around.name === 'WithStatement' && (!body || error.from <= body.from + 1)) return true;
  }
  return /\*\s*\w*\s*$/.test(text.slice(Math.max(0, error.from - 40), error.from)) || text[error.from] === '*';
}
