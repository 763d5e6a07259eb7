import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CODE_FILE } from '../../config/init-code/placed';
import type { ConfigPlan } from '../../config/planned';
import { readConfig, runOfRecipe } from '../../config/read';
import { codeIn } from '../../config/understand/own-code';
import { applyEdits } from '../../config/write/edits';
import { nameCode } from '../../export/name-code';
import { nothing } from '../failure';
import { textOfNeighbour } from './files';
import type { ChosenRecipe } from './config-file';

/** The code of a plan in a file of its own, and the config that names it. */
export interface CodeFile {
  path: string;
  code: string;
  /** The config, with the line that names the code. */
  text: string;
  /** The code of an earlier plan there, or this code. */
  before: string | null;
  /** What the trainer needs to find the file. */
  needs: string;
}

/**
 * The code that a plan needs, where the trainer loads it by a line of the config. Both are read again: null where the code
 * cannot be named, or the two together are not what was asked for.
 * @param text the config after the plan's own edits
 * @throws Failure where another file is in the place of the code
 */
export async function codeFileOf(
  { file, reading, index, recipe }: ChosenRecipe,
  { code, codeName, init }: ConfigPlan,
  text: string,
): Promise<CodeFile | null> {
  if (code === null || codeName === null || file.path === 'standard input') return null;
  const edits = nameCode(text, readConfig(text, file.path, { code }), index);
  if (!edits) return null;
  const named = applyEdits(text, edits);
  const now = readConfig(named, file.path, { code }).recipes[index]?.initFactors;
  const was = recipe.initFactors ?? { A: 1, B: 1 };
  const isRight = (['A', 'B'] as const).every((of) => now && Math.abs(now[of] / (was[of] * init[of]) - 1) < 1e-4);
  const path = join(dirname(file.path), CODE_FILE);
  const run = runOfRecipe(file.text, reading, index)?.run;
  const info = await lstat(path).catch(() => null);
  const before = await textOfNeighbour(path);
  const isOurs = before !== null && run && !info?.isSymbolicLink() && codeIn(run, recipe.init, before) !== null;
  if (info && before !== code && !isOurs) {
    throw nothing(`${path}: is not the code of an earlier plan, so nothing was written; move it, or say --no-code`);
  }
  return isRight ? { path, code, text: named, before, needs: codeName.needs } : null;
}
