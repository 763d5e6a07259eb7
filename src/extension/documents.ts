import * as vscode from 'vscode';
import { readConfig } from '../config/read';
import type { Range, Reading, TextEdit } from '../config/reading';
import { syntaxOf } from '../config/syntax/parse';
import { CONFIG_DOCUMENTS } from './config-documents';
import { PREVIEW_SCHEME } from './ids';

/** Old versions and previews show what a file is not; nothing can be checked or applied there. */
const NOT_FILES: ReadonlySet<string> = new Set([
  PREVIEW_SCHEME,
  'git',
  'gitlens',
  'output',
  'vscode',
  'vscode-settings',
]);

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Reading }>();

/** Whether a config in this document is one the user can run and edit. */
export function isConfigDocument(document: vscode.TextDocument): boolean {
  return !NOT_FILES.has(document.uri.scheme) && vscode.languages.match(CONFIG_DOCUMENTS, document) > 0;
}

/** What the document says, read once per version. */
export function readingOf(document: vscode.TextDocument): Reading {
  const known = readings.get(document);
  if (known?.version === document.version) return known.reading;
  const reading = readConfig(document.getText(), pathOf(document));
  readings.set(document, { version: document.version, reading });
  return reading;
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

/** A path that names the document's syntax. */
function pathOf({ uri, languageId }: vscode.TextDocument): string {
  const isCell = uri.scheme === 'vscode-notebook-cell';
  return !isCell && syntaxOf(uri.path) ? uri.path : `${uri.path}.${ENDINGS[languageId] ?? ''}`;
}

/** Offsets of a document's text as its editor counts them. */
export function rangeIn(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Edits of a document's present text as one change, which one undo takes back. */
export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const change = new vscode.WorkspaceEdit();
  for (const { range, text } of edits) change.replace(document.uri, rangeIn(document, range), text);
  return change;
}
