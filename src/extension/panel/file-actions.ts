import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { applyEdits } from '../../config/write/edits';
import { outsideChanges, outsideWords, type ConfigPlan } from '../../config/planned';
import { rewriteConfig } from '../../config/rewrite';
import { RULES_PAGE } from '../../recipe/blog-rule';
import { numberLabel } from '../../recipe/notation';
import { isNotebookFile } from '../documents/cells-around';
import { showFile } from '../documents/show-file';
import type { Outlook } from './outlook';
import type { ReadText } from '../documents/read-text';
import type { Previews } from './preview';

interface Application {
  uri: vscode.Uri;
  source: ReadText;
  outlook: Pick<Outlook, 'recipe'> & { target: { alpha: number } };
  plan: ConfigPlan;
}

/**
 * Shows what the plan would write and writes it if the user agrees.
 * @returns a sentence about it and what is left to do in code, or null when nothing was written
 */
export async function applyPlan(
  { uri, source, outlook, plan }: Application,
  previews: Previews,
): Promise<{ message: string; code: string | null; left: string } | null> {
  const { recipe, target } = outlook;
  const index = source.reading.recipes.indexOf(recipe);
  const rewritten = rewriteConfig(source.text, source.reading, index, target.alpha, plan.id, {});
  if ('refusal' in rewritten) {
    void vscode.window.showErrorMessage(rewritten.refusal.message);
    return null;
  }
  const after = applyEdits(source.text, rewritten.edits);
  const what = `alpha ${numberLabel(recipe.alpha)} → ${numberLabel(target.alpha)}`;
  const unresolved = outsideWords(outsideChanges(plan));
  const left = unresolved === '' ? '' : l10n.t`Not in this file, so move it where it is set: ${unresolved}.`;
  const remark = [recipe.guess ?? '', left].filter((part) => part !== '').join(' ');
  const written = await previews.propose({ uri, before: source.text, after, edits: rewritten.edits, what, remark });
  if (!written) return null;
  await showFile(uri, true);
  if (plan.code) void remindOfCode(plan.code);
  return { message: l10n.t`${what}. ${undoOf(uri)} Choose another target to go on.`, code: plan.code, left };
}

/** How a change is taken back; the cells of a notebook are texts of their own, each with its own undo. */
export function undoOf(uri: vscode.Uri): string {
  return isNotebookFile(uri)
    ? l10n.t('Undo in each cell that was written takes it back.')
    : l10n.t('Undo in the file takes it back.');
}

/** Shows the page with every optimizer's rule, which is packed with the extension, as it reads. */
export async function openRules(extensionUri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, RULES_PAGE));
}

/** The config alone is not the whole change: the init, or the groups of the optimizer, are set in code. */
export async function remindOfCode(code: string): Promise<void> {
  const copy = vscode.l10n.t('Copy code');
  const message = vscode.l10n.t(
    'The config is written. One step is left: your training script needs the lines that go with this plan.',
  );
  if ((await vscode.window.showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(code);
}
