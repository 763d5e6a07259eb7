import type * as vscode from 'vscode';
import { mayHoldLora } from '../../config/hint';
import { codeCells, notebookAround } from './cells-around';

/**
 * Whether a document may hold a LoRA config at all, or another cell of its notebook, to which this cell's learning rate
 * may belong. Everything else of the extension is loaded only where the answer is yes.
 */
export function isLikely(document: vscode.TextDocument): boolean {
  if (isHinted(document)) return true;
  const notebook = notebookAround(document);
  return notebook !== undefined && hasHintedCell(notebook);
}

/** Answers a question once for each version of a document. */
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
const hasHintedCell = onceAVersion((notebook: vscode.NotebookDocument) =>
  codeCells(notebook).some((cell) => isHinted(cell.document)),
);
