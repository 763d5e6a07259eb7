// What a suite came to, for the end of a log.

/**
 * A test that failed, or that passed only on a second try.
 * @typedef {{name: string, why: string, again: boolean}} Trouble
 * @typedef {{name: string, why: string}} Skipped a test that did not run
 * @typedef {{passed: number, failed: number, troubles: Trouble[], skipped: Skipped[]}} Outcome
 */

/**
 * A paragraph a kind of trouble, to stand at the end of a long log; empty where there is none.
 * @param {Trouble[]} troubles
 */
export function tellTroubles(troubles) {
  const kinds = [
    ['Failed', troubles.filter(({ again }) => !again)],
    ['Passed on a second try, after', troubles.filter(({ again }) => again)],
  ];
  return kinds
    .filter(([, some]) => some.length > 0)
    .map(([title, some]) => [`${title}:`, ...some.map(({ name, why }) => `  ${name}\n${indent(why)}`)].join('\n'))
    .join('\n\n');
}

/**
 * A paragraph of what did not run, with the reasons; empty where everything did.
 * @param {Skipped[]} skipped
 */
export function tellSkipped(skipped) {
  if (skipped.length === 0) return '';
  const lines = skipped.map(({ name, why }) => `  ${name}${why ? `: ${why.split('\n', 1)[0]}` : ''}`);
  return [`Skipped, and not counted as passed (${skipped.length}):`, ...lines].join('\n');
}

const indent = (text) => text.replaceAll(/^/gm, '      ');
