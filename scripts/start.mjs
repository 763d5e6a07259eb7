// `npm start [-- more arguments]`: on a machine with nothing but Node, checks the shipped example in the terminal.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkNode, ensureBuilt, ensurePackages } from './fresh.mjs';
import { DIST, ROOT } from './paths.mjs';
import { say } from './shell.mjs';

const REPORT = 'lora-alpha-report.html';
const EXAMPLE = ['check', 'examples/axolotl-llama3.yml', '--alpha', '64', '--report', REPORT];

try {
  checkNode();
  await ensurePackages();
  await ensureBuilt();
} catch (error) {
  say(error.message);
  process.exit(1);
}

// Arguments that begin with a command of the terminal replace the example; others are added to it.
const given = process.argv.slice(2);
const isCommand = given.length > 0 && !given[0].startsWith('-');
const cli = spawn(process.execPath, [path.join(DIST, 'cli.js'), ...(isCommand ? given : [...EXAMPLE, ...given])], {
  cwd: ROOT,
  stdio: 'inherit',
});
cli.on('exit', (code) => (process.exitCode = code ?? 1));
