import * as vscode from 'vscode';
import { CODE_FILE } from '../../config/init-code/placed';
import type { Finding } from '../../config/reading';
import { configFaults } from '../adapter/adapters';
import type { ConfigReader } from '../../worker/config-reader';
import { addressOf, cellsOf, isCell, notebookAround } from '../documents/cells';
import { isLikely } from '../documents/config-documents';
import { onTextTabs } from '../documents/files';
import { isConfigDocument, lookBeside, placeIn, textOf } from '../documents/read-document';
import { explanationLink } from '../explanations/explain';
import { DIAGNOSTICS, SETTINGS } from '../ids';
import { ask } from '../questions/ask';
import type { OwnRuns } from '../own-run/own-runs';
import { isOn, onSetting } from '../settings';
import type { Problem } from './problems';
import { adapterProblems } from './trained-adapters';

/** Typing pauses this long before the problems are looked for again. */
const SETTLE_MS = 300;

const SEVERITIES: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Keeps the findings of every open LoRA config, and of its recorded run, among the problems, until it is closed. */
export function followProblems(
  runs: Pick<OwnRuns, 'of' | 'onDidChange'>,
  adapters: ConfigReader['adapters'],
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection(DIAGNOSTICS);
  let isOver = false;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  const forget = (document: vscode.TextDocument): void => {
    clearTimeout(waiting.get(keyOf(document)));
    waiting.delete(keyOf(document));
  };
  /** VS Code tells every listener of a deletion, also where there was nothing. */
  const drop = (uri: vscode.Uri): void => {
    if (collection.has(uri)) collection.delete(uri);
  };
  /** Looks at a document, or at all cells of its notebook. */
  const look = async (document: vscode.TextDocument): Promise<void> => {
    forget(document);
    const found = document.isClosed ? [] : await problemsIn(document, runs.of(addressOf(document)), adapters);
    // What was typed meanwhile is looked at when typing pauses.
    if (found === null || isOver) return;
    const notebook = notebookAround(document);
    for (const each of notebook ? cellsOf(notebook).coded : [document]) {
      const own = each.isClosed ? [] : found.filter((problem) => problem.document === each);
      // Most documents never have a problem: setting an empty list for each would cost a message to the editor.
      if (own.length > 0 || collection.has(each.uri)) collection.set(each.uri, own.map(diagnosticOf));
    }
  };
  const lookSoon = (document: vscode.TextDocument, ms: number): void => {
    forget(document);
    const timer = setTimeout(() => void look(document), ms);
    waiting.set(keyOf(document), timer);
  };
  // All cells of a notebook come at once, and are looked at together.
  const lookNow = (document: vscode.TextDocument): void => lookSoon(document, 0);
  const lookAtAll = (): void => vscode.workspace.textDocuments.forEach(lookNow);
  /** What one cell says can be about the value of another. */
  const lookInto = (notebook: vscode.NotebookDocument, ms: number): void => {
    const [first] = cellsOf(notebook).coded;
    if (first) lookSoon(first, ms);
  };

  // What it does to the init is part of what a config beside it says.
  const code = vscode.workspace.createFileSystemWatcher(`**/${CODE_FILE}`);
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => {
      // Cells may come before their notebook, which is looked at as one.
      if (!isCell(document) || notebookAround(document)) lookNow(document);
    }),
    vscode.workspace.onDidOpenNotebookDocument((notebook) => lookInto(notebook, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => lookSoon(document, SETTLE_MS)),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      if (contentChanges.length > 0) lookInto(notebook, SETTLE_MS);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      forget(document);
      drop(document.uri);
    }),
    onTextTabs((uri, isOpen) => {
      if (!isOpen) drop(uri);
      else vscode.workspace.textDocuments.filter((one) => one.uri.toString() === uri.toString()).forEach(lookNow);
    }),
    code,
    runs.onDidChange(lookAtAll),
    code.onDidCreate(lookAtAll),
    code.onDidChange(lookAtAll),
    code.onDidDelete(lookAtAll),
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

interface PlacedProblem extends Problem {
  document: vscode.TextDocument;
  where: vscode.Range;
}

/** None where the text takes too long to be read; null where it has changed before it was. */
async function problemsIn(
  document: vscode.TextDocument,
  ran: string | null,
  adapters: ConfigReader['adapters'],
): Promise<PlacedProblem[] | null> {
  const isWanted = (each: vscode.TextDocument): boolean => isConfigDocument(each) && isOn('diagnostics', each.uri);
  if (!isLikely(document) || !isWanted(document)) return [];
  await lookBeside(document.uri);
  const text = textOf(document);
  const own = await ask('problems', text, ran).catch(() => []);
  const problems = [
    ...[...own, ...(await adapterProblems(document, own))],
    ...(await configFaults(document, adapters)),
  ];
  if (textOf(document).text !== text.text) return null;
  return problems.flatMap((problem): PlacedProblem[] => {
    const place = placeIn(document, problem.range);
    return place && isWanted(place.document) ? [{ ...problem, document: place.document, where: place.range }] : [];
  });
}

function diagnosticOf({ finding: { code, message, severity }, where }: PlacedProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(where, message, SEVERITIES[severity]);
  return Object.assign(diagnostic, { source: DIAGNOSTICS, code: { value: code, target: explanationLink(code) } });
}

/** One for all cells of a notebook. */
function keyOf(document: vscode.TextDocument): string {
  return (notebookAround(document) ?? document).uri.toString();
}
