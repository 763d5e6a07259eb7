import * as l10n from '@vscode/l10n';
import { locate, type Document } from '../documents/document';
import type { Interpretation } from '../understand/interpretation';
import type { Note } from '../understand/notes';
import type { Finding, NotUnderstood } from '../reading';
import { findImplied } from './implied';
import { findSkippedBranches } from './skipped-branches';
import { findScriptArguments } from './script-arguments';
import { findTraps } from './traps';

/** What is said about one run. */
export function findingsOf(file: Interpretation): Finding[] {
  const notes = [
    ...file.notes,
    ...findTraps(file),
    ...findSkippedBranches(file),
    ...findScriptArguments(file),
    ...findImplied(file),
  ];
  return [...placed(file.document, notes, file), ...file.unreadParts.map(asFinding)];
}

/** The source of each finding, from which fixes are made. */
const BEHIND = new WeakMap<Finding, { file: Interpretation; note: Note }>();

/** The run and the note behind a finding; null if it is about no run, or is a copy. */
export function noteBehind(finding: Finding): { file: Interpretation; note: Note } | null {
  return BEHIND.get(finding) ?? null;
}

/** Notes of a document as findings of its file; the same code at the same place is one. */
export function placed(document: Document, notes: readonly Note[], file: Interpretation | null = null): Finding[] {
  const found = new Map<string, Finding>();
  for (const note of notes) {
    const { code, severity, message, range, search, goesOn } = note;
    const place = range && locate(document, range);
    const about = `${code} ${place?.range.start}`;
    if (found.has(about)) continue;
    const where = {
      line: place?.line ?? null,
      ...(place?.inCell && { inCell: place.inCell }),
      range: place?.range ?? null,
    };
    const finding: Finding = {
      code,
      severity,
      message,
      ...where,
      ...(search && { search }),
      ...(goesOn && { goesOn }),
    };
    if (file) BEHIND.set(finding, { file, note });
    found.set(about, finding);
  }
  return [...found.values()];
}

/** What was not understood, so that the editor marks its line. */
function asFinding({ line, inCell, range, source, why }: NotUnderstood): Finding {
  const code = `\`${source}\``;
  const message = l10n.t`Not understood: ${code}. ${why}`;
  return { code: 'not-understood', severity: 'info', message, line, ...(inCell && { inCell }), range };
}
