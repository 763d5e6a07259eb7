import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import type { Features } from '../../src/extension/features';
import type { Node, RecipeNode } from '../../src/extension/recipes/recipe-list';
import { FOREIGN } from './support/configs';
import {
  answeredWithNothing,
  closeAll,
  fileOf,
  itInNewest,
  open,
  replace,
  testApi,
  until,
  writeNew,
} from './support/editor';

const twin = AXOLOTL.replace(/lora_alpha:.*/, 'lora_alpha: 40');

describe('the view "LoRA recipes"', () => {
  let features: Features;
  const names = ['one.yml', 'two.yml', 'other.yml'];

  before(async () => {
    features = await (await testApi()).features();
    await closeAll();
  });
  after(async () => {
    for (const name of [...names, 'later.yml', 'excluded.yml']) await remove(name);
    await setExclude(undefined);
  });

  async function remove(name: string): Promise<void> {
    await vscode.workspace.fs.delete(fileOf(name)).then(
      () => undefined,
      () => undefined,
    );
  }
  async function setExclude(value: Record<string, boolean> | undefined): Promise<void> {
    await vscode.workspace
      .getConfiguration('loraAlpha')
      .update('recipes.exclude', value, vscode.ConfigurationTarget.Global);
  }
  const nodes = async (): Promise<Node[]> => features.recipes.children(undefined);
  const recipes = async (): Promise<RecipeNode[]> =>
    (await nodes())
      .flatMap((node) => (node.kind === 'group' ? node.recipes : node))
      .filter((node) => node.kind === 'recipe');
  const find = async (name: string): Promise<RecipeNode | undefined> =>
    (await recipes()).find(({ uri }) => uri.path.endsWith(`/${name}`));

  it('lists every config of the workspace, and leaves what is none alone', async () => {
    await writeNew('one.yml', AXOLOTL);
    for (const [name, text] of Object.entries(FOREIGN)) await writeNew(name, text);
    await vscode.commands.executeCommand('loraAlpha.recipes.focus');
    await until(async () => (await find('one.yml')) ?? null, 'the view to list one.yml');
    await until(() => !features.core.inventory.progress().isScanning, 'the scan to end');
    for (const name of ['axolotl-llama3.yml', 'kohya-sdxl.toml', 'adapter_config.json']) {
      assert.ok(await find(name), `${name} is not in the list`);
    }
    for (const name of Object.keys(FOREIGN)) assert.equal(await find(name), undefined, name);
  });

  it('lists what all folders hold, tells equal names apart, and groups twins across folders', async () => {
    const folders = (vscode.workspace.workspaceFolders ?? []).map(
      ({ uri }) => features.core.inventory.files().filter((file) => file.uri.path.startsWith(`${uri.path}/`)).length,
    );
    assert.ok(folders.length === 2 && folders.every((count) => count >= 5), folders.join());
    const group = (await nodes()).find(
      (node) => node.kind === 'group' && node.recipes.some(({ uri }) => uri.path.endsWith('/axolotl-llama3.yml')),
    );
    assert.ok(group?.kind === 'group');
    const grouped = group.recipes.map(({ name }) => name);
    assert.ok(grouped.includes('first/axolotl-llama3.yml'), grouped.join());
    assert.ok(grouped.includes('second/axolotl-llama3.yml'), grouped.join());
  });

  it('says learning rate, scaling and trainer of each, and opens it at alpha', async () => {
    const node = await find('one.yml');
    assert.ok(node);
    const item = features.recipes.item(node);
    assert.match(String(item.description), /^lr \S+ · s \S+ · Axolotl$/);
    assert.equal(item.command?.command, 'vscode.open');
    const [uri, { selection }] = item.command?.arguments as [vscode.Uri, { selection: vscode.Range }];
    const text = (await vscode.workspace.openTextDocument(uri)).lineAt(selection.start.line).text;
    assert.match(text, /lora_alpha/);
  });

  it('follows a file that comes, changes and goes', async () => {
    await writeNew('two.yml', AXOLOTL);
    await until(async () => (await find('two.yml')) ?? null, 'the new file');
    await writeNew('two.yml', twin);
    await until(async () => (await find('two.yml'))?.summary.recipe.alpha === 40, 'the changed alpha');
    await remove('two.yml');
    await until(async () => (await find('two.yml')) === undefined, 'the file to go');
  });

  itInNewest('follows a folder that comes and goes outside of the editor', async () => {
    const folder = fileOf('moved').fsPath;
    const outside = mkdtempSync(path.join(tmpdir(), 'lora-alpha-moved-'));
    mkdirSync(path.join(outside, 'deep'));
    writeFileSync(path.join(outside, 'deep', 'three.yml'), AXOLOTL);
    cpSync(outside, folder, { recursive: true });
    await until(async () => (await find('three.yml')) ?? null, 'the file of the new folder');
    rmSync(folder, { recursive: true });
    await until(async () => (await find('three.yml')) === undefined, 'the file to go with its folder');
    renameSync(outside, folder);
    await until(async () => (await find('three.yml')) ?? null, 'the file of the folder that was moved here');
    renameSync(folder, outside);
    await until(async () => (await find('three.yml')) === undefined, 'the file to go with its folder again');
    rmSync(outside, { recursive: true });
  });

  itInNewest('follows what is typed and not saved yet', async () => {
    const alpha = async (): Promise<number | undefined> => (await find('one.yml'))?.summary.recipe.alpha;
    const { document } = await open('one.yml');
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 48');
    await until(async () => (await alpha()) === 48, 'the alpha that was typed');
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(async () => (await alpha()) === 16, 'the alpha that is on the disk');
    await closeAll();
  });

  it('puts configs of the same run under one heading, with how many they are', async () => {
    await writeNew('two.yml', `# another comment\n${AXOLOTL}`);
    await writeNew('other.yml', twin);
    const group = await until(
      async () =>
        (await nodes()).find(
          (node) => node.kind === 'group' && node.recipes.some(({ uri }) => uri.path.endsWith('/two.yml')),
        ) ?? null,
      'a group with two.yml',
    );
    assert.ok(group.kind === 'group');
    const members = group.recipes.map(({ uri }) => uri.path.split('/').at(-1));
    assert.ok(members.includes('one.yml'), members.join());
    assert.ok(!members.includes('other.yml'), members.join());
    assert.match(
      String(features.recipes.item(group).description),
      new RegExp(`^lr, s and rank equal \\(${members.length}\\)$`),
    );
    const [first] = group.recipes;
    assert.equal(first && features.recipes.parent(first), group);
  });

  itInNewest('leaves out what the setting names', async () => {
    await writeNew('excluded.yml', AXOLOTL);
    await until(async () => (await find('excluded.yml')) ?? null, 'the file');
    await setExclude({ '**/excluded.*': true });
    await until(async () => (await find('excluded.yml')) === undefined, 'the file to be left out');
    await setExclude(undefined);
    await until(async () => (await find('excluded.yml')) ?? null, 'the file to be back');
  });

  itInNewest('stops when told, says so, and goes on when asked', async () => {
    const scan = features.core.inventory.refresh();
    await vscode.commands.executeCommand('loraAlpha.stopScan');
    await scan;
    assert.deepEqual(
      {
        isScanning: features.core.inventory.progress().isScanning,
        wasStopped: features.core.inventory.progress().wasStopped,
      },
      { isScanning: false, wasStopped: true },
    );
    await vscode.commands.executeCommand('loraAlpha.refreshRecipes');
    assert.equal(features.core.inventory.progress().wasStopped, false);
    assert.ok(await find('one.yml'));
  });

  itInNewest('finds every config, however often a scan is begun anew', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `often-${i}.yml`);
    for (const name of many) await writeNew(name, AXOLOTL);
    // Each ends the one before it, which may have been anywhere in its work.
    for (let i = 0; i < 6; i++) {
      void features.core.inventory.refresh();
      await until(() => features.core.inventory.progress().total > 0, 'the files to be listed');
      for (let turn = 0; turn < i; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    await features.core.inventory.refresh();
    // The watcher begins one, too, as the files came.
    await until(() => !features.core.inventory.progress().isScanning, 'the last scan to end');
    const listed = features.core.inventory.files().map(({ uri }) => uri.path.split('/').at(-1));
    assert.deepEqual(
      many.filter((name) => !listed.includes(name)),
      [],
    );
    for (const name of many) await remove(name);
  });

  it('follows no link to a folder, be it a loop or the whole disk', async () => {
    const folder = fileOf('links').fsPath;
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'own.yml'), AXOLOTL);
    symlinkSync('own.yml', path.join(folder, 'linked.yml'));
    symlinkSync('..', path.join(folder, 'up'));
    symlinkSync('/', path.join(folder, 'everything'));
    await features.core.inventory.refresh();
    const all = features.core.inventory.files().flatMap(({ uri }) => uri.path.split('/made-by-tests/links/').slice(1));
    rmSync(folder, { recursive: true });
    assert.deepEqual(all.sort(), ['linked.yml', 'own.yml']);
  });

  it('opens the comparison of the two that are selected', async () => {
    const api = await testApi();
    const [one, other] = [await find('one.yml'), await find('other.yml')];
    await vscode.commands.executeCommand('loraAlpha.compareSelected', one, [one, other]);
    const view = await until(() => api.comparisonView()?.verdict && api.comparisonView(), 'the comparison');
    assert.equal(view.verdict?.kind, 'different');
    await closeAll();
  });

  itInNewest(
    'asks for the other where one of two is missing for a moment, and takes no other file for it',
    async () => {
      const api = await testApi();
      const one = await find('one.yml');
      await open('one.yml');
      await answeredWithNothing('loraAlpha.compareSelected', one, [one, undefined]);
      assert.notEqual(api.comparisonView()?.second.file.name, 'one.yml');
      await closeAll();
    },
  );

  it('ends its watcher and its thread when it is disposed of', async () => {
    assert.equal(features.core.inventory.watchers(), 1);
    const quiet = await until(() => resources(), 'the thread to be idle');
    features.core.inventory.dispose();
    assert.equal(features.core.inventory.watchers(), 0);
    await until(() => resources() <= quiet, 'the thread to end');
    // Nobody hears of what changes from now on.
    let heard = 0;
    features.core.inventory.onDidChange(() => heard++);
    await writeNew('one.yml', twin);
    await vscode.workspace.openTextDocument(fileOf('one.yml'));
    assert.equal(heard, 0);
  });
});

/** Threads and other handles of this process. */
function resources(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length + 1;
}
