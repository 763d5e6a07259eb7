import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The interpreter that may have the libraries of trainers. */
export const PYTHON = process.env['LORA_ALPHA_PYTHON'] ?? 'python3';

/** Exit code of a script whose Python package is not there. */
export const NOT_INSTALLED = 77;

const FIND = 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))';

/** Whether Python has these packages, without the seconds that it takes to import them. */
export const hasPackages = (...names: string[]): boolean => spawnSync(PYTHON, ['-c', FIND, ...names]).status === 0;

/** How a script ended: its exit status, its standard output, and its standard error. */
export type Ended = readonly [status: number, stdout: string, stderr: string];

/**
 * Starts the one Python that scripts run in forks of; what is returned ends it. It loads the libraries when it is asked
 * first, through the socket that `LORA_ALPHA_FORKS` names to all processes of these tests.
 */
export async function startForks(root = '.', python = PYTHON): Promise<() => void> {
  if (process.env['LORA_ALPHA_FORKS'] || spawnSync(python, ['-c', 'import os; os.fork']).status !== 0)
    return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-forks-'));
  const path = join(folder, 'socket');
  const child = spawn(python, [join(root, 'test/judges/together.py'), path], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  process.env['LORA_ALPHA_FORKS'] = path;
  return () => {
    delete process.env['LORA_ALPHA_FORKS'];
    child.stdin.end();
    rmSync(folder, { recursive: true });
  };
}

/** How each of these scripts ends, two at a time: `[script, argument, …]`. */
export async function together(asked: readonly (readonly string[])[]): Promise<Ended[]> {
  const path = process.env['LORA_ALPHA_FORKS'];
  if (path === undefined) return asked.map((): Ended => [NOT_INSTALLED, 'there is no Python that can fork', '']);
  const socket = connect(path);
  socket.write(`${JSON.stringify(asked)}\n`);
  return JSON.parse(await text(socket)) as Ended[];
}

/** For vitest. */
export const setup = (): Promise<() => void> => startForks();
