import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Features } from '../../src/extension/features';
import { COMMANDS } from '../../src/extension/ids';
import type { Node, RecipeNode } from '../../src/extension/recipes/recipe-list';
import { createScanner } from '../../src/extension/recipes/scan/scanner';
import { hereReader } from '../../src/extension/web';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN } from './support/configs';
import { answeredWithNothing, closeAll, fileOf, itInNewest, open, replace } from './support/editor';
import { setting, testApi, until, writeNew } from './support/editor';
import { memoryFiles } from './support/memory-files';

const twin = AXOLOTL.replace(/lora_alpha:.*/, 'lora_alpha: 40');

describe('files that are on no disk', () => {
  it('are read through the file system that has them, again only when they changed, and not where they are too long', async () => {
    const log = vscode.window.createOutputChannel('scanner.test', { log: true });
    const files = new Map<string, { text: string; mtime: number }>();
    let reads = 0;
    const registered = vscode.workspace.registerFileSystemProvider(
      'lora-memory',
      memoryFiles(files, () => reads++),
    );
    const scanner = createScanner(hereReader(), log);
    /** Alpha of each config among the files, null for what is none; and how many files were read. */
    const alphas = async (...names: string[]): Promise<(number | null)[]> => {
      const found = new Map<string, number | null>();
      const { token } = new vscode.CancellationTokenSource();
      const uris = names.map((name) => vscode.Uri.parse(`lora-memory:/w/${name}`));
      reads = 0;
      const isWhole = await scanner.scan(uris, token, ({ path }, summary) =>
        found.set(path, summary?.recipes[0]?.recipe.alpha ?? null),
      );
      assert.ok(isWhole);
      return [...names.map((name) => found.get(`/w/${name}`) ?? null), reads];
    };
    files.set('/w/a.yml', { text: AXOLOTL, mtime: 1 });
    files.set('/w/b.yml', { text: 'services: {}\n', mtime: 1 });
    assert.deepEqual(await alphas('a.yml', 'b.yml', 'gone.yml'), [16, null, null, 2]);
    assert.deepEqual(await alphas('a.yml', 'b.yml'), [16, null, 0]);
    files.set('/w/a.yml', { text: twin, mtime: 2 });
    assert.deepEqual(await alphas('a.yml', 'b.yml'), [40, null, 1]);
    files.set('/w/long.yml', { text: `${AXOLOTL}${'# long\n'.repeat(200_000)}`, mtime: 1 });
    assert.deepEqual(await alphas('long.yml'), [null, 0]);
    registered.dispose();
    log.dispose();
  });
});

describe('the view "LoRA recipes"', () => {
  let features: Features;

  before(async () => {
    features = await (await testApi()).features();
    await closeAll();
  });
  after(async () => {
    for (const name of ['one.yml', 'two.yml', 'excluded.yml']) await remove(name);
    await setting('recipes.exclude', undefined);
  });

  async function remove(name: string): Promise<void> {
    await Promise.resolve(vscode.workspace.fs.delete(fileOf(name))).catch(() => undefined);
  }
  const nodes = async (): Promise<Node[]> => features.recipes.children(undefined);
  const find = async (name: string): Promise<RecipeNode | undefined> =>
    (await nodes())
      .flatMap((node) => (node.kind === 'group' ? node.recipes : node.kind === 'recipe' ? node : []))
      .find(({ uri }) => uri.path.endsWith(`/${name}`));
  const comes = (name: string): Promise<RecipeNode> => until(async () => (await find(name)) ?? null, `${name} to come`);
  const goes = async (name: string): Promise<void> =>
    void (await until(async () => (await find(name)) === undefined, `${name} to go`));

  it('lists every config of all folders, tells equal names apart, and groups twins across folders', async () => {
    await writeNew('one.yml', AXOLOTL);
    for (const [name, text] of Object.entries(FOREIGN)) await writeNew(name, text);
    await vscode.commands.executeCommand('loraAlpha.recipes.focus');
    await comes('one.yml');
    await until(() => !features.core.inventory.progress().isScanning, 'the scan to end');
    for (const name of ['kohya-sdxl.toml', 'adapter_config.json']) assert.ok(await find(name), name);
    for (const name of Object.keys(FOREIGN)) assert.equal(await find(name), undefined, name);
    const grouped = (await find('axolotl-llama3.yml'))?.group?.recipes.map(({ name }) => name) ?? [];
    for (const root of ['first', 'second']) {
      assert.ok(grouped.includes(`${root}/axolotl-llama3.yml`), grouped.join());
    }
  });

  itInNewest('follows a folder that comes and goes outside of the editor', async () => {
    const folder = fileOf('moved').fsPath;
    const outside = mkdtempSync(path.join(tmpdir(), 'lora-alpha-moved-'));
    mkdirSync(path.join(outside, 'deep'));
    writeFileSync(path.join(outside, 'deep', 'three.yml'), AXOLOTL);
    cpSync(outside, folder, { recursive: true });
    await comes('three.yml');
    rmSync(folder, { recursive: true });
    await goes('three.yml');
    renameSync(outside, folder);
    await comes('three.yml');
    renameSync(folder, outside);
    await goes('three.yml');
    rmSync(outside, { recursive: true });
  });

  itInNewest('follows what is typed and not saved yet, and leaves out what the setting names', async () => {
    const alpha = async (): Promise<number | undefined> => (await find('one.yml'))?.summary.recipe.alpha;
    const { document } = await open('one.yml');
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 48');
    await until(async () => (await alpha()) === 48, 'the alpha that was typed');
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(async () => (await alpha()) === 16, 'the alpha that is on the disk');
    await closeAll();
    await writeNew('excluded.yml', AXOLOTL);
    await comes('excluded.yml');
    await setting('recipes.exclude', { '**/excluded.*': true });
    await goes('excluded.yml');
    await setting('recipes.exclude', undefined);
    await comes('excluded.yml');
  });

  itInNewest('stops when told, says so, and goes on when asked', async () => {
    const state = (): unknown => {
      const { isScanning, wasStopped } = features.core.inventory.progress();
      return { isScanning, wasStopped };
    };
    const scan = features.core.inventory.refresh();
    await vscode.commands.executeCommand(COMMANDS.stopScan);
    await scan;
    assert.deepEqual(state(), { isScanning: false, wasStopped: true });
    await vscode.commands.executeCommand(COMMANDS.refreshRecipes);
    assert.deepEqual(state(), { isScanning: false, wasStopped: false });
    assert.ok(await find('one.yml'));
  });

  itInNewest('finds every config, however often a scan is begun anew', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `often-${i}.yml`);
    for (const name of many) await writeNew(name, AXOLOTL);
    const { inventory } = features.core;
    // Each ends the one before it, which may have been anywhere in its work.
    for (let i = 0; i < 6; i++) {
      void inventory.refresh();
      await until(() => inventory.progress().total > 0, 'the files to be listed');
      for (let turn = 0; turn < i; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    await inventory.refresh();
    // The watcher begins one, too, as the files came.
    await until(() => !inventory.progress().isScanning, 'the last scan to end');
    const listed = inventory.files().map(({ uri }) => uri.path.split('/').at(-1));
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

  it('asks for the other of two selected recipes where one is missing for a moment', async () => {
    const one = await comes('one.yml');
    await open('one.yml');
    await answeredWithNothing(COMMANDS.compareSelected, one, [one, undefined]);
    assert.equal((await testApi()).comparisonView()?.second.file.name === 'one.yml', false);
    await closeAll();
  });

  it('ends its watcher and its thread when it is disposed of', async () => {
    const { inventory } = features.core;
    assert.equal(inventory.watchers(), 1);
    const quiet = await until(() => resources(), 'the thread to be idle');
    inventory.dispose();
    assert.equal(inventory.watchers(), 0);
    await until(() => resources() <= quiet, 'the thread to end');
    // Nobody hears of what changes from now on.
    let heard = 0;
    inventory.onDidChange(() => heard++);
    await writeNew('one.yml', twin);
    await vscode.workspace.openTextDocument(fileOf('one.yml'));
    assert.equal(heard, 0);
  });
});

/** Threads and other handles of this process. */
function resources(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length + 1;
}
