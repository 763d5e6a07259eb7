// A reporter of vitest that writes what each file of a suite came to: how many tests passed and failed, and which ones to
// look at.
// Unlike its own `json` it also says what went wrong before a file's first test, or after its last.
import { writeFileSync } from 'node:fs';

/** Where the outcome is written. */
export const OUTCOME_FILE = 'LORA_ALPHA_OUTCOME_FILE';

/** Lines of a failure that say what was wrong; what follows is where the test runner stood. */
const WHY_LINES = 12;

export default class OutcomeReporter {
  onTestRunEnd(modules, errors) {
    const outside = nothing('');
    for (const error of errors) addBroken(outside, 'outside of every test', [error]);
    writeFileSync(process.env[OUTCOME_FILE], JSON.stringify([outside, ...modules.map(outcomeOf)]));
  }
}

const nothing = (file) => ({ file, passed: 0, failed: 0, troubles: [], skipped: [] });

function outcomeOf(file) {
  const name = file.relativeModuleId;
  const outcome = nothing(name);
  addSuite(outcome, name, file);
  for (const suite of file.children.allSuites()) addSuite(outcome, `${name}: ${plainName(suite)}`, suite);
  for (const test of file.children.allTests()) addTest(outcome, `${name}: ${plainName(test)}`, test);
  return outcome;
}

/** A file that cannot be loaded, or what is set up or ended around its tests, fails without a test of its own. */
function addSuite(outcome, name, suite) {
  if (suite.errors().length > 0) addBroken(outcome, name, suite.errors());
  const { failedBefore } = suite.meta();
  if (failedBefore) outcome.troubles.push({ name, why: short(failedBefore), again: true });
}

function addBroken(outcome, name, errors) {
  outcome.failed += 1;
  outcome.troubles.push({ name, why: whyOf(errors), again: false });
}

function addTest(outcome, name, test) {
  const { state, errors = [] } = test.result();
  if (state === 'skipped') outcome.skipped.push({ name, why: test.meta().why ?? '' });
  else outcome[state] += 1;
  // A test that passed on its second try keeps what its first one said.
  if (state === 'failed' || errors.length > 0) {
    outcome.troubles.push({ name, why: whyOf(errors), again: state === 'passed' });
  }
}

const plainName = ({ fullName }) => fullName.replaceAll(' > ', ' ');

/** What each try said, where they did not say the same. */
const whyOf = (errors) => [...new Set(errors.map(({ stack, message }) => short(stack ?? message)))].join('\n');

/** The beginning of an error: all of what it says, and a line or two of where. */
function short(error = '') {
  const lines = error.split('\n').filter((line) => !line.includes('node_modules'));
  return lines.slice(0, WHY_LINES).join('\n');
}
