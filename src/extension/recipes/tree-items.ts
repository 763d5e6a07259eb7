import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { fieldLabel } from '../../recipe/field-names';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { decidingLabel, rateOfA, sameRunReason } from '../../scan/recipe-labels';
import type { BrokenNode, GroupNode, Node, RecipeNode } from './recipe-nodes';

/** How a node of the list is drawn. */
export function itemOf(node: Node): vscode.TreeItem {
  if (node.kind === 'group') return groupItem(node);
  return node.kind === 'recipe' ? recipeItem(node) : brokenItem(node);
}

/** What a node says when the mouse rests on it; many are drawn, and few looked at so closely. */
export function resolvedItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
  if (node.kind === 'recipe') item.tooltip = tooltipOf(node);
  return item;
}

function groupItem({ recipes }: GroupNode): vscode.TreeItem {
  const isOpen = recipes.some(({ file }) => file.notUnderstood !== null);
  const title = isOpen ? vscode.l10n.t('Same run for what was read') : vscode.l10n.t('Same run');
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  const [first] = recipes;
  item.id = `group:${first ? idOf(first) : ''}`;
  const reason = sameRunReason(recipes.map(({ summary }) => summary.recipe));
  item.description = `${reason} (${recipes.length})`;
  item.contextValue = 'group';
  item.iconPath = new vscode.ThemeIcon('layers');
  item.tooltip = vscode.l10n.t(
    'Their signatures agree: whatever alpha they have, they train the same, if the model, the data and the seed are the same.',
  );
  return item;
}

function recipeItem(node: RecipeNode): vscode.TreeItem {
  const { uri, name, file, summary } = node;
  const item = new vscode.TreeItem(
    file.recipes.length > 1 ? `${name} · ${summary.name}` : name,
    vscode.TreeItemCollapsibleState.None,
  );
  item.id = idOf(node);
  const open = file.notUnderstood === null ? '' : ` · ${vscode.l10n.t('not all understood')}`;
  item.description = `${decidingLabel(summary.recipe)} · ${file.trainer}${open}`;
  item.resourceUri = uri;
  item.iconPath = new vscode.ThemeIcon('file');
  item.contextValue = 'recipe';
  item.command = openCommand(uri, summary.place?.line);
  item.accessibilityInformation = { label: `${name}, ${file.trainer}, ${spoken(node)}` };
  return item;
}

function brokenItem({ uri, name, file }: BrokenNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.id = `broken:${uri.toString()}`;
  item.description = vscode.l10n.t('has an error');
  item.tooltip = file.error?.message ?? '';
  item.iconPath = new vscode.ThemeIcon('warning');
  item.contextValue = 'broken';
  item.command = openCommand(uri, file.error?.place?.line);
  return item;
}

function idOf({ uri, summary }: RecipeNode): string {
  return `${uri.toString()}#${summary.index}`;
}

function openCommand(uri: vscode.Uri, line = 1): vscode.Command {
  const start = new vscode.Position(line - 1, 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(start, start) };
  return { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri, options] };
}

function tooltipOf({ uri, file, summary }: RecipeNode): vscode.MarkdownString {
  const { recipe } = summary;
  const rows = [
    [fieldLabel('scaling'), `s = ${scalingEquation(recipe)}`],
    [fieldLabel('learningRate'), recipe.learningRate === null ? null : numberLabel(recipe.learningRate)],
    [fieldLabel('loraplusLrRatio'), recipe.loraplusLrRatio === null ? null : numberLabel(recipe.loraplusLrRatio)],
    [fieldLabel('optimizer'), recipe.optimizer.name],
    [fieldLabel('init'), recipe.init],
  ].filter((row): row is [string, string] => row[1] !== null);
  const text = new vscode.MarkdownString();
  text.appendText(visible(vscode.workspace.asRelativePath(uri))).appendMarkdown('\n\n');
  // A recipe may be a guess in a file of a known trainer.
  const trainer = summary.isGuess ? vscode.l10n.t('a home-made config (a guess)') : file.trainer;
  if (file.notUnderstood !== null) text.appendText(file.notUnderstood).appendMarkdown('\n\n');
  text.appendText(trainer).appendMarkdown('\n\n| | |\n|-|-|\n');
  // The values come from a file, so their Markdown is escaped.
  for (const [name, value] of rows)
    text.appendMarkdown(
      `| ${name} | ${visible(value).replace(/[\\`*_{}[\]<>()#+\-.!|~&\s]/g, (c) => (/\s/.test(c) ? ' ' : `\\${c}`))} |\n`,
    );
  return text;
}

function spoken({ summary: { recipe } }: RecipeNode): string {
  const rate = rateOfA(recipe);
  const first = rate === null ? '' : l10n.t`learning rate ${numberLabel(rate)}, `;
  return l10n.t`${first}scaling ${numberLabel(recipe.scaling)}, alpha ${numberLabel(recipe.alpha)}, rank ${recipe.rank}`;
}
