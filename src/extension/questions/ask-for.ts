import type * as vscode from 'vscode';
import { ask } from './ask';
import type { Answer, Asked, QuestionId } from './questions';
import { textOf } from '../documents/read-document';

/**
 * Asks about a document, for a provider of the editor.
 * @returns null if the request was cancelled, or if the text changed meanwhile, so that the answer's ranges are wrong
 */
export async function askFor<Id extends QuestionId>(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
  id: Id,
  asked: Asked<Id>,
): Promise<Answer<Id> | null> {
  if (token.isCancellationRequested) return null;
  const text = textOf(document);
  const answer = await ask(id, text, asked);
  return token.isCancellationRequested || textOf(document).text !== text.text ? null : answer;
}
