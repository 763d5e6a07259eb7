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
    await setting('seeds', 8);
    // A run in several would look like several runs.
    await setting('workers', 1);
  });
  beforeEach(async () => {
    // Long enough to be looked at.
    await setting('task', 'transformer');
    await vscode.workspace.saveAll();
    await closeAll();
    others = await settled(workersBusy);
  });
  after(async () => {
    await setting('seeds', undefined);
    await setting('workers', undefined);
    await setting('task', 'linear');
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

    await setting('task', 'linear');
    await check(document.uri);
    const { run } = await finished();
    assert.match(run.verdict?.kind ?? '', /^(identical|equivalent)$/);
  });

  it('two panels train at the same time, each its own file', async () => {
    const first = await openNew('first.yml', AXOLOTL);
    await check(first.document.uri);
    const second = await openNew('second.yml', AXOLOTL);
    await check(second.document.uri);

    // One edit right after the other, and both start again.
    await replace(first.document, 'learning_rate: 0.0002', 'learning_rate: 0.0004');
    await replace(second.document, 'learning_rate: 0.0002', 'learning_rate: 0.0006');
    await until(() => workersBusy() >= others + 2, 'two runs at once');
    await setting('task', 'linear');
    const expectRate = async (uri: vscode.Uri, rate: number): Promise<void> => {
      const { run } = await view(
        ({ file, run, changes }) =>
          file.path === uri.path &&
          Number(changes.find(({ key }) => key === 'learning_rate')?.to) === rate &&
          run.state === 'done' &&
          !run.stale,
        `the run of ${uri.path} at ${rate}`,
      );
      assert.equal(run.error, null);
      assert.equal(run.verdict?.kind, 'identical');
    };
    await expectRate(second.document.uri, 0.0003);
    await check(first.document.uri);
    await expectRate(first.document.uri, 0.0002);
    await until(() => workersBusy() <= others, 'both workers to be idle');
  });
});
