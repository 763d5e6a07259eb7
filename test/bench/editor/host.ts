import { readdirSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/activate';

/** Runs inside the extension host, beside the extension, and measures what in-host.mjs asks for. */

interface Watched {
  /** Time the work took. */
  ms: number;
  /** Longest time in ms that the host's thread answered nobody else. */
  blocked: number;
  /** Longest turn of the event loop in ms of processor time, which no other process can lengthen; null on old Nodes. */
  turn: number | null;
}

type Keep = (run: object) => void;

export async function run(): Promise<void> {
  const file = process.env['LORA_ALPHA_RESULTS'] ?? 'results.json';
  const runs: object[] = [];
  const write = (more: object): void => writeFileSync(file, JSON.stringify({ runs, ...more }));
  const keep: Keep = (one) => {
    runs.push(one);
    write({});
  };
  try {
    const api = await vscode.extensions.getExtension<TestApi>('lora-alpha.lora-alpha')?.activate();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder || !api) throw new Error('the extension does not know that it is being tested');
    await (process.env['LORA_ALPHA_MEASURE'] === 'scan' ? scanned(api, keep) : opened(api, folder, keep));
  } catch (error) {
    write({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** Opens one file after the other, and for each the same text as no config: what the editor itself takes. */
async function opened(api: TestApi, folder: vscode.Uri, keep: Keep): Promise<void> {
  await api.features();
  const names = readdirSync(folder.fsPath).sort();
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  // Whatever is loaded or compiled with a first file is not the next one's fault.
  for (const name of names.filter((each) => /small/.test(each))) await lookAt(at(name));
  await quiet();
  for (const name of names.filter((each) => !/^(?:foreign|small)/.test(each))) {
    // Of two notebooks the second takes the editor longer, in either order.
    let lenses = 0;
    const own = await watched(async () => (lenses = await lookAt(at(name))));
    await quiet(6);
    keep({ file: name, opened: own, foreign: await watched(() => lookAt(at(`foreign-${name}`))), lenses });
    await quiet(6);
  }
}

/** Opens a file as a user does, and has the editor ask for all that it shows. @returns how many lenses of ours there are */
async function lookAt(uri: vscode.Uri): Promise<number> {
  const document = await shown(uri);
  const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  const start = new vscode.Position(0, 0);
  await ask('vscode.executeHoverProvider', document.uri, start);
  await ask('vscode.executeCodeActionProvider', document.uri, new vscode.Range(start, start));
  // Problems and the status bar follow when typing has paused, and after a turn of a thread.
  await pause(1500);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  return lenses?.filter(({ command }) => command?.command.startsWith('loraAlpha.')).length ?? 0;
}

async function shown(uri: vscode.Uri): Promise<vscode.TextDocument> {
  if (!uri.path.endsWith('.ipynb')) return (await vscode.window.showTextDocument(uri)).document;
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook.cellAt(notebook.cellCount - 1).document;
}

async function ask<Answer>(command: string, ...args: unknown[]): Promise<Answer | undefined> {
  return vscode.commands.executeCommand<Answer>(command, ...args).then(
    (answer) => answer,
    // The editor gives up where texts change meanwhile.
    () => undefined,
  );
}

async function scanned(api: TestApi, keep: Keep): Promise<void> {
  // No scan is to be blamed for loading it.
  const { core, recipes: tree } = await api.features();
  const { inventory } = core;
  // As the view does while it is visible.
  inventory.onDidChange(() => void Promise.all([tree.children(undefined)]).then(([nodes]) => nodes?.map(tree.item)));
  await quiet();
  for (const name of ['first scan', 'again, nothing changed', 'once more']) {
    const before = process.memoryUsage().heapUsed;
    const scan = await watched(() => inventory.refresh());
    // With nothing going on, for as long: what the editor and the machine's other work add.
    const { blocked: idle } = await watched(() => pause(Math.min(scan.ms, 3000)));
    const recipes = inventory.files().reduce((sum, { summary }) => sum + summary.recipes.length, 0);
    keep({ name, ...scan, idle, recipes, heapMb: (process.memoryUsage().heapUsed - before) / 1e6 });
  }
}

/** Does some work, and watches the thread until it is done. */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  delay.enable();
  const begin = performance.now();
  await work();
  const ms = performance.now() - begin;
  // The last turn counts, too.
  await pause(20);
  delay.disable();
  return { ms, blocked: delay.max / 1e6, turn: turns() };
}

/** Waits until the editor has nothing to do, of which it has much when it starts; so many times 300 ms at most. */
async function quiet(tries = 60): Promise<void> {
  for (let calm = 0, left = tries; calm < 3 && left > 0; left--) {
    const { blocked } = await watched(() => pause(300));
    calm = blocked < 8 ? calm + 1 : 0;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Processor time of this thread alone, in microseconds; Node has it from version 23.9 on. */
const threadCpu = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage;

/** Watches every turn of the event loop until the function it returns is called, which says how long the longest took. */
function watchTurns(): () => number | null {
  if (!threadCpu) return () => null;
  const used = (): number => {
    const { user, system } = threadCpu();
    return user + system;
  };
  let [last, longest, isOver] = [used(), 0, false];
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return longest / 1000;
  };
}
