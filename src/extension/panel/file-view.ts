import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { Reading } from '../../config/reading';
import { withoutRecipe } from '../../config/findings/without-recipe';
import { pointOf } from '../documents/point';
import type { FileView } from './panel-view';
import { fileNameOf } from '../documents/file-name';

/** A file that is being opened. */
export function waitingView(uri: vscode.Uri): FileView {
  return { name: fileNameOf(uri), path: uri.path, state: 'ok', message: null, line: null };
}

/** A file that is no more. */
export function goneView(uri: vscode.Uri): FileView {
  return {
    ...waitingView(uri),
    state: 'gone',
    message: l10n.t`${fileNameOf(uri)} cannot be opened any more. If it was moved, open it there and check it again.`,
  };
}

/** A file that takes too long to be read, or too much memory. */
export function unreadView(uri: vscode.Uri, error: unknown): FileView {
  const reason = error instanceof Error ? error.message : String(error);
  return { ...waitingView(uri), state: 'broken', message: l10n.t`${fileNameOf(uri)} could not be read: ${reason}` };
}

/** How the panel speaks of a text: fine, broken, or not a LoRA config at all. */
export function fileViewOf(uri: vscode.Uri, reading: Reading, editable: boolean): FileView {
  const view = waitingView(uri);
  if (reading.recipes.length > 0 && editable) return view;
  const why = withoutRecipe(reading);
  if (why) return { ...view, state: 'broken', message: why.message, ...pointOf(why) };
  return {
    ...view,
    state: 'foreign',
    message: l10n.t`${view.name} holds no LoRA config that is known here. A LoRA config sets a rank and an alpha, such as lora_r: 16 and lora_alpha: 16.`,
  };
}
