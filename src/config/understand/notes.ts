import type { FindingCode } from '../findings/codes';
import type { Finding, GoesOn, Range } from '../reading';
import type { TrapFix } from '../trainers/shared/trap';
import { oneLine } from '../../recipe/visible';

/** A remark about one document, made while it is understood. It becomes a finding (findings/findings.ts). */
export interface Note {
  severity: Finding['severity'];
  code: FindingCode;
  message: string;
  /** Range in the document; null if the note is about the whole document. */
  range: Range | null;
  /** Quick fixes, best first. Their edits are computed only when asked for (extension/actions/fixes.ts). */
  fixes?: readonly NoteFix[];
  goesOn?: GoesOn;
}

export type NoteFix =
  | TrapFix
  | { title: string; preferred?: boolean; replace: { range: Range; text: string } }
  /** Set alpha of the adapter with this index to its default. */
  | { title: string; preferred?: boolean; alphaOf: number };

export class Notes {
  readonly list: Note[] = [];

  add(
    severity: Finding['severity'],
    code: FindingCode,
    message: string,
    range: Range | null,
    fixes: readonly NoteFix[] = [],
    goesOn: GoesOn | null = null,
  ): void {
    const own = { severity, code, message: oneLine(message), range };
    this.list.push({ ...own, ...(fixes.length > 0 ? { fixes } : {}), ...(goesOn && { goesOn }) });
  }
}
