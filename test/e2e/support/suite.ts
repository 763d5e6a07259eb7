import { afterAll, afterEach, beforeAll, onTestFailed, beforeEach } from 'vitest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/** Where a test is not about the training, it is soon over. */
export const TRAINED_SOON = { 'loraAlpha.task': 'linear' };

/**
 * The window of the editor, as these tests want it. Those before them leave it as they found it, or closed.
 * Keeps a picture and the logs of every test that fails.
 * @returns the workbench, once the tests have begun
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const get = (): Workbench => {
    if (!workbench) throw new Error('the editor is not up yet');
    return workbench;
  };
  let isSound = true;
  beforeAll(async () => {
    workbench = await openWorkbench(options);
    await workbench.begin(options);
  });
  beforeEach(({ task }) => {
    if (task.result?.retryCount) console.warn(`\nSecond try: ${task.name}`);
    onTestFailed(() => {
      isSound = false;
      return workbench?.keepEvidence(`${workbench.vscode} ${task.name}`);
    });
  });
  afterEach(() => workbench?.page.keyboard.press('Escape'));
  afterAll(async () => {
    if (isSound && !options.startedWith) await workbench?.end();
    else await workbench?.close();
  });
  return get;
}
