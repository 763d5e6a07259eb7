import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runJson, workspace } from './support/cli';
import { compareDocument } from './support/shapes';

/** A copy of the fixtures with `other.yml`, which is axolotl.yml with some lines replaced. */
async function withOther(lines: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await workspace();
  let text = await readFile(join(cwd, 'axolotl.yml'), 'utf8');
  for (const [key, value] of Object.entries(lines)) {
    const line = `${key}: ${value}`;
    const pattern = new RegExp(`^${key}:.*$`, 'm');
    text = pattern.test(text) ? text.replace(pattern, line) : `${text}${line}\n`;
  }
  await writeFile(join(cwd, 'other.yml'), text);
  return cwd;
}

describe('compare', () => {
  it('says the same of a file and itself', async () => {
    const { code, document } = await runJson(compareDocument, ['compare', 'axolotl.yml', 'axolotl.yml']);
    expect(code).toBe(0);
    expect(document).toMatchObject({ same: true, differences: [], unknown: [], ways: [], tolerance: 2e-5 });
    expect(document.signatureA).toEqual(document.signatureB);
    expect(document.signatureA).toMatchObject({ rank: 16, optimizer: 'adamw', pace: 2e-4, reach: 2e-4, epsA: 1e-8 });
  });

  it('says what an alpha changed alone comes to, and how to undo it', async () => {
    const cwd = await withOther({ lora_alpha: '64' });
    const { code, document } = await runJson(compareDocument, ['compare', 'axolotl.yml', 'other.yml'], { cwd });
    expect(code).toBe(1);
    expect(document.same).toBe(false);
    const reach = document.differences.find(({ key }) => key === 'reach');
    expect(reach).toEqual({ key: 'reach', a: 2e-4, b: 8e-4, ratio: 4, why: 'B learns 4× faster.' });
    expect(document.why).toContain('LoRA+ at a ratio of 4');
    expect(document.ways[0]).toMatchObject({ id: 'alpha', changes: [{ field: 'alpha', from: 64, to: 16 }], left: [] });
  });

  it('takes LoRA+ with ratio 4 and alpha × 4 for one run, where nothing else has a unit', async () => {
    const bare = { weight_decay: '0', max_grad_norm: '0', adam_epsilon: '0' };
    const cwd = await withOther({ ...bare, loraplus_lr_ratio: '4' });
    await writeFile(
      join(cwd, 'alpha.yml'),
      (await readFile(join(cwd, 'other.yml'), 'utf8'))
        .replace(/^loraplus_lr_ratio.*\n/m, '')
        .replace(/^lora_alpha:.*$/m, 'lora_alpha: 64'),
    );
    const { code, stdout } = await run(['compare', 'other.yml', 'alpha.yml'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('✓ The same run: every change makes up for the scaling');
  });

  it('compares what rewrite wrote with what it was: only the init is left, which code divides', async () => {
    const cwd = await withOther({});
    expect((await run(['rewrite', 'other.yml', '--alpha', '48', '--plan', 'symmetric', '--write'], { cwd })).code).toBe(
      0,
    );
    const { document } = await runJson(compareDocument, ['compare', 'axolotl.yml', 'other.yml'], { cwd });
    const [way] = document.ways.filter(({ id }) => id === 'init');
    expect(way).toMatchObject({ left: [], changes: [{ field: 'init' }] });
    expect(way?.init.A).toBeCloseTo(3 ** -0.5, 5);
  });

  it('compares across trainers and syntaxes, and says what it cannot compare', async () => {
    const { code, document } = await runJson(compareDocument, ['compare', 'adapter_config.json', 'axolotl.yml']);
    expect(code).toBe(1);
    expect(document.differences.map(({ key }) => key)).toContain('rank');
    const unknown = new Map(document.unknown.map(({ key, why }) => [key, why]));
    expect(unknown.get('optimizer')).toBe('No optimizer in the first.');
    expect(unknown.get('pace')).toBe('Not stated in the first.');
    expect(document.ways).toEqual([]);
  });

  it('cannot tell what one of them does not state, and ends with 2', async () => {
    const cwd = await workspace();
    const config = { peft_type: 'LORA', r: 16, lora_alpha: 16, lora_dropout: 0.05, target_modules: 'all-linear' };
    await writeFile(join(cwd, 'silent.json'), JSON.stringify(config));
    const { code, stdout } = await run(['compare', 'axolotl.yml', 'silent.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain('? Unknown whether both are the same run.');
    expect(stdout).toMatch(/\? optimizer: No optimizer in the second\./);
  });

  it('takes a network by its name or number, in either file', async () => {
    const of = (...more: string[]): ReturnType<typeof run> => run(['compare', 'two-networks.toml', ...more]);
    const [same, other, unknown] = await Promise.all([
      of('two-networks.toml', '--network', 'conv'),
      of('two-networks.toml', '--other-network', '2'),
      of('axolotl.yml', '--network', 'te3'),
    ]);
    expect(same).toMatchObject({ code: 0 });
    expect(same.stdout).toContain('adapter conv');
    expect(other).toMatchObject({ code: 1 });
    expect(other.stdout).toContain('adapter conv');
    expect(unknown).toMatchObject({ code: 64, stdout: '' });
  });

  it.each([
    ['bad-alpha.yml', /^lora-alpha: bad-alpha\.yml:4: .*abc.*\n$/],
    ['foreign.yml', /^lora-alpha: foreign\.yml: holds no LoRA config.*\n$/],
  ])('has nothing to compare with %s', async (name, line) => {
    const ended = await run(['compare', 'axolotl.yml', name, '--json']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(line);
  });

  it('takes one of both from standard input', async () => {
    const stdin = await readFile('test/fixtures/cli/axolotl.yml');
    expect((await run(['compare', '-', 'axolotl.yml'], { stdin })).code).toBe(0);
  });

  it('fits into a terminal of 80 columns, in every case', async () => {
    const cwd = await withOther({ lora_alpha: '48', weight_decay: '0.0123456', optimizer: 'adamw_bnb_8bit' });
    for (const args of [
      ['other.yml', 'axolotl.yml'],
      ['axolotl.yml', 'two-networks.toml'],
      ['axolotl.yml', 'axolotl.yml'],
      ['adapter_config.json', 'axolotl.yml'],
    ]) {
      const { stdout } = await run(['compare', ...args], { cwd });
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  it('is coloured where colours are asked for', async () => {
    const { stdout } = await run(['compare', 'axolotl.yml', 'axolotl.yml'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('[32m✓ The same run:');
  });
});
