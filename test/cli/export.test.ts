import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
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
    expect(piped.stdout.replaceAll('standard input', 'axolotl.yml')).toBe(plain.stdout);
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

  it('writes a batch file beside the check, and keeps one that is there', async () => {
    const cwd = await workspace();
    const slurm = [...ARGS, '--engine', 'slurm'];
    expect(await run([...slurm, '--out', 'check_alpha.py'], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('check_alpha.py and check_alpha.sbatch were written.') as string,
    });
    const batch = join(cwd, 'check_alpha.sbatch');
    const edited = (await readFile(batch, 'utf8')).replace('--time=00:30:00', '--time=01:00:00');
    expect(edited).toContain('--time=01:00:00');
    await writeFile(batch, edited);
    expect((await run([...slurm, '--out', 'check_alpha.py'], { cwd })).stderr).toContain('check_alpha.sbatch was kept');
    expect(await readFile(batch, 'utf8')).toBe(edited);
    await writeFile(join(cwd, 'other.sbatch'), '#!/bin/bash\nsrun mine\n');
    const refused = await run([...slurm, '--out', 'other.py'], { cwd });
    expect(refused).toMatchObject({ code: 64, stdout: '' });
    expect(refused.stderr).toContain('other.sbatch: exists and is not a batch file of LoRA Alpha');
    expect(await readdir(cwd)).not.toContain('other.py');
  });

  it('writes a folder of checks and their sweep, and says what is left out', async () => {
    const cwd = await workspace();
    const ray = ['export', 'axolotl.yml', '--engine', 'ray', '--out', 'sweep'];
    const { code, stdout, stderr } = await run([...ray, '--alpha', '16,32,64', '--rank', '8,32'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.match(/^left out: alpha 16 at rank (8|32): The scaling does not change/gm)).toHaveLength(2);
    const names = await readdir(join(cwd, 'sweep'));
    expect(names).toEqual([
      'alpha_32_rank_32_symmetric.py',
      'alpha_32_rank_8_symmetric.py',
      'alpha_64_rank_32_symmetric.py',
      'alpha_64_rank_8_symmetric.py',
      'sweep.py',
    ]);
    const check = await readFile(join(cwd, 'sweep', 'alpha_64_rank_32_symmetric.py'), 'utf8');
    expect(check.replaceAll('\n', ' ')).toContain('axolotl.yml with rank 32 (Axolotl), alpha 64 against alpha 16');
    await mkdir(join(cwd, 'sweep', 'results'));
    const again = await run([...ray, '--alpha', '128'], { cwd });
    expect(again.stderr).toContain('from an earlier export, and not in this sweep: alpha_32_rank_32_symmetric.py, ');
    expect(await readdir(join(cwd, 'sweep'))).toHaveLength(7);
  });

  it.each([
    ['a.py', 'print("mine")\n', /a\.py: exists and is not an export of LoRA Alpha/],
    ['notes.txt', 'mine', /notes\.txt: exists and is not an export/],
    ['data', null, /data: is no regular file/],
  ])('writes nothing into a folder with %s', async (name, text, message) => {
    const cwd = await workspace();
    const folder = join(cwd, 'mine');
    await mkdir(folder);
    await (text === null ? mkdir(join(folder, name)) : writeFile(join(folder, name), text));
    const ended = await run([...ARGS, '--engine', 'ray', '--out', 'mine'], { cwd });
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(await readdir(folder)).toEqual([name]);
  });

  it.each([
    [['--alpha', '16,64'], 64, /--alpha holds 2 values; it must be one, or --engine ray must be given/],
    [['--alpha', '64', '--plan', 'all'], 64, /--plan is "all", which needs --engine ray/],
    [['--alpha', '64', '--engine', 'spark'], 64, /--engine is "spark"; it must be torch, slurm or ray/],
    [['--alpha', '64', '--engine', 'ray', '--checkpoint'], 64, /--engine runs checks, and --checkpoint exports none/],
    [['--alpha', '64', '--engine', 'slurm'], 64, /--out must name the first/],
    [['--alpha', '64', '--engine', 'ray'], 64, /--engine ray writes a folder; --out must name it/],
    [['--alpha', '64', '--engine', 'ray', '--out', 'axolotl.yml'], 64, /is a file; --out must be a folder/],
    [['--alpha', '64', '--engine', 'ray', '--out', '/dev/null/x'], 64, /cannot be made: a part of its path is not/],
    [['--scaling', '4', '--engine', 'ray', '--out', 'x'], 64, /with --engine ray it must be --alpha/],
    [['--engine', 'ray', '--out', 'x'], 64, /no alpha is given; it must be --alpha, such as --alpha 16,32,64/],
    [['--alpha', '1..257', '--rank', '4,8', '--engine', 'ray', '--out', 'x'], 64, /make 514 checks; it must be 512/],
    [['--alpha', '16', '--engine', 'ray', '--out', 'x'], 2, /there is no check to export; alpha 16 at rank 16: The/],
  ])('refuses %j', async (options, code, message) => {
    const cwd = await workspace();
    const ended = await run(['export', 'axolotl.yml', ...options], { cwd });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^lora-alpha: [^\n]+\n$/);
    expect(ended.stderr).toMatch(message);
    expect(await readdir(cwd)).not.toContain('x');
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
