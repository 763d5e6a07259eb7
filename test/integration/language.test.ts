import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/ids';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN, PEFT_RSLORA } from './support/configs';
import * as editor from './support/editor';
import { closeAll, isNewest, itInNewest, lensesOf, open, openNew } from './support/editor';
import { replace, setting, testApi, unseen, until } from './support/editor';
import { actionsAt, expectProblems, hoverAt, own, problemsOf } from './support/language';
import { memoryFiles } from './support/memory-files';
import { titles } from './support/notebooks';

const WITH_RATIO = AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
const DROPPED = '12 Warning key-ignored';
const CHECK = 'Check alpha equivalence';

describe('activation', () => {
  it('happens when a config is opened, registers every command, and starts and watches nothing', async () => {
    await openNew('activation.yml', AXOLOTL);
    await until(() => editor.extension().isActive, 'the extension to activate');
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(COMMANDS).filter((id) => !known.includes(id)),
      [],
    );
    const { inventory, workersStarted } = (await (await testApi()).features()).core;
    assert.deepEqual([workersStarted(), inventory.watchers(), inventory.files().length], [0, 0, 0]);
  });
});

describe('CodeLens', () => {
  before(testApi);

  it('says the scaling and offers the check above the alpha, and follows what is typed', async () => {
    const document = await unseen('lens.yml', AXOLOTL);
    const [first] = await lensesOf(document.uri);
    assert.deepEqual(first, { line: 6, title: 's = α/r = 16/16 = 1', command: COMMANDS.check });
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    await replace(document, 'adapter: lora', 'load_in_8bit: true\nadapter: lora');
    const expected = ['7 s = α/r = 64/16 = 4', `7 ${CHECK}`, '11 At alpha 256: lr 1e-4'];
    assert.deepEqual(await titles(document), expected);
    await replace(document, 'lora_alpha: 64 ', 'lora_alpha: [64 ');
    await titles(document);
    await replace(document, 'lora_alpha: [64 ', 'lora_alpha: 64 ');
    assert.deepEqual(await titles(document), expected);
    await document.save();
  });

  itInNewest('stands on every example, on the line that says alpha', async () => {
    for (const uri of await editor.examples()) {
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

  itInNewest('leaves other files and languages alone, and finds its line behind Windows line ends', async () => {
    for (const [name, text] of [...Object.entries(FOREIGN), ['notes.md', AXOLOTL] as const]) {
      assert.deepEqual(await titles(await unseen(name, text)), [], name);
    }
    const windows = await unseen('windows.yml', `\uFEFF${AXOLOTL.replaceAll('\n', '\r\n')}`);
    assert.deepEqual(
      (await lensesOf(windows.uri)).map(({ line }) => line),
      [6, 6, 10],
    );
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
});

describe('hover', () => {
  before(testApi);

  it('trusts no link but those to our own commands', async () => {
    const document = await unseen('links.yml', AXOLOTL.replace('adamw_torch', '"[go](command:workbench.action.quit)"'));
    const [hover, ...others] = await hoverAt(document, 'optimizer:');
    assert.deepEqual(others, []);
    const trust = hover?.isTrusted;
    assert.ok(typeof trust === 'object');
    assert.deepEqual([...trust.enabledCommands].sort(), [COMMANDS.check, COMMANDS.rescale, COMMANDS.showRules]);
    assert.match(hover?.value.split('\n\n').at(-1) ?? '', /command:loraAlpha\.check/, 'links come last');
    const links = [...(hover?.value ?? '').matchAll(/(?<!\\)\]\(command:([\w.]+)/g)].map((match) => match[1]);
    assert.equal(links.filter((command) => command?.startsWith('loraAlpha.')).length, 3);
    assert.equal(hover?.supportHtml ?? false, false);
  });

  itInNewest('is none over comments and other keys, in other files, and while the file is broken', async () => {
    const broken = AXOLOTL.replace('16  #', '[16  #');
    for (const [name, text, words] of [
      ['no-hover.yml', AXOLOTL, 'base_model'],
      ['no-hover.yml', AXOLOTL, 'one GPU'],
      ['broken-hover.yml', broken, 'lora_alpha'],
      ['compose.yml', FOREIGN['compose.yml'] ?? '', 'nginx'],
    ] as const) {
      assert.deepEqual(await hoverAt(await unseen(name, text), words), [], `${name}: ${words}`);
    }
  });
});

describe('diagnostics', () => {
  before(testApi);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('are the findings of a config, with a link to their explanation; they go with the last tab of the file', async () => {
    const { document } = await openNew('problems.yml', WITH_RATIO);
    await expectProblems(document.uri, [DROPPED]);
    const [problem] = own(document.uri);
    assert.ok(problem && typeof problem.code === 'object');
    assert.equal(document.getText(problem.range), '0.01');
    const explained = await vscode.workspace.openTextDocument(problem.code.target);
    assert.equal(explained.languageId, 'markdown');
    assert.match(explained.getText(), /^# .*ignores a key/);
    await closeAll();
    await expectProblems(document.uri, []);
    // VS Code keeps the document a while; a new tab on it shows its problems again.
    await open(document.uri);
    await expectProblems(document.uri, [DROPPED]);
  });

  itInNewest('of a text that is many times edited in a row are those of the last', async () => {
    const { document } = await openNew('race.yml', AXOLOTL);
    for (let i = 0; i < 10; i++) {
      await replace(document, 'weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
      await replace(document, 'loraplus_lr_ratio: 16\n', '');
    }
    await replace(document, 'lora_alpha: 16', 'lora_alpha: sixteen');
    await expectProblems(document.uri, ['6 Error value-invalid']);
  });

  it('are none where there is nothing to say, in other files, and in old versions of a file', async () => {
    const old = vscode.Uri.from({ scheme: 'git', path: '/old.yml' });
    const provider = vscode.workspace.registerTextDocumentContentProvider('git', {
      provideTextDocumentContent: () => WITH_RATIO,
    });
    const silent = [(await open(old)).document.uri];
    const quiet = { ...FOREIGN, 'fine.yml': AXOLOTL, 'adapter_config.json': PEFT_RSLORA.replace('16,', ',') };
    for (const [name, text] of Object.entries(quiet)) silent.push((await openNew(name, text)).document.uri);
    // One that has something to say, opened later, shows that the first had their turn.
    await expectProblems((await openNew('last.yml', WITH_RATIO)).document.uri, [DROPPED]);
    assert.deepEqual(silent.flatMap(problemsOf), []);
    provider.dispose();
  });
});

describe('wherever a config is, in a workspace of two folders that nobody trusts', () => {
  before(testApi);
  afterEach(closeAll);

  /** Everything that the editor says of one document. */
  async function expectEverything(document: vscode.TextDocument): Promise<void> {
    await vscode.window.showTextDocument(document);
    assert.equal((await lensesOf(document.uri)).length, 3);
    assert.match((await hoverAt(document, 'lora_alpha'))[0]?.value ?? '', /16\/16 = 1/);
    await expectProblems(document.uri, [DROPPED]);
    const actions = (await actionsAt(document, '0.01')).map(({ title }) => title);
    assert.ok(actions.includes('Explain this finding'), actions.join());
  }
  async function openIn(root: string): Promise<vscode.TextDocument> {
    const folder = vscode.workspace.workspaceFolders?.find(({ name }) => name === root) ?? assert.fail(root);
    const uri = vscode.Uri.joinPath(folder.uri, 'train.yml');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(WITH_RATIO));
    return (await open(uri)).document;
  }

  it('in an untitled document', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: WITH_RATIO });
    await expectEverything(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('in a virtual file system', async () => {
    const files = new Map([['/a/train.yml', { text: WITH_RATIO, mtime: 0 }]]);
    const registered = vscode.workspace.registerFileSystemProvider('memory', memoryFiles(files));
    try {
      await expectEverything(await vscode.workspace.openTextDocument(vscode.Uri.parse('memory:/a/train.yml')));
      await closeAll();
    } finally {
      registered.dispose();
    }
  });

  it('in each folder, and one of them can do without problems', async () => {
    assert.equal(vscode.workspace.isTrusted, !isNewest);
    const [first, second] = [await openIn('first'), await openIn('second')];
    for (const document of [first, second]) await expectEverything(document);
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
