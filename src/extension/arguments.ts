import * as vscode from 'vscode';
import { isRecipeNode } from './recipes/recipe-nodes';

/** A file, or one recipe of the list. */
export interface Subject {
  uri: vscode.Uri;
  /** Of the recipe in its file. */
  recipe?: number;
}

/** What a command was given. What is undefined was not named, and is asked for or taken from the active editor. */
export interface Given {
  subject?: Subject | undefined;
  network?: number | undefined;
  alpha?: number | undefined;
  /** All that are selected beside the subject. */
  selected: readonly Subject[];
}

/** Two can be compared; menus pass as many as are selected. */
const MOST_SELECTED = 100;

/**
 * The arguments of a command, which other extensions, links and keyboard shortcuts can call with anything, even with
 * objects that throw when they are looked at.
 * @returns null, after a sentence about it, where they are not such as our own menus and links pass
 */
export function given(what: unknown, network?: unknown, alpha?: unknown): Given | null {
  try {
    const subject = nothing(what) ? undefined : subjectIn(what);
    const isUsable = subject !== null && (nothing(network) || isNetwork(network) || isOfMenu(network));
    if (isUsable && (nothing(alpha) || typeof alpha === 'number')) {
      return {
        subject,
        network: isNetwork(network) ? network : undefined,
        alpha: alpha ?? undefined,
        selected: Array.isArray(network) ? network.slice(0, MOST_SELECTED).flatMap((one) => subjectIn(one) ?? []) : [],
      };
    }
  } catch {
    // Something threw when it was looked at.
  }
  void vscode.window.showErrorMessage(
    vscode.l10n.t('This command needs a file or a recipe from the view "LoRA recipes".'),
  );
  return null;
}

function nothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isNetwork(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Menus pass more than files: all that are selected, or the group of the editor. */
function isOfMenu(value: unknown): boolean {
  return typeof value === 'object';
}

/** A copy, because reading the given object again may give something else. */
function subjectIn(value: unknown): Subject | null {
  if (value instanceof vscode.Uri) return { uri: copied(value) };
  if (!isRecipeNode(value)) return null;
  const { uri, summary } = value;
  const { index } = summary;
  return uri instanceof vscode.Uri && isNetwork(index) ? { uri: copied(uri), recipe: index } : null;
}

function copied({ scheme, authority, path, query, fragment }: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme, authority, path, query, fragment });
}
