import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, fileOf, finished, open, openNew, testApi, until } from './support/editor';

function panels(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview);
}

describe('the check', () => {
  before(testApi);
  afterEach(closeAll);

  it('trains, proves the plan, and opens beside the file, once a file', async () => {
    const { document } = await openNew('check.yml', AXOLOTL);
    await check(document.uri);
    const { run, target, plans, changes } = await finished();
    assert.equal(run.error, null);
    assert.match(run.summary, /^wasm\b/);
    // Four times the alpha: every factor is a power of two.
    assert.deepEqual(target, { alpha: 64, scalingRule: 'standard', scaling: 4, k: 4 });
    assert.equal(run.verdict?.kind, 'identical');
    assert.equal(plans.find(({ id }) => id === 'symmetric')?.measured, 0);
    const roles = new Set(run.curves.map(({ role }) => role));
    for (const role of ['base', 'rescaled', 'alpha-only', 'control'] as const) assert.ok(roles.has(role), role);
    const rate = changes.find(({ key }) => key === 'learning_rate');
    assert.deepEqual([rate?.from, Number(rate?.to), rate?.line], ['0.0002', 0.0001, 10]);
    await open('check.yml');
    await vscode.commands.executeCommand('loraAlpha.check');
    assert.equal(panels().length, 1);
    assert.equal(panels()[0]?.group.viewColumn, vscode.ViewColumn.Two);
    const second = await openNew('twice.yml', AXOLOTL);
    await check(second.document.uri);
    await until(() => panels().length === 2, 'the second panel');
  });

  it('says what is wrong with a file that cannot be opened', async () => {
    const tabs = panels().length;
    // The error is shown and the command ends; nothing is thrown at the caller.
    void vscode.commands.executeCommand('loraAlpha.check', fileOf('no-such-file.yml'));
    await open('check.yml');
    assert.equal(panels().length, tabs);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });
});
