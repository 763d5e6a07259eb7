import * as vscode from 'vscode';
import type { Finding } from '../../config/reading';
import { ask } from '../ask';
import { cellsAround, codeCells } from '../documents/cells-around';
import { isConfigDocument, lookForWeights, rangeIn, textOf } from '../documents/read-document';
import { explanationLink } from '../explanations/explain';
import { DIAGNOSTICS, SETTINGS } from '../ids';
import { isLikely } from '../documents/likely';
import { diagnosticsSetting, onSetting } from '../settings';
import { onTextTabs } from '../documents/tabs';
import type { Problem } from './problems';

/** Typing pauses this long before the problems are looked for again. */
const SETTLE_MS = 300;

const SEVERITIES: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Keeps the findings of every open LoRA config among the problems, until it is closed. */
export function registerDiagnostics(): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection(DIAGNOSTICS);
  let isOver = false;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  const look = (document: vscode.TextDocument): void => void lookAt(document);
  const lookAt = async (document: vscode.TextDocument): Promise<void> => {
    forget(document);
    const { version } = document;
    const found = document.isClosed ? [] : await problemsIn(document);
    // What was typed meanwhile is looked at when typing pauses.
    if (document.version !== version || isOver) return;
    const problems = document.isClosed ? [] : found;
    // Without this, every file of the editor would be told that it has no problems of ours.
    if (problems.length > 0 || collection.has(document.uri)) collection.set(document.uri, problems);
    void lookForWeights(document.uri).then((isNews) => isNews && look(document));
  };
  const lookSoon = (document: vscode.TextDocument): void => {
    forget(document);
    waiting.set(
      document.uri.toString(),
      setTimeout(() => look(document), SETTLE_MS),
    );
  };
  function forget({ uri }: vscode.TextDocument): void {
    clearTimeout(waiting.get(uri.toString()));
    waiting.delete(uri.toString());
  }
  const lookAtAll = (): void => vscode.workspace.textDocuments.forEach(look);

  const listening = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(look),
    // What one cell says can be about the value of another.
    vscode.workspace.onDidChangeTextDocument(({ document }) => cellsAround(document).forEach(lookSoon)),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      if (contentChanges.length > 0) codeCells(notebook).forEach((cell) => lookSoon(cell.document));
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      forget(document);
      collection.delete(document.uri);
    }),
    onTextTabs((uri, isOpen) => {
      if (!isOpen) collection.delete(uri);
      else vscode.workspace.textDocuments.filter((document) => isSame(document.uri, uri)).forEach(look);
    }),
    onSetting(SETTINGS.diagnostics, lookAtAll),
  );
  lookAtAll();
  return new vscode.Disposable(() => {
    isOver = true;
    waiting.forEach(clearTimeout);
    listening.dispose();
    collection.dispose();
  });
}

function isSame(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.toString() === other.toString();
}

/** None where the text takes too long to be read. */
async function problemsIn(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  if (!isConfigDocument(document) || !diagnosticsSetting(document.uri) || !isLikely(document)) return [];
  const problems = await ask('problems', textOf(document), undefined).catch(() => []);
  return problems.flatMap((problem) => diagnosticOf(document, problem));
}

function diagnosticOf(document: vscode.TextDocument, { finding, range }: Problem): vscode.Diagnostic[] {
  const { code, message, severity } = finding;
  const where = rangeIn(document, range);
  // In another cell of the notebook, which is told of it itself.
  if (!where) return [];
  const diagnostic = new vscode.Diagnostic(where, message, SEVERITIES[severity]);
  diagnostic.source = DIAGNOSTICS;
  diagnostic.code = { value: code, target: explanationLink(code) };
  return [diagnostic];
}
