// Summarises the report of a suite: how many tests passed and failed, and which ones to look at.
import path from 'node:path';

/**
 * A test that failed, or that passed only on a second try.
 * @typedef {{name: string, why: string, again: boolean}} Trouble
 * @typedef {{name: string, why: string}} Skipped a test that did not run
 * @typedef {{passed: number, failed: number, troubles: Trouble[], skipped: Skipped[]}} Outcome
 */

/** The report leaves out what goes wrong before a file's first test, or after its last. */
const UNSAID = 'What is set up before its tests, or ended after them, failed; vitest said how, further up.';

/** Lines of a failure that say what was wrong; what follows is where the test runner stood. */
const WHY_LINES = 12;

/**
 * Reads the report that vitest's `json` reporter writes.
 * @param {{numPassedTests: number, numFailedTests: number, testResults: object[]}} report
 * @param {string} root the folder that test files are named from
 * @returns {Outcome}
 */
export function outcomeOf({ numPassedTests, numFailedTests, testResults }, root) {
  const troubles = [];
  const skipped = [];
  let broken = 0;
  for (const { name, status, message, assertionResults } of testResults) {
    const file = path.relative(root, name).split(path.sep).join('/');
    for (const { fullName, status: how, failureMessages = [], meta } of assertionResults) {
      if (how === 'skipped') skipped.push({ name: `${file}: ${fullName}`, why: meta?.why ?? '' });
      // A test that passed on its second try keeps what its first one said.
      if (failureMessages.length === 0) continue;
      troubles.push({ name: `${file}: ${fullName}`, why: short(failureMessages.at(-1)), again: how === 'passed' });
    }
    const isBroken = status === 'failed' && !assertionResults.some(({ status: how }) => how === 'failed');
    // A file that cannot even be loaded, or whose set-up fails, fails without a test of its own.
    if (!isBroken) continue;
    broken += 1;
    troubles.push({ name: file, why: short(message) || UNSAID, again: false });
  }
  return { passed: numPassedTests, failed: numFailedTests + broken, troubles, skipped };
}

/** The beginning of an error: all of what it says, and a line or two of where. */
function short(error = '') {
  const lines = error.split('\n').filter((line) => !line.includes('node_modules'));
  return lines.slice(0, WHY_LINES).join('\n');
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
