import { locate, type Document } from '../documents/document';
import type { Finding, Fix, Range } from '../reading';

/** Collects what is to be said about one document; the same thing about the same place is said once. */
export class Findings {
  readonly list: Finding[] = [];

  constructor(private readonly document: Document) {}

  /** @param range in the document's own text; null where it is about the whole */
  add(
    severity: Finding['severity'],
    code: string,
    message: string,
    range: Range | null,
    fixes: readonly Fix[] = [],
  ): void {
    const place = range && locate(this.document, range);
    const isKnown = this.list.some((known) => known.code === code && known.range?.start === place?.range.start);
    if (isKnown) return;
    const finding: Finding = { code, severity, message, line: place?.line ?? null, range: place?.range ?? null };
    this.list.push(fixes.length > 0 ? { ...finding, fixes } : finding);
  }
}
