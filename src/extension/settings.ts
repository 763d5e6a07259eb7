import * as vscode from 'vscode';
import { TASK_CHOICES, type TaskChoice } from '../experiment/toy/task-choice';
import type { BackendId } from '../experiment/spec';
import type { SpecOptions } from '../experiment/specs/spec-for';
import { BOUNDS, withinBounds } from './bounds';
import { SETTINGS } from './ids';

const BACKENDS: readonly (BackendId | 'auto')[] = ['auto', 'cpu', 'wasm', 'webgl'];

function setting<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration(SETTINGS.section).get<T>(name, fallback);
}

/** A value that is none of these counts as `auto`. */
function choiceSetting<T extends string>(name: string, known: readonly T[]): T | 'auto' {
  const value = setting<string>(name, 'auto');
  return known.find((each) => each === value) ?? 'auto';
}

/** Which model a new panel trains. */
export function taskSetting(): TaskChoice {
  return choiceSetting(SETTINGS.task, TASK_CHOICES);
}

/** Whether a setting that is on by default is on. */
export function isOn(name: 'codeLens' | 'runOnChange' | 'statusBar'): boolean {
  return setting(SETTINGS[name], true);
}

/** Whether findings of this file stand among its problems. */
export function diagnosticsSetting(uri: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(SETTINGS.section, uri).get<boolean>(SETTINGS.diagnostics, true);
}

/** What the settings say of the experiment of a check: where it computes, and on how many draws. */
export function experimentSettings(): Pick<SpecOptions, 'backend' | 'seeds'> {
  const seeds = withinBounds(BOUNDS.seeds, setting<unknown>(SETTINGS.seeds, null));
  return { backend: choiceSetting(SETTINGS.backend, BACKENDS), seeds };
}

/** How many workers may train a large check at once. */
export function workersSetting(): number {
  return withinBounds(BOUNDS.workers, setting<unknown>(SETTINGS.workers, null));
}

/** Globs that the list of recipes leaves out: glob → whether it does. */
export function excludeSetting(scope: vscode.WorkspaceFolder): Readonly<Record<string, unknown>> {
  const value: unknown = vscode.workspace.getConfiguration(SETTINGS.section, scope).get(SETTINGS.recipesExclude);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** How many files the list of recipes looks into at most. */
export function maxFilesSetting(): number {
  return withinBounds(BOUNDS['recipes.maxFiles'], setting<unknown>(SETTINGS.recipesMaxFiles, null));
}

/** Calls `listener` when the setting called `name` (of {@link SETTINGS}) changes. */
export function onSetting(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SETTINGS.section}.${name}`)) listener();
  });
}
