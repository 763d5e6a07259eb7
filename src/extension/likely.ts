import type * as vscode from 'vscode';
import { mayHoldLora } from '../config/hint';

const answers = new WeakMap<vscode.TextDocument, { version: number; answer: boolean }>();

/**
 * Whether a document may hold a LoRA config at all: one search through each version of its text, whoever asks how
 * often. Everything else of the extension is loaded only where the answer is yes.
 */
export function isLikely(document: vscode.TextDocument): boolean {
  const known = answers.get(document);
  if (known?.version === document.version) return known.answer;
  const answer = mayHoldLora(document.getText());
  answers.set(document, { version: document.version, answer });
  return answer;
}
