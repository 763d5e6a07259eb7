import * as l10n from '@vscode/l10n';
import { parser } from '@lezer/python';
import { MAX_DEPTH, TOO_DEEP } from '../bounds';
import { forLast } from '../for-last';
import type { ParseFailure } from '../tree';
import type { PythonTree } from './nodes';

type Parsing = { tree: PythonTree; refusal: null } | { tree: null; refusal: ParseFailure };

/** The state of Lezer's parser while it runs; the types of its package lack these fields. */
interface ParserState {
  stacks: readonly { stack: readonly number[] }[];
  /** Above 0 behind a syntax error. */
  recovering: number;
}

/**
 * Numbers on a stack of the parser, which copies the stack wherever a text can be read in two ways. No level of nesting
 * takes more than 20. Of 4,493 public programs the largest stack has 276.
 */
const MOST_PENDING = 20 * MAX_DEPTH;
/**
 * Work of recovering from syntax errors, where the parser tries several ways at once. A step costs a fixed amount, plus
 * the numbers on the stack, which it copies, plus a part of the text left, which may be one string that it reads again.
 * Of 4,493 public programs the most is 26,302.
 */
const MOST_RECOVERING = 50_000;
const STEP = 30;
const PART = 1 / 500;

/** The tree of a program, unless it is nested too deep or has too many syntax errors. */
export const parseTree = forLast(2, (text: string): Parsing => {
  // A byte order mark is white space to the eye; keeping its place keeps every offset.
  const parse = parser.startParse(text.replace(/^\uFEFF/, ' '));
  const state = parse as unknown as ParserState;
  for (let recovering = 0; ;) {
    const tree = parse.advance();
    if (tree) return isTooDeep(tree) ? TOO_DEEP_TO_PARSE : { tree, refusal: null };
    const pending = state.stacks[0]?.stack.length ?? 0;
    if (pending > MOST_PENDING) return TOO_DEEP_TO_PARSE;
    if (state.recovering > 0) recovering += STEP + pending + PART * (text.length - parse.parsedPos);
    if (recovering > MOST_RECOVERING) return { tree: null, refusal: { ...TOO_BROKEN, offset: parse.parsedPos } };
  }
});

const TOO_DEEP_TO_PARSE: Parsing = { tree: null, refusal: TOO_DEEP };

const TOO_BROKEN = {
  ok: false,
  message: l10n.t('This program has too many syntax errors, so LoRA Alpha does not read it.'),
} as const;

/**
 * Whether calls, brackets or blocks are nested too deep: looking at a node takes the time of all nodes around it, and the
 * parser's own walk fails on trees of thousands of levels.
 */
function isTooDeep(tree: PythonTree): boolean {
  const cursor = tree.cursor();
  let depth = 0;
  for (;;) {
    if (cursor.firstChild()) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else {
      while (!cursor.nextSibling()) {
        if (!cursor.parent()) return false;
        depth -= 1;
      }
    }
  }
}
