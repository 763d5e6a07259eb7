import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Bundles the terminal and its worker as they are shipped, so that the tests never run a stale build: into a folder of this
 * run's own, as others may run beside it.
 */
export function setup(): () => void {
  const folder = resolve('.cache/test', `cli-${process.pid}`);
  execFileSync(process.execPath, ['esbuild.mjs', '--only=cli,worker-node', `--outdir=${folder}`], { stdio: 'inherit' });
  process.env['LORA_ALPHA_CLI'] = resolve(folder, 'cli.js');
  return () => rmSync(folder, { recursive: true, force: true });
}
