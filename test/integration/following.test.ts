import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, fileOf, finished, openNew, replace, setting, testApi, view } from './support/editor';

/** The file is the same in all tests, and so is its panel. */
describe('the panel follows its file', () => {
  let document: vscode.TextDocument;

  before(async () => {
    await testApi();
    await openNew('followed.yml', AXOLOTL);
    await check(fileOf('followed.yml'));
  });
  beforeEach(async () => {
    document = (await openNew('followed.yml', AXOLOTL)).document;
    await finished();
  });
  after(closeAll);

  it('and says that the curves are old, where it may not train by itself', async () => {
    const before = (await finished()).run.id;
    try {
      await setting('runOnChange', false);
      await replace(document, '0.0002', '0.0003');
      const { run } = await view((now) => now.run.stale, 'the curves to be called old');
      assert.equal(run.id, before);
      await replace(document, '0.0003', '0.0002');
      const back = await view((now) => !now.run.stale, 'the curves to fit again');
      assert.equal(back.run.id, before);
    } finally {
      await setting('runOnChange', undefined);
    }
  });

  it('through many quick edits, and ends with the last text', async () => {
    let alpha = 16;
    for (const next of [17, 18, 19, 20, 24, 48, 128]) {
      await replace(document, `lora_alpha: ${alpha}`, `lora_alpha: ${next}`);
      alpha = next;
    }
    await view(({ recipe }) => recipe?.alpha === 128, 'the last alpha');
    const { target, run } = await finished();
    assert.equal(target.k, 0.5);
    assert.match(run.verdict?.kind ?? '', /^(identical|equivalent)$/);
  });

  it('when it is renamed', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, fileOf('new-name.yml'), { overwrite: true });
    await vscode.workspace.applyEdit(edit);
    await view(({ file }) => file.name === 'new-name.yml' && file.state === 'ok', 'the new name');
  });

  it('when it changes on disk without an editor, until it is deleted', async () => {
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    const uri = fileOf('new-name.yml');
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 8');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await view(({ recipe }) => recipe?.alpha === 8, 'what was written to the disk');
    await vscode.workspace.fs.delete(uri);
    const { file } = await view((now) => now.file.state === 'gone', 'the file to be gone');
    assert.match(file.message ?? '', /new-name\.yml/);
  });
});
