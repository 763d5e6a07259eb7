import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/activate';
import { keepResults, pause, quiet, watched, type Watched } from '../watched';

/** Runs inside the extension host, beside the extension whose scan it watches. */

interface Run extends Watched {
  name: string;
  /** The longest block with nothing going on, for as long: what the editor and the machine's other work add. */
  idle: number;
  recipes: number;
  /** What the heap holds more than before. */
  heapMb: number;
}

export const run = (): Promise<void> => keepResults(measure);

async function measure(keep: (run: Run) => void): Promise<void> {
  const extension = vscode.extensions.getExtension<TestApi>('lora-alpha.lora-alpha');
  const api = await extension?.activate();
  if (!api) throw new Error('the extension does not know that it is being tested');
  // No scan is to be blamed for loading it.
  const { core, recipes: tree } = await api.features();
  const { inventory } = core;
  // As the view does while it is visible.
  inventory.onDidChange(() => void Promise.all([tree.children(undefined)]).then(([nodes]) => nodes?.map(tree.item)));
  await quiet();
  for (const name of ['first scan', 'again, nothing changed', 'once more']) {
    const before = process.memoryUsage().heapUsed;
    const scan = await watched(() => inventory.refresh());
    const { blocked: idle } = await watched(() => pause(Math.min(scan.ms, 3000)));
    const recipes = inventory.files().reduce((sum, { summary }) => sum + summary.recipes.length, 0);
    keep({ name, ...scan, idle, recipes, heapMb: (process.memoryUsage().heapUsed - before) / 1e6 });
  }
}
