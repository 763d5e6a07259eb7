import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { fieldLabel } from '../../recipe/field-names';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { decidingLabel, rateOfA } from '../../scan/recipe-labels';
import { plain } from '../hover/markdown';
import { runOf, type BrokenNode, type GroupNode, type Node, type RecipeNode } from './recipe-list';

/** How a node of the list is drawn. */
export function itemOf(node: Node): vscode.TreeItem {
  const item = node.kind === 'group' ? groupItem(node) : node.kind === 'recipe' ? recipeItem(node) : brokenItem(node);
  item.contextValue = node.kind;
  return item;
}

/** What a node says when the mouse rests on it; many are drawn, and few looked at so closely. */
export function resolvedItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
  if (node.kind === 'recipe') item.tooltip = tooltipOf(node);
  return item;
}

function groupItem(group: GroupNode): vscode.TreeItem {
  const { why, isOpen } = runOf(group);
  const title = isOpen ? vscode.l10n.t('Same run for what was read') : vscode.l10n.t('Same run');
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group:${group.recipes[0]?.id ?? ''}`;
  item.description = `${why} (${group.recipes.length})`;
  item.iconPath = new vscode.ThemeIcon('layers');
  item.tooltip = vscode.l10n.t(
    'Their signatures agree: whatever alpha they have, they train the same, if the model, the data and the seed are the same.',
  );
  return item;
}

/** The file's name, and the recipe's where the file has several: `a.toml · unet`. */
export function recipeLabel({ name, file, summary }: RecipeNode): string {
  return file.recipes.length > 1 ? `${name} · ${summary.name}` : name;
}

function recipeItem(node: RecipeNode): vscode.TreeItem {
  const { id, uri, name, file, summary } = node;
  const { recipe } = summary;
  const item = new vscode.TreeItem(recipeLabel(node), vscode.TreeItemCollapsibleState.None);
  item.id = id;
  const open = file.notUnderstood === null ? '' : ` · ${vscode.l10n.t('not all understood')}`;
  item.description = `${decidingLabel(recipe)} · ${file.trainer}${open}`;
  item.resourceUri = uri;
  item.iconPath = new vscode.ThemeIcon('file');
  item.command = openCommand(uri, summary.place?.line);
  const rate = rateOfA(recipe);
  const first = rate === null ? '' : l10n.t`learning rate ${numberLabel(rate)}, `;
  const spoken = l10n.t`${first}scaling ${numberLabel(recipe.scaling)}, alpha ${numberLabel(recipe.alpha)}, rank ${recipe.rank}`;
  item.accessibilityInformation = { label: `${name}, ${file.trainer}, ${spoken}` };
  return item;
}

function brokenItem({ uri, name, file: { error } }: BrokenNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.id = `broken:${uri.toString()}`;
  item.description = vscode.l10n.t('has an error');
  item.tooltip = error?.message ?? '';
  item.iconPath = new vscode.ThemeIcon('warning');
  item.command = openCommand(uri, error?.place?.line);
  return item;
}

function openCommand(uri: vscode.Uri, line = 1): vscode.Command {
  const start = new vscode.Position(line - 1, 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(start, start) };
  return { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri, options] };
}

function tooltipOf({ uri, file, summary: { recipe, isGuess } }: RecipeNode): vscode.MarkdownString {
  const number = (value: number | null): string | null => (value === null ? null : numberLabel(value));
  const rows: [string, string | null][] = [
    [fieldLabel('scaling'), `s = ${scalingEquation(recipe)}`],
    [fieldLabel('learningRate'), number(recipe.learningRate)],
    [fieldLabel('loraplusLrRatio'), number(recipe.loraplusLrRatio)],
    [fieldLabel('optimizer'), recipe.optimizer.name],
    [fieldLabel('init'), recipe.init],
  ];
  const text = new vscode.MarkdownString();
  text.appendText(visible(vscode.workspace.asRelativePath(uri))).appendMarkdown('\n\n');
  // A recipe may be a guess in a file of a known trainer.
  const trainer = isGuess ? vscode.l10n.t('a home-made config (a guess)') : file.trainer;
  if (file.notUnderstood !== null) text.appendText(file.notUnderstood).appendMarkdown('\n\n');
  text.appendText(trainer).appendMarkdown('\n\n| | |\n|-|-|\n');
  for (const [name, value] of rows) if (value !== null) text.appendMarkdown(`| ${name} | ${plain(value)} |\n`);
  return text;
}
