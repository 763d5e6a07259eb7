import type { Verdict, VerdictKind } from '../verdict';

/** How a verdict is shown. `nearly`: undecided only in that the plan is not exact; the curves lie on each other. */
export type VerdictLook = VerdictKind | 'nearly';

/** The mark and colour that a verdict's sentences call for: good news is not shown as a question. */
export function lookOf({ kind, reason }: Pick<Verdict, 'kind' | 'reason'>): VerdictLook {
  return reason === 'departs' || reason === 'nearly' ? 'nearly' : kind;
}
