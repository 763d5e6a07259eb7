import { execFileSync } from 'node:child_process';
import { appendFile, chmod, link, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { readlink, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, Failure } from '../../../../src/cli/failure';
import {
  assertNoLoss,
  readText,
  textOfNeighbour,
  writeNew,
  writeText,
  type ConfigText,
} from '../../../../src/cli/files/files';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lora-alpha-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof Failure) return error;
  throw new Error(`it did not fail as it should: ${String(error)}`);
}

describe('readText and writeText', () => {
  it.each([
    ['plain', Buffer.from('lora_alpha: 16\n')],
    ['with a byte order mark', Buffer.from('\ufefflora_alpha: 16\r\n')],
    ['UTF-16.ps1', Buffer.from('\ufefflora_alpha: 16\r\n', 'utf16le')],
    ['an-old-encoding.sh', Buffer.from([0x23, 0xe9, 0xfc, 0x0a])],
  ])('give every byte back: %s', async (name, bytes) => {
    await writeFile(at(name), bytes);
    const file = await readText(at(name));
    await writeText(file, file.text);
    expect(await readFile(at(name))).toEqual(bytes);
  });

  it('give every byte back, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (raw) => {
        const bytes = Buffer.from(raw.map((byte) => byte || 1));
        await writeFile(at('any.sh'), bytes);
        const file = await readText(at('any.sh'));
        await writeText(file, file.text);
        expect(await readFile(at('any.sh'))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('keep mode and symbolic link', async () => {
    await writeFile(at('target'), 'a: 1\n');
    await chmod(at('target'), 0o640);
    await symlink('target', at('link'));
    await writeText(await readText(at('link')), 'a: 2\n');
    expect(await readlink(at('link'))).toBe('target');
    expect(await readFile(at('target'), 'utf8')).toBe('a: 2\n');
    expect((await stat(at('target'))).mode & 0o777).toBe(0o640);
  });

  const attributes = (...args: string[]): string =>
    execFileSync('getfattr', ['--only-values', '-n', ...args], { encoding: 'utf8', stdio: 'pipe' });
  /** Whether files here can have extended attributes, and the programs of `attr` are there. */
  async function hasAttributes(): Promise<boolean> {
    await writeFile(at('attributes'), '');
    try {
      execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', at('attributes')], { stdio: 'pipe' });
      return attributes('user.note', at('attributes')) === 'kept';
    } catch {
      return false;
    }
  }

  it('keep links, mode and extended attributes where they write through the file', async ({ skip }) => {
    const isKept = await hasAttributes();
    await writeFile(at('through.yml'), 'lora_alpha: 1600\n', { mode: 0o640 });
    await link(at('through.yml'), at('through-2.yml'));
    if (isKept) execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', at('through.yml')]);
    const before = await stat(at('through.yml'));
    await writeText(await readText(at('through.yml')), 'lora_alpha: 8\n', true);
    expect(await readFile(at('through-2.yml'), 'utf8')).toBe('lora_alpha: 8\n');
    expect(await stat(at('through.yml'))).toMatchObject({ ino: before.ino, mode: before.mode, nlink: 2 });
    expect((await readdir(folder)).filter((name) => name.includes('lora-alpha-finished'))).toEqual([]);
    if (!isKept) return skip('files here have no extended attributes, or getfattr is missing');
    expect(attributes('user.note', at('through.yml'))).toBe('kept');
  });

  it('keep the finished text of a process that died while it wrote through a file', async () => {
    await writeFile(at('half.yml'), 'lora_al');
    await writeFile(at('.half.yml.lora-alpha-finished'), 'lora_alpha: 64\n');
    const file = await readText(at('half.yml'));
    const { message } = await failureOf(writeText(file, 'lora_alpha: 8\n', true));
    expect(message).toContain('.half.yml.lora-alpha-finished has the finished text');
    expect(await readFile(at('.half.yml.lora-alpha-finished'), 'utf8')).toBe('lora_alpha: 64\n');
    expect(await readFile(at('half.yml'), 'utf8')).toBe('lora_al');
  });

  it('take no half text of a process that died for a finished one', async () => {
    await writeFile(at('whole.yml'), 'lora_alpha: 16\n');
    await writeFile(at('.whole.yml.lora-alpha'), 'lora_al');
    await utimes(at('.whole.yml.lora-alpha'), 0, 0);
    await writeText(await readText(at('whole.yml')), 'lora_alpha: 8\n', true);
    expect(await readFile(at('whole.yml'), 'utf8')).toBe('lora_alpha: 8\n');
    expect((await readdir(folder)).filter((name) => name.startsWith('.whole'))).toEqual([]);
  });

  it('do not write through a file that has changed since it was read', async () => {
    await writeFile(at('changed-2.yml'), 'a: 1\n');
    const file = await readText(at('changed-2.yml'));
    await writeFile(at('changed-2.yml'), 'a: 2\n');
    expect((await failureOf(writeText(file, 'a: 3\n', true))).message).toContain('has changed since it was read');
    expect(await readFile(at('changed-2.yml'), 'utf8')).toBe('a: 2\n');
    expect((await readdir(folder)).filter((name) => name.includes('lora-alpha-finished'))).toHaveLength(1);
  });

  it('do not overwrite a file that has changed since it was read', async () => {
    await writeFile(at('shared'), 'a: 1\n');
    const file = await readText(at('shared'));
    await appendFile(at('shared'), 'b: 2\n');
    const why = 'has changed since it was read, so nothing was written; run the command again';
    await expect(writeText(file, 'a: 3\n')).rejects.toThrow(new Failure(EXIT.usage, `${at('shared')}: ${why}`));
    expect(await readFile(at('shared'), 'utf8')).toBe('a: 1\nb: 2\n');
  });

  it('let one of several writers win, and tell the others', async () => {
    await writeFile(at('wanted'), 'a: 0\n');
    const read = await Promise.all([1, 2, 3, 4, 5].map(() => readText(at('wanted'))));
    const ended = await Promise.allSettled(read.map((file, i) => writeText(file, `a: ${i + 1}\n`)));
    const winners = ended.flatMap(({ status }, i) => (status === 'fulfilled' ? [`a: ${i + 1}\n`] : []));
    expect(winners).toEqual([await readFile(at('wanted'), 'utf8')]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.wanted'))).toEqual([]);
  });

  it('replace the temporary file of a process that died', async () => {
    await writeFile(at('left'), 'a: 1\n');
    await writeFile(at('.left.lora-alpha'), 'half');
    await expect(writeText(await readText(at('left')), 'a: 2\n')).rejects.toThrow(
      `so nothing was written; if none is writing, one has died: delete ${at('.left.lora-alpha')}`,
    );
    await utimes(at('.left.lora-alpha'), 0, 0);
    await writeText(await readText(at('left')), 'a: 2\n');
    expect(await readFile(at('left'), 'utf8')).toBe('a: 2\n');
  });

  it('refuse a path that is no regular file, and a file with several hard links', async () => {
    await writeFile(at('one'), 'a: 1\n');
    await link(at('one'), at('two'));
    await expect(writeText(await readText(at('one')), 'a: 2\n')).rejects.toThrow(
      'has 2 hard links, and replacing it would part them',
    );
    expect(await readFile(at('two'), 'utf8')).toBe('a: 1\n');
    const device: ConfigText = { path: '/dev/null', text: '', encoding: 'utf8' };
    await expect(writeText(device, 'a: 2\n')).rejects.toThrow('is no regular file');
    await mkdir(at('reports'));
    for (const path of ['/dev/null', at('reports')]) {
      await expect(assertNoLoss(path, () => true, 'a report')).rejects.toThrow('is no regular file');
      await expect(writeNew(path, 'x')).rejects.toThrow('is no regular file');
    }
  });

  const OLD = ['old.yml', 'old.json', 'old.toml', 'old.py', 'old.ipynb', 'UTF-16.yml'];

  it('say why a file cannot be read', async () => {
    await mkdir(at('folder'));
    await writeFile(at('binary'), Buffer.from([1, 0, 2]));
    await writeFile(at('huge'), Buffer.alloc(16 * 1024 * 1024 + 1, 0x20));
    for (const name of OLD) await writeFile(at(name), Buffer.from([0x23, 0xe9, 0x0a]));
    await writeFile(at('UTF-16.yml'), Buffer.from('\ufeffr: 8\n', 'utf16le'));
    const cases = [
      ['missing', 'cannot be read: there is no such file; it must be a config file', EXIT.usage],
      ['folder', 'is a folder; it must be a config file', EXIT.usage],
      ['binary', 'is a binary file; it must be a text file in YAML, JSON or TOML', EXIT.nothing],
      ['huge', 'is larger than 16 MB; a LoRA config is a small text file', EXIT.nothing],
      ...OLD.map(
        (name) => [name, 'is not UTF-8, at which loaders of Python stop; save it as UTF-8', EXIT.nothing] as const,
      ),
    ] as const;
    for (const [name, message, exitCode] of cases) {
      const failure = await failureOf(readText(at(name)));
      expect(failure).toMatchObject({ exitCode, message: `${at(name)}: ${message}` });
    }
  });

  it('leave every file alone that is no report, and overwrite a report', async () => {
    const isReport = (text: string): boolean => text.startsWith('<!doctype');
    await writeFile(at('config.yml'), 'lora_alpha: 16\n');
    const failure = await failureOf(assertNoLoss(at('config.yml'), isReport, 'a report'));
    expect(failure).toMatchObject({ exitCode: EXIT.usage, message: `${at('config.yml')}: exists and is not a report` });
    await writeFile(at('report.html'), '<!doctype html>');
    await writeFile(at('empty.html'), '');
    for (const free of ['report.html', 'empty.html', 'new.html']) await assertNoLoss(at(free), isReport, 'a report');
  });

  it('say why a report cannot be written', async () => {
    const failure = await failureOf(writeNew(join(folder, 'no', 'such', 'folder.html'), ''));
    expect(failure.exitCode).toBe(EXIT.usage);
    expect(failure.message).toContain('cannot be written: there is no such file; choose a path in a folder that exist');
  });
});

describe('names of new contents', () => {
  it.each(['n'.repeat(251), '€'.repeat(83)])('fit beside a file of the longest name: %.3s…', async (name) => {
    const path = at(`${name}.yml`);
    await writeFile(path, 'lora_alpha: 16\n');
    await writeText(await readText(path), 'lora_alpha: 64\n');
    expect(await readFile(path, 'utf8')).toBe('lora_alpha: 64\n');
    await rm(path);
  });

  it('are given up where another writer has taken one over', async () => {
    const [path, beside] = [at('taken.yml'), at('.taken.yml.lora-alpha')];
    await writeFile(path, 'lora_alpha: 16\n');
    const writing = failureOf(writeText(await readText(path), `# ${'x'.repeat(2 ** 25)}\nlora_alpha: 64\n`));
    while (!(await stat(beside).catch(() => null))) await new Promise(setImmediate);
    await writeFile(at('other'), 'half a conf');
    await rename(at('other'), beside);
    expect((await writing).message).toContain('another process');
    expect(await readFile(path, 'utf8')).toBe('lora_alpha: 16\n');
    expect(await readFile(beside, 'utf8')).toBe('half a conf');
    await rm(beside);
  });
});

describe.skipIf(process.platform === 'win32')('textOfNeighbour', () => {
  it('opens only regular files of the size of a config', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('/dev/zero', at('endless'));
    await writeFile(at('large'), ' '.repeat(1024 * 1024 + 1));
    await writeFile(at('config'), '{"r": 8}');
    const names = ['pipe', 'endless', 'large', '.', 'none', 'config'];
    const texts = await Promise.all(names.map((name) => textOfNeighbour(at(name))));
    expect(texts).toEqual([null, null, null, null, null, '{"r": 8}']);
  });
});
