import type { Range, TreeSyntax } from '../reading';
import { syntaxOf } from '../syntax/parse';
import type { Heredoc } from '../syntax/shell/script';
import { parseShell } from '../syntax/shell/bash';
import type { Lock, ScalarNode } from '../syntax/tree';
import { withScalars } from '../syntax/with-scalars';
import type { Document } from './document';

/** A part of a heredoc's text and its position in the script. */
interface HeredocPart {
  start: number;
  end: number;
  file: Range;
  exact: boolean;
  /** The source of a variable whose value is unknown; null for known text. */
  unknown: string | null;
  lock: Lock | null;
}

/** Replaces an unknown value, so that the text around it can be parsed. */
const PLACEHOLDER = '0';

/** The heredocs of a script. The syntax comes from the name of the file that is written, or from the text. */
export function heredocDocuments(script: string): Document[] {
  const parsed = script.includes('<<') ? parseShell(script) : null;
  if (!parsed?.ok) return [];
  return parsed.heredocs.flatMap((heredoc) => {
    let text = '';
    const parts: HeredocPart[] = [];
    for (const { text: own, range, exact, lock } of heredoc.pieces) {
      const start = text.length;
      text += own ?? PLACEHOLDER;
      const unknown = own === null ? script.slice(range.start, range.end) : null;
      parts.push({ start, end: text.length, file: range, exact: exact && lock === null, unknown, lock });
    }
    const syntax = syntaxFor(heredoc, text);
    return syntax ? [documentOf(script, text, syntax, parts)] : [];
  });
}

function syntaxFor({ file, program }: Heredoc, text: string): TreeSyntax | null {
  const named = file === null ? null : syntaxOf(file);
  if (named !== null && named !== 'notebook') return named;
  if (/^python[\d.]*$/.test(program)) return 'python';
  if (/^(?:ba|z)?sh$/.test(program)) return null;
  return syntaxByLook(text);
}

/** The syntax of a heredoc that is written to no named file. */
export function syntaxByLook(text: string): TreeSyntax | null {
  if (/^\s*[{[]\s*(?:["{\]}]|$)/.test(text)) return 'json';
  if (/^[ \t]*(?:\[[\w.]+\]|[\w.]+\s*=\s*\S)/m.test(text)) return 'toml';
  return /^[ \t]*[\w-]+:(?:\s|$)/m.test(text) ? 'yaml' : null;
}

function documentOf(script: string, text: string, syntax: TreeSyntax, parts: readonly HeredocPart[]): Document {
  const within = ({ start, end }: Range): readonly HeredocPart[] =>
    parts.filter((own) =>
      start === end ? own.start <= start && start <= own.end : own.start < end && start < own.end,
    );
  const toFile = (range: Range): Range | null => {
    const own = within(range);
    const isWhole = own.every((part, i) => part.exact && (own[i + 1]?.file.start ?? part.file.end) === part.file.end);
    // The value of an expanded variable is one part too, but it is locked.
    const [only] = own;
    if (only && own.length === 1 && only.start === range.start && only.end === range.end) return only.file;
    const first = range.start === range.end ? own.find(({ exact }) => exact) : own[0];
    const last = range.start === range.end ? first : own.at(-1);
    if (!first || !last || (!isWhole && range.start !== range.end)) return null;
    return {
      start: first.file.start + range.start - first.start,
      end: last.file.start + range.end - last.start,
    };
  };
  const lineEnd = script.includes('\r\n') ? '\r\n' : '\n';
  const encode = (own: string, at: number): string => {
    // `<<-` removes the tabs at the beginning of a line.
    const lineAt = text.lastIndexOf('\n', at - 1) + 1;
    const start = toFile({ start: lineAt, end: lineAt })?.start ?? 0;
    const tabs = /\t*$/.exec(script.slice(Math.max(0, start - 50), start))?.[0] ?? '';
    return own.replaceAll('\n', lineEnd + tabs);
  };
  return {
    text,
    syntax,
    file: script,
    place: { toFile, encode },
    amend: (node) => withScalars(node, (one) => amended(one, within)),
  };
}

/** Locks the values that the shell expands, and removes unknown values. */
function amended(node: ScalarNode, within: (range: Range) => readonly HeredocPart[]): ScalarNode {
  const own = node.inner.start === node.inner.end ? [] : within(node.inner);
  const unknown = own.find((part) => part.unknown !== null);
  const lock = unknown?.lock ?? own.find((part) => part.lock !== null)?.lock ?? node.lock;
  return unknown ? { ...node, lock, value: null, unresolved: unknown.unknown ?? '' } : { ...node, lock };
}
