import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { check, closeAll, fileOf, finished, openNew, replace, setting, testApi, view } from './support/editor';

async function checked(name: string): Promise<vscode.TextDocument> {
  const { document } = await openNew(name, AXOLOTL);
  await check(document.uri);
  await finished();
  return document;
}

describe('the panel follows its file', () => {
  before(async () => {
    await testApi();
    // Where it is trained is soon over.
    await setting('task', 'linear');
  });
  after(() => setting('task', undefined));
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
    await setting('runOnChange', undefined);
    await setting('backend', undefined);
  });

  it('and says that the curves are old, where it may not train by itself', async () => {
    await setting('runOnChange', false);
    const document = await checked('stale.yml');
    const before = (await finished()).run.id;
    await replace(document, '0.0002', '0.0003');
    const { run } = await view((now) => now.run.stale, 'the curves to be called old');
    assert.equal(run.id, before);
    await replace(document, '0.0003', '0.0002');
    const back = await view((now) => !now.run.stale, 'the curves to fit again');
    assert.equal(back.run.id, before);
  });

  it('through many quick edits, and ends with the last text', async () => {
    const document = await checked('race.yml');
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

  it('when it changes on disk without an editor', async () => {
    const document = await checked('disk.yml');
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 8');
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(text));
    await view(({ recipe }) => recipe?.alpha === 8, 'what was written to the disk');
  });

  it('when it is renamed', async () => {
    const document = await checked('old-name.yml');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, fileOf('new-name.yml'), { overwrite: true });
    await vscode.workspace.applyEdit(edit);
    await view(({ file }) => file.name === 'new-name.yml' && file.state === 'ok', 'the new name');
  });

  it('until it is deleted', async () => {
    const document = await checked('gone.yml');
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    await vscode.workspace.fs.delete(document.uri);
    const { file } = await view((now) => now.file.state === 'gone', 'the file to be gone');
    assert.match(file.message ?? '', /gone\.yml/);
  });

  it('and the setting that says where to train', async () => {
    await setting('backend', 'cpu');
    await checked('backend.yml');
    await setting('backend', 'wasm');
    await view(({ run }) => run.state === 'done' && run.summary.startsWith('wasm'), 'a run on wasm');
  });
});
