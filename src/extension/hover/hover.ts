import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { isConfigDocument, offsetIn, rangeIn } from '../documents/read-document';
import { COMMANDS } from '../ids';

/** Commands that a hover may run; all of its other text is not trusted. */
const ENABLED = [COMMANDS.check, COMMANDS.rescale, COMMANDS.showRules];

/** What the hyperparameter under the mouse does in its run: numbers first, links last. */
export async function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<vscode.Hover | undefined> {
  if (!isConfigDocument(document)) return undefined;
  const said = await askFor(document, token, 'hover', offsetIn(document, position));
  if (!said) return undefined;
  const { words, range, network } = said;
  const markdown = new vscode.MarkdownString([...words, linksOf(document.uri, network)].join('\n\n'));
  markdown.isTrusted = { enabledCommands: ENABLED };
  return new vscode.Hover(markdown, rangeIn(document, range) ?? undefined);
}

/** Links that run commands, for Markdown that is trusted to. */
function linksOf(uri: vscode.Uri, network: number): string {
  const link = (words: string, path: string, ...args: unknown[]): string =>
    `[${words}](${vscode.Uri.from({ scheme: 'command', path, query: JSON.stringify(args) }).toString()})`;
  return [
    link(vscode.l10n.t('Check another alpha'), COMMANDS.check, uri, network),
    link(vscode.l10n.t('Rescale to alpha = …'), COMMANDS.rescale, uri, network),
    link(vscode.l10n.t('Rules of all optimizers'), COMMANDS.showRules),
  ].join(' · ');
}
