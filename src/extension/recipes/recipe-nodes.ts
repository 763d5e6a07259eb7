import { visible } from '../../recipe/visible';
import type * as vscode from 'vscode';
import { groupsBySameRun, type Grouper } from '../../scan/same-run-groups';
import { shortNames } from '../../scan/recipe-labels';
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

/** The list: groups of the same run, the largest first, then what stands alone, then what cannot be read. */
export function nodesOf(files: readonly ScannedFile[], grouper: Grouper): Node[] {
  const names = shortNames(files.map(({ uri }) => visible(uri.path)));
  const recipes = files.flatMap(({ uri, summary: file }, i): RecipeNode[] =>
    file.recipes.map((summary) => ({ kind: 'recipe', uri, name: names[i] ?? uri.path, file, summary })),
  );
  const groups = groupsBySameRun(recipes, ({ summary }) => summary.recipe, grouper);
  const several = groups.filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
  return [
    ...several.map((members): GroupNode => {
      const group: GroupNode = { kind: 'group', recipes: members };
      for (const member of members) member.group = group;
      return group;
    }),
    ...groups.filter((group) => group.length === 1).flat(),
    ...files.flatMap(({ uri, summary: file }, i): BrokenNode[] =>
      file.recipes.length === 0 ? [{ kind: 'broken', uri, name: names[i] ?? uri.path, file }] : [],
    ),
  ];
}
