import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, finished, openNew, replace, setting, testApi, until, view } from './support/editor';

/** Threads that are at work in the extension host; an idle one does not hold the process. */
function workersBusy(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

/** This count, once it has been the same for 50 looks: a thread that reads a file is busy for a moment. */
async function settled(count: () => number): Promise<number> {
  let [last, same] = [count(), 0];
  await until(() => {
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    return same === 50;
  }, 'the threads to be idle');
  return last;
}

describe('panels come and go while they train', () => {
  let others: number;

  before(async () => {
    await testApi();
    await setting('backend', 'cpu');
  });
  beforeEach(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
    others = await settled(workersBusy);
  });
  after(async () => {
    await setting('backend', undefined);
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('a panel that is closed in the middle of a run takes its worker with it', async () => {
    const api = await testApi();
    const { document } = await openNew('closed.yml', AXOLOTL);
    await check(document.uri);
    await until(() => api.panelView()?.run.state === 'running' && workersBusy() > others, 'a run');
    await closeAll();
    await until(() => workersBusy() <= others, 'the worker to end');
    assert.equal(api.killWorker(), false);

    await check(document.uri);
    const { run } = await finished();
    assert.match(run.verdict?.kind ?? '', /^(identical|equivalent)$/);
  });

  it('two panels train at the same time, each its own file', async () => {
    const first = await openNew('first.yml', AXOLOTL);
    await check(first.document.uri);
    const { run: old } = await finished();
    const second = await openNew('second.yml', AXOLOTL);
    await check(second.document.uri);
    await finished();

    // One edit right after the other, and both start again.
    await replace(first.document, 'learning_rate: 0.0002', 'learning_rate: 0.0004');
    await replace(second.document, 'learning_rate: 0.0002', 'learning_rate: 0.0006');
    await until(() => workersBusy() >= others + 2, 'two runs at once');
    const rates = async (uri: vscode.Uri): Promise<string | undefined> => {
      const { run, file, changes } = await view(
        (now) => now.file.path === uri.path && now.run.id > old.id && now.run.state === 'done' && !now.run.stale,
        `the second run of ${uri.path}`,
      );
      assert.equal(file.path, uri.path);
      assert.equal(run.error, null);
      assert.equal(run.verdict?.kind, 'identical');
      return changes.find(({ key }) => key === 'learning_rate')?.to;
    };
    const there = await rates(second.document.uri);
    await check(first.document.uri);
    const here = await rates(first.document.uri);
    assert.deepEqual([here, there].map(Number), [0.0002, 0.0003]);
    await until(() => workersBusy() <= others, 'both workers to be idle');
  });
});
