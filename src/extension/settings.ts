import * as vscode from 'vscode';
import { TASK_CHOICES, type TaskChoice } from '../experiment/toy/task-choice';
import type { BackendId } from '../experiment/spec';
import type { SpecOptions } from '../experiment/spec-for';
import { BOUNDS, withinBounds } from './bounds';
import { SETTINGS } from './ids';

const BACKENDS: readonly (BackendId | 'auto')[] = ['auto', 'cpu', 'wasm', 'webgl'];

function setting<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration(SETTINGS.section).get<T>(name, fallback);
}

/** Where the experiment computes. A value that is none of the four counts as `auto`. */
function backendSetting(): BackendId | 'auto' {
  const value = setting<string>(SETTINGS.backend, 'auto');
  return BACKENDS.find((known) => known === value) ?? 'auto';
}

/** Which model a new panel trains. A value that is none of the four counts as `auto`. */
export function taskSetting(): TaskChoice {
  const value = setting<string>(SETTINGS.task, 'auto');
  return TASK_CHOICES.find((known) => known === value) ?? 'auto';
}

export function codeLensSetting(): boolean {
  return setting(SETTINGS.codeLens, true);
}

/** Whether findings of this file stand among its problems. */
export function diagnosticsSetting(uri: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(SETTINGS.section, uri).get<boolean>(SETTINGS.diagnostics, true);
}

export function statusBarSetting(): boolean {
  return setting(SETTINGS.statusBar, true);
}

/** What the settings say of the experiment of a check. */
export function experimentSettings(): Pick<SpecOptions, 'backend' | 'seeds'> {
  return { backend: backendSetting(), seeds: seedsSetting() };
}

/** On how many draws. */
function seedsSetting(): number {
  return withinBounds(BOUNDS.seeds, setting<unknown>(SETTINGS.seeds, null));
}

/** How many workers may train a large check at once. */
export function workersSetting(): number {
  return withinBounds(BOUNDS.workers, setting<unknown>(SETTINGS.workers, null));
}

export function runOnChangeSetting(): boolean {
  return setting(SETTINGS.runOnChange, true);
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
