import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { run, runJson, workspace } from './support/cli';
import { rewriteDocument } from './support/shapes';

const ARGS = ['rewrite', 'axolotl.yml', '--alpha', '64'];

describe('rewrite', () => {
  it('prints a diff that applies, and leaves the file alone', async () => {
    const cwd = await workspace();
    const before = await readFile(join(cwd, 'axolotl.yml'), 'utf8');
    const { code, stdout, stderr } = await run(ARGS, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^--- a\/axolotl\.yml\n\+\+\+ b\/axolotl\.yml\n@@ /);
    expect(await readFile(join(cwd, 'axolotl.yml'), 'utf8')).toBe(before);
    const after = applyPatch(before, stdout);
    expect(after).toContain('lora_alpha: 64  # as the recipe says\n');
    // The init code is a note, not part of the diff.
    expect(stderr).toContain('p.data.div_(2.0)');
  });

  it('writes exactly what the diff says, keeping mode and link', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'axolotl.yml');
    const before = await readFile(path, 'utf8');
    await chmod(path, 0o600);
    await symlink('axolotl.yml', join(cwd, 'link.yml'));
    const args = ['rewrite', 'link.yml', '--alpha', '64', '--write'];
    const { code, document } = await runJson(rewriteDocument, args, { cwd });
    expect(code).toBe(0);
    expect(document).toMatchObject({ file: 'link.yml', written: true });
    expect(document.changes).toContainEqual({ key: 'lora_alpha', from: 16, to: 64, factor: 4 });
    expect(document.code).toContain('p.data.div_(2.0)');
    expect(await readFile(path, 'utf8')).toBe(applyPatch(before, document.diff));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await lstat(join(cwd, 'link.yml'))).isSymbolicLink()).toBe(true);
    expect((await readdir(cwd)).filter((name) => name.startsWith('axolotl.yml'))).toEqual(['axolotl.yml']);
  });

  it('does not write to a file of no known trainer before somebody agrees', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'home-made.toml');
    const before = await readFile(path, 'utf8');
    const args = ['rewrite', 'home-made.toml', '--alpha', '64'];
    const refused = await run([...args, '--write'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/lora\.rank for the rank.*say --accept-guess\.$/m);
    expect(await readFile(path, 'utf8')).toBe(before);
    const shown = await run(args, { cwd });
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stderr).toContain('--write wants --accept-guess');
    expect(await run([...args, '--write', '--accept-guess'], { cwd })).toMatchObject({ code: 0 });
    expect(await readFile(path, 'utf8')).toBe(before.replace('alpha = 16', 'alpha = 64').replace('2e-4', '1e-4'));
  });

  it('asks before it writes to a command of nobody, also behind one of a trainer', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'two.sh');
    const text = [
      'python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4 --unet_lr 1e-4',
      'python mine.py --lora_r 8 --lora_alpha 16 --learning_rate 2e-4',
      '',
    ].join('\n');
    await writeFile(path, text);
    const args = (run: string): string[] => ['rewrite', 'two.sh', '--alpha', '64', '--network', run, '--write'];
    const refused = await run(args('run 2'), { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/lora_r for the rank.*say --accept-guess\.$/m);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await run([...args('run 2'), '--accept-guess'], { cwd })).toMatchObject({ code: 0 });
    expect(await readFile(path, 'utf8')).toBe(text.replace('lora_alpha 16', 'lora_alpha 64').replace('2e-4', '1e-4'));
    expect(await run(args('run 1'), { cwd })).toMatchObject({ code: 0 });
  });

  it('leaves the config of a trained adapter alone, and says why first', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'adapter_config.json');
    const before = await readFile(path, 'utf8');
    await writeFile(join(cwd, 'adapter_model.safetensors'), '');
    const refused = await run(['rewrite', 'adapter_config.json', '--alpha', '64', '--write'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('This adapter is trained (its weights are in the same folder).');
    expect(await readFile(path, 'utf8')).toBe(before);
    const plan = await run(['plan', 'adapter_config.json', '--alpha', '64'], { cwd });
    expect(plan.stdout.split('\n')[2]).toContain('warning: This adapter is trained');
    const read = await run(['read', 'adapter_config.json'], { cwd });
    expect(read.stdout).toContain('warning: This adapter is trained');
  });

  it('ends with 2 where a number that must move is not in the file, and names it', async () => {
    const cwd = await workspace();
    const args = ['rewrite', 'adapter_config.json', '--alpha', '64', '--write'];
    const { code, document, stderr } = await runJson(rewriteDocument, args, { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(document.written).toBe(true);
    expect(document.left).toContainEqual({ key: 'learning_rate', factor: 0.5 });
    expect(document.notUnderstood).toMatchObject([{ source: 'no optimizer' }]);
    const shown = await run(['rewrite', 'adapter_config.json', '--alpha', '16'], { cwd });
    expect(shown.code).toBe(2);
    expect(shown.stderr.replace(/\s+/g, ' ')).toContain('so move it where it is set: learning_rate × 2');
  });

  it('shows what read and plan warn of, in text and JSON', async () => {
    const cwd = await workspace();
    await writeFile(
      join(cwd, 'dora.yml'),
      `${await readFile(join(cwd, 'axolotl.yml'), 'utf8')}lora_alpha: 16\npeft_use_dora: true\n`,
    );
    const { document } = await runJson(rewriteDocument, ['rewrite', 'dora.yml', '--alpha', '64'], { cwd });
    const codes = document.findings.map(({ code }) => code);
    expect(codes).toContain('key-twice');
    expect(document.caveats.length).toBeGreaterThan(0);
    const { stderr } = await run(['rewrite', 'dora.yml', '--alpha', '64'], { cwd });
    const said = stderr.replace(/\s+/g, ' ');
    for (const { message } of [...document.findings, ...document.caveats]) expect(said).toContain(message);
  });

  it('keeps every other byte: line ends, byte order mark, an old encoding', async () => {
    const cwd = await workspace();
    const path = join(cwd, 'axolotl.yml');
    const text = (await readFile(path, 'utf8')).replaceAll('\n', '\r\n');
    const old = Buffer.concat([Buffer.from([0x23, 0x20, 0xe9, 0x0d, 0x0a]), Buffer.from(text)]);
    for (const bytes of [Buffer.from(`\ufeff${text}`), old]) {
      await writeFile(path, bytes);
      expect(await run([...ARGS, '--plan', 'lr-only', '--write'], { cwd })).toMatchObject({ code: 0 });
      const expected = Buffer.from(
        bytes
          .toString('latin1')
          .replace('lora_alpha: 16 ', 'lora_alpha: 64 ')
          .replace('learning_rate: 0.0002', 'learning_rate: 0.00005'),
        'latin1',
      );
      expect(await readFile(path)).toEqual(expected);
    }
  });

  it('writes the rule of the scaling down beside alpha, and the LoRA+ ratio beside the rate', async () => {
    const { code, stdout } = await run(['rewrite', 'axolotl.yml', '--rslora', 'on', '--plan', 'keep-init']);
    expect(code).toBe(0);
    const written = stdout.split('\n').filter((line) => /^[+-][^+-]/.test(line));
    expect(written).toEqual(['+peft_use_rslora: true', '+loraplus_lr_ratio: 0.25']);
  });

  it('comes back to where it began', async () => {
    const cwd = await workspace();
    const args = (alpha: string) => ['rewrite', 'two-networks.toml', '--alpha', alpha, '--write'];
    await run(args('16'), { cwd });
    await run(args('4'), { cwd });
    const diffBack = await run(args('4'), { cwd });
    expect(diffBack).toMatchObject({ code: 2, stdout: '' });
    const { stdout } = await run(['read', 'two-networks.toml', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject([{ recipes: [{ alpha: 4, learningRate: 1e-4 }, { alpha: 1 }] }]);
  });

  it('has nothing to do where the file says it already', async () => {
    const ended = await run(['rewrite', 'axolotl.yml', '--alpha', '16', '--json']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^lora-alpha: axolotl\.yml: .*nothing to rewrite\n$/);
  });

  it('writes no standard input', async () => {
    const ended = await run(['rewrite', '-', '--alpha', '64', '--write'], { stdin: 'adapter: lora\n' });
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(/^lora-alpha: --write needs a file.*\n$/);
  });
});
