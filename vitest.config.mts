import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const EDITOR_TIMEOUT = 60_000;

/** The end-to-end tests drive one editor, with one server and one browser a file, one file after the other. */
const endToEnd = (name: string, editor: 'newest' | 'oldest', include: string[]) => ({
  test: {
    name,
    include,
    env: { LORA_ALPHA_EDITOR: editor },
    globalSetup: 'test/e2e/support/global-setup.ts',
    fileParallelism: false,
    testTimeout: EDITOR_TIMEOUT,
    hookTimeout: 2 * EDITOR_TIMEOUT,
    // A real editor on a busy machine loses a key or a click now and then. What fails twice fails; what does not is named.
    retry: 1,
    // An editor beside other work takes longer than vitest's second to save a file.
    expect: { poll: { timeout: 20_000 } },
  },
});

const plain = (name: string, more: { isolate?: boolean; testTimeout?: number } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: 20_000,
    setupFiles: ['test/support/seeded.ts'],
    ...more,
  },
});

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Otherwise a machine of two cores runs one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Two hundred small files, which would load the same modules anew each. What they change they put back.
      plain('unit', { isolate: false }),
      plain('golden'),
      plain('corpus'),
      plain('fuzz'),
      // Packs the extension.
      plain('package', { testTimeout: 60_000 }),
      {
        // Python imports the trainers, where they are installed.
        test: { name: 'judges', include: ['test/judges/**/*.test.ts'], testTimeout: 600_000 },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: 'test/cli/support/build.ts',
          testTimeout: 30_000,
        },
      },
      endToEnd('e2e', 'newest', ['test/e2e/**/*.test.ts']),
      endToEnd('e2e-oldest', 'oldest', ['test/e2e/smoke.test.ts']),
    ],
  },
});
