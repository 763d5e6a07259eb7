import { spawn } from 'node:child_process';
import { readdir, rm, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { oneLine } from '../../recipe/visible';
import { isRecording, readRecording } from '../../run/recording';
import type { Attempt, RunProgram } from '../../run/trial';
import { nothing, reasonOf, usage } from '../failure';
import { assertNoLoss, readText } from '../files/files';
import { tell } from '../terminal';

/** What the recorder does in the program, as it reads it from `LORA_ALPHA_RUN`. */
export interface Recipe extends Omit<Attempt, 'role' | 'name'> {
  /** Where the recording goes. */
  out: string;
  steps: number;
  keepGoing: boolean;
}

/** How a program ended: by itself, or by a signal. */
export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  isLate: boolean;
  /** The signal that this process got and handed on. */
  told: NodeJS.Signals | null;
}

/** The two variables that put the recorder into every Python that a program starts. */
export function recorderEnvironment(recipe: Recipe): Record<'PYTHONPATH' | 'LORA_ALPHA_RUN', string> {
  // The bundle and the recorder lie side by side.
  const path = [join(__dirname, 'recorder'), process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  return { PYTHONPATH: path, LORA_ALPHA_RUN: JSON.stringify({ ...recipe, out: resolve(recipe.out) }) };
}

/** @throws Failure where nothing stands after `--` */
export function assertProgram(command: readonly string[]): void {
  if (command.length > 0) return;
  throw usage('no program is given; it must stand after --, such as: -- python train.py');
}

/** @throws Failure where something else than an earlier recording is in the way; an earlier one is removed */
export async function makeRoom(out: string): Promise<void> {
  await assertNoLoss(out, isRecording, 'a recording; choose another path with --out');
  const folder = await readdir(dirname(out)).catch(() => []);
  const isRank = (name: string): boolean => rankPath(basename(out), Number(/\.rank(\d+)/.exec(name)?.[1])) === name;
  const old = [out, ...folder.filter(isRank).map((name) => join(dirname(out), name))];
  await Promise.all(old.map((path) => rm(path, { force: true }))).catch((error: unknown) => {
    throw usage(`${out}: cannot be replaced: ${reasonOf(error)}`);
  });
}

interface Options {
  /** Standard output goes to standard error, because ours is for a document. */
  isQuiet?: boolean;
  /** Seconds; the program and all that it started are ended after them. */
  timeout?: number;
  /** The program has no standard input, and a group of its own, so that all it started can be ended. */
  isApart?: boolean;
}

const GRACE_MS = 10_000;

/** Runs the program as it is, without a shell, and hands every signal on. @throws Failure where it cannot start */
export function run([program = '', ...args]: readonly string[], recipe: Recipe, options: Options = {}): Promise<Ended> {
  const { isQuiet = false, timeout, isApart = false } = options;
  const isGroup = isApart && process.platform !== 'win32';
  const child = spawn(program, args, {
    env: { ...process.env, ...recorderEnvironment(recipe) },
    stdio: [isApart ? 'ignore' : 'inherit', isQuiet ? 2 : 'inherit', 'inherit'],
    detached: isGroup,
  });
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (isGroup && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // All of the group have ended.
    }
  };
  let isLate = false;
  let told: NodeJS.Signals | null = null;
  const end = (signal: NodeJS.Signals, ms: number): NodeJS.Timeout =>
    setTimeout(() => ((isLate = true), kill(signal)), ms);
  const timers = timeout ? [end('SIGTERM', timeout * 1000), end('SIGKILL', timeout * 1000 + GRACE_MS)] : [];
  // A terminal sends Ctrl-C to the program as well, unless it has a group of its own.
  const isTold = process.stdin.isTTY && !isGroup;
  const passed = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const own = process.listeners(signal);
    const pass = (): void => {
      told = signal;
      if (signal !== 'SIGINT' || !isTold) kill(signal);
    };
    process.removeAllListeners(signal).on(signal, pass);
    return () => {
      process.removeListener(signal, pass);
      for (const listener of own) process.once(signal, listener);
    };
  });
  return new Promise<Ended>((done, failed) => {
    child.once('error', (error) => failed(usage(`${program}: cannot be started: ${reasonOf(error)}`)));
    child.once('exit', (status, signal) => done({ status, signal, isLate, told }));
  }).finally(() => {
    timers.forEach(clearTimeout);
    if (isLate) kill('SIGKILL');
    for (const restore of passed) restore();
  });
}

/** Ends this process as the program ended: with its status, or by its signal. */
export function endLike({ status, signal }: Ended): number {
  if (signal === null) return status ?? 0;
  process.removeAllListeners(signal);
  if (process.platform !== 'win32') process.kill(process.pid, signal);
  return 128 + (constants.signals[signal] ?? 0);
}

const NOT_LOADED =
  'no Python with torch loaded the recorder: `python -I`, `-E` and `-S`, containers, sudo and launchers that clear the ' +
  'environment keep it out (see --print-env)';

/**
 * The recording that a program left. What is missing or odd is told on stderr.
 * @param what the run, for sentences
 * @throws Failure where there is none
 */
export async function recordingAt(out: string, ended: Ended, what: string): ReturnType<RunProgram> {
  const how = ended.isLate ? 'took too long and was ended' : `ended with ${ended.signal ?? ended.status ?? 0}`;
  const file = (await stat(out).catch(() => null)) && (await readText(out));
  if (!file) throw nothing(`${what} ${how} and left no recording; ${ended.isLate ? 'raise --timeout' : NOT_LOADED}`);
  const recording = readRecording(file.text, out);
  if ('wrong' in recording) throw nothing(recording.wrong);
  for (const { why } of recording.notSeen) tell(`${what}, not seen: ${why}`);
  const { size } = recording.world;
  const missing = [];
  for (let rank = 1; rank < Math.min(size, 4096) && missing.length < 8; rank++)
    if (!(await readText(rankPath(out, rank)).catch(() => null))) missing.push(rank);
  if (missing.length > 0) tell(`${what}: no recording of rank ${missing.join(', ')} of ${size}`);
  if (recording.ended === 'exception') tell(`${what} stopped with an exception: ${oneLine(recording.reason)}`);
  return { text: file.text, recording };
}

/** `run.json` → `run.rank1.json` */
const rankPath = (out: string, rank: number): string => out.replace(/(\.[^./\\]*)?$/, `.rank${rank}$1`);
