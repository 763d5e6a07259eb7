import { afterAll, afterEach, beforeAll, onTestFailed, beforeEach } from 'vitest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/**
 * One editor for the tests of a file.
 * Keeps a picture and the logs of every test that fails.
 * @returns the workbench, once the tests have begun
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const get = (): Workbench => {
    if (!workbench) throw new Error('the editor is not up yet');
    return workbench;
  };
  beforeAll(async () => {
    workbench = await openWorkbench(options);
  });
  beforeEach(({ task }) => {
    if (task.result?.retryCount) console.warn(`\nSecond try: ${task.name}`);
    onTestFailed(() => workbench?.keepEvidence(`${workbench.vscode} ${task.name}`));
  });
  afterEach(() => workbench?.page.keyboard.press('Escape'));
  afterAll(() => workbench?.close());
  return get;
}
