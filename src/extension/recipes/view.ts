import type * as vscode from 'vscode';
import type { Node } from './nodes';

/** The view and what tells it to draw again; everything behind it is loaded when it is looked at. */
export interface RecipesView {
  view: vscode.TreeView<Node>;
  changed: vscode.EventEmitter<undefined>;
}
