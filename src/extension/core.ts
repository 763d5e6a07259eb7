import * as vscode from 'vscode';
import type { ComparisonView } from '../messages/comparison';
import type { PanelView } from '../messages/panel';
import type { ConfigReader } from '../worker/config-reader';
import type { KillableRunner } from '../worker/thread-runner';
import { given } from './arguments';
import { answerIn } from './ask';
import { provideCodeActions } from './actions/code-actions';
import { exportCheckOf, rescale } from './actions/rescale';
import { check } from './panel/check-command';
import { compareCommand } from './comparison/compare-command';
import { showRuns } from './comparison/show-runs';
import { createComparisons } from './comparison/comparisons';
import { registerDiagnostics } from './diagnostics/register';
import type { OnResults } from './export/export-check';
import { announceResults, openResults } from './export/open-results';
import { explain, explanationAt } from './explanations/explain';
import { provideHover } from './hover/hover';
import { provideCodeLenses } from './lens/code-lenses';
import { openRules } from './panel/file-actions';
import { createPanels, type Panels } from './panel/panels';
import { createPreviews } from './panel/preview';
import { createArrangement, type Arrangement } from './recipes/arrangement';
import type { RecipesView } from './recipes/recipes-view';
import { recipesTree, type RecipesTree } from './recipes/recipes-tree';
import { createRecipesTable, type RecipesTable } from './recipes/table/recipes-table';
import { createInventory, type Inventory } from './recipes/scan/inventory';
import { openSample } from './sample/open-sample';
import { registerStatusBar } from './status/register';
import { planAlpha } from './tool/plan-tool';

/** Everything behind the first contact: loaded when a LoRA config, a command or a kept panel asks for it. */
export interface Core extends vscode.Disposable {
  provideCodeLenses: typeof provideCodeLenses;
  provideHover: typeof provideHover;
  provideCodeActions: typeof provideCodeActions;
  /** Answers the tool of language models. */
  planAlpha: typeof planAlpha;
  /** "Check alpha equivalence": for this file and network, or for whatever the user is looking at. */
  check(what: unknown, network: unknown): Promise<void>;
  /** "Rescale to another alpha": asks for what is not given, previews, writes. */
  rescale(what: unknown, network: unknown, alpha: unknown): Promise<void>;
  exportCheck(what: unknown, network: unknown, alpha: unknown): Promise<void>;
  /** "Open PyTorch results": of this file, or of one that the user picks. */
  openResults(what: unknown): Promise<void>;
  /** Shows what a kind of finding means. */
  explain: typeof explain;
  /** What stands at the address of an explanation. */
  explanationAt: typeof explanationAt;
  /** Shows the page with every optimizer's rule. */
  showRules(): Promise<void>;
  /** "Compare alpha with…": these files or recipes, or one of them with another that is asked for. */
  compare(what: unknown, selected: unknown): Promise<void>;
  /** "Show which runs of this file are the same": of this file, or the active editor's. */
  showRuns(what: unknown): Promise<void>;
  /** Copies the shipped examples into a folder, and opens it. */
  openSample(): Promise<void>;
  /** The view "LoRA recipes". */
  recipes: RecipesTree;
  /** How that view is sorted and filtered. */
  arrangement: Arrangement;
  /** The table of the workspace's recipes. */
  recipesTable: RecipesTable;
  /** The workspace's configs. */
  inventory: Inventory;
  /** Brings a panel back after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  restoreComparison(panel: vscode.WebviewPanel, state: unknown): void;
  /** Answers the question of the change that is shown now; says so where there is none. */
  answerPreview(apply: boolean): void;
  /** What the latest panel shows. */
  panelView(): PanelView | undefined;
  comparisonView(): ComparisonView | undefined;
  /** Ends the worker of the latest panel as a crash would. */
  killWorker(): boolean;
  /** How many runners have been made so far. */
  workersStarted(): number;
}

/** How a platform starts its core. */
export type StartCore = (
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  recipesView: RecipesView,
) => Core;

/** What a platform brings along. */
export interface Platform {
  /** Starts a thread that trains; null where the extension host has none, and the page must. */
  createRunner: (() => KillableRunner) | null;
  /** Reads the configs of the workspace. */
  createReader: () => ConfigReader;
}

export function startCore(
  { extensionUri, globalStorageUri, workspaceState }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  { view, changed }: RecipesView,
  { createRunner, createReader }: Platform,
): Core {
  const reader = createReader();
  // Before the first text is looked at.
  answerIn(reader.ask);
  let workers = 0;
  const counted = createRunner && ((): KillableRunner => (workers++, createRunner()));
  const previews = createPreviews();
  const onResults: OnResults = (...told) => void announceResults(panels, ...told);
  const panels: Panels = createPanels({ extensionUri, createRunner: counted, previews, log, onResults });
  const followers = vscode.Disposable.from(registerDiagnostics(), registerStatusBar());
  const comparisons = createComparisons({ extensionUri, createRunner: counted, previews, log });
  const inventory = createInventory(reader, log);
  const arrangement = createArrangement(workspaceState);
  const recipes = recipesTree(inventory, arrangement, view, changed);
  const recipesTable = createRecipesTable({ extensionUri, inventory, comparisons, log });
  return {
    provideCodeLenses,
    provideHover,
    provideCodeActions,
    planAlpha,
    check: async (what, network) => {
      const asked = given(what, network);
      if (asked) await check(panels, inventory, asked);
    },
    rescale: async (what, network, alpha) => {
      const asked = given(what, network, alpha);
      if (asked) await rescale(previews, inventory, asked);
    },
    exportCheck: async (what, network, alpha) => {
      const asked = given(what, network, alpha);
      if (asked) await exportCheckOf(inventory, asked, onResults);
    },
    openResults: async (what) => {
      const asked = given(what);
      if (asked) await openResults(panels, inventory, asked);
    },
    explain,
    explanationAt,
    showRules: () => openRules(extensionUri),
    compare: async (what, selected) => {
      const asked = given(what, selected);
      if (asked) await compareCommand(comparisons, inventory, asked);
    },
    showRuns: async (what) => {
      const asked = given(what);
      if (asked) await showRuns(comparisons, asked);
    },
    openSample: () => openSample({ extensionUri, globalStorageUri }, log),
    recipes,
    arrangement,
    recipesTable,
    inventory,
    restore: panels.restore,
    restoreComparison: comparisons.restore,
    answerPreview: previews.answer,
    panelView: () => panels.latest()?.view(),
    comparisonView: () => comparisons.latest()?.view(),
    killWorker: () => panels.latest()?.killWorker() ?? false,
    workersStarted: () => workers,
    dispose: () => {
      vscode.Disposable.from(followers, previews, panels, comparisons).dispose();
      vscode.Disposable.from(recipes, arrangement, recipesTable, inventory).dispose();
    },
  };
}
