// What a suite came to, for the end of a log.

/**
 * A test that failed, or that passed only on a second try.
 * @typedef {{name: string, why: string, again: boolean}} Trouble
 * @typedef {{name: string, why: string}} Skipped a test that did not run
 * @typedef {{passed: number, failed: number, troubles: Trouble[], skipped: Skipped[]}} Outcome
 * @typedef {Outcome & {file: string}} Part of a suite, which can be run by itself
 */

/**
 * Runs a suite, and what failed once more, from its beginning: tests of an editor go on from where those before them
 * left it, so that one alone cannot be tried again.
 * @param {(files?: string[]) => Promise<Part[]>} run all parts, or these; one without a name is what went wrong between them
 * @returns {Promise<Outcome>} what failed twice failed; what did not is named
 */
export async function inTwoTries(run) {
  const first = await run();
  const failed = first.filter((part) => part.failed > 0);
  if (failed.length === 0) return sumOf(first);
  const isWhole = failed.some(({ file }) => file === '');
  const second = await run(isWhole ? undefined : failed.map(({ file }) => file)).catch(() => []);
  const wanted = (isWhole ? first : failed).filter(({ file }) => file !== '');
  // A second try that left something out proves nothing.
  const isComplete = second.length > 0 && wanted.every(({ file }) => second.some((part) => part.file === file));
  if (!isComplete) return sumOf(first);
  const kept = isWhole ? [] : first.filter((part) => part.failed === 0);
  const outcome = sumOf([...kept, ...second]);
  return { ...outcome, troubles: bothTries(sumOf(failed).troubles, outcome.troubles) };
}

/** @param {Outcome[]} parts @returns {Outcome} */
export const sumOf = (parts) => ({
  passed: parts.reduce((sum, { passed }) => sum + passed, 0),
  failed: parts.reduce((sum, { failed }) => sum + failed, 0),
  troubles: parts.flatMap(({ troubles }) => troubles),
  skipped: parts.flatMap(({ skipped }) => skipped),
});

/** @param {Trouble[]} before @param {Trouble[]} after */
function bothTries(before, after) {
  const stays = ({ name }) => after.find((other) => other.name === name && !other.again);
  const mended = before.filter((trouble) => !stays(trouble)).map((trouble) => ({ ...trouble, again: true }));
  const failed = after.map((trouble) => {
    const earlier = before.find(({ name }) => name === trouble.name);
    return earlier && earlier.why !== trouble.why ? { ...trouble, why: `${earlier.why}\n${trouble.why}` } : trouble;
  });
  return [...failed, ...mended];
}

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
