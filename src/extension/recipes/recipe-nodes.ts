import { visible } from '../../recipe/visible';
import type * as vscode from 'vscode';
import { groupsBySameRun, type Grouper } from '../../scan/same-run-groups';
import { textFilter } from '../../messages/recipes';
import { numbersLabel, rateOfA, shortNames } from '../../scan/recipe-labels';
import type { FileSummary, RecipeSummary } from '../../scan/summary';
import type { ScannedFile } from './scan/inventory';

/** A recipe of the list. */
export interface RecipeNode {
  kind: 'recipe';
  uri: vscode.Uri;
  /** `train.yml`, or as much of its path as tells it from the others. */
  name: string;
  file: FileSummary;
  summary: RecipeSummary;
  group?: GroupNode;
}

/** Recipes that say the same run. */
export interface GroupNode {
  kind: 'group';
  recipes: readonly RecipeNode[];
}

/** A LoRA config with an error. */
export interface BrokenNode {
  kind: 'broken';
  uri: vscode.Uri;
  name: string;
  file: FileSummary;
}

export type Node = RecipeNode | GroupNode | BrokenNode;

/** Whether a command was given a recipe of the list. */
export function isRecipeNode(value: unknown): value is RecipeNode {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'recipe' && 'summary' in value
  );
}

/** What the list can be sorted by. */
export const RECIPE_ORDERS = ['file', 'scaling', 'rate'] as const;
export type RecipeOrder = (typeof RECIPE_ORDERS)[number];

/**
 * The list: groups of the same run, the largest first, then what stands alone, then what cannot be read. By a number,
 * the smallest comes first and what is not stated last, and a group stands where its first recipe does.
 * @param filter words that every node shown has
 */
export function nodesOf(
  files: readonly ScannedFile[],
  grouper: Grouper,
  { order = 'file', filter = '' }: { order?: RecipeOrder; filter?: string } = {},
): Node[] {
  const names = shortNames(files.map(({ uri }) => visible(uri.path)));
  const isShown = textFilter(filter);
  const recipes = files.flatMap(({ uri, summary: file }, i): RecipeNode[] =>
    file.recipes
      .filter(({ name, recipe }) => isShown(`${uri.path} ${file.trainer} ${name} ${numbersLabel(recipe)}`))
      .map((summary) => ({ kind: 'recipe', uri, name: names[i] ?? uri.path, file, summary })),
  );
  const groups = groupsBySameRun(recipes, ({ summary }) => summary.recipe, grouper);
  const several = groups.filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
  const readable: (GroupNode | RecipeNode)[] = [
    ...several.map((members) => groupNode(inOrder(members, order, (member) => member))),
    ...groups.filter((group) => group.length === 1).flat(),
  ];
  return [
    ...inOrder(readable, order, (node) => (node.kind === 'group' ? node.recipes[0] : node)),
    ...files.flatMap(({ uri, summary: file }, i): BrokenNode[] =>
      file.recipes.length === 0 && isShown(`${uri.path} ${file.trainer}`)
        ? [{ kind: 'broken', uri, name: names[i] ?? uri.path, file }]
        : [],
    ),
  ];
}

function groupNode(members: readonly RecipeNode[]): GroupNode {
  const group: GroupNode = { kind: 'group', recipes: members };
  for (const member of members) member.group = group;
  return group;
}

/** The same items by a number of their recipes; in the order they have where it is equal. */
function inOrder<Item>(
  items: readonly Item[],
  order: RecipeOrder,
  recipeOf: (item: Item) => RecipeNode | undefined,
): Item[] {
  if (order === 'file') return [...items];
  const numberOf = (item: Item): number => {
    const recipe = recipeOf(item)?.summary.recipe;
    return (recipe && (order === 'scaling' ? recipe.scaling : rateOfA(recipe))) ?? Infinity;
  };
  return items
    .map((item) => ({ item, number: numberOf(item) }))
    .sort((a, b) => (a.number === b.number ? 0 : a.number - b.number))
    .map(({ item }) => item);
}
