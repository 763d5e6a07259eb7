import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { run } from './support/cli';

describe('the command line', () => {
  it.each([
    [[], /no command was given; it must be read, plan, check, rewrite, export, compare or sweep/],
    [['frob'], /unknown command 'frob'/],
    [['read'], /missing required argument 'file'/],
    [['read', '--frob', 'x'], /unknown option '--frob'/],
    [['plan', 'axolotl.yml'], /no target is given; it must be --alpha, --scaling or --rslora/],
    [['plan', 'axolotl.yml', '--alpha', 'many'], /--alpha is "many"; it must be a number above 0/],
    [['plan', 'axolotl.yml', '--alpha', '64', '--digits', '0'], /--digits is "0"; it must be a whole number/],
    [['plan', 'missing.yml', '--alpha', '64'], /missing\.yml: cannot be read: there is no such file/],
    [
      ['check', 'axolotl.yml', '--alpha', '64', '--task', 'cnn'],
      /--task is "cnn"; it must be auto, linear, mlp or transformer/,
    ],
    [['check', 'axolotl.yml', '--alpha', '64', '--backend', 'webgl'], /WebGL needs the panel in VS Code/],
    [
      ['check', 'axolotl.yml', '--alpha', '64', '--plan', 'magic'],
      /--plan is "magic"; it must be symmetric, keep-init, keep-b or lr-only/,
    ],
    [['compare', 'axolotl.yml'], /missing required argument 'second'/],
    [['compare', '-', '-'], /standard input can be one of both, not both/],
    [['compare', 'axolotl.yml', 'missing.yml'], /missing\.yml: cannot be read: there is no such file/],
    [['plan', 'axolotl.yml', '--alpha', '8', '--scaling', '2'], /--alpha and --scaling are both given/],
    [['plan', 'axolotl.yml', '--scaling', '0'], /--scaling is "0"; it must be a number above 0/],
    [['plan', 'axolotl.yml', '--scaling', '1.3'], /takes whole alphas only; 20 \(scaling 1\.25\) or 21/],
    [['plan', 'axolotl.yml', '--rslora', 'yes'], /--rslora is "yes"; it must be on or off/],
    [['plan', 'axolotl.yml', '--alpha', '8', '--alpha', '32'], /--alpha is given twice; it must be given once/],
    [['sweep', '--alphas', '1,-4'], /--alphas holds "-4"/],
  ])('%j is wrong usage, told in one line', async (args, message) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(/^lora-alpha: [^\n]+\n$/);
    expect(ended.stderr).toMatch(message);
  });

  it('helps with examples', async () => {
    for (const args of [['--help'], ['check', '--help']]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: lora-alpha/);
    }
    expect((await run(['--help'])).stdout).toContain('lora-alpha check config.yml --alpha 64');
  });

  it('knows its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});
