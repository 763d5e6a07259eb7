import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Loaded } from './compare';

const SCRIPT = join('test', 'judges', 'loading', 'loads.py');

/** What a loader of Python makes of each text. */
export function loadedBy(root: string, python: string, loader: string, texts: readonly string[]): Loaded[] {
  const input = JSON.stringify(texts.map((text) => [loader, text]));
  return JSON.parse(run(root, python, [], input)) as Loaded[];
}

/** The loaders that this Python has; none where there is no Python. */
export function loadersOf(root: string, python: string): readonly string[] {
  try {
    return JSON.parse(run(root, python, ['--loaders'], '')) as string[];
  } catch {
    return [];
  }
}

function run(root: string, python: string, args: readonly string[], input: string): string {
  const { stdout, stderr, status, error } = spawnSync(python, [join(root, SCRIPT), ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${python} ${SCRIPT} ended with ${String(status)}: ${stderr.slice(-2000)}`);
  return stdout;
}
