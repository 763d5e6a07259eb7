import * as vscode from 'vscode';
import { EXPLAINED } from '../../config/findings/explained/all';
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
  if (!explained) return vscode.l10n.t('There is no finding called {0}.', code);
  return `# ${explained.title}\n\n${explained.text}\n\n\`${code}\`\n`;
}

/** Shows what a kind of finding means. */
export async function explain(code: unknown): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', explanationLink(String(code)));
}
