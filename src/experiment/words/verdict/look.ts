import type { Verdict, VerdictKind } from '../../verdict';

/** The look of a verdict. `nearly`: the curves agree and only the plan is not exact. */
export type VerdictLook = VerdictKind | 'nearly';

/** The mark and colour of a verdict: good news is not shown as a question. */
export function lookOf({ kind, reason }: Pick<Verdict, 'kind' | 'reason'>): VerdictLook {
  return reason === 'departs' || reason === 'nearly' ? 'nearly' : kind;
}
