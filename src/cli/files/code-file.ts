import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CODE_FILE } from '../../config/init-code/placed';
import type { ConfigPlan } from '../../config/planned';
import { readConfig, runOfRecipe } from '../../config/read';
import { codeIn } from '../../config/understand/own-code';
import { applyEdits } from '../../config/write/edits';
import { nameCode } from '../../export/name-code';
import { nothing } from '../failure';
import type { ChosenRecipe } from './config-file';

/** The code of a plan in a file of its own, and the config that names it. */
export interface CodeFile {
  path: string;
  code: string;
  /** The config, with the line that names the code. */
  text: string;
  /** Whether the file holds this code already. */
  isThere: boolean;
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
  const before = await readFile(path, 'utf8').catch(() => null);
  const run = runOfRecipe(file.text, reading, index)?.run;
  if (before !== null && before !== code && !(run && codeIn(run, recipe.init, before))) {
    throw nothing(`${path}: is not the code of an earlier plan, so nothing was written; move it, or say --no-code`);
  }
  return isRight ? { path, code, text: named, isThere: before === code, needs: codeName.needs } : null;
}
