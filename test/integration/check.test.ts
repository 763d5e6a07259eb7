import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, examples, fileOf, finished, open, openNew, setting, testApi, until } from './support/editor';

function panels(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview);
}

describe('the check', () => {
  before(testApi);
  afterEach(async () => {
    await closeAll();
    await setting('backend', undefined);
  });

  for (const backend of ['cpu', 'wasm']) {
    it(`trains on ${backend} and proves the plan to the last bit`, async () => {
      await setting('backend', backend);
      const { document } = await openNew(`check-${backend}.yml`, AXOLOTL);
      await check(document.uri);
      const { run, recipe, target, plans } = await finished();
      assert.equal(run.error, null);
      assert.match(run.summary, new RegExp(`^${backend}\\b`));
      assert.equal(recipe?.alpha, 16);
      // Four times the alpha: every factor is a power of two.
      assert.deepEqual(target, { alpha: 64, scaling: 4, k: 4 });
      assert.equal(run.verdict?.kind, 'identical');
      assert.equal(plans.find(({ id }) => id === 'symmetric')?.measured, 0);
      const roles = new Set(run.curves.map(({ role }) => role));
      for (const role of ['base', 'rescaled', 'alpha-only', 'control'] as const) assert.ok(roles.has(role), role);
    });
  }

  it('recommends √k for the rate of AdamW', async () => {
    const { document } = await openNew('rate.yml', AXOLOTL);
    await check(document.uri);
    const { changes } = await finished();
    const rate = changes.find(({ key }) => key === 'learning_rate');
    assert.equal(rate?.from, '0.0002');
    assert.equal(Number(rate.to), 0.0001);
    assert.equal(rate.line, 10);
  });

  it('opens beside the file, once a file', async () => {
    const { document } = await openNew('once.yml', AXOLOTL);
    await check(document.uri);
    await finished();
    await open('once.yml');
    await vscode.commands.executeCommand('loraAlpha.check');
    assert.equal(panels().length, 1);
    assert.equal(panels()[0]?.group.viewColumn, vscode.ViewColumn.Two);
    const second = await openNew('twice.yml', AXOLOTL);
    await check(second.document.uri);
    await finished();
    await until(() => panels().length === 2, 'the second panel');
  });

  it('works on every example', async () => {
    for (const uri of await examples()) {
      await check(uri);
      const { run, refusal, file } = await finished();
      assert.equal(file.path, uri.path);
      assert.equal(refusal, null, uri.path);
      // An adapter's config names no optimizer.
      const expected = uri.path.endsWith('adapter_config.json') ? /^undecided$/ : /^(identical|equivalent)$/;
      assert.match(run.verdict?.kind ?? '', expected, `${uri.path}: ${run.verdict?.detail ?? ''}`);
      await closeAll();
    }
  });

  it('says what is wrong with a file that cannot be opened', async () => {
    const tabs = panels().length;
    // The error is shown and the command ends; nothing is thrown at the caller.
    void vscode.commands.executeCommand('loraAlpha.check', fileOf('no-such-file.yml'));
    await open('check-cpu.yml');
    assert.equal(panels().length, tabs);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });
});
