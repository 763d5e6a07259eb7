import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN, PEFT_RSLORA } from './support/configs';
import {
  answeredWithNothing,
  closeAll,
  examples,
  lensesOf,
  open,
  openNew,
  replace,
  setting,
  testApi,
  until,
} from './support/editor';

const CHECK = { title: 'Check alpha equivalence', command: 'loraAlpha.check' };

describe('CodeLens', () => {
  before(testApi);
  afterEach(async () => {
    await setting('codeLens', undefined);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('says the scaling and offers the check above the alpha', async () => {
    const { document } = await openNew('lens.yml', AXOLOTL);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 6, title: 's = α/r = 16/16 = 1', command: 'loraAlpha.check' },
      { line: 6, ...CHECK },
      { line: 10, title: 'At alpha 64: lr 1e-4', command: 'loraAlpha.check' },
    ]);
  });

  it('knows the scaling rule of the file', async () => {
    const { document } = await openNew('adapter_config.json', PEFT_RSLORA);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 5, title: 's = α/√r = 16/√16 = 4', command: 'loraAlpha.check' },
      { line: 5, ...CHECK },
    ]);
  });

  it('stands on every example, on the line that says alpha', async () => {
    for (const uri of await examples()) {
      const { document } = await open(uri);
      const lenses = await lensesOf(document.uri);
      assert.ok(lenses.length >= 2, `${uri.path} has ${lenses.length}`);
      for (const { line, title } of lenses) {
        const where = /: lr /.test(title) ? /lr|learning_rate/ : /alpha|rank|scale|\br\b/i;
        assert.match(document.lineAt(line - 1).text, where, `${uri.path}, line ${line}: ${title}`);
        assert.match(title, /^(s = .+|At .+: lr .+|Check alpha equivalence)$/);
      }
    }
  });

  it('counts the runs of a search that differ, and lists them', async () => {
    const text =
      'method: grid\nparameters:\n  lora_r: {value: 16}\n  lora_alpha: {values: [16, 64]}\n  learning_rate: {values: [1e-4, 2e-4, 4e-4]}\n  optimizer: {value: adamw_torch}\n';
    const { document } = await openNew('sweep.yml', text);
    assert.deepEqual(await lensesOf(document.uri), [
      { line: 4, title: '6 combinations, 4 runs under AdamW', command: 'loraAlpha.showRuns' },
    ]);
    await answeredWithNothing('loraAlpha.showRuns', document.uri);
  });

  it('leaves other files and languages alone', async () => {
    for (const [name, text] of [...Object.entries(FOREIGN), ['notes.md', AXOLOTL] as const]) {
      const { document } = await openNew(name, text);
      assert.deepEqual(await lensesOf(document.uri), [], name);
    }
  });

  it('goes and comes with its setting', async () => {
    const { document } = await openNew('lens.yml', AXOLOTL);
    await setting('codeLens', false);
    await until(async () => (await lensesOf(document.uri)).length === 0, 'the lenses to go');
    await setting('codeLens', true);
    await until(async () => (await lensesOf(document.uri)).length === 3, 'the lenses to come back');
  });

  it('follows what is typed', async () => {
    const { document } = await openNew('lens.yml', AXOLOTL);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    await replace(document, 'adapter: lora', 'load_in_8bit: true\nadapter: lora');
    assert.deepEqual(
      (await lensesOf(document.uri)).map(({ line, title }) => [line, title]),
      [
        [7, 's = α/r = 64/16 = 4'],
        [7, CHECK.title],
        [11, 'At alpha 256: lr 1e-4'],
      ],
    );
  });

  it('finds its line in a file with Windows line ends and a byte order mark', async () => {
    const { document } = await openNew('windows.yml', `\uFEFF${AXOLOTL.replaceAll('\n', '\r\n')}`);
    assert.deepEqual(
      (await lensesOf(document.uri)).map(({ line }) => line),
      [6, 6, 10],
    );
  });

  it('is silent while the file cannot be parsed, and comes back', async () => {
    const { document } = await openNew('lens.yml', AXOLOTL);
    await replace(document, 'lora_alpha: 16 ', 'lora_alpha: [16 ');
    await lensesOf(document.uri);
    await replace(document, 'lora_alpha: [16 ', 'lora_alpha: 16 ');
    assert.equal((await lensesOf(document.uri)).length, 3);
  });
});
