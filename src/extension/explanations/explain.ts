import * as vscode from 'vscode';
import { FINDING_CODES } from '../../config/findings/codes';
import { RULES_PAGE } from '../../recipe/blog-rule';
import { visible } from '../../recipe/visible';
import { FINDING_SCHEME } from '../ids';
import { refuse } from '../refuse';

/** The address of a finding's explanation. It works in the list of problems, unlike a link that runs a command. */
export function explanationLink(code: string): vscode.Uri {
  return vscode.Uri.from({ scheme: FINDING_SCHEME, path: `/${code}.md` });
}

export async function explain(code: unknown): Promise<void> {
  if (FINDING_CODES.some((known) => known === code)) {
    await vscode.commands.executeCommand('vscode.open', explanationLink(String(code)));
    return;
  }
  const name = typeof code === 'string' ? visible(code.slice(0, 100)) : typeof code;
  refuse(vscode.l10n.t('There is no finding called {0}.', name));
}

/** Shows the page with every optimizer's rule, which is packed with the extension. */
export async function openRules(extensionUri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, RULES_PAGE));
}
