import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, workspace } from './support/cli';

/** Runs shell commands where `mount` is allowed and seen by nobody else, which not every system offers. */
const APART = ['unshare', '--map-root-user', '--mount', 'sh', '-c'] as const;

function canMount(): boolean {
  const [program, ...rest] = APART;
  return spawnSync(program, [...rest, 'mount -t tmpfs none /mnt']).status === 0;
}

describe('a full disk', () => {
  it.runIf(canMount()).each([
    ['axolotl.yml', 'rewrite axolotl.yml --alpha 64 --write --no-code'],
    ['rescale_init.py', 'rewrite axolotl.yml --alpha 64 --write'],
    ['r.html', 'check axolotl.yml --alpha 64 --steps 2 --report r.html'],
  ])('keeps the config, leaves no half of %s, and is told in one line', async (file, command) => {
    const cwd = await workspace();
    const before = readFileSync(join(cwd, 'axolotl.yml'), 'utf8');
    const script = [
      'mkdir disk && mount -t tmpfs -o size=64k none disk && cp axolotl.yml disk && cd disk',
      'dd if=/dev/zero of=filler 2>/dev/null',
      `"$NODE" "$CLI" ${command} >/dev/null 2>../said`,
      'echo $? >../code; ls -A >../left; cat axolotl.yml >../after',
    ].join('\n');
    const [program, ...rest] = APART;
    execFileSync(program, [...rest, script], { cwd, env: { ...process.env, NODE: process.execPath, CLI } });
    const text = (name: string): string => readFileSync(join(cwd, name), 'utf8');
    expect(text('said')).toMatch(new RegExp(`^lora-alpha: ${file}: cannot be written: the disk is full[^\\n]*\\n$`));
    expect(text('code')).toBe('64\n');
    expect(text('left').trim().split('\n')).toEqual(['axolotl.yml', 'filler']);
    expect(text('after')).toBe(before);
  });
});
