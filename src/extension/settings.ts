import * as vscode from 'vscode';
import type { BackendId } from '../experiment/spec';
import type { SpecOptions } from '../experiment/specs/spec-for';
import { TASK_CHOICES, type TaskChoice } from '../experiment/toy/task-choice';
import { isAlpha } from '../recipe/recipe';
import { BOUNDS, withinBounds } from './bounds';
import { DONE, SETTINGS } from './ids';

const BACKENDS: readonly (BackendId | 'auto')[] = ['auto', 'cpu', 'wasm', 'webgl'];

function setting(name: string, scope?: vscode.ConfigurationScope): unknown {
  return vscode.workspace.getConfiguration(SETTINGS.section, scope).get(name);
}

/** A value that is none of these counts as `auto`. */
function choiceSetting<T extends string>(name: string, known: readonly T[]): T | 'auto' {
  const value = setting(name);
  return known.find((each) => each === value) ?? 'auto';
}

export function taskSetting(): TaskChoice {
  return choiceSetting(SETTINGS.task, TASK_CHOICES);
}

/** The alpha that the user sets everywhere; null where none is usual. */
export function defaultTarget(): number | null {
  const value = setting(SETTINGS.defaultTarget);
  return typeof value === 'number' && isAlpha(value) ? value : null;
}

/** Whether a setting that is on by default is on; `diagnostics`: for this file. */
export function isOn(name: 'codeLens' | 'diagnostics' | 'runOnChange' | 'statusBar', uri?: vscode.Uri): boolean {
  return setting(SETTINGS[name], uri) !== false;
}

/** What the settings say of the experiment of a check: where it computes, and on how many draws. */
export function experimentSettings(): Pick<SpecOptions, 'backend' | 'seeds'> {
  const seeds = withinBounds(BOUNDS.seeds, setting(SETTINGS.seeds));
  return { backend: choiceSetting(SETTINGS.backend, BACKENDS), seeds };
}

export function workersSetting(): number {
  return withinBounds(BOUNDS.workers, setting(SETTINGS.workers));
}

/** Globs that the list of recipes leaves out: glob → whether it does. */
export function excludeSetting(scope: vscode.WorkspaceFolder): Readonly<Record<string, unknown>> {
  const value = setting(SETTINGS.recipesExclude, scope);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function maxFilesSetting(): number {
  return withinBounds(BOUNDS['recipes.maxFiles'], setting(SETTINGS.recipesMaxFiles));
}

/** Ticks a step of the walkthrough, which hears only of changes. */
export async function tick(step: keyof typeof DONE): Promise<void> {
  for (const is of [false, true]) await vscode.commands.executeCommand('setContext', DONE[step], is);
}

/** Calls `listener` when the setting called `name` (of {@link SETTINGS}) changes. */
export function onSetting(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SETTINGS.section}.${name}`)) listener();
  });
}
