import type { Range } from '../reading';
import { indented, type InitStart } from './divide';

/** What code of ours does: it multiplies the fresh factors of a run that had the scaling `from`, to have `to`. */
export interface Placed {
  from: number;
  to: number;
  init: { A: number; B: number };
}

/** The file beside a config that holds such code. */
export const CODE_FILE = 'rescale_init.py';

/** Whether a config may name that file. */
export const namesCode = (text: string): boolean => text.includes(CODE_FILE.replace('py', ''));

/** The first line of our code. All lines below follow from its numbers, so unchanged code is known. */
export const HEAD = /^([ \t]*)# LoRA Alpha: scaling (\S+) -> (\S+), init of A \* (\S+), init of B \* (\S+)\r?$/m;

export const headed = ({ from, to, init: { A, B } }: Placed, code: string): string =>
  `# LoRA Alpha: scaling ${from} -> ${to}, init of A * ${A}, init of B * ${B}\n${code}`;

/** Code as it stands in a text: with an indentation, and the line ends of the text. */
export const asWritten = (code: string, indent: string, text: string): string =>
  indented(code.trimEnd().split('\n'), indent).replaceAll('\n', text.includes('\r\n') ? '\r\n' : '\n');

/**
 * Our code in a text; null if there is none.
 * @param codeOf makes the lines below the first
 * @returns `placed` is null if it was changed by hand, or stands there twice
 */
export function placedIn(
  text: string,
  codeOf: (start: Pick<InitStart, 'init' | 'k'>) => string,
): { range: Range; indent: string; placed: Placed | null } | null {
  const head = HEAD.exec(text);
  if (!head) return null;
  const { index: start, 0: line, 1: indent = '' } = head;
  const [from = 0, to = 0, A = 0, B = 0] = head.slice(2).map(Number);
  const placed = { from, to, init: { A, B } };
  const code = asWritten(headed(placed, codeOf({ init: { A, B }, k: to / from })), indent, text);
  const after = text.slice(start + code.length);
  const isUsable = [from, to, A, B].every((number) => number > 1e-18 && number < 1e18);
  const isWhole = isUsable && text.startsWith(code, start) && /^(?:\r?\n|$)/.test(after) && !HEAD.test(after);
  return { range: { start, end: start + (isWhole ? code : line).length }, indent, placed: isWhole ? placed : null };
}
