import * as vscode from 'vscode';
import type { Range, TextEdit } from '../../config/reading';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { syntaxOf } from '../../config/syntax/parse';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '../../config/trainers/peft/trained-adapter';
import type { Text } from '../../worker/config-reader';
import { PREVIEW_SCHEME } from '../ids';
import { ask } from '../questions/ask';
import type { Answer, Asked, QuestionId } from '../questions/questions';
import type { SourceText } from '../questions/read-text';
import { isCell } from './cells';
import { CONFIG_DOCUMENTS } from './config-documents';
import { isThere, textIn } from './files';
import { editsOfCells, notebookOf, placeInCells } from './notebook-text';

/** Old versions and previews show what a file is not; nothing can be checked or applied there. */
const NOT_FILES: readonly string[] = [PREVIEW_SCHEME, 'git', 'gitlens', 'output', 'vscode', 'vscode-settings'];

/** What was seen beside configs: trained weights of adapters, and the code of earlier plans. */
const seen = new Map<string, Pick<Text, 'hasWeights' | 'code'>>();

/** Looks beside a config for trained weights, if it is an adapter's, and code of ours: later readings know of them. */
export async function lookBeside(uri: vscode.Uri): Promise<void> {
  const beside = (name: string): vscode.Uri => vscode.Uri.joinPath(uri, '..', name);
  const weights = uri.path.endsWith(`/${ADAPTER_CONFIG}`) ? ADAPTER_WEIGHTS : [];
  const found = await Promise.all(weights.map((name) => isThere(beside(name))));
  const code = /\.ya?ml$/.test(uri.path) ? ((await textIn(beside(CODE_FILE))) ?? undefined) : undefined;
  seen.set(uri.toString(), { hasWeights: found.includes(true), code });
}

/** Whether a file beside a config says more of it: weights of an adapter, code of ours. */
export function saysMore({ path }: vscode.Uri, config: vscode.Uri): boolean {
  const names = config.path.endsWith(`/${ADAPTER_CONFIG}`) ? ADAPTER_WEIGHTS : [CODE_FILE];
  return names.some((name) => path.endsWith(`/${name}`));
}

/** Whether a config in this document is one the user can run and edit. */
export function isConfigDocument(document: vscode.TextDocument): boolean {
  return !NOT_FILES.includes(document.uri.scheme) && vscode.languages.match(CONFIG_DOCUMENTS, document) > 0;
}

/** What the document says (for a cell, what its whole notebook says), and its text, of which more can be asked. */
export async function sourceOf(document: vscode.TextDocument): Promise<SourceText> {
  const text = textOf(document);
  return { ...text, reading: await ask('reading', text, undefined) };
}

/**
 * The text of the document, or one that stands for the whole notebook whose cell it is. Ranges and edits of that text belong
 * to `rangeIn` and `workspaceEdit`.
 */
export function textOf(document: vscode.TextDocument): Text {
  const notebook = notebookOf(document);
  const { hasWeights = false, code } = seen.get(document.uri.toString()) ?? {};
  // The text of an open notebook is that of a file.
  if (notebook) return { text: notebook.text, path: 'open.ipynb', hasWeights };
  const text = document.getText();
  // The code belongs to a config that names it.
  return { text, path: pathOf(document), hasWeights, code: namesCode(text) ? code : undefined };
}

/** What the syntaxes of languages are called by, where a name does not tell: in untitled documents, in cells. */
const ENDINGS: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  python: 'py',
  shellscript: 'sh',
  bat: 'bat',
  powershell: 'ps1',
  dotenv: 'env',
  properties: 'env',
};

function pathOf(document: vscode.TextDocument): string {
  const { uri, languageId } = document;
  return !isCell(document) && syntaxOf(uri.path) ? uri.path : `${uri.path}.${ENDINGS[languageId] ?? ''}`;
}

/** A range of what was read, in the document's editor; null where it is in another cell of the notebook. */
export function rangeIn(document: vscode.TextDocument, range: Range): vscode.Range | null {
  const place = placeIn(document, range);
  return place?.document === document ? place.range : null;
}

/** A range of what was read, and the document it is in: of a notebook, one of its cells. */
export function placeIn(
  document: vscode.TextDocument,
  range: Range,
): { document: vscode.TextDocument; range: vscode.Range } | null {
  const notebook = notebookOf(document);
  const place = notebook ? placeInCells(notebook, range) : { document, range };
  return place && { document: place.document, range: editorRange(place.document, place.range) };
}

function editorRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The offset in what was read of a position in the document's editor. */
export function offsetIn(document: vscode.TextDocument, position: vscode.Position): number {
  const notebook = notebookOf(document);
  const offset = document.offsetAt(position);
  return notebook ? notebook.toText(notebook.documents.indexOf(document), offset) : offset;
}

/**
 * Edits what was read as one change, which one undo takes back; in a notebook, all cells that the edits are in.
 * @returns the change, to be made by the editor
 */
export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const change = new vscode.WorkspaceEdit();
  const notebook = notebookOf(document);
  const placed = notebook ? editsOfCells(notebook, edits) : edits.map((edit) => ({ document, edit }));
  for (const { document: owner, edit } of placed) change.replace(owner.uri, editorRange(owner, edit.range), edit.text);
  return change;
}

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
  if (!seen.has(document.uri.toString())) await lookBeside(document.uri);
  if (token.isCancellationRequested) return null;
  const text = textOf(document);
  const answer = await ask(id, text, asked);
  return token.isCancellationRequested || textOf(document).text !== text.text ? null : answer;
}
