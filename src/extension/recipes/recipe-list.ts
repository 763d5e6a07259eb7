import type * as vscode from 'vscode';
import { textFilter, type RecipeRow } from '../../messages/recipes';
import { scalingSymbol } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { methodLabel, numbersLabel, rateOfA, rateOfB, sameRunReason, shortNames } from '../../scan/recipe-labels';
import { groupsBySameRun, type Grouper } from '../../scan/same-run-groups';
import type { FileSummary, RecipeSummary } from '../../scan/summary';

export interface ScannedFile {
  uri: vscode.Uri;
  summary: FileSummary;
}

/** A recipe of the workspace, as the view, the table and the pickers list it. */
export interface RecipeNode {
  kind: 'recipe';
  /** Address of the file, and which of its recipes. */
  id: string;
  uri: vscode.Uri;
  /** `train.yml`, or as much of its path as tells it from the others. */
  name: string;
  file: FileSummary;
  summary: RecipeSummary;
  /** The recipes that are the same run, of those that a filter leaves. */
  group?: GroupNode;
}

export interface GroupNode {
  kind: 'group';
  /** `A`, `B`, …: tells one run from the next, here and in the table. */
  letter: string;
  recipes: readonly RecipeNode[];
}

export interface BrokenNode extends Omit<RecipeNode, 'kind' | 'summary' | 'group'> {
  kind: 'broken';
}

export type Node = RecipeNode | GroupNode | BrokenNode;
export type Listed = RecipeNode | BrokenNode;

export const RECIPE_ORDERS = ['file', 'scaling', 'rate'] as const;
export type RecipeOrder = (typeof RECIPE_ORDERS)[number];

/**
 * Everything there is to list, in the order of the files, with the runs that several recipes are.
 * @param filter words that all that is listed has
 */
export function recipeList(files: readonly ScannedFile[], grouper: Grouper, filter = ''): Listed[] {
  const names = shortNames(files.map(({ uri }) => visible(uri.path)));
  const isShown = textFilter(filter);
  const listed = files.flatMap(({ uri, summary: file }, i): Listed[] => {
    const at = { id: uri.toString(), uri, name: names[i] ?? uri.path, file };
    const isFound = (words = ''): boolean => isShown(`${uri.path} ${file.trainer} ${words}`);
    if (file.recipes.length === 0) return isFound() ? [{ kind: 'broken', ...at }] : [];
    return file.recipes
      .filter(({ name, recipe }) => isFound(`${name} ${numbersLabel(recipe)}`))
      .map((summary) => ({ kind: 'recipe', ...at, id: `${at.id}#${summary.index}`, summary }));
  });
  const recipes = listed.filter((one) => one.kind === 'recipe');
  const runs = groupsBySameRun(recipes, ({ summary }) => summary.recipe, grouper).filter(({ length }) => length > 1);
  for (const [index, members] of runs.entries()) {
    const group: GroupNode = { kind: 'group', letter: letterOf(index), recipes: members };
    for (const member of members) member.group = group;
  }
  return listed;
}

/** The groups of a list, in the order of their first recipes. */
function groupsIn(list: readonly Listed[]): GroupNode[] {
  return [...new Set(list.flatMap((one) => (one.kind === 'recipe' ? (one.group ?? []) : [])))];
}

/**
 * The list as a tree: groups of the same run, the largest first, then what stands alone, then what cannot be read. By a
 * number, the smallest comes first and what is not stated last, and a group stands where its first recipe does.
 */
export function nodesOf(list: readonly Listed[], order: RecipeOrder = 'file'): Node[] {
  const groups = groupsIn(list).sort((a, b) => b.recipes.length - a.recipes.length);
  for (const group of groups) group.recipes = inOrder(group.recipes, order);
  const alone = list.filter((one): one is RecipeNode => one.kind === 'recipe' && !one.group);
  return [...inOrder([...groups, ...alone], order), ...list.filter(({ kind }) => kind === 'broken')];
}

export function recipesOf(nodes: readonly Node[]): RecipeNode[] {
  return nodes.flatMap((node) => (node.kind === 'group' ? node.recipes : node.kind === 'recipe' ? node : []));
}

/** The same items by a number of their recipes; in the order they have where it is equal. */
function inOrder<Item extends RecipeNode | GroupNode>(items: readonly Item[], order: RecipeOrder): Item[] {
  if (order === 'file') return [...items];
  const numberOf = (item: Item): number => {
    const [{ summary } = { summary: null }] = recipesOf([item]);
    return (summary && (order === 'scaling' ? summary.recipe.scaling : rateOfA(summary.recipe))) ?? Infinity;
  };
  return items
    .map((item) => ({ item, number: numberOf(item) }))
    .sort((a, b) => (a.number === b.number ? 0 : a.number - b.number))
    .map(({ item }) => item);
}

/** The file's name, and the recipe's where the file has several: `a.toml · unet`. */
export function recipeLabel({ name, file, summary }: RecipeNode): string {
  return file.recipes.length > 1 ? `${name} · ${summary.name}` : name;
}

export function runOf({ letter, recipes }: GroupNode): NonNullable<RecipeRow['run']> {
  return {
    letter,
    why: sameRunReason(recipes.map(({ summary }) => summary.recipe)),
    isOpen: recipes.some(({ file }) => file.notUnderstood !== null),
  };
}

/**
 * The list as rows of the table.
 * @param pathOf a path within the workspace, as it is shown
 */
export function rowsOf(list: readonly Listed[], pathOf: (uri: vscode.Uri) => string): RecipeRow[] {
  const runs = new Map(groupsIn(list).map((group) => [group, runOf(group)]));
  return list.map((one): RecipeRow => {
    const { id, uri, file } = one;
    const path = pathOf(uri);
    const slash = path.lastIndexOf('/');
    const at = { id, name: path.slice(slash + 1), folder: path.slice(0, Math.max(0, slash)), trainer: file.trainer };
    if (one.kind === 'broken')
      return { ...at, recipe: '', method: '', numbers: null, run: null, note: file.error?.message ?? '' };
    const { name, recipe } = one.summary;
    const { rank, alpha, scaling, scalingRule } = recipe;
    return {
      ...at,
      recipe: file.recipes.length > 1 ? name : '',
      method: methodLabel(recipe),
      numbers: {
        rank,
        alpha: scalingRule === 'direct' ? null : alpha,
        scaling,
        rule: scalingSymbol(scalingRule),
        rate: rateOfA(recipe),
        rateB: rateOfB(recipe),
      },
      run: (one.group && runs.get(one.group)) ?? null,
      note: file.notUnderstood ?? '',
    };
  });
}

/** `A`, `B`, … `Z`, `AA`, `AB`, … */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

interface PickItem {
  label: string;
  detail?: string;
  /** A recipe, or the name of another way to a config. */
  choice: object | string;
}

/**
 * The items in the order of a list that is open: what stands there keeps its place, gone or not, and what is new follows.
 * A row that moves away from under the pointer would be another one by the time it is clicked.
 */
export function inShownOrder<T extends PickItem>(before: readonly T[], items: readonly T[]): T[] {
  const kept = before.map((shown) => items.find((item) => isSame(item, shown)) ?? shown);
  return [...kept, ...items.filter((item) => !before.some((shown) => isSame(item, shown)))];
}

/** Whether two items stand for one and the same recipe, or other way to a config. */
export function isSame(a: PickItem, b: PickItem): boolean {
  return a.label === b.label && a.detail === b.detail && typeof a.choice === typeof b.choice;
}
