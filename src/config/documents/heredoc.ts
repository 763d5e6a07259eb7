import type { Range, TreeSyntax } from '../reading';
import { syntaxOf } from '../syntax/parse';
import type { Heredoc } from '../syntax/script/script';
import { heredocsOf } from '../syntax/shell/shell';
import type { Lock, ScalarNode, SyntaxNode } from '../syntax/tree';
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
  if (!script.includes('<<')) return [];
  return heredocsOf(script).flatMap((heredoc) => {
    const segments = segmentsOf(script, heredoc);
    const text = textOf(heredoc);
    const syntax = syntaxFor(heredoc, text);
    return syntax ? [documentOf(script, text, syntax, segments)] : [];
  });
}

function textOf({ pieces }: Heredoc): string {
  return pieces.map(({ text }) => text ?? PLACEHOLDER).join('');
}

function segmentsOf(script: string, { pieces }: Heredoc): HeredocPart[] {
  let at = 0;
  return pieces.map(({ text, range, exact, lock }): HeredocPart => {
    const start = at;
    at += (text ?? PLACEHOLDER).length;
    const unknown = text === null ? script.slice(range.start, range.end) : null;
    return { start, end: at, file: range, exact: exact && lock === null, unknown, lock };
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

function documentOf(script: string, text: string, syntax: TreeSyntax, segments: readonly HeredocPart[]): Document {
  const within = ({ start, end }: Range): readonly HeredocPart[] =>
    segments.filter((own) =>
      start === end ? own.start <= start && start <= own.end : own.start < end && start < own.end,
    );
  const toFile = (range: Range): Range | null => {
    const own = within(range);
    const isWhole = own.every(
      (segment, i) => segment.exact && (own[i + 1]?.file.start ?? segment.file.end) === segment.file.end,
    );
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
    const start =
      toFile({ start: text.lastIndexOf('\n', at - 1) + 1, end: text.lastIndexOf('\n', at - 1) + 1 })?.start ?? 0;
    const tabs = /\t*$/.exec(script.slice(Math.max(0, start - 50), start))?.[0] ?? '';
    return own.replaceAll('\n', lineEnd + tabs);
  };
  return { text, syntax, file: script, place: { toFile, encode }, amend: (node) => amended(node, within) };
}

/** Locks the values that the shell expands, and removes unknown values. */
function amended(node: SyntaxNode, within: (range: Range) => readonly HeredocPart[]): SyntaxNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => amended(item, within)) };
  if (node.kind === 'map') {
    return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: amended(entry.value, within) })) };
  }
  const own = node.inner.start === node.inner.end ? [] : within(node.inner);
  const unknown = own.find((segment) => segment.unknown !== null);
  const lock = unknown?.lock ?? own.find((segment) => segment.lock !== null)?.lock ?? node.lock;
  const known: ScalarNode = { ...node, lock };
  return unknown ? { ...known, value: null, unresolved: unknown.unknown ?? '' } : known;
}
