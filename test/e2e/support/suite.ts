import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed } from 'vitest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/** Where a test is not about the training, it is soon over. */
export const TRAINED_SOON = { 'loraAlpha.task': 'linear' };

/**
 * The window of the editor, as these tests want it. Those before them leave it as they found it, or closed.
 * Keeps a picture and the logs of every test that fails, and of a set-up that does.
 * @param setUp what is done before the first test; like a test it has a second try, in a window of its own
 * @returns the workbench, once the tests have begun
 */
export function useWorkbench(
  options: WorkbenchOptions = {},
  setUp: (workbench: Workbench) => Promise<void> = () => Promise.resolve(),
): () => Workbench {
  let workbench: Workbench | undefined;
  const get = (): Workbench => {
    if (!workbench) throw new Error('the editor is not up yet');
    return workbench;
  };
  const begin = async (): Promise<void> => {
    workbench = await openWorkbench(options);
    await workbench.begin(options);
    await setUp(workbench);
  };
  let isSound = true;
  // eslint-disable-next-line no-empty-pattern -- vitest reads from it which fixtures are used
  beforeAll(async ({}, { name, meta }) => {
    await begin().catch(async (error: unknown) => {
      // Named at the end of the log.
      Object.assign(meta, { failedBefore: String(error) });
      await workbench?.keepEvidence(`${workbench.vscode} set-up of ${name}`);
      await workbench?.close();
      await begin();
    });
  }, 240_000);
  beforeEach(({ task }) => {
    onTestFailed(() => {
      isSound = false;
      return workbench?.keepEvidence(`${workbench.vscode} ${task.name}`);
    });
  });
  afterEach(async () => {
    await workbench?.page.keyboard.press('Escape');
    // Pages keep to their Content-Security-Policy, whatever is done with them.
    expect(workbench?.violations ?? []).toEqual([]);
  });
  afterAll(async () => {
    if (isSound && !options.startedWith) await workbench?.end();
    else await workbench?.close();
  });
  return get;
}
