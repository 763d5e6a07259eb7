import { readFileSync } from 'node:fs';
import { applyEdits } from '../../../../src/config/write/edits';
import { planConfig } from '../../../../src/config/planned';
import { readConfig, type ConfigReading } from '../../../../src/config/read';
import type { ReadRecipe } from '../../../../src/config/reading';
import { rewriteConfig } from '../../../../src/config/rewrite';
import type { PlanId } from '../../../../src/recipe/plans/plan';

/** A file of test/fixtures/trainers, `verl/ppo.yaml`, and what is read in it. */
export interface Fixture {
  text: string;
  reading: ConfigReading;
  /** The one recipe, or that of this number. */
  recipe: (index?: number) => ReadRecipe;
  codes: readonly string[];
  /** The lines that a plan changes or adds, without their indentation, or the code of the refusal. */
  written: (alpha: number, plan?: PlanId, index?: number) => string[] | string;
}

/** @param edit changes the text before it is read: what to replace, and by what */
export function fixture(path: string, ...edits: readonly (readonly [string | RegExp, string])[]): Fixture {
  const file = readFileSync(`test/fixtures/trainers/${path}`, 'utf8');
  const text = edits.reduce((before, [what, by]) => before.replace(what, by), file);
  const reading = readConfig(text, path);
  return {
    text,
    reading,
    codes: reading.findings.map(({ code }) => code),
    recipe: (index = 0) => {
      const recipe = reading.recipes[index];
      if (!recipe) throw new Error(`${path} has no recipe ${index}: ${JSON.stringify(reading.findings)}`);
      return recipe;
    },
    written: (alpha, plan = 'symmetric', index = 0) => {
      const { refusal } = planConfig(text, reading, index, alpha);
      if (refusal) return refusal.code;
      const result = rewriteConfig(text, reading, index, alpha, plan);
      if ('refusal' in result) return result.refusal.code;
      const before = text.split('\n');
      return applyEdits(text, result.edits)
        .split('\n')
        .filter((line) => !before.includes(line))
        .map((line) => line.trim());
    },
  };
}
