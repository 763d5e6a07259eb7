import * as vscode from 'vscode';
import { EXPLAINED } from '../../config/findings/explained/all';
import { RULES_PAGE } from '../../recipe/blog-rule';
import { visible } from '../../recipe/visible';
import type { Explanation } from '../../config/findings/explained/explanation';
import { FINDING_SCHEME } from '../ids';

/**
 * The address of what explains a kind of finding. Problems and hovers open it alike, which they would not do with a
 * link that runs a command.
 */
export function explanationLink(code: string): vscode.Uri {
  return vscode.Uri.from({ scheme: FINDING_SCHEME, path: `/${code}.md` });
}

/** What stands at such an address. */
export function explanationAt({ path }: vscode.Uri): string {
  const code = /^\/(.*)\.md$/.exec(path)?.[1] ?? '';
  const explained = (EXPLAINED as Readonly<Record<string, Explanation>>)[code];
  if (!explained || !Object.hasOwn(EXPLAINED, code)) return vscode.l10n.t('There is no finding called {0}.', code);
  return `# ${explained.title}\n\n${explained.text}\n\n\`${code}\`\n`;
}

/** Shows what a kind of finding means. */
export async function explain(code: unknown): Promise<void> {
  if (typeof code === 'string' && Object.hasOwn(EXPLAINED, code)) {
    await vscode.commands.executeCommand('vscode.open', explanationLink(code));
    return;
  }
  const name = typeof code === 'string' ? visible(code.slice(0, 100)) : typeof code;
  void vscode.window.showErrorMessage(vscode.l10n.t('There is no finding called {0}.', name));
}

/** Shows the page with every optimizer's rule, which is packed with the extension, as it reads. */
export async function openRules(extensionUri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, RULES_PAGE));
}
