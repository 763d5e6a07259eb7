import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runJson, start, workspace } from './support/cli';
import { checkDocument } from './support/shapes';

describe('check', () => {
  it.each(['cpu', 'wasm'])('finds alpha ×4 identical on %s', async (backend) => {
    const args = ['check', 'axolotl.yml', '--alpha', '64', '--backend', backend];
    const { code, document } = await runJson(checkDocument, args);
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: 'identical', backend });
    const variant = (name: string) => document.variants.find((each) => each.name === name);
    expect(variant('rescaled')?.loss).toEqual(variant('base')?.loss);
    expect(variant('rescaled')?.maxDeviation).toBe(0);
    expect(variant('base')?.loss).toHaveLength(document.steps);
    const controls = document.variants.filter(({ name }) => name.startsWith('control-'));
    const rounding = Math.max(...controls.map(({ maxDeviation }) => maxDeviation ?? Infinity));
    expect(controls.length).toBeGreaterThanOrEqual(4);
    for (const wrong of ['alpha-only', 'blog-rule']) {
      expect(variant(wrong)?.maxDeviation).toBeGreaterThan(1000 * rounding);
    }
  });

  // The flag is for processors of Intel and AMD.
  it.skipIf(process.arch !== 'x64')('trains on cpu where the processor has no SIMD, and says so', async () => {
    const args = ['check', 'axolotl.yml', '--alpha', '64', '--steps', '20'];
    const { document, stderr } = await runJson(checkDocument, args, { node: ['--no-enable-sse4-1'] });
    expect(document).toMatchObject({ verdict: 'identical', backend: 'cpu' });
    expect(stderr).toContain('WebAssembly did not start here. CPU is used instead.');
  });

  it('finds alpha ×3 equivalent, with a proof at a power of 4, and a report that loads and runs nothing', async () => {
    const cwd = await workspace();
    const args = ['check', 'axolotl.yml', '--alpha', '48', '--report', 'out.html'];
    const { code, document } = await runJson(checkDocument, args, { cwd });
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: 'equivalent', task: 'transformer', proof: { k: 4, identical: true } });
    expect(document.variants.map(({ name }) => name)).toContain('as-written');
    const html = await readFile(join(cwd, 'out.html'), 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toContain('The same run, up to rounding');
    expect(html).toContain('0.00011547');
    expect(html).not.toMatch(/<script|<link|<img|\ssrc=|\son[a-z]+=|url\((?!#)|@import/i);
  });

  it.skipIf(process.platform === 'win32')('stops on a signal while it waits for a pipe', async () => {
    const cwd = await workspace();
    const pipe = join(cwd, 'pipe.yml');
    execFileSync('mkfifo', [pipe]);
    const { child, ended } = start(['read', 'pipe.yml'], { cwd });
    // Opens for writing without waiting only where somebody reads.
    const opened = (): Promise<FileHandle> => open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    const writer = await vi.waitFor(opened, { timeout: 20_000 });
    child.kill('SIGTERM');
    await ended.finally(() => writer.close());
    expect(await ended).toMatchObject({ signal: 'SIGTERM', stderr: 'lora-alpha: stopped\n' });
  });

  it('ends as it would where nobody reads its standard error', async () => {
    const cwd = await workspace();
    const { child, ended } = start(['rewrite', 'axolotl.yml', '--alpha', '64', '--write'], { cwd });
    child.stderr?.destroy();
    expect(await ended).toMatchObject({ code: 0 });
    expect(await readFile(join(cwd, 'axolotl.yml'), 'utf8')).toMatch(/^lora_alpha: 64/m);
  });

  it('stops on a signal before the training ends, and leaves no half-written file', async () => {
    const cwd = await workspace();
    const before = await readdir(cwd);
    const args = ['check', 'axolotl.yml', '--alpha', '48', '--steps', '100000', '--report', 'out.html'];
    const { child, ended } = start(args, { cwd });
    // The plan is printed right before the training begins.
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { signal, stderr } = await ended;
    expect(signal).toBe('SIGINT');
    expect(stderr).toBe('lora-alpha: stopped\n');
    expect(await readdir(cwd)).toEqual(before);
  });
});
