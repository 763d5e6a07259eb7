import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/ids';
import { AXOLOTL } from '../support/axolotl';
import { extension, lensesOf, openNew, testApi, until } from './support/editor';

describe('activation', () => {
  it('happens when a config is opened', async () => {
    await openNew('activation.yml', AXOLOTL);
    await until(() => extension().isActive, 'the extension to activate');
  });

  it('registers every command', async () => {
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(COMMANDS).filter((id) => !known.includes(id)),
      [],
    );
  });

  it('starts no thread, nor does the CodeLens', async () => {
    const editor = await vscode.window.showTextDocument(vscode.window.visibleTextEditors[0]?.document ?? assert.fail());
    assert.notDeepEqual(await lensesOf(editor.document.uri), []);
    assert.equal((await testApi()).workersStarted(), 0);
  });
});

describe('the list of recipes', () => {
  it('looks at nothing, and watches nothing, before somebody asks', async () => {
    const { inventory } = (await (await testApi()).features()).core;
    assert.equal(inventory.watchers(), 0);
    assert.deepEqual(inventory.files(), []);
  });
});
