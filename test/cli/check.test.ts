import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runJson, start, workspace } from './support/cli';
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

  it('measures the rates that people try under an optimizer without a rule, and says which comes closest', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'two-networks.toml');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace('"AdamW"', '"DAdaptLion"').replace('learning_rate = 1e-4', 'learning_rate = 1.0'),
    );
    const { code, document } = await runJson(checkDocument, ['check', 'two-networks.toml', '--alpha', '16'], { cwd });
    expect(code).toBe(1);
    expect(document).toMatchObject({ verdict: 'different', proof: null });
    const labels: Record<string, string> = {
      'alpha-only': 'alpha alone',
      'rate-by-root': 'lr / √k',
      'rate-by-k': 'lr / k',
    };
    const tried = document.variants.filter(({ name }) => name in labels);
    const [closest] = tried.toSorted((one, other) => (one.maxDeviation ?? 0) - (other.maxDeviation ?? 0));
    expect(tried).toHaveLength(3);
    expect(document.why).toContain(`No rule is known; ${labels[closest?.name ?? '']} came closest.`);
    expect(document.why).toMatch(/None of them is the same run/);
  });

  it('trains as many steps as it is asked for, from the seed it is given', async () => {
    const args = (seed: string) => ['check', 'axolotl.yml', '--alpha', '64', '--steps', '7', '--seed', seed];
    const [one, again, other] = await Promise.all(
      ['1', '1', '2'].map((seed) => runJson(checkDocument, args(seed)).then(({ document }) => document)),
    );
    expect(one?.steps).toBe(7);
    expect(one?.variants).toEqual(again?.variants);
    expect(one?.variants[0]?.loss).not.toEqual(other?.variants[0]?.loss);
  });

  it('holds its verdict on several seeds, and says of each curve which', async () => {
    const args = ['check', 'axolotl.yml', '--alpha', '64', '--seed', '5', '--seeds', '3'];
    const { code, document } = await runJson(checkDocument, [...args, '--steps', '50']);
    expect(code).toBe(0);
    const bases = document.variants.filter(({ name }) => /^base/.test(name));
    expect(bases.map(({ name, seed }) => [name, seed])).toEqual([
      ['base', 5],
      ['base@6', 6],
      ['base@7', 7],
    ]);
    expect(new Set(bases.map(({ loss }) => loss.join())).size).toBe(3);
    expect(document.why).toContain('On each of 3 draws');
    const { stdout } = await run([...args, '--steps', '10']);
    expect(stdout).toContain('On each of 3 draws');
    expect(Math.max(...textOf(stdout).map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('finds the closest rate where nothing else can be moved, and does not call it the same run', async () => {
    const args = ['check', 'axolotl.yml', '--alpha', '64', '--plan', 'lr-only'];
    const { code, document } = await runJson(checkDocument, args);
    const { stdout } = await run([...args, '--steps', '30']);
    expect(code).toBe(1);
    const { fit, variants, verdict, why } = document;
    expect(verdict).toBe('different');
    expect(why).toMatch(/not the same run/i);
    const planned = variants.find(({ name }) => name === 'rescaled')?.maxDeviation ?? NaN;
    expect(fit?.maxDeviation).toBeLessThan(planned);
    expect(fit?.factor).toBeGreaterThan(1 / 4);
    expect(fit?.factor).toBeLessThan(1);
    expect(fit?.loss).toHaveLength(document.steps);
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toMatch(
      /The closest single learning rate here is \S+ \(× 0\.\d+\): \S+ % apart at best, so not the same run/,
    );
    expect(stdout).toMatch(/\nbest lr alone +\S+ %\n/);
  });

  it('says it to people in 80 columns', async () => {
    const { code, stdout, stderr } = await run(['check', 'axolotl.yml', '--alpha', '64']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('axolotl.yml  Axolotl · adamw_torch · rank 16\n');
    expect(stdout).toContain('✓ The same run, to the last bit\n');
    expect(stdout).toMatch(/rescaled +0 \(same bits\)\n/);
    expect(stdout).toMatch(/\n(wasm|cpu) · \d+ variants × \d+ steps · [\d.]+ s\n$/);
    expect(Math.max(...textOf(stdout).map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
  });

  it('ends at numbers far from any that are used', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'axolotl.yml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('lora_r: 16', 'lora_r: 65536'));
    for (const alpha of ['1e-6', '1e6']) {
      const args = ['check', 'axolotl.yml', '--alpha', alpha, '--steps', '40'];
      const { code, document } = await runJson(checkDocument, args, { cwd });
      expect([0, 1, 2]).toContain(code);
      expect(document.variants[0]?.loss).toHaveLength(40);
      expect(document.verdict).not.toBe('different');
    }
  });

  it('stops on a signal before the training ends, and leaves no half-written file', async () => {
    const cwd = await workspace();
    const before = await readdir(cwd);
    const args = ['check', 'axolotl.yml', '--alpha', '48', '--steps', '100000', '--report', 'out.html'];
    const { child, ended } = start(args, { cwd });
    // The plan is printed right before the training begins.
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toBe('lora-alpha: stopped\n');
    expect(await readdir(cwd)).toEqual(before);
  });
});

/** The lines of an answer, without the code in it. */
function textOf(stdout: string): string[] {
  return stdout.split('\n').filter((line) => !line.startsWith('    '));
}
