import { placeWords } from '../documents/document';
import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';
import type { Unread } from '../reading';

/**
 * A note for each option whose default skips a branch, with the lines that are skipped. What LoRA Alpha
 * claims of the run holds without those lines.
 */
export function findSkippedBranches({ document, unread }: Interpretation): Note[] {
  const notes = new Notes();
  const byOption = new Map<string, Unread[]>();
  for (const use of unread) {
    const options = use.leftOutBy?.join(' and ');
    if (options !== undefined) byOption.set(options, [...(byOption.get(options) ?? []), use]);
  }
  for (const [options, uses] of byOption) {
    const [first] = uses.toSorted((one, other) => one.range.start - other.range.start);
    if (!first) continue;
    const lines = [...new Set(uses.map(({ range }) => placeWords(document, range.start)))];
    const [isMany, shown] = [lines.length > 1, lines.slice(0, 3).join(', ')];
    const more = lines.length > 3 ? ` and ${lines.length - 3} more` : '';
    const defaults = first.leftOutBy?.length === 1 ? 'the default' : 'the defaults';
    notes.add(
      'info',
      'branch-not-taken',
      `With ${defaults} of ${options}, ${shown}${more} ${isMany ? 'do' : 'does'} not run. With another value ${isMany ? 'they do' : 'it does'}: ${first.why}`,
      first.range,
    );
  }
  return notes.list;
}
