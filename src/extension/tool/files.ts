import * as vscode from 'vscode';
import { withoutRecipe } from '../../config/findings/findings';
import { recipeNamed } from '../../messages/answers';
import { hashedText, idOf, type RunText } from '../../messages/signature';
import { listed } from '../../recipe/listed';
import type { Agreement } from '../../run/read-against-ran';
import { isRecording } from '../../run/recording';
import { addressOf, openAt } from '../documents/cells';
import { lookBeside, sourceOf } from '../documents/read-document';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';

// The files that tools are given by name. Errors tell a language model what to do instead.

/** A file of the workspace, with what lies beside it. */
export async function documentAt(path: string): Promise<vscode.TextDocument> {
  const uri = inWorkspace(path);
  if (!uri) throw new Error(`${path} is not in an open folder. Name a file of the workspace.`);
  try {
    const document = await openAt(uri);
    await lookBeside(document.uri);
    return document;
  } catch {
    throw new Error(`${path} cannot be opened. Search the workspace for its name and call this tool again.`);
  }
}

/** A path, absolute or from a folder of the workspace; undefined outside of all folders. */
function inWorkspace(path: string): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (!first) return undefined;
  // With several folders the editor writes `second/configs/train.yml`.
  const [name, ...rest] = path.split(/[\\/]/);
  const named = folders.length > 1 ? folders.find((folder) => folder.name === name) : undefined;
  // joinPath resolves `..`; without it, such a path would seem to be in the folder.
  const uri = /^([a-z]:)?[\\/]/i.test(path)
    ? vscode.Uri.joinPath(first.uri.with({ path: '/' }), vscode.Uri.file(path).path)
    : named
      ? vscode.Uri.joinPath(named.uri, ...rest)
      : vscode.Uri.joinPath(first.uri, path);
  return vscode.workspace.getWorkspaceFolder(uri) ? uri : undefined;
}

/** A file and one of its recipes. @param name or number from 1; the first unless given */
export async function recipeAt(
  path: string,
  name: string | undefined,
): Promise<{ uri: vscode.Uri; source: SourceText; index: number }> {
  const document = await documentAt(path);
  const source = await sourceOf(document);
  const { recipes } = source.reading;
  // A file with one recipe has no choice.
  const index = recipes.length === 1 ? 0 : recipeNamed(recipes, name);
  if (recipes[index]) return { uri: addressOf(document), source, index };
  if (recipes.length > 0) {
    const names = recipes.map((recipe, i) => `${recipe.name} (${i + 1})`);
    throw new Error(`${path}: "recipe" is "${name}"; it must be ${listed(names)}.`);
  }
  if (isRecording(source.text))
    throw new Error(`${path} is a recording of a run: name it as "run", beside its config.`);
  const none = 'holds no LoRA config that is known. A LoRA config sets a rank and an alpha.';
  const broken = withoutRecipe(source.reading);
  throw new Error(broken ? `${path}: ${broken.message}` : `${path} ${none}`);
}

/** A config held against a recording of its run; null without one. @param path of the recording */
export async function agreementOf(source: SourceText, path: string | undefined): Promise<Agreement | null> {
  if (path === undefined) return null;
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
