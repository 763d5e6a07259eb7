import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from './support/cli';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** What the script makes of a line in that shell: the words offered for the last one. */
async function offered(shell: 'bash' | 'zsh' | 'fish', words: readonly string[]): Promise<string[]> {
  const { stdout: script } = await run(['completion', shell]);
  const asked =
    shell === 'fish'
      ? `complete -C '${words.join(' ')}' | string split -f1 \\t`
      : `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lora_alpha; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync(shell, ['-c', `${script}\n${asked}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(['bash', 'fish'] as const)('the completion of %s', (shell) => {
  it.skipIf(!has(shell))('offers commands, and the options of a command', async () => {
    expect(await offered(shell, ['lora-alpha', 'co'])).toEqual(['compare', 'completion']);
    expect(await offered(shell, ['lora-alpha', 'plan', '--alph'])).toEqual(['--alpha']);
    expect(await offered(shell, ['lora-alpha', 'lint', '--ba'])).toEqual(['--base']);
    expect(await offered(shell, ['lora-alpha', 'lint', '--alph'])).toEqual([]);
  });
});

it.skipIf(!has('zsh'))('the completion of zsh is loaded', async () => {
  const { stdout: script } = await run(['completion', 'zsh']);
  const asked = `${script}\nprint -r -- $_comps[lora-alpha]`;
  expect(spawnSync('zsh', ['-f', '-c', asked], { encoding: 'utf8' }).stdout).toContain('_lora_alpha');
});

it('refuses another shell, and suggests what was meant', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 64, stderr: /bash, zsh or fish/ });
  expect((await run(['comparee', 'a', 'b'])).stderr).toMatch(/unknown command 'comparee' \(Did you mean compare\?\)/);
  expect((await run(['plan', 'a', '--alhpa', '4'])).stderr).toMatch(
    /unknown option '--alhpa' \(Did you mean --alpha\?\)/,
  );
  expect((await run(['compare', '--help'])).stdout).toMatch(
    /Examples:\n {2}lora-alpha compare config\.yml other\.toml/,
  );
});
