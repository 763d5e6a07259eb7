import type { Claim } from '../../config/plan/claim';
import type { Verdict } from '../verdict';

/**
 * Limits the verdict of the small model to what holds for the user's run: it is the same run only if the plan is exact
 * and the whole file was understood. Training cannot find a misreading, because it trains what was read.
 */
export function claimed(verdict: Verdict, claim: Claim): Verdict {
  if (verdict.kind !== 'identical' && verdict.kind !== 'equivalent') return verdict;
  const reason =
    claim.asRead === 'approximate'
      ? 'not-exact'
      : claim.notUnderstood.length > 0
        ? 'not-understood'
        : claim.asRead === 'nearly'
          ? 'nearly'
          : null;
  return reason === null ? verdict : { ...verdict, kind: 'undecided', reason, claim };
}
