import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Features } from '../../../src/extension/features';
import { ask, testApi, until } from './editor';

/** Our problems of a file, as one-based line, severity and code. */
export function problemsOf(uri: vscode.Uri): string[] {
  return own(uri).map(({ range, severity, code }) => {
    const value = typeof code === 'object' ? code.value : code;
    return `${range.start.line + 1} ${vscode.DiagnosticSeverity[severity]} ${value}`;
  });
}

/** Our problems, as the editor keeps them. */
export function own(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'LoRA Alpha');
}

/** Waits until the problems of a file are these. */
export async function expectProblems(uri: vscode.Uri, expected: readonly string[]): Promise<void> {
  try {
    await until(() => JSON.stringify(problemsOf(uri)) === JSON.stringify(expected), 'the problems', 10_000);
  } catch {
    assert.deepEqual(problemsOf(uri), expected);
  }
}

/** The first place of some words in a document. */
export function placeOf(document: vscode.TextDocument, words: string): vscode.Range {
  const start = document.getText().indexOf(words);
  assert.ok(start >= 0, `${words} is not in the file`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + words.length));
}

/** What hovers say at the beginning of some words; empty where there is none of ours. */
export async function hoverAt(document: vscode.TextDocument, words: string): Promise<vscode.MarkdownString[]> {
  const { start } = placeOf(document, words);
  const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, start);
  return hovers.flatMap(({ contents }) => contents).filter((content) => content instanceof vscode.MarkdownString);
}

/** What can be done at some words. */
export async function actionsAt(
  document: vscode.TextDocument,
  words: string,
  kind: vscode.CodeActionKind = vscode.CodeActionKind.Empty,
): Promise<vscode.CodeAction[]> {
  const actions = await ask<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    placeOf(document, words),
    ...(kind === vscode.CodeActionKind.Empty ? [] : [kind.value]),
  );
  return actions.filter((action) => action instanceof vscode.CodeAction);
}

/** The extension's own providers, for what the editor's commands leave out of their answers. */
export async function providers(): Promise<Features> {
  const api = await testApi();
  return until(() => api.features(), 'the features');
}
