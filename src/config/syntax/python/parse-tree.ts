import { parser } from '@lezer/python';
import { MAX_DEPTH } from '../bounds';
import { forLast } from '../for-last';
import type { PythonTree } from './scope';

/**
 * The tree of a program, or null where calls, brackets or blocks are nested too deep: looking at a node takes the time of
 * all nodes around it, and the parser's own walk fails on trees of thousands of levels.
 */
export const parseTree = forLast(1, (text: string): PythonTree | null => {
  // A byte order mark is white space to the eye; keeping its place keeps every offset.
  const tree = parser.parse(text.replace(/^\uFEFF/, ' '));
  const cursor = tree.cursor();
  let depth = 0;
  for (;;) {
    if (cursor.firstChild()) {
      depth += 1;
      if (depth > MAX_DEPTH) return null;
    } else {
      while (!cursor.nextSibling()) {
        if (!cursor.parent()) return tree;
        depth -= 1;
      }
    }
  }
});
