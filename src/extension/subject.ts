import * as vscode from 'vscode';
import { withoutRecipe } from '../config/findings/findings';
import type { Reading } from '../config/reading';
import { messageOf } from '../messages/rpc';
import { visible } from '../recipe/visible';
import { isCell, openAt } from './documents/cells';
import { networkAbove } from './documents/places';
import { isConfigDocument, lookBeside, offsetIn, sourceOf } from './documents/read-document';
import type { SourceText } from './questions/read-text';
import type { RecipeNode } from './recipes/recipe-list';
import { refuse } from './refuse';

export interface Subject {
  uri: vscode.Uri;
  recipe?: number;
}

/** What a command was given. What is undefined was not named, and is asked for or taken from the active editor. */
export interface Given {
  subject?: Subject | undefined;
  network?: number | undefined;
  alpha?: number | undefined;
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
    const subject = subjectIn(what);
    // Menus pass more than files: all that are selected, or the group of the editor.
    const isUsable = isNothing(network) || isNetwork(network) || typeof network === 'object';
    if ((subject || isNothing(what)) && isUsable && (isNothing(alpha) || typeof alpha === 'number')) {
      return {
        subject: subject ?? undefined,
        network: isNetwork(network) ? network : undefined,
        alpha: alpha ?? undefined,
        selected: Array.isArray(network) ? network.slice(0, MOST_SELECTED).flatMap((one) => subjectIn(one) ?? []) : [],
      };
    }
  } catch {
    // Something threw when it was looked at.
  }
  return refuse(vscode.l10n.t('This command needs a file or a recipe from the view "LoRA recipes".')) ?? null;
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isNetwork(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A copy, because reading the given object again may give something else. */
function subjectIn(value: unknown): Subject | null {
  const copied = ({ scheme, authority, path, query, fragment }: vscode.Uri): vscode.Uri =>
    vscode.Uri.from({ scheme, authority, path, query, fragment });
  if (value instanceof vscode.Uri) return { uri: copied(value) };
  if (typeof value !== 'object' || value === null) return null;
  const { kind, uri, summary } = value as Partial<RecipeNode>;
  const index = kind === 'recipe' ? summary?.index : undefined;
  return uri instanceof vscode.Uri && isNetwork(index) ? { uri: copied(uri), recipe: index } : null;
}

/** The document a command is about: the one it names, else the active one. Says so where it cannot be opened. */
export async function documentOf(uri: vscode.Uri | undefined): Promise<vscode.TextDocument | undefined> {
  try {
    const document = uri ? await openAt(uri) : activeDocument();
    if (document) await lookBeside(document.uri);
    return document;
  } catch (error) {
    return refuse(vscode.l10n.t('{0} cannot be opened: {1}', visible(uri?.path ?? ''), messageOf(error)));
  }
}

/** The document the user is in; in a notebook the selected cell's, whether it is typed in or not. */
export function activeDocument(): vscode.TextDocument | undefined {
  const text = vscode.window.activeTextEditor?.document;
  const editor = vscode.window.activeNotebookEditor;
  if (!editor || (text && isCell(text))) return text;
  const [selected] = editor.notebook.getCells(editor.selection);
  return selected?.document ?? text;
}

/**
 * What a config says, or a file that would be one if its error were mended (the panel says which); null for all others.
 */
export async function configOf(document: vscode.TextDocument): Promise<SourceText | null> {
  if (!isConfigDocument(document)) return null;
  const source = await sourceOf(document);
  const { reading } = source;
  return reading.recipes.length > 0 || withoutRecipe(reading) !== null ? source : null;
}

export function networkAtCursor(document: vscode.TextDocument, reading: Reading): number {
  return networkAbove(reading, cursorIn(document));
}

/** The offset of the cursor in what is read of a document, or null where no editor shows it. */
export function cursorIn(document: vscode.TextDocument): number | null {
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  return editor ? offsetIn(document, editor.selection.active) : null;
}
