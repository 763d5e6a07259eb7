import * as vscode from 'vscode';
import { mayHoldLora } from '../../config/hint';
import { CONFIG_LANGUAGES } from '../ids';
import { cellsOf, notebookAround } from './cells';

/** Endings of files that hold configs, for editors that do not know the language. */
const CONFIG_FILES = '**/*.{yml,yaml,json,jsonc,toml,py,ipynb,sh,bash,bat,cmd,ps1,env}';

/** What can hold a config: by language, by name where no extension knows the language, and cells of notebooks. */
export const CONFIG_DOCUMENTS: vscode.DocumentSelector = [
  ...CONFIG_LANGUAGES.map((language) => ({ language })),
  { pattern: CONFIG_FILES },
  { notebookType: 'jupyter-notebook' },
];

/**
 * Whether a document may hold a LoRA config at all, or another cell of its notebook, to which this cell's learning rate
 * may belong. Everything else of the extension is loaded only where the answer is yes.
 */
export function isLikely(document: vscode.TextDocument): boolean {
  if (isHinted(document)) return true;
  const notebook = notebookAround(document);
  return notebook !== undefined && hasHintedCell(notebook);
}

function onceAVersion<T extends { readonly version: number }>(find: (of: T) => boolean): (of: T) => boolean {
  const answers = new WeakMap<T, { version: number; answer: boolean }>();
  return (of) => {
    const known = answers.get(of);
    if (known?.version === of.version) return known.answer;
    const answer = find(of);
    answers.set(of, { version: of.version, answer });
    return answer;
  };
}

const isHinted = onceAVersion((document: vscode.TextDocument) => mayHoldLora(document.getText()));
const hasHintedCell = onceAVersion((notebook: vscode.NotebookDocument) => cellsOf(notebook).coded.some(isHinted));

/** Typing pauses this long before a text is looked at. */
const SETTLE_MS = 300;

/** Calls `found` once, for the first open document that may hold a LoRA config, now or later. */
export function onFirstConfig(found: () => void): vscode.Disposable {
  let settling: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(settling);
    listening.dispose();
  };
  const look = (document: vscode.TextDocument): boolean => {
    const isConfig = !document.isClosed && vscode.languages.match(CONFIG_DOCUMENTS, document) > 0 && isLikely(document);
    if (!isConfig) return false;
    stop();
    found();
    return true;
  };
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      clearTimeout(settling);
      settling = setTimeout(() => look(document), SETTLE_MS);
    }),
  );
  vscode.workspace.textDocuments.some(look);
  return new vscode.Disposable(stop);
}
