import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from './support/cli';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** What the script makes of lines in that shell: the words offered for the last word of each. */
async function offered(shell: 'bash' | 'fish', lines: readonly string[]): Promise<string[][]> {
  const { stdout: script } = await run(['completion', shell]);
  const asked = lines.map((line) =>
    shell === 'fish'
      ? `complete -C '${line}' | string split -f1 \\t`
      : `COMP_WORDS=(${line}); COMP_CWORD=${line.split(' ').length - 1}; _lora_alpha; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  const { stdout, stderr } = spawnSync(shell, ['-c', [script, ...asked].join('\necho ==\n')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const [, ...said] = stdout.split('==\n');
  return said.map((words) => words.split('\n').filter((word) => word !== ''));
}

describe.each(['bash', 'fish'] as const)('the completion of %s', (shell) => {
  it.skipIf(!has(shell))('offers commands, and the options of a command', async () => {
    const lines = ['co', 'plan --alph', 'lint --ba', 'lint --alph'].map((words) => `lora-alpha ${words}`);
    expect(await offered(shell, lines)).toEqual([['compare', 'completion'], ['--alpha'], ['--base'], []]);
  });
});

it.skipIf(!has('zsh'))('the completion of zsh is loaded', async () => {
  const { stdout: script } = await run(['completion', 'zsh']);
  const asked = `${script}\nprint -r -- $_comps[lora-alpha]`;
  expect(spawnSync('zsh', ['-f', '-c', asked], { encoding: 'utf8' }).stdout).toContain('_lora_alpha');
});

it('refuses another shell', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 64, stderr: /bash, zsh or fish/ });
});
