import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { unknownPiece, type ExpansionRules, type WordPart } from '../script/expand';
import type { ScriptScope } from '../script/scope';
import type { Lock } from '../tree';
import { argumentLock, EXPRESSION, scriptArgumentsLock, unsetLock } from '../script/variables';
import type { QuotedPart } from './tokens';

export const EXPANSION_RULES: ExpansionRules = { splits: 'unquoted', list: 'first', shown: (name) => name };

/** The line whose variables are expanded. */
export interface BatchContext {
  scope: ScriptScope;
  /** Start of the line or block; cmd expands `%NAME%` before any command of it runs. */
  start: number;
  /** Whether `!NAME!` is a variable (`setlocal enabledelayedexpansion`), which is not followed. */
  isDelayed: boolean;
  /** Whether the script calls labels, which have their own arguments. */
  callsLabels: boolean;
}

/** `%NAME%`, `!NAME!`, `%1`, `%~dp0`, `%*`, and a loop's `%%a`. */
const REFERENCE = /%%~?[a-zA-Z]|%\*|%~?[a-z]*\d|%([^%\s=:]+)(:[^%\r\n]+)?%|!([^!\s=:]+)!/g;

/** The text and the variables of a word. */
export function partsOf(segments: readonly QuotedPart[], line: BatchContext): WordPart[] {
  return segments.flatMap((segment) => (segment.exact ? partsIn(segment, line) : [literal(segment, 0, Infinity)]));
}

function partsIn(segment: QuotedPart, line: BatchContext): WordPart[] {
  const { text, range } = segment;
  const parts: WordPart[] = [];
  let done = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [source, name, change, delayed] = match;
    if (delayed !== undefined && !line.isDelayed) continue;
    if (match.index > done) parts.push(literal(segment, done, match.index));
    done = match.index + source.length;
    const own = { start: range.start + match.index, end: range.start + done };
    if (delayed !== undefined || change !== undefined || source.startsWith('%%'))
      parts.push(unknownPiece(own, EXPRESSION));
    else parts.push(reference(source, name, own, segment.quoted, line));
  }
  if (done < text.length || text === '') parts.push(literal(segment, done, text.length));
  return parts;
}

function literal({ text, range, exact, quoted }: QuotedPart, from: number, to: number): WordPart {
  const own = exact ? { start: range.start + from, end: range.start + to } : range;
  return { text: text.slice(from, to), range: own, exact, quoted, lock: null, splits: false };
}

function reference(
  source: string,
  name: string | undefined,
  range: Range,
  quoted: boolean,
  line: BatchContext,
): WordPart {
  const { scope, callsLabels } = line;
  const own = { range, quoted, spreads: false };
  if (name === undefined) {
    const isAll = source === '%*' && !callsLabels;
    const unset = isAll ? scriptArgumentsLock(source) : argumentLock(source);
    return { ...own, name: `%${source.replace(/[%~]/g, '')}`, unset };
  }
  const key = name.toUpperCase();
  const variable = scope.get(key);
  if (variable && variable.line > 0 && variable.nameRange.start >= line.start)
    return unknownPiece(range, lateLock(name, variable.line));
  const isBlank = !variable && scope.get(`${key} `) !== undefined;
  return { ...own, name: key, unset: isBlank ? blankLock(name) : unsetLock(l10n.t`the variable ${name}`) };
}

/** The lock of a variable that is set after cmd has read its line. */
function lateLock(name: string, line: number): Lock {
  const message = l10n.t`cmd expands %${name}% before it runs this line or block, so before line ${line} sets the variable. It would expand !${name}! afterwards.`;
  return { code: 'reference', message };
}

function blankLock(name: string): Lock {
  const message = l10n.t`The variable ${name} is not set: with a blank before the =, the name that set assigns ends with the blank.`;
  return { code: 'reference', message };
}
