import type { Verdict, VerdictKind } from '../../../../src/experiment/verdict/verdict';

/** A verdict of one draw that found nothing to say beside its kind. */
export function verdictOf(kind: VerdictKind): Verdict {
  return {
    kind,
    deviations: [],
    envelope: 0,
    drift: null,
    firstStep: null,
    proof: null,
    ruleProof: null,
    departures: [],
    unseen: [],
    broken: null,
    draw: 0,
    draws: 1,
    asWrittenDigits: null,
    coarse: [],
  };
}
