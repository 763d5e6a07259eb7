import * as vscode from 'vscode';
import type { ConfigReader } from '../worker/config-reader';
import type { Runner } from '../worker/runner';
import { provideCodeActions } from './actions/code-actions';
import { createAdapterEditor } from './adapter/adapter-editor';
import { applyPlan } from './apply/apply-plan';
import { choosePlan } from './apply/choose-plan';
import { keptChanges } from './apply/kept-changes';
import { createPreviews } from './apply/preview';
import { announceResults, check, compareCommand, openResults, showRuns } from './commands';
import { type Comparisons, createComparisons } from './comparison/comparisons';
import { followProblems } from './diagnostics/follow-problems';
import { explain, openRules } from './explanations/explain';
import { sourceOf } from './documents/read-document';
import { type OnResults, exportCheck } from './export/export-check';
import { ADAPTER_EDITOR, type CommandName, type PageName } from './ids';
import { provideCodeLenses, provideHover } from './lens/lenses';
import { createOwnRuns } from './own-run/own-runs';
import { type Panels, createPanels } from './panel/panels';
import { answerIn } from './questions/ask';
import { createRecipesTable } from './recipes/recipes-table';
import { type RecipesTree, type RecipesTreeView, recipesTree } from './recipes/recipes-tree';
import { type Inventory, createInventory } from './recipes/scan/inventory';
import { chosenRecipe } from './pick-recipe';
import { openSample } from './sample/open-sample';
import { createStatusBar } from './status/status-bar';
import { documentOf, type Given, given } from './subject';
import { createTools, type Engines } from './tool/tools';

interface Core {
  panels: Panels;
  comparisons: Comparisons;
  adapters: ReturnType<typeof createAdapterEditor>;
  inventory: Inventory;
  /** How many runners have been made so far. For tests. */
  workersStarted(): number;
}

/** What the providers ask, which are registered before anything is loaded. */
const PROVIDERS = { provideCodeLenses, provideHover, provideCodeActions };

/** Everything behind the first contact: loaded when a LoRA config, a command or a kept page asks for it. */
export type Features = typeof PROVIDERS & {
  answerTool: ReturnType<typeof createTools>;
  core: Core;
  /**
   * What answers commands, and brings pages back after a reload, by the names in ids.ts: a missing one does not compile.
   * activate.ts shows the log itself, which must not need anything else.
   */
  answers: Readonly<
    Record<Exclude<CommandName, 'showLog'>, (...args: unknown[]) => unknown> &
      Record<PageName, (panel: vscode.WebviewPanel, state: unknown) => void>
  >;
  recipes: RecipesTree;
};

export type StartFeatures = (
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  recipesView: RecipesTreeView,
) => Features;

interface Platform {
  /** Starts a thread that trains; null where the extension host has none, and the page must. */
  createRunner: (() => Runner) | null;
  createReader: () => ConfigReader;
  engines: Engines | null;
}

export const startFeatures =
  (platform: (context: vscode.ExtensionContext) => Platform): StartFeatures =>
  (context, log, recipesView) => {
    const { extensionUri, subscriptions, workspaceState } = context;
    const { createRunner, createReader, engines } = platform(context);
    const reader = createReader();
    // Before the first text is looked at.
    answerIn(reader.ask);
    let workers = 0;
    const counted = createRunner && ((): Runner => (workers++, createRunner()));
    const previews = createPreviews();
    const onResults: OnResults = (...told) => void announceResults(panels, ...told);
    const ownRuns = createOwnRuns(extensionUri, onResults);
    const deps = { extensionUri, createRunner: counted, previews, log };
    const kept = keptChanges(workspaceState);
    const panels: Panels = createPanels({ ...deps, onResults, ownRuns, kept });
    const comparisons = createComparisons({ ...deps, kept, showPanel: panels.show });
    const inventory = createInventory(reader, log);
    const recipes = recipesTree(inventory, workspaceState, recipesView);
    const adapters = createAdapterEditor({ extensionUri, log, reader: reader.adapters });
    const table = createRecipesTable({ extensionUri, inventory, comparisons, log });
    subscriptions.push(previews, kept, panels, comparisons, inventory, recipes, table, adapters);
    subscriptions.push(ownRuns, followProblems(ownRuns, reader.adapters), createStatusBar());

    /** Answers a command whose arguments, which anybody can pass, are checked first. */
    const asked =
      (act: (given: Given) => Promise<void>) =>
      async (what: unknown, network: unknown, alpha: unknown): Promise<void> => {
        const all = given(what, network, alpha);
        if (all) await act(all);
      };
    const compare = asked((all) => compareCommand(comparisons, inventory, all));
    return {
      ...PROVIDERS,
      answerTool: createTools({ createRunner: counted, reader: reader.adapters, engines, previews, kept, panels }),
      core: { panels, comparisons, adapters, inventory, workersStarted: () => workers },
      recipes,
      answers: {
        check: asked((all) => check(panels, inventory, all)),
        rescale: asked(async (all) => {
          const chosen = await choosePlan(inventory, kept, all, vscode.l10n.t('Rescale which config?'));
          // The panel has the list of what is still to be done.
          if (chosen && (await applyPlan(chosen, { previews, kept }))) panels.show(chosen.uri, chosen.network);
        }),
        exportCheck: asked(async (all) => {
          const chosen = await choosePlan(inventory, kept, all, vscode.l10n.t('Check which config with PyTorch?'));
          if (chosen) await exportCheck(chosen, onResults);
        }),
        recordRun: asked(async ({ subject, network }) => {
          const chosen = await chosenRecipe(
            inventory,
            vscode.l10n.t('Record the run of which config?'),
            subject,
            network,
          );
          const document = chosen && (await documentOf(chosen.uri));
          if (document) await ownRuns.record(chosen.uri, await sourceOf(document));
        }),
        tryRun: asked(async (all) => {
          const chosen = await choosePlan(inventory, kept, all, vscode.l10n.t('Try which config in your run?'));
          if (chosen) await ownRuns.try(chosen);
        }),
        openResults: asked((all) => openResults(panels, inventory, all)),
        explain,
        showRules: () => openRules(extensionUri),
        openAdapter: asked(async ({ subject }) => {
          if (subject) await vscode.commands.executeCommand('vscode.openWith', subject.uri, ADAPTER_EDITOR);
        }),
        compare,
        compareSelected: compare,
        showRuns: asked((all) => showRuns(comparisons, all)),
        refreshRecipes: inventory.refresh,
        stopScan: inventory.stop,
        openRecipesTable: table.show,
        sortRecipes: recipes.chooseOrder,
        filterRecipes: recipes.askFilter,
        clearRecipesFilter: recipes.clearFilter,
        applyPreview: () => previews.answer(true),
        discardPreview: () => previews.answer(false),
        openSample: () => openSample(context, log),
        panel: panels.restore,
        comparison: comparisons.restore,
        recipesTable: table.restore,
      },
    };
  };
