import type * as vscode from 'vscode';
import { mayHoldLora } from '../../config/hint';
import { codeCells, notebookAround } from './cells-around';

const answers = new WeakMap<vscode.TextDocument, { version: number; answer: boolean }>();

/**
 * Whether a document may hold a LoRA config at all, or another cell of its notebook, to which this cell's learning rate
 * may belong. Everything else of the extension is loaded only where the answer is yes.
 */
export function isLikely(document: vscode.TextDocument): boolean {
  if (isHinted(document)) return true;
  const notebook = notebookAround(document);
  return notebook !== undefined && hasHintedCell(notebook);
}

const ofNotebooks = new WeakMap<vscode.NotebookDocument, { version: number; answer: boolean }>();

/** One look at all cells for each version of a notebook, whichever of them asks. */
function hasHintedCell(notebook: vscode.NotebookDocument): boolean {
  const known = ofNotebooks.get(notebook);
  if (known?.version === notebook.version) return known.answer;
  const answer = codeCells(notebook).some((cell) => isHinted(cell.document));
  ofNotebooks.set(notebook, { version: notebook.version, answer });
  return answer;
}

/** One search through each version of a text, whoever asks how often. */
function isHinted(document: vscode.TextDocument): boolean {
  const known = answers.get(document);
  if (known?.version === document.version) return known.answer;
  const answer = mayHoldLora(document.getText());
  answers.set(document, { version: document.version, answer });
  return answer;
}
