import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { testApi, until } from './support/editor';

describe('a workspace of two folders', () => {
  it('lists the recipes of both, tells equal names apart, and groups twins across them', async () => {
    const { core, recipes } = await (await testApi()).features();
    const { inventory } = core;
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
    await vscode.commands.executeCommand('loraAlpha.recipes.focus');
    await until(() => inventory.files().length > 0 && !inventory.progress().isScanning, 'the scan to end');
    const folders = vscode.workspace.workspaceFolders.map(
      ({ uri }) => inventory.files().filter((file) => file.uri.path.startsWith(`${uri.path}/`)).length,
    );
    assert.ok(
      folders.every((count) => count >= 5),
      folders.join(),
    );
    const nodes = await recipes.children(undefined);
    const group = nodes.find(
      (node) => node.kind === 'group' && node.recipes.some(({ uri }) => uri.path.endsWith('/axolotl-llama3.yml')),
    );
    assert.ok(group?.kind === 'group');
    const names = group.recipes.map(({ name }) => name);
    assert.ok(names.includes('first/axolotl-llama3.yml'), names.join());
    assert.ok(names.includes('second/axolotl-llama3.yml'), names.join());
  });
});
