import type { Finding, Range } from './reading';
import { lineAt } from './syntax/lines';

/** Collects what is to be said about one text; the same thing about the same place is said once. */
export class Findings {
  readonly list: Finding[] = [];

  constructor(private readonly text: string) {}

  add(severity: Finding['severity'], code: string, message: string, range: Range | null): void {
    const isKnown = this.list.some((known) => known.code === code && known.range?.start === range?.start);
    if (isKnown) return;
    this.list.push({ code, severity, message, line: range ? lineAt(this.text, range.start) : null, range });
  }
}
