import type * as vscode from 'vscode';
import type { Node } from './recipe-nodes';

/** The view and the event that redraws it. The rest is loaded when the view is first shown. */
export interface RecipesTreeView {
  view: vscode.TreeView<Node>;
  changed: vscode.EventEmitter<undefined>;
}
