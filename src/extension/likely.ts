import type * as vscode from 'vscode';
import { mayHoldLora } from '../config/hint';
import { cellsAround } from './cells-around';

const answers = new WeakMap<vscode.TextDocument, { version: number; answer: boolean }>();

/**
 * Whether a document may hold a LoRA config at all: one search through each version of its text, whoever asks how
 * often. Everything else of the extension is loaded only where the answer is yes.
 */
export function isLikely(document: vscode.TextDocument): boolean {
  const known = answers.get(document);
  if (known?.version === document.version) return known.answer || isBesideLikely(document);
  const answer = mayHoldLora(document.getText());
  answers.set(document, { version: document.version, answer });
  return answer || isBesideLikely(document);
}

/** Whether another cell of the notebook may hold LoRA, to which this cell's learning rate may belong. */
function isBesideLikely(document: vscode.TextDocument): boolean {
  return cellsAround(document).some((cell) => cell !== document && mayHoldLora(cell.getText()));
}
