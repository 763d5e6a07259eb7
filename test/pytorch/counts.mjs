// What the suite came to, for the terminal, the docs and npm test.

/** Outcomes and claims by what they came to: `{ 'cells passed': […], … }`. */
export function counted(outcomes) {
  const claims = outcomes.flatMap((outcome) => outcome.claims);
  const isClaim = ({ says }) => says === 'exact' || says === 'nearly';
  return {
    'cells passed': outcomes.filter(({ skipped, failed }) => !skipped && !failed),
    'cells failed': outcomes.filter(({ failed }) => failed),
    'cells skipped': outcomes.filter(({ skipped }) => skipped),
    'runs called exact, and so': claims.filter(({ says, is_true }) => says === 'exact' && is_true),
    'runs called nearly exact, and so': claims.filter(({ says, is_true }) => says === 'nearly' && is_true),
    'runs called exact or nearly, and false': claims.filter(({ is_false }) => is_false),
    'runs called less than exact that were exact': claims.filter((claim) => claim.says !== 'exact' && claim.is_exact),
    'runs called approximate, and so': claims.filter((claim) => !isClaim(claim) && !claim.is_exact),
  };
}

/**
 * The outcome of a step of npm test (scripts/outcomes.mjs): one test a cell.
 * @param {object[]} outcomes as judge.py describes them
 */
export function asStep(outcomes) {
  const { 'cells passed': passed, 'cells failed': failed, 'cells skipped': skipped } = counted(outcomes);
  return {
    passed: passed.length,
    failed: failed.length,
    troubles: failed.map((outcome) => ({ name: outcome.cell, why: whyFailed(outcome), again: false })),
    skipped: skipped.map(({ cell, skipped: why }) => ({ name: cell, why })),
  };
}

function whyFailed({ faults, claims }) {
  const wrong = claims.filter(({ is_false }) => is_false);
  return [
    ...faults,
    ...wrong.map(({ k, plan, says, happened }) => `k = ${k}, ${plan} is called ${says}: ${happened}`),
  ].join('\n');
}
