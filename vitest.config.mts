import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { kernelsInTests } from './scripts/kernels.mjs';
import { pythonTextInTests } from './scripts/python-text.mjs';

const EDITOR_TIMEOUT = 120_000;
/** Ends what hangs, and times nothing: ten seconds of a quiet machine are four minutes on one that does thirty other things. */
const testTimeout = 300_000;
const hookTimeout = testTimeout;
/** For what libraries of Python load and train. */
const TRAINING_TIMEOUT = 1_200_000;
/**
 * What hangs on threads, processes, editors or the clock has a second try, since a busy machine loses a key, a click or a
 * tenth of a second now and then. What fails twice fails; what does not is named at the end of the log.
 */
const retry = 1;

/** In the newest editor every step of this short way through is also part of a longer one. */
const SHORT = 'test/e2e/smoke.test.ts';
/** Those that need an editor of their own. */
const APART = 'test/e2e/{python,windows}.test.ts';
/** Those that need no editor, only a browser. */
const PAGES = 'test/e2e/{browser-backends,localised,page,screenshots}.test.ts';

/** The end-to-end tests of an editor share one window, one file after the other. */
const endToEnd = (name: string, include: string, exclude: string[] = []) => ({
  test: {
    name,
    include: [include],
    exclude,
    ...(include !== PAGES && { globalSetup: 'test/e2e/support/global-setup.ts' }),
    fileParallelism: false,
    isolate: false,
    // vitest asks for an order between projects of several workers and of one.
    sequence: { groupOrder: 1 },
    testTimeout: EDITOR_TIMEOUT,
    hookTimeout: EDITOR_TIMEOUT,
    // Tests that share a window go on from one another: `npm test` tries their file again, whole.
    retry: include === PAGES ? retry : 0,
    // An editor beside other work takes longer than vitest's second to save a file.
    expect: { poll: { timeout: 30_000 } },
  },
});

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Otherwise a machine of two cores runs one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        plugins: [kernelsInTests, pythonTextInTests],
        test: {
          name: 'unit',
          include: ['test/{unit,golden,corpus,fuzz,package}/**/*.test.ts'],
          // Three hundred small files, which would load the same modules anew each. What they change they put back.
          isolate: false,
          testTimeout,
          hookTimeout,
          retry,
          setupFiles: ['test/support/seeded.ts'],
        },
      },
      {
        plugins: [kernelsInTests, pythonTextInTests],
        // Python imports the trainers, where they are installed.
        test: {
          name: 'judges',
          include: ['test/judges/**/*.test.ts'],
          isolate: false,
          globalSetup: 'test/judges/python.ts',
          testTimeout: TRAINING_TIMEOUT,
          hookTimeout: TRAINING_TIMEOUT,
          retry,
        },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          isolate: false,
          globalSetup: 'test/cli/support/build.ts',
          testTimeout,
          hookTimeout,
          retry,
        },
      },
      {
        // Real programs under record and try, where Python has their libraries.
        test: {
          name: 'runs',
          include: ['test/run/**/*.test.ts'],
          isolate: false,
          globalSetup: ['test/cli/support/build.ts', 'test/judges/python.ts'],
          testTimeout: TRAINING_TIMEOUT,
          hookTimeout: TRAINING_TIMEOUT,
          retry,
        },
      },
      endToEnd('e2e', 'test/e2e/*.test.ts', [SHORT, APART, PAGES]),
      endToEnd('pages', PAGES),
      endToEnd('e2e-apart', APART),
      endToEnd('e2e-oldest', SHORT),
    ],
  },
});
