import { spawnSync } from 'node:child_process';

/** A Python reader of a syntax: the module that must be there, and the expression that reads `text`. */
export interface Loader {
  name: string;
  module: string;
  load: string;
}

export const PYYAML: Loader = { name: 'PyYAML', module: 'yaml', load: 'yaml.safe_load(text)' };
export const OMEGACONF: Loader = {
  name: 'OmegaConf',
  module: 'omegaconf',
  load: 'omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.create(text), resolve=True)',
};
export const JSON_LOADER: Loader = { name: 'json', module: 'json', load: 'json.loads(text)' };

const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';

/** Why a loader cannot be asked here, or null. */
export function missing({ name, module }: Loader): string | null {
  const found = spawnSync(python, ['-c', `import ${module}`]).status === 0;
  return found ? null : `reading back with ${name} is skipped: ${python} has no module ${module}`;
}

/** What the loader makes of each text, in one process. */
export function loadAll({ module, load }: Loader, texts: readonly string[]): unknown[] {
  const code = [
    `import sys, json, ${module}`,
    'texts = json.loads(sys.stdin.buffer.read())',
    `print(json.dumps([${load} for text in texts], default=str))`,
  ].join('\n');
  const { stdout, stderr, status } = spawnSync(python, ['-c', code], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

/** Every leaf that differs, with what it was and is. */
export function differences(was: unknown, is: unknown, path = ''): { path: string; was: unknown; is: unknown }[] {
  if (typeof is !== 'object' || is === null) return Object.is(was, is) ? [] : [{ path, was, is }];
  const before = (typeof was === 'object' && was !== null ? was : {}) as Record<string, unknown>;
  const now = is as Record<string, unknown>;
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((key) => differences(before[key], now[key], `${path}.${key}`));
}
