import type { Claim } from '../../config/claim';
import type { Verdict } from '../verdict';

/**
 * What a verdict on the small model comes to for the user's run: it is the same run only where the plan is exact and all
 * of the file was understood. A training cannot find a misreading, because it trains what was read.
 */
export function claimed(verdict: Verdict, claim: Claim): Verdict {
  if (verdict.kind !== 'identical' && verdict.kind !== 'equivalent') return verdict;
  const reason =
    claim.exactness === 'approximate'
      ? 'not-exact'
      : claim.notUnderstood.length > 0
        ? 'not-understood'
        : claim.exactness === 'nearly'
          ? 'nearly'
          : null;
  return reason === null ? verdict : { ...verdict, kind: 'undecided', reason, claim };
}
