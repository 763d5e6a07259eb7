import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, start, workspace } from './support/cli';

/** Prints a line when it has started, so that a signal finds it, and ends as it is told to. */
const waits = (onTerm: string): string => `${onTerm}; console.log('started'); setInterval(() => {}, 1000)`;

describe.skipIf(process.platform === 'win32')('the program of record', () => {
  const signalled = async (onTerm: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> => {
    const { child, ended } = start(['record', '--', process.execPath, '-e', waits(onTerm)], { cwd: await workspace() });
    await new Promise((done) => child.stdout?.once('data', done));
    child.kill('SIGTERM');
    return ended;
  };

  it('gets the signals of the command, and its own way to end is the command’s', async () => {
    expect(await signalled("process.on('SIGTERM', () => process.exit(7))")).toMatchObject({ code: 7, signal: null });
    expect(await signalled('')).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it('has the standard streams of the command', async () => {
    const copy = 'process.stdin.pipe(process.stdout); console.error("said")';
    const ended = await run(['record', '--', process.execPath, '-e', copy], { cwd: await workspace(), stdin: 'given' });
    expect([ended.code, ended.stdout]).toEqual([2, 'given']);
    expect(ended.stderr).toMatch(/^said\n.*left no recording/s);
  });

  it('is the only one of try that a signal has to end', async () => {
    const program = ['try', '--alpha', '64', '--', process.execPath, '-e', waits('')];
    const { child, ended } = start(program, { cwd: await workspace() });
    await new Promise((done) => child.stdout?.once('data', done));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: 'lora-alpha: stopped by SIGINT\n' });
  });

  it('leaves no recording of an earlier run, of no rank', async () => {
    const cwd = await workspace();
    for (const name of ['run.rank1.json', 'run.rank12.json', 'runs.rank1.json', 'run.rank.json']) {
      writeFileSync(join(cwd, name), readFileSync(join(cwd, 'run.json')));
    }
    await run(['record', '--', 'true'], { cwd });
    expect(readdirSync(cwd).filter((name) => name.startsWith('run'))).toEqual(['run.rank.json', 'runs.rank1.json']);
  });

  it('is started without a shell', async () => {
    const ended = await run(['record', '--', 'echo', '$HOME', '; ls', '*'], { cwd: await workspace() });
    expect(ended.stdout).toBe('$HOME ; ls *\n');
  });

  it('writes to standard error where the command prints a document', async () => {
    const ended = await run(['try', '--alpha', '64', '--json', '--', 'echo', 'loud'], { cwd: await workspace() });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { exitCode: 2 } });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('loud\n');
  });
});
