import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type ConfigPlan, outsideChanges, outsideWords } from '../../config/planned';
import type { TextEdit } from '../../config/reading';
import type { Rewriting } from '../../config/rewrite';
import type { CodeName } from '../../config/trainers/trainer';
import { applyEdits } from '../../config/write/edits';
import type { TargetChoice } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { addressOf, isNotebookFile, openAt } from '../documents/cells';
import { isThere, showFile, textIn, writeText } from '../documents/files';
import { textOf, workspaceEdit } from '../documents/read-document';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import type { Previews, Proposal } from './preview';
import { invertedEdits } from './inverted-edits';

export interface ChosenPlan {
  uri: vscode.Uri;
  source: SourceText;
  network: number;
  target: TargetChoice;
  plan: ConfigPlan;
  writing?: Rewriting | null;
}

export interface Written {
  /** `alpha 16 → 64` */
  what: string;
  /** What was written into the file, in turn. */
  steps: readonly { before: string; edits: readonly TextEdit[] }[];
  code: string | null;
  /** How the config names the class of the code, where the trainer loads such a class by itself. */
  codeName: CodeName | null;
  /** Numbers that must change outside the file; empty where there are none. */
  outside: string;
}

/**
 * Shows what the plan would write, and writes it if the user agrees.
 * @param question puts the question; default: a message
 * @returns what was written, or null
 */
export async function applyPlan(
  { uri, source, network, target, plan, writing }: ChosenPlan,
  previews: Previews,
  question?: (proposal: Proposal) => void,
): Promise<Written | null> {
  const recipe = source.reading.recipes[network];
  if (!recipe) return null;
  const rewritten = writing ?? (await ask('rewrite', source, { network, target, plan: plan.id }));
  if ('refusal' in rewritten) {
    void vscode.window.showErrorMessage(rewritten.refusal.message);
    return null;
  }
  const { edits } = rewritten;
  const before = source.text;
  const what = targetWords(recipe.alpha, target);
  const outside = outsideWords(outsideChanges(plan));
  const left = outside === '' ? '' : l10n.t`Not in this file, so change it where it is set: ${outside}.`;
  const remark = `${recipe.guess ?? ''} ${left}`.trim();
  const proposal = { uri, before, after: applyEdits(before, edits), edits, what, remark };
  if (!(await previews.propose(proposal, question))) return null;
  await showFile(uri, true);
  return { what, steps: [{ before, edits }], code: plan.code, codeName: plan.codeName, outside };
}

/** `alpha 16 → 64`, `alpha 16 → 64, rsLoRA on` */
function targetWords(from: number, { alpha, rslora }: TargetChoice): string {
  const alphas = `alpha ${numberLabel(from, 6)} → ${numberLabel(alpha, 6)}`;
  if (rslora === undefined) return alphas;
  return rslora ? l10n.t`${alphas}, rsLoRA on` : l10n.t`${alphas}, rsLoRA off`;
}

/** Takes back what was written, unless the file has changed since. */
export async function takeBack(uri: vscode.Uri, { steps, what }: Written): Promise<boolean> {
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
  return true;
}

/**
 * Names the init code in the config, so that the trainer loads it.
 * @returns the change with this step; null where the line cannot be written
 */
export async function writeCodeName(uri: vscode.Uri, network: number, written: Written): Promise<Written | null> {
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

export const CODE_FILE = 'rescale_init.py';

/**
 * Writes the code into a new file beside the config and shows it. A file that exists is never replaced.
 * @returns whether the file now holds the code
 */
export async function createCodeFile(config: vscode.Uri, code: string): Promise<boolean> {
  const uri = vscode.Uri.joinPath(config, '..', CODE_FILE);
  // Undo leaves the file: applied again, the same plan finds its own code.
  const isPlaced = (await textIn(uri)) === code;
  if (!isPlaced && (await isThere(uri))) {
    const path = visible(uri.path);
    const message = vscode.l10n.t('{0} exists already, so it was not replaced. Copy the code instead.', path);
    void vscode.window.showErrorMessage(message);
    return false;
  }
  if (!isPlaced) await writeText(uri, code);
  await showFile(uri, true);
  return true;
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

/** Says that the config alone is not the whole change, where no panel says so. */
export async function remindOfCode(code: string): Promise<void> {
  const copy = vscode.l10n.t('Copy code');
  const message = vscode.l10n.t(
    'The config is written. One step is left: your training script needs the lines that go with this plan.',
  );
  if ((await vscode.window.showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(code);
}
