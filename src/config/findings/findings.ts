import { editsInFile, locate, type Document } from '../documents/document';
import { visible } from '../visible';
import type { FindingCode } from './explained/all';
import type { Finding, Fix, Range } from '../reading';

/** Collects what is to be said about one document; the same thing about the same place is said once. */
export class Findings {
  readonly list: Finding[] = [];
  private readonly known = new Set<string>();

  constructor(private readonly document: Document) {}

  /** Of the document. */
  get text(): string {
    return this.document.text;
  }

  /**
   * @param range in the document's own text, as are the edits of `fixes`; null where it is about the whole
   * @param fixes those that cannot be made in the file are left out
   */
  add(
    severity: Finding['severity'],
    code: FindingCode,
    message: string,
    range: Range | null,
    fixes: readonly Fix[] = [],
  ): void {
    const place = range && locate(this.document, range);
    const about = `${code} ${place?.range.start}`;
    if (this.known.has(about)) return;
    this.known.add(about);
    const where = {
      line: place?.line ?? null,
      ...(place?.inCell && { inCell: place.inCell }),
      range: place?.range ?? null,
    };
    const finding: Finding = { code, severity, message: visible(message), ...where };
    const placed = fixes.flatMap((fix) => {
      const edits = editsInFile(this.document, fix.edits);
      return edits ? [{ ...fix, edits }] : [];
    });
    this.list.push(placed.length > 0 ? { ...finding, fixes: placed } : finding);
  }
}
