import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN, PEFT_RSLORA } from './support/configs';
import {
  answeredWithNothing,
  examples,
  itInNewest,
  lensesOf,
  replace,
  setting,
  testApi,
  unseen,
  until,
} from './support/editor';

const CHECK = { title: 'Check alpha equivalence', command: 'loraAlpha.check' };

describe('CodeLens', () => {
  before(testApi);

  it('says the scaling and offers the check above the alpha', async () => {
    const document = await unseen('lens.yml', AXOLOTL);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 6, title: 's = α/r = 16/16 = 1', command: 'loraAlpha.check' },
      { line: 6, ...CHECK },
      { line: 10, title: 'At alpha 64: lr 1e-4', command: 'loraAlpha.check' },
    ]);
  });

  it('knows the scaling rule of the file', async () => {
    const document = await unseen('adapter_config.json', PEFT_RSLORA);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 5, title: 's = α/√r = 16/√16 = 4', command: 'loraAlpha.check' },
      { line: 5, ...CHECK },
    ]);
  });

  itInNewest('stands on every example, on the line that says alpha', async () => {
    for (const uri of await examples()) {
      const document = await vscode.workspace.openTextDocument(uri);
      const lenses = await lensesOf(document.uri);
      assert.ok(lenses.length >= 2, `${uri.path} has ${lenses.length}`);
      for (const { line, title } of lenses) {
        const where = /: lr /.test(title) ? /lr|learning_rate/ : /alpha|rank|scale|\br\b/i;
        assert.match(document.lineAt(line - 1).text, where, `${uri.path}, line ${line}: ${title}`);
        assert.match(title, /^(s = .+|At .+: lr .+|Check alpha equivalence)$/);
      }
    }
  });

  itInNewest('counts the runs of a search that differ, and lists them', async () => {
    const text =
      'method: grid\nparameters:\n  lora_r: {value: 16}\n  lora_alpha: {values: [16, 64]}\n  learning_rate: {values: [1e-4, 2e-4, 4e-4]}\n  optimizer: {value: adamw_torch}\n';
    const document = await unseen('sweep.yml', text);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 4, title: '6 combinations, 4 runs under AdamW', command: 'loraAlpha.showRuns' },
    ]);
    await answeredWithNothing('loraAlpha.showRuns', document.uri);
  });

  itInNewest('leaves other files and languages alone', async () => {
    for (const [name, text] of [...Object.entries(FOREIGN), ['notes.md', AXOLOTL] as const]) {
      const document = await unseen(name, text);
      assert.deepEqual(await lensesOf(document.uri), [], name);
    }
  });

  it('goes and comes with its setting', async () => {
    const document = await unseen('setting-of-lenses.yml', AXOLOTL);
    try {
      await setting('codeLens', false);
      await until(async () => (await lensesOf(document.uri)).length === 0, 'the lenses to go');
    } finally {
      await setting('codeLens', undefined);
    }
    await until(async () => (await lensesOf(document.uri)).length === 3, 'the lenses to come back');
  });

  it('follows what is typed, also through an error', async () => {
    const document = await unseen('typed-lens.yml', AXOLOTL);
    const lenses = async (): Promise<unknown> => (await lensesOf(document.uri)).map(({ line, title }) => [line, title]);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    await replace(document, 'adapter: lora', 'load_in_8bit: true\nadapter: lora');
    const expected = [
      [7, 's = α/r = 64/16 = 4'],
      [7, CHECK.title],
      [11, 'At alpha 256: lr 1e-4'],
    ];
    assert.deepEqual(await lenses(), expected);
    await replace(document, 'lora_alpha: 64 ', 'lora_alpha: [64 ');
    await lenses();
    await replace(document, 'lora_alpha: [64 ', 'lora_alpha: 64 ');
    assert.deepEqual(await lenses(), expected);
    await document.save();
  });

  itInNewest('finds its line in a file with Windows line ends and a byte order mark', async () => {
    const document = await unseen('windows.yml', `\uFEFF${AXOLOTL.replaceAll('\n', '\r\n')}`);
    assert.deepEqual(
      (await lensesOf(document.uri)).map(({ line }) => line),
      [6, 6, 10],
    );
  });
});
