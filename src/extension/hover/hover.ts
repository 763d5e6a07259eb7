import * as vscode from 'vscode';
import { commandLink } from './command-link';
import { isConfigDocument, offsetIn, rangeIn, sourceOf } from '../documents/read-document';
import { fieldAt, type FieldAt } from '../documents/field-at';
import { COMMANDS } from '../ids';
import { hoverWords } from './hover-words';

/** Commands that a hover may run; all of its other text is not trusted. */
const ENABLED = [COMMANDS.check, COMMANDS.rescale, COMMANDS.showRules];

/** What the hyperparameter under the mouse does in its run: numbers first, links last. */
export function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): vscode.Hover | undefined {
  if (token.isCancellationRequested || !isConfigDocument(document)) return undefined;
  const { text, reading } = sourceOf(document);
  const at = fieldAt(reading, offsetIn(document, position));
  const words = at ? hoverWords(text, reading, at) : [];
  if (!at || words.length === 0) return undefined;
  const markdown = new vscode.MarkdownString([...words, linksOf(document.uri, at)].join('\n\n'));
  markdown.isTrusted = { enabledCommands: ENABLED };
  return new vscode.Hover(markdown, rangeIn(document, at.stated.range) ?? undefined);
}

function linksOf(uri: vscode.Uri, { network }: FieldAt): string {
  const link = (words: string, command: string, ...args: unknown[]): string =>
    `[${words}](${commandLink(command, args)})`;
  return [
    link(vscode.l10n.t('Check another alpha'), COMMANDS.check, uri, network),
    link(vscode.l10n.t('Rescale to alpha = …'), COMMANDS.rescale, uri, network),
    link(vscode.l10n.t('Rules of all optimizers'), COMMANDS.showRules),
  ].join(' · ');
}
