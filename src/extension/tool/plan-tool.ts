import * as v from 'valibot';
import * as vscode from 'vscode';
import { withoutRecipe } from '../../config/findings/findings';
import { claimWords } from '../../config/plan/claim';
import { openAt } from '../documents/cells';
import { lookBeside } from '../documents/read-document';
import { ask } from '../questions/ask';
import { configOf } from '../subject';

const input = v.object({
  path: v.pipe(v.string(), v.minLength(1)),
  alpha: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  recipe: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});

/**
 * Answers the tool `plan_lora_alpha`: the plans for another alpha of a config of the workspace, best first. Nothing is
 * written. Each claim comes with its limit, and the plans come with the lines that were not understood.
 * @throws Error in words that tell a language model what to do instead
 */
export async function planAlpha(given: unknown, token: vscode.CancellationToken): Promise<string> {
  const parsed = v.safeParse(input, given);
  if (!parsed.success)
    throw new Error('Call this tool with "path", a file of the workspace, and "alpha", a number above 0.');
  const { path, alpha, recipe: network } = parsed.output;
  const source = await configOf(await documentAt(path));
  stopIfCancelled(token);
  const recipes = source?.reading.recipes ?? [];
  const recipe = recipes[network];
  if (!source || !recipe) {
    if (recipes.length > 0) {
      throw new Error(`${path} holds ${recipes.length} recipes: "recipe" counts from 0 to ${recipes.length - 1}.`);
    }
    const broken = source && withoutRecipe(source.reading);
    const none = 'holds no LoRA config that is known. A LoRA config sets a rank and an alpha.';
    throw new Error(broken ? `${path}: ${broken.message}` : `${path} ${none}`);
  }
  const plans = await ask('plans', source, { network, alpha });
  stopIfCancelled(token);
  if (typeof plans === 'string') throw new Error(plans);
  if (plans.refusal) throw new Error(plans.refusal.message);
  const { reading } = source;
  return JSON.stringify({
    trainer: reading.trainerName,
    recipe: recipe.name,
    recipesOfFile: recipes.map(({ name }) => name),
    rank: recipe.rank,
    alpha: recipe.alpha,
    scaling: recipe.scaling,
    scalingFactor: plans.k,
    guessed: recipe.guess ?? null,
    notUnderstood: reading.notUnderstood.map(({ line, source: code, why }) => ({ line, source: code, why })),
    plans: plans.plans.map(({ title, claim, configChanges: changes, code }) => ({
      title,
      claim: claimWords(claim),
      limit: claim.limit,
      changes: changes.map(({ key, from, to, law, where, line }) => ({ key, from, to, rule: law, place: where, line })),
      code,
    })),
  });
}

async function documentAt(path: string): Promise<vscode.TextDocument> {
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

function stopIfCancelled(token: vscode.CancellationToken): void {
  if (token.isCancellationRequested) throw new vscode.CancellationError();
}
