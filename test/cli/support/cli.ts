import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Script } from 'node:vm';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';

/** The bundle that build.ts has made. */
export const CLI = process.env['LORA_ALPHA_CLI'] ?? '';
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

/** Starts a process of the bundled program; by default among the fixtures. */
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

/** The bundled program as a function, which is compiled once: half of what a process of its own would cost. */
let program: ((process: NodeJS.Process, require: NodeJS.Require, folder: string) => void) | undefined;

/** One at a time, since the folder that a process is in is shared by all that runs there. */
let before: Promise<unknown> = Promise.resolve();

/** Commands that start threads or processes, which shall end with the process that they are of. */
const APART = new Set(['check', 'sweep', 'rank', 'record', 'try']);

/** Runs the bundled program for what it prints: within this process where it can be. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  if (APART.has(args[0] ?? '')) return start(args, options).ended;
  const ended = before.then(() => runHere(args, options));
  before = ended.catch(() => undefined);
  return ended;
}

/** From the program's first line on, with streams of its own. */
async function runHere(args: readonly string[], { cwd = FIXTURES, stdin = '', env = {} }: RunOptions): Promise<Ended> {
  const text = (): string => readFileSync(CLI, 'utf8').replace(/^#!.*/, '');
  program ??= new Script(`(function (process, require, __dirname) {${text()}\n})`, {
    filename: CLI,
  }).runInThisContext() as typeof program;
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said): Writable =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        said[name] += chunk.toString();
        done();
      },
    });
  const home = process.cwd();
  try {
    process.chdir(cwd);
    const code = await new Promise<number>((done) => {
      const own = Object.create(process, {
        argv: { value: [process.execPath, CLI, ...args] },
        env: { value: { PATH: process.env['PATH'], ...env } },
        stdin: { value: Readable.from([Buffer.from(stdin)]) },
        stdout: { value: stream('stdout') },
        stderr: { value: stream('stderr') },
        on: { value: () => own },
        once: { value: () => own },
        exitCode: { set: done },
      }) as NodeJS.Process;
      program?.(own, createRequire(CLI), dirname(CLI));
    });
    return { code, signal: null, ...said };
  } finally {
    process.chdir(home);
  }
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
