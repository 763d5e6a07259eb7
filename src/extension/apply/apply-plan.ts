import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CODE_FILE } from '../../config/init-code/placed';
import { type ConfigPlan, outsideChanges, outsideWords } from '../../config/planned';
import type { ReadRecipe } from '../../config/reading';
import type { Rewriting } from '../../config/rewrite';
import { applyEdits } from '../../config/write/edits';
import type { TargetChoice } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { addressOf, isNotebookFile, openAt } from '../documents/cells';
import { isThere, showFile, textIn, writeText } from '../documents/files';
import { lookBeside, textOf, workspaceEdit } from '../documents/read-document';
import { ask } from '../questions/ask';
import { refuse } from '../refuse';
import type { SourceText } from '../questions/read-text';
import type { Applied, KeptChanges } from './kept-changes';
import type { Previews, Proposal } from './preview';
import { invertedEdits } from './inverted-edits';

export interface ChosenPlan extends WrittenPlan {
  plan: ConfigPlan;
}

/** A plan, or a rule for another rank: `writing` is how that is written. */
interface WrittenPlan {
  uri: vscode.Uri;
  source: SourceText;
  network: number;
  target: TargetChoice;
  plan: Pick<ConfigPlan, 'configChanges'> & Partial<Pick<ConfigPlan, 'id' | 'code' | 'codeName'>>;
  writing?: Rewriting | null;
  /** What to know before it is written. */
  remark?: string;
}

/**
 * Shows what the plan would write, writes it if the user agrees, and keeps what is then still to be done.
 * @param question puts the question; default: a message
 * @returns whether it was written
 */
export async function applyPlan(
  { uri, source, network, target, plan, writing, remark: known = '' }: WrittenPlan,
  { previews, kept }: { previews: Previews; kept: KeptChanges },
  question?: (proposal: Proposal) => void,
): Promise<boolean> {
  const recipe = source.reading.recipes[network];
  if (!recipe) return false;
  const rewritten = writing ?? (plan.id ? await ask('rewrite', source, { network, target, plan: plan.id }) : null);
  if (!rewritten) return false;
  if ('refusal' in rewritten) return refuse(rewritten.refusal.message) ?? false;
  const { edits } = rewritten;
  const before = source.text;
  const what = targetWords(recipe, target);
  const outside = outsideWords(outsideChanges(plan));
  const left = outside === '' ? '' : l10n.t`Not in this file, so change it where it is set: ${outside}.`;
  const remark = [known, recipe.guess, left].filter(Boolean).join(' ');
  const proposal = { uri, before, after: applyEdits(before, edits), edits, what, remark };
  if (!(await previews.propose(proposal, question))) return false;
  await showFile(uri, true);
  const { code = null, codeName = null } = plan;
  const steps = [{ before, edits }];
  const now = { alpha: target.alpha, network, isCodePlaced: false, isNamed: false };
  kept.keep(uri, { what, steps, code, codeName, outside, ...now });
  return true;
}

/** `alpha 16 → 64`, `alpha 16 → 64, rsLoRA on`, `rank 16 → 64` */
function targetWords(from: ReadRecipe, { alpha, rslora, rank }: TargetChoice): string {
  if (rank !== undefined) return l10n.t`rank ${from.rank} → ${rank}`;
  const alphas = `alpha ${numberLabel(from.alpha, 6)} → ${numberLabel(alpha, 6)}`;
  if (rslora === undefined) return alphas;
  return rslora ? l10n.t`${alphas}, rsLoRA on` : l10n.t`${alphas}, rsLoRA off`;
}

/** Takes back what was written, unless the file has changed since, and what it replaced in the code's file. */
export async function takeBack(uri: vscode.Uri, { steps, what, code, replaced }: Applied): Promise<boolean> {
  const document = await openAt(uri);
  const texts = [...steps.slice(1).map(({ before }) => before), textOf(document).text];
  if (steps.some(({ before, edits }, i) => texts[i] !== applyEdits(before, edits))) {
    const message = vscode.l10n.t('The file has changed since, so {0} was not taken back. {1}', what, undoOf(uri));
    void vscode.window.showWarningMessage(message);
    return false;
  }
  for (const { before, edits } of steps.toReversed()) {
    if (!(await vscode.workspace.applyEdit(workspaceEdit(document, invertedEdits(before, edits))))) return false;
  }
  const file = vscode.Uri.joinPath(uri, '..', CODE_FILE);
  if (replaced !== undefined && (await textIn(file)) === code) await writeText(file, replaced);
  return true;
}

/**
 * Names the init code in the config, so that the trainer loads it.
 * @returns the change with this step; null where the line cannot be written
 */
export async function writeCodeName(uri: vscode.Uri, network: number, written: Applied): Promise<Applied | null> {
  const document = await openAt(uri);
  const text = textOf(document);
  const edits = await ask('nameCode', text, network);
  if (!edits || !(await vscode.workspace.applyEdit(workspaceEdit(document, edits)))) return null;
  return edits.length === 0 ? written : { ...written, steps: [...written.steps, { before: text.text, edits }] };
}

/** How a change is taken back; the cells of a notebook are texts of their own, each with its own undo. */
export function undoOf(uri: vscode.Uri): string {
  return isNotebookFile(uri)
    ? l10n.t('Undo in each cell that was written takes it back.')
    : l10n.t('Undo in the file takes it back.');
}

/**
 * Writes the code into a file beside the config and shows it. Of files that exist, only code of an earlier plan is
 * replaced, if nobody has changed it.
 * @returns the change with what was replaced; null if the file does not hold the code now
 */
export async function createCodeFile(config: vscode.Uri, code: string, applied: Applied): Promise<Applied | null> {
  const uri = vscode.Uri.joinPath(config, '..', CODE_FILE);
  const before = await textIn(uri);
  // Undo leaves a new file: applied again, the same plan finds its own code.
  const isPlaced = before === code;
  const text = textOf(await openAt(config));
  const isOurs = before !== null && (await ask('isOwnCode', text, { network: applied.network, code: before }));
  if (!isPlaced && !isOurs && (await isThere(uri))) {
    const path = visible(uri.path);
    return refuse(vscode.l10n.t('{0} exists already, so it was not replaced. Copy the code instead.', path)) ?? null;
  }
  if (!isPlaced) await writeText(uri, code);
  await lookBeside(config);
  await showFile(uri, true);
  return isPlaced || before === null ? applied : { ...applied, replaced: before };
}

/**
 * Inserts the code above the line of the cursor, with that line's indentation.
 * @returns whether it was inserted
 */
export async function insertCode(script: vscode.Uri, code: string): Promise<boolean> {
  await showFile(script, true);
  const isScript = (uri: vscode.Uri): boolean => uri.toString() === script.toString();
  // Of a notebook, the cell that is selected.
  const notebook = vscode.window.visibleNotebookEditors.find((each) => isScript(each.notebook.uri));
  const cell = notebook?.notebook.cellAt(notebook.selection.start).document;
  const editor = vscode.window.visibleTextEditors.find(({ document }) =>
    cell ? document === cell : isScript(addressOf(document)),
  );
  if (!editor) return false;
  const { text, range } = editor.document.lineAt(editor.selection.active.line);
  const indentation = /^\s*/.exec(text)?.[0] ?? '';
  const indented = code.trimEnd().replace(/^(?=.)/gm, indentation);
  const change = new vscode.WorkspaceEdit();
  change.insert(editor.document.uri, range.start, `${indented}\n`);
  return vscode.workspace.applyEdit(change);
}
