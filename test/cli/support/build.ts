import { execFileSync } from 'node:child_process';

/** Bundles the terminal and its worker as they are shipped, so that the tests never run a stale build. */
export function setup(): void {
  const options = ['--only=cli,worker-node', '--outdir=.cache/test/cli'];
  execFileSync(process.execPath, ['esbuild.mjs', ...options], { stdio: 'inherit' });
}
