import type * as vscode from 'vscode';
import { ask } from '../ask';
import type { Answer, Asked, QuestionId } from '../questions';
import { textOf } from './read-document';

/**
 * Asks about a document, for a provider of the editor.
 * @returns null where nobody waits for the answer any more, or the text changed before it came, so that its ranges are wrong
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
