import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, openNew, replace, setting, testApi, until, view } from './support/editor';

describe('a worker that dies', () => {
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('while it trains ends the run with one sentence, and the next run works; between two runs is not noticed', async () => {
    const api = await testApi();
    // Long enough to be killed in.
    await setting('task', 'transformer');
    const { document } = await openNew('crash.yml', AXOLOTL);
    await check(document.uri);
    await until(() => api.panelView()?.run.state === 'running' && api.killWorker(), 'a worker to kill');
    const { run } = await view((now) => now.run.state === 'failed', 'the run to fail');
    assert.ok(run.error);
    assert.equal(run.error.trim().split('\n').length, 1, run.error);
    assert.equal(run.verdict, null);

    await setting('task', 'linear');
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 4');
    const next = await view((now) => now.run.id > run.id && now.run.state === 'done', 'the next run');
    assert.match(next.run.verdict?.kind ?? '', /^(identical|equivalent)$/);

    api.killWorker();
    await replace(document, 'lora_alpha: 4', 'lora_alpha: 8');
    const last = await view((now) => now.run.id > next.run.id && now.run.state !== 'running', 'the last run');
    assert.equal(last.run.state, 'done');
  });
});
