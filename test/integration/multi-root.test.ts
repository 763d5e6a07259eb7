import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, lensesOf, open, testApi } from './support/editor';
import { expectProblems, hoverAt } from './support/language';

const WITH_RATIO = AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
const DROPPED = '12 Warning loraplus-drops-decay';

const rootOf = (name: string): vscode.Uri =>
  (vscode.workspace.workspaceFolders ?? []).find((folder) => folder.name === name)?.uri ??
  assert.fail(`no folder ${name}`);

async function openIn(root: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.joinPath(rootOf(root), 'train.yml');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(WITH_RATIO));
  return (await open(uri)).document;
}

describe('a workspace with several folders that nobody trusts', () => {
  before(testApi);
  after(closeAll);

  it('is what this window shows', () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.deepEqual(
      vscode.workspace.workspaceFolders?.map(({ name }) => name),
      ['first', 'second'],
    );
  });

  it('has everything in each of them', async () => {
    for (const root of ['first', 'second']) {
      const document = await openIn(root);
      assert.equal((await lensesOf(document.uri)).length, 3);
      assert.equal((await hoverAt(document, 'lora_alpha')).length, 1);
      await expectProblems(document.uri, [DROPPED]);
    }
  });

  it('can do without problems in one of them', async () => {
    const [first, second] = [await openIn('first'), await openIn('second')];
    const set = (value: boolean | undefined): Thenable<void> =>
      vscode.workspace
        .getConfiguration('loraAlpha', second.uri)
        .update('diagnostics', value, vscode.ConfigurationTarget.WorkspaceFolder);
    await set(false);
    await expectProblems(second.uri, []);
    await expectProblems(first.uri, [DROPPED]);
    await set(undefined);
    await expectProblems(second.uri, [DROPPED]);
  });
});
