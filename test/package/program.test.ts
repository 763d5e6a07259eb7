import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/paths.mjs';
import { packProgram } from '../../scripts/release.mjs';

const CONFIG = 'axolotl-llama3.yml';

describe('the package of npm', () => {
  let folder: string;
  let tarball: string;
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lora-alpha-'));
    tarball = await packProgram('https://github.com/owner/name', folder);
    run('npm', 'install', '--offline', '--no-audit', '--no-fund', tarball);
    copyFileSync(path.join(ROOT, 'examples', CONFIG), path.join(folder, CONFIG));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is below 3 MB, and needs no other package and no script', () => {
    expect(statSync(tarball).size).toBeLessThan(3_000_000);
    const installed = path.join(folder, 'node_modules', 'lora-alpha');
    const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(manifest).toMatchObject({ name: 'lora-alpha', version, engines: { node: '>=20' } });
    for (const absent of ['dependencies', 'devDependencies', 'scripts', 'contributes']) {
      expect(manifest).not.toHaveProperty(absent);
    }
    expect(readFileSync(path.join(installed, 'README.md'), 'utf8')).not.toContain('](media/');
  });

  it('plans and trains in a folder that holds nothing else', () => {
    expect(run('npx', '--no-install', 'lora-alpha', 'plan', CONFIG, '--alpha', '64')).toContain(
      'Rescale the init (symmetric): exact',
    );
    expect(run('npx', '--no-install', 'lora-alpha', 'check', CONFIG, '--alpha', '64')).toContain(
      '✓ The same run, to the last bit',
    );
  });
});
