import * as vscode from 'vscode';
import { withoutRecipe } from '../../config/findings/findings';
import { recipeNamed } from '../../messages/answers';
import { hashedText, idOf, type RunText } from '../../messages/signature';
import { listed } from '../../recipe/listed';
import type { Agreement } from '../../run/read-against-ran';
import { isRecording, readRecording } from '../../run/recording';
import { addressOf, openAt } from '../documents/cells';
import { lookBeside, sourceOf, textOf } from '../documents/read-document';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';

// The files that tools are given by name. Errors tell a language model what to do instead.

export const cannotOpen = (path: string): string =>
  `${path} cannot be opened. Search the workspace for its name and call this tool again.`;

/** A file of the workspace, with what lies beside it. */
export async function documentAt(path: string): Promise<vscode.TextDocument> {
  const uri = inWorkspace(path);
  try {
    const document = await openAt(uri);
    await lookBeside(document.uri);
    return document;
  } catch {
    throw new Error(cannotOpen(path));
  }
}

/** A file of the workspace and what it says; a recording of a run is read as the config that it had. */
export async function sourceAt(path: string): Promise<{ document: vscode.TextDocument; source: SourceText }> {
  const document = await documentAt(path);
  const text = textOf(document);
  if (!isRecording(text.text)) return { document, source: await sourceOf(document) };
  const recording = readRecording(text.text, path);
  if ('wrong' in recording) throw new Error(recording.wrong);
  const own = { ...text, path, isRun: true };
  return { document, source: { ...own, reading: await ask('reading', own, undefined) } };
}

/** A path, absolute or from a folder of the workspace; undefined outside of all folders. */
export function inWorkspace(path: string): vscode.Uri {
  const uri = uriOf(path);
  if (uri && vscode.workspace.getWorkspaceFolder(uri)) return uri;
  throw new Error(`${path} is not in an open folder. Name a file of the workspace.`);
}

function uriOf(path: string): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (!first) return undefined;
  // With several folders the editor writes `second/configs/train.yml`.
  const [name, ...rest] = path.split(/[\\/]/);
  const named = folders.length > 1 ? folders.find((folder) => folder.name === name) : undefined;
  // joinPath resolves `..`; without it, such a path would seem to be in the folder.
  return /^([a-z]:)?[\\/]/i.test(path)
    ? vscode.Uri.joinPath(first.uri.with({ path: '/' }), vscode.Uri.file(path).path)
    : named
      ? vscode.Uri.joinPath(named.uri, ...rest)
      : vscode.Uri.joinPath(first.uri, path);
}

/** A file and one of its recipes. @param name or number from 1; the first unless given */
export async function recipeAt(
  path: string,
  name: string | undefined,
): Promise<{ uri: vscode.Uri; source: SourceText; index: number }> {
  const { document, source } = await sourceAt(path);
  const { recipes } = source.reading;
  // A file with one recipe has no choice.
  const index = recipes.length === 1 ? 0 : recipeNamed(recipes, name);
  if (recipes[index]) return { uri: addressOf(document), source, index };
  if (recipes.length > 0) {
    const names = recipes.map((recipe, i) => `${recipe.name} (${i + 1})`);
    throw new Error(`${path}: "recipe" is "${name}"; it must be ${listed(names)}.`);
  }
  const none = 'holds no LoRA config that is known. A LoRA config sets a rank and an alpha.';
  const broken = withoutRecipe(source.reading);
  throw new Error(broken ? `${path}: ${broken.message}` : `${path} ${none}`);
}

/** A config held against a recording of its run; null without one. @param path of the recording */
export async function agreementOf(source: SourceText, path: string | undefined): Promise<Agreement | null> {
  if (path === undefined) return null;
  if (source.isRun) throw new Error('A recording needs no "run": leave it out.');
  const agreement = await ask('agreement', source, (await documentAt(path)).getText());
  if (typeof agreement === 'string') throw new Error(`${path}: ${agreement}`);
  return agreement;
}

/** The name of a run; null where no claim can be made. */
export async function signatureOf(run: RunText | null): Promise<string | null> {
  if (!run || run.why !== null) return null;
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(hashedText(run)));
  return idOf(Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
