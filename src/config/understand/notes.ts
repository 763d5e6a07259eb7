import type { FindingCode } from '../findings/explained/all';
import type { Finding, Range } from '../reading';
import type { Entry } from '../syntax/tree';
import type { TrapFix } from '../trainers/shared/trap';
import { visible } from '../syntax/visible';

/** What understanding has to say about one document. It becomes a finding (findings/findings.ts). */
export interface Note {
  severity: Finding['severity'];
  code: FindingCode;
  message: string;
  /** In the document's own text; null where it is about the whole. */
  range: Range | null;
  /** What would mend it, best first. The edits are made when somebody asks for them (fixes.ts). */
  mends?: readonly Mend[];
}

/** One way to mend what a note is about. */
export type Mend =
  | TrapFix
  | { title: string; preferred?: boolean; replace: { range: Range; text: string } }
  | { title: string; preferred?: boolean; removeEntry: Entry }
  /** Write down the default of alpha of the network with this index. */
  | { title: string; preferred?: boolean; alphaOf: number };

/** Collects the notes of one document. */
export class Notes {
  readonly list: Note[] = [];

  add(
    severity: Finding['severity'],
    code: FindingCode,
    message: string,
    range: Range | null,
    mends: readonly Mend[] = [],
  ): void {
    this.list.push({ severity, code, message: visible(message), range, ...(mends.length > 0 ? { mends } : {}) });
  }
}
