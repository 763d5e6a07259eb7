import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, workspace } from './support/cli';

const ARGS = ['export', 'axolotl.yml', '--alpha', '64'];

describe('export', () => {
  it('prints a Python file, from a file or standard input, also with --out -', async () => {
    const cwd = await workspace();
    const plain = await run(ARGS, { cwd });
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(/^"""LoRA Alpha: a check with PyTorch\. axolotl\.yml \(Axolotl\), alpha 64/);
    expect(await run([...ARGS, '--out', '-'], { cwd })).toEqual(plain);
    const stdin = await readFile(join(cwd, 'axolotl.yml'));
    const piped = await run(['export', '-', '--alpha', '64'], { cwd, stdin });
    expect(piped.code).toBe(0);
    expect(piped.stdout.replace('standard input', 'axolotl.yml')).toBe(plain.stdout);
  });

  it('writes --out, and replaces only what it has written', async () => {
    const cwd = await workspace();
    const out = join(cwd, 'check_alpha.py');
    for (const alpha of ['64', '32']) {
      const { code, stdout, stderr } = await run(['export', 'axolotl.yml', '--alpha', alpha, '--out', out], { cwd });
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain(`${out} was written.`);
      expect(await readFile(out, 'utf8')).toContain(`alpha ${alpha} against`);
    }
    await writeFile(out, 'print("mine")\n');
    const refused = await run([...ARGS, '--out', out], { cwd });
    expect(refused).toMatchObject({ code: 64, stdout: '' });
    expect(refused.stderr).toMatch(/^lora-alpha: [^\n]*exists and is not a PyTorch check of LoRA Alpha[^\n]*\n$/);
    expect(await readFile(out, 'utf8')).toBe('print("mine")\n');
    expect((await readdir(cwd)).filter((name) => name.includes('lora-alpha'))).toEqual([]);
  });

  it('writes with --checkpoint a file that converts one, and takes no check for its own', async () => {
    const cwd = await workspace();
    const convert = [...ARGS, '--checkpoint', '--out', 'convert.py'];
    for (const plan of ['symmetric', 'keep-init']) {
      const { code, stderr } = await run([...convert, '--plan', plan], { cwd });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: 'convert.py was written. Run it: python convert.py CHECKPOINT NEW_FOLDER.\n',
      });
    }
    expect(await readFile(join(cwd, 'convert.py'), 'utf8')).toContain('\nP, Q = 1, 4 ');
    await run([...ARGS, '--out', 'check.py'], { cwd });
    const refused = await run([...ARGS, '--checkpoint', '--out', 'check.py'], { cwd });
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain('exists and is not a conversion of LoRA Alpha');
  });

  it.each([
    [['--plan', 'lr-only'], /plan lr-only, k = 4/],
    [['--scaling', '4'], /alpha \d+ against/],
    [['--rslora', 'on'], /with rsLoRA against/],
  ])('takes the options of plan and check: %j', async (options, words) => {
    const target = options[0] === '--plan' ? ['--alpha', '64'] : [];
    const { code, stdout } = await run(['export', 'axolotl.yml', ...target, ...options]);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toMatch(words);
  });

  it.each([
    [['export', 'axolotl.yml'], 64, /no target is given/],
    [['export', 'missing.yml', '--alpha', '64'], 64, /there is no such file/],
    [['export', 'axolotl.yml', '--alpha', '64', '--rank', '5'], 2, /rank would go/],
    [['export', 'axolotl.yml', '--alpha', '64', '--out', '/nowhere/x.py'], 64, /cannot be written/],
  ])('%j ends with %d, told in one line', async (args, code, message) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^lora-alpha: [^\n]+\n$/);
    expect(ended.stderr).toMatch(message);
  });
});
