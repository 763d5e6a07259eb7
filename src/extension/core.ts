import type * as vscode from 'vscode';
import type { ConfigReader } from '../worker/config-reader';
import type { KillableRunner } from '../worker/thread-runner';
import { answerIn } from './questions/ask';
import { createComparisons, type Comparisons } from './comparison/comparisons';
import type { OnResults } from './export/export-check';
import { announceResults } from './export/open-results';
import type { CommandName, PageName } from './ids';
import { createPanels, type Panels } from './panel/panels';
import { createPreviews, type Previews } from './apply/preview';
import { createInventory, type Inventory } from './recipes/scan/inventory';

/** What features share. */
export interface Core {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  /** Show a change before it is written. */
  previews: Previews;
  panels: Panels;
  comparisons: Comparisons;
  /** The workspace's configs. */
  inventory: Inventory;
  onResults: OnResults;
  /** How many runners have been made so far. For tests. */
  workersStarted(): number;
}

/**
 * The part of a feature that answers commands, and brings pages back after a reload, by their names in ids.ts. A name
 * without an answer does not compile in features.ts.
 */
export type Answers<Name extends CommandName | PageName> = {
  readonly [Each in Name]: Each extends PageName
    ? (panel: vscode.WebviewPanel, state: unknown) => void
    : (...args: unknown[]) => unknown;
};

/** What a platform brings along. */
export interface Platform {
  /** Starts a thread that trains; null where the extension host has none, and the page must. */
  createRunner: (() => KillableRunner) | null;
  /** Reads the configs of the workspace. */
  createReader: () => ConfigReader;
}

export function createCore(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  { createRunner, createReader }: Platform,
): Core {
  const { extensionUri, subscriptions } = context;
  const reader = createReader();
  // Before the first text is looked at.
  answerIn(reader.ask);
  let workers = 0;
  const counted = createRunner && ((): KillableRunner => (workers++, createRunner()));
  const previews = createPreviews();
  const onResults: OnResults = (...told) => void announceResults(panels, ...told);
  const deps = { extensionUri, createRunner: counted, previews, log };
  const panels: Panels = createPanels({ ...deps, onResults });
  const comparisons = createComparisons(deps);
  const inventory = createInventory(reader, log);
  subscriptions.push(previews, panels, comparisons, inventory);
  return { context, log, previews, panels, comparisons, inventory, onResults, workersStarted: () => workers };
}
