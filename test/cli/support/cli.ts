import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';

export const CLI = resolve('.cache/test/cli/cli.js');
const FIXTURES = resolve('test/fixtures/cli');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  cwd?: string;
  stdin?: string | Buffer;
  env?: Record<string, string>;
  /** Options of Node itself. */
  node?: readonly string[];
}

/** Starts the bundled program; by default among the fixtures. */
export function start(
  args: readonly string[],
  options: RunOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const { cwd = FIXTURES, stdin, env = {}, node = [] } = options;
  const child = spawn(process.execPath, [...node, CLI, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(stdin ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** Runs with `--json`, checks that stdout is one document of this shape, and returns it. */
export async function runJson<S extends v.GenericSchema>(
  schema: S,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended & { document: v.InferOutput<S> }> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const ended = await run([...args.slice(0, end), '--json', ...args.slice(end)], options);
  return { ...ended, document: v.parse(schema, JSON.parse(ended.stdout)) };
}

/** A folder with a copy of the fixtures, gone when the test has ended. */
export async function workspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lora-alpha-cli-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(FIXTURES, folder, { recursive: true });
  return folder;
}
