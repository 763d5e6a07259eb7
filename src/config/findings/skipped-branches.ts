import * as l10n from '@vscode/l10n';
import { placeWords } from '../documents/document';
import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';
import type { Unread } from '../reading';
import { listed } from '../syntax/listed';

/**
 * A note for each option whose default skips a branch, with the lines that are skipped. What LoRA Alpha
 * claims of the run holds without those lines.
 */
export function findSkippedBranches({ document, unread }: Interpretation): Note[] {
  const notes = new Notes();
  const byOption = new Map<string, Unread[]>();
  for (const use of unread) {
    const options = use.leftOutBy && listed(use.leftOutBy);
    if (options !== undefined) byOption.set(options, [...(byOption.get(options) ?? []), use]);
  }
  for (const [options, uses] of byOption) {
    const [first] = uses.toSorted((one, other) => one.range.start - other.range.start);
    if (!first) continue;
    const lines = [...new Set(uses.map(({ range }) => placeWords(document, range.start)))];
    const shown = listed(lines, 4);
    const message =
      first.leftOutBy?.length === 1
        ? l10n.t`With the default of ${options}, this code does not run: ${shown}. With another value it does: ${first.why}`
        : l10n.t`With the defaults of ${options}, this code does not run: ${shown}. With other values it does: ${first.why}`;
    notes.add('info', 'branch-not-taken', message, first.range);
  }
  return notes.list;
}
