import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, lensesOf, testApi, unseen } from './support/editor';
import { actionsAt, expectProblems, hoverAt } from './support/language';

const WITH_RATIO = AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
const DROPPED = '12 Warning loraplus-drops-decay';

/** The same recipe in scripts. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'train.py': `from peft import LoraConfig
from transformers import TrainingArguments

config = LoraConfig(r=16, lora_alpha=32, target_modules=["q_proj"])
args = TrainingArguments("out", learning_rate=2e-4)
`,
  'train.sh': `#!/bin/bash
accelerate launch train_network.py \\
  --network_module networks.lora --network_dim 16 \\
  --network_alpha=32 --learning_rate 1e-4
`,
};

/** Everything that the editor says of one document. */
async function expectEverything(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  assert.equal((await lensesOf(document.uri)).length, 3);
  assert.match((await hoverAt(document, 'lora_alpha'))[0]?.value ?? '', /16\/16 = 1/);
  await expectProblems(document.uri, [DROPPED]);
  const titles = (await actionsAt(document, '0.01')).map(({ title }) => title);
  assert.ok(titles.includes('Explain this finding'), titles.join());
}

/** A file system that lives in memory, as a virtual workspace's does. */
function memory(files: Readonly<Record<string, string>>): vscode.FileSystemProvider {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const text = ({ path }: vscode.Uri): Uint8Array => {
    const found = files[path];
    if (found === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return new TextEncoder().encode(found);
  };
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: text(uri).length }),
    readFile: text,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}

describe('wherever a config is', () => {
  before(testApi);
  afterEach(closeAll);

  it('in an untitled document', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: WITH_RATIO });
    await expectEverything(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  for (const [name, text] of Object.entries(SCRIPTS)) {
    it(`in ${name}`, async () => {
      const document = await unseen(name, text);
      const titles = (await lensesOf(document.uri)).map(({ title }) => title);
      assert.ok(titles.includes('s = α/r = 32/16 = 2'), titles.join());
      assert.match((await hoverAt(document, '32'))[0]?.value ?? '', /Alpha\..*32\/16 = 2/);
    });
  }

  it('in a virtual file system', async () => {
    const registered = vscode.workspace.registerFileSystemProvider('memory', memory({ '/a/train.yml': WITH_RATIO }));
    try {
      await expectEverything(await vscode.workspace.openTextDocument(vscode.Uri.parse('memory:/a/train.yml')));
      await closeAll();
    } finally {
      registered.dispose();
    }
  });
});
