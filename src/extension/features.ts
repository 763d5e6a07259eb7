import type * as vscode from 'vscode';
import { provideCodeActions } from './actions/code-actions';
import { registerActions } from './actions/register';
import { registerComparison } from './comparison/register';
import { createCore, type Answers, type Core, type Platform } from './core';
import { followProblems } from './diagnostics/follow-problems';
import { explanationAt } from './explanations/explain';
import { registerExplanations } from './explanations/register';
import { registerExport } from './export/register';
import { provideHover } from './hover/hover';
import type { CommandName, PageName } from './ids';
import { provideCodeLenses } from './lens/code-lenses';
import { registerPanel } from './panel/register';
import type { RecipesTree, RecipesTreeView } from './recipes/recipes-tree';
import { registerRecipes } from './recipes/register';
import { registerSample } from './sample/register';
import { createStatusBar } from './status/status-bar';
import { planAlpha } from './tool/plan-tool';

/** Everything behind the first contact: loaded when a LoRA config, a command or a kept page asks for it. */
export interface Features {
  core: Core;
  /** activate.ts shows the log itself, which must not need anything else. */
  answers: Answers<Exclude<CommandName, 'showLog'> | PageName>;
  /** What the providers ask, which are registered before this is loaded. */
  provideCodeLenses: typeof provideCodeLenses;
  provideHover: typeof provideHover;
  provideCodeActions: typeof provideCodeActions;
  explanationAt: typeof explanationAt;
  planAlpha: typeof planAlpha;
  recipes: RecipesTree;
}

/** How a platform starts the features. */
export type StartFeatures = (
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  recipesView: RecipesTreeView,
) => Features;

export function startFeatures(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  recipesView: RecipesTreeView,
  platform: Platform,
): Features {
  const core = createCore(context, log, platform);
  const recipes = registerRecipes(core, recipesView);
  context.subscriptions.push(followProblems(), createStatusBar());
  return {
    core,
    answers: {
      ...registerActions(core),
      ...registerComparison(core),
      ...registerExplanations(core),
      ...registerExport(core),
      ...registerPanel(core),
      ...registerSample(core),
      ...recipes.answers,
    },
    provideCodeLenses,
    provideHover,
    provideCodeActions,
    explanationAt,
    planAlpha,
    recipes: recipes.tree,
  };
}
