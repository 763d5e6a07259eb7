import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { isNewest } from './support/editor';

/** They are loaded after mocha has set its globals. */
async function load(): Promise<void> {
  await import('./language.test');
  await import('./actions.test');
  await import('./notebook.test');
  await import('./adapter.test');
  // Most of the time, and nothing in them depends on the age of the editor: threads, panels and runs, odd arguments.
  if (isNewest) {
    await import('./commands.test');
    await import('./panels.test');
    await import('./carried.test');
  }
  await import('./sample.test');
  await import('./tool.test');
  // Last: it ends what others use.
  await import('./recipes.test');
}

/** One line of the results file: a test that ended, or is tried again. */
export interface TestResult {
  name: string;
  ms: number;
  /** Null when it passed. */
  error: string | null;
  isTriedAgain?: true;
}

/** VS Code calls this inside the extension host; the window closes when it settles. */
export async function run(): Promise<void> {
  // A real editor on a busy machine gives up on a request now and then. What fails twice fails; what does not is named.
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, retries: 1, reporter: Mocha.reporters.Base });
  const only = process.env['LORA_ALPHA_GREP'];
  if (only) mocha.grep(only);
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  // What is trained is soon over.
  await vscode.workspace.getConfiguration('loraAlpha').update('task', 'linear', vscode.ConfigurationTarget.Global);
  await new Promise((resolve) => keepResults(mocha.run(resolve)));
  keep('end');
}

/** The script outside prints these: what is written to the console here gets lost on the way. */
function keepResults(runner: Mocha.Runner): void {
  const result = (test: Mocha.Runnable, error: Error | null): TestResult => ({
    name: test.titlePath().join(' › '),
    ms: test.duration ?? 0,
    error: error && (error.stack ?? String(error)),
  });
  runner.on('pass', (test) => keep(result(test, null)));
  runner.on('fail', (test, error: Error) => keep(result(test, error)));
  runner.on('retry', (test, error: Error) => keep({ ...result(test, error), isTriedAgain: true }));
}

function keep(line: TestResult | 'end'): void {
  const file = process.env['LORA_ALPHA_RESULTS'];
  if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
