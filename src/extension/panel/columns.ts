import * as vscode from 'vscode';
import { groupOf } from '../tabs';

/** The column in which a file is open, so that it is not opened a second time over the panel. */
export function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  return groupOf(uri)?.viewColumn ?? vscode.ViewColumn.One;
}
