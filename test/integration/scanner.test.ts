import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hereReader } from '../../src/extension/web';
import { createScanner, type Scanner } from '../../src/extension/recipes/scan/scanner';
import { AXOLOTL } from '../support/axolotl';

/** Files in memory, as those of a repository that nobody cloned: no disk has them. */
class Memory implements vscode.FileSystemProvider {
  readonly files = new Map<string, { text: string; mtime: number }>();
  reads = 0;
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  stat({ path }: vscode.Uri): vscode.FileStat {
    const { text, mtime } = this.at(path);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: text.length };
  }
  readFile({ path }: vscode.Uri): Uint8Array {
    this.reads += 1;
    return new TextEncoder().encode(this.at(path).text);
  }
  private at(path: string): { text: string; mtime: number } {
    const file = this.files.get(path);
    if (!file) throw vscode.FileSystemError.FileNotFound(path);
    return file;
  }
  watch = (): vscode.Disposable => new vscode.Disposable(() => undefined);
  readDirectory = (): [string, vscode.FileType][] => [];
  createDirectory = (): void => undefined;
  writeFile = (): void => undefined;
  delete = (): void => undefined;
  rename = (): void => undefined;
}

describe('files that are on no disk', () => {
  const memory = new Memory();
  const log = vscode.window.createOutputChannel('scanner.test', { log: true });
  const uri = (name: string): vscode.Uri => vscode.Uri.parse(`lora-memory:/w/${name}`);
  const registered = vscode.workspace.registerFileSystemProvider('lora-memory', memory);
  const scanner: Scanner = createScanner(hereReader(), log);
  after(() => {
    registered.dispose();
    log.dispose();
  });

  /** Alpha of each config among the files; null for what is none. */
  async function alphas(...names: string[]): Promise<(number | null)[]> {
    const found = new Map<string, number | null>();
    const { token } = new vscode.CancellationTokenSource();
    const isWhole = await scanner.scan(names.map(uri), token, ({ path }, summary) =>
      found.set(path, summary?.recipes[0]?.recipe.alpha ?? null),
    );
    assert.ok(isWhole);
    return names.map((name) => found.get(`/w/${name}`) ?? null);
  }

  it('are read through the file system that has them, and again only when they changed', async () => {
    memory.files.set('/w/a.yml', { text: AXOLOTL, mtime: 1 });
    memory.files.set('/w/b.yml', { text: 'services: {}\n', mtime: 1 });
    assert.deepEqual(await alphas('a.yml', 'b.yml', 'gone.yml'), [16, null, null]);
    const { reads } = memory;
    assert.deepEqual(await alphas('a.yml', 'b.yml'), [16, null]);
    assert.equal(memory.reads, reads);
    memory.files.set('/w/a.yml', { text: AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'), mtime: 2 });
    assert.deepEqual(await alphas('a.yml', 'b.yml'), [64, null]);
    assert.equal(memory.reads, reads + 1);
  });

  it('are not read where they are too long for a config', async () => {
    memory.files.set('/w/long.yml', { text: `${AXOLOTL}${'# long\n'.repeat(200_000)}`, mtime: 1 });
    const { reads } = memory;
    assert.deepEqual(await alphas('long.yml'), [null]);
    assert.equal(memory.reads, reads);
  });
});
