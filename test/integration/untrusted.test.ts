import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, finished, lensesOf, openNew, testApi } from './support/editor';

describe('a workspace nobody trusts', () => {
  before(testApi);
  after(closeAll);

  it('is what this window shows', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('has the CodeLens', async () => {
    const { document } = await openNew('untrusted.yml', AXOLOTL);
    assert.equal((await lensesOf(document.uri)).length, 3);
  });

  it('has the check', async () => {
    const { document } = await openNew('untrusted.yml', AXOLOTL);
    await check(document.uri);
    const { run } = await finished();
    assert.equal(run.verdict?.kind, 'identical');
  });
});
