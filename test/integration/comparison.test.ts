import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ComparisonView } from '../../src/messages/comparison';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, fileOf, itInNewest, open, openNew, replace, testApi, until, writeNew } from './support/editor';

describe('comparing two configs', () => {
  after(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });

  async function shown(condition: (view: ComparisonView) => boolean, what: string): Promise<ComparisonView> {
    const api = await testApi();
    return until(() => {
      const now = api.comparisonView();
      return now && condition(now) ? now : null;
    }, what);
  }
  async function compare(first: string, second: string): Promise<void> {
    const uris = [fileOf(first), fileOf(second)];
    await vscode.commands.executeCommand('loraAlpha.compareSelected', uris[0], uris);
  }

  it('opens with the verdict, and follows both files while they are edited', async () => {
    await writeNew('a.yml', AXOLOTL);
    const { document } = await openNew('b.yml', AXOLOTL);
    await compare('a.yml', 'b.yml');
    await shown(({ verdict }) => verdict?.kind === 'same', 'the same run');
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    const view = await shown(({ verdict }) => verdict?.kind === 'different', 'different runs');
    assert.ok(view.differences.some(({ name, ratio }) => name === 'reach of B' && ratio === '× 4'));
    assert.equal(view.ways[0]?.refusal, null);
    const { document: first } = await open('a.yml');
    await replace(first, 'lora_alpha: 16', 'lora_alpha: 64');
    await shown(({ verdict }) => verdict?.kind === 'same', 'the same run again');
  });

  itInNewest('keeps the last state while a file is broken, and says where', async () => {
    const document = await vscode.workspace.openTextDocument(fileOf('b.yml'));
    await replace(document, 'lora_alpha: 64', 'lora_alpha: sixty');
    const view = await shown(({ second }) => second.file.state === 'broken', 'the broken file');
    assert.ok(view.second.file.line);
    assert.equal(view.verdict?.kind, 'same');
    await replace(document, 'lora_alpha: sixty', 'lora_alpha: 64');
    await shown(({ second }) => second.file.state === 'ok', 'the mended file');
  });

  it('says that a file is gone', async () => {
    // A watcher says nothing of a file that goes before it was said to have come.
    const watcher = vscode.workspace.createFileSystemWatcher('**/gone.yml');
    const came = new Promise((resolve) => watcher.onDidCreate(resolve));
    await writeNew('gone.yml', AXOLOTL);
    await came;
    watcher.dispose();
    await compare('a.yml', 'gone.yml');
    await shown(({ second, verdict }) => second.file.name === 'gone.yml' && verdict !== null, 'the comparison');
    await vscode.workspace.fs.delete(fileOf('gone.yml'));
    await shown(({ second }) => second.file.state === 'gone', 'the file to be gone');
  });

  itInNewest('compares across trainers', async () => {
    await writeNew(
      'k.toml',
      'network_module = "networks.lora"\nnetwork_dim = 16\nnetwork_alpha = 16\nlearning_rate = 2e-4\noptimizer_type = "AdamW"\n',
    );
    await compare('a.yml', 'k.toml');
    const view = await shown(
      ({ second, verdict }) => second.file.name === 'k.toml' && verdict !== null,
      'the comparison',
    );
    assert.match(view.first.recipe?.what ?? '', /^Axolotl/);
    assert.match(view.second.recipe?.what ?? '', /^kohya/);
  });
});
