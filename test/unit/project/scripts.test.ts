import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scripts } from '../../../package.json';

const ROOT = path.resolve(import.meta.dirname, '../../..');

describe('npm scripts', () => {
  it('are there under the names the documents use', () => {
    const names =
      'build watch start editor test test:unit test:integration test:e2e golden bench lint package pictures';
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names.split(' ')));
  });

  it('run files that exist', () => {
    const files = [
      ...Object.values(scripts)
        .join('\n')
        .matchAll(/\bnode (\S+\.mjs)/g),
    ].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('that run before anything is installed import nothing but Node and each other', () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const read = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^import .* from '([^']+)';$/gm)) {
        if (from.startsWith('.')) read(path.resolve(path.dirname(file), from));
        else if (!from.startsWith('node:')) outside.push(`${path.relative(ROOT, file)}: ${from}`);
      }
    };
    for (const name of ['start', 'editor', 'test', 'pictures', 'measure'])
      read(path.join(ROOT, 'scripts', `${name}.mjs`));
    expect(seen.size).toBeGreaterThan(6);
    expect(outside).toEqual([]);
  });
});

describe('the tests inside the editor', () => {
  it('are all imported by their index', () => {
    const folder = path.join(ROOT, 'test', 'integration');
    const index = readFileSync(path.join(folder, 'index.ts'), 'utf8');
    const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((name) => !index.includes(`import('./${name.replace('.ts', '')}')`))).toEqual([]);
  });
});

describe('the search for a Chromium', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('takes the one it is told', async () => {
    vi.stubEnv('CHROME_PATH', process.execPath);
    const { chromiumPath } = await import('../../../scripts/chromium.mjs');
    await expect(chromiumPath()).resolves.toBe(process.execPath);
  });

  it('says so when that one cannot be run', async () => {
    vi.stubEnv('CHROME_PATH', '/no/such/chromium');
    const { chromiumPath } = await import('../../../scripts/chromium.mjs');
    await expect(chromiumPath()).rejects.toThrow(/CHROME_PATH is \/no\/such\/chromium/);
  });
});

describe('the removal of a folder', () => {
  it('lasts as long as somebody still writes into it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lora-alpha-removed-'));
    const writer = spawn(process.execPath, ['-e', WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(writer.stdout, 'data');
    const { removeFolder } = await import('../../../scripts/shell.mjs');
    await removeFolder(folder);
    expect(existsSync(folder)).toBe(false);
    expect(writer.exitCode ?? (await once(writer, 'exit'))[0]).toBe(0);
  });
});

/** Writes one file after the other into a folder of the folder, for a second. */
const WRITER = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const logs = process.argv[1] + '/data/logs';
  mkdirSync(logs, { recursive: true });
  for (let i = 0, end = Date.now() + 1000; Date.now() < end; i++) {
    try {
      writeFileSync(logs + '/' + i, '');
    } catch {}
    if (i === 100) process.stdout.write('busy');
  }`;
