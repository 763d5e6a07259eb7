import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { CLI, type Ended, run, workspace } from './support/cli';

/**
 * What the terminal prints, in full. A line `# …` begins a scenario in a fresh copy of the fixtures; each `$ …` is run by
 * a shell (or here, where it needs none), and followed by its standard output, its standard error (each line behind `! `) and its exit status (`[64]`)
 * if that is not 0. `npx vitest run --project cli -u` writes the outputs anew; read the diff.
 */
const FOLDER = resolve('test/cli/transcripts');

const PROGRAMS = mkdtempSync(join(tmpdir(), 'lora-alpha-program-'));
writeFileSync(join(PROGRAMS, 'lora-alpha'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
chmodSync(join(PROGRAMS, 'lora-alpha'), 0o755);
const HOME = { HOME: join(PROGRAMS, 'home') };
mkdirSync(HOME.HOME);
afterAll(() => rmSync(PROGRAMS, { recursive: true }));

/** Words that no shell has to read. */
const PLAIN = /^lora-alpha [^|&;<>$`*?~(){}'"\\]+$/;

/** How a command of a shell ends. */
async function inShell(command: string, cwd: string): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  const env = { PATH: `${PROGRAMS}${delimiter}${process.env['PATH']}`, ...HOME };
  const child = spawn('sh', ['-c', command], { cwd, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

/** A command with what it printed, as a transcript has it. */
async function printed(command: string, cwd: string): Promise<string> {
  const [, ...words] = command.split(' ');
  const { code, stdout, stderr } = await (PLAIN.test(command) ? run(words, { cwd, env: HOME }) : inShell(command, cwd));
  const lines = stdout.split('\n').filter((line) => !line.startsWith('    '));
  // Code, diffs and documents are as wide as they are.
  if (/^lora-alpha (read|plan|compare|check) (?!.*--json)/.test(command)) {
    expect(Math.max(...lines.map(({ length }) => length)), command).toBeLessThanOrEqual(80);
  }
  const errors = stderr.replace(/^(?=.)/gm, '! ');
  const ended = [stdout, errors].map((text) => (text === '' || text.endsWith('\n') ? text : `${text}⏎\n`));
  return `$ ${command}\n${ended.join('')}${code === 0 ? '' : `[${code}]\n`}`;
}

/** A scenario, run anew. */
async function rerun(scenario: string): Promise<string> {
  const cwd = await workspace();
  const [title = '', ...lines] = scenario.split('\n');
  let text = `${title}\n`;
  for (const line of lines.filter((each) => each.startsWith('$ '))) text += await printed(line.slice(2), cwd);
  return text;
}

describe.skipIf(process.platform === 'win32').each(readdirSync(FOLDER))('%s', (name) => {
  const scenarios = readFileSync(join(FOLDER, name), 'utf8').split(/^(?=# )/m);
  it('shows what the terminal prints', async () => {
    const texts = await Promise.all(scenarios.map(rerun));
    await expect(texts.join('\n')).toMatchFileSnapshot(join(FOLDER, name));
  });
});

it('knows its version', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});
