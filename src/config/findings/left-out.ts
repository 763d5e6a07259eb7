import { placeWords, type Document } from '../documents/document';
import type { Unread } from '../reading';
import type { Findings } from './findings';

/**
 * Adds one finding for each option whose default skips a branch, with the lines that are skipped. What LoRA Alpha
 * claims of the run holds without those lines.
 */
export function findLeftOut(document: Document, unread: readonly Unread[], findings: Findings): void {
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
    const has = first.leftOutBy?.length === 1 ? 'has its default' : 'have their defaults';
    findings.add(
      'info',
      'branch-not-taken',
      `${options} ${has} here, so ${shown}${more} ${isMany ? 'do' : 'does'} not run. With another value ${isMany ? 'they do' : 'it does'}: ${first.why}`,
      first.range,
    );
  }
}
