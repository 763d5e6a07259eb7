import * as v from 'valibot';
import { asTrained } from '../config/plan/as-trained';
import { notUnderstoodHeadline } from '../config/understand/not-understood';
import { readConfig } from '../config/read';
import type { InCell, Reading, ReadRecipe } from '../config/reading';
import type { Recipe } from '../recipe/recipe';
import { visible } from '../recipe/visible';

/** It comes from a thread of our own program; what a list shows, and grouping starts from, is checked. */
const recipe = v.custom<Recipe>((value) =>
  v.is(
    v.looseObject({
      name: v.string(),
      rank: v.number(),
      alpha: v.number(),
      scaling: v.number(),
      scalingRule: v.picklist(['standard', 'rslora', 'direct']),
      learningRate: v.nullable(v.number()),
      optimizer: v.looseObject({ name: v.nullable(v.string()), row: v.nullable(v.string()) }),
    }),
    value,
  ),
);

/** A line of the file, or of a cell where the file is a notebook; null where nothing of it is written. One-based. */
const place = v.nullable(v.object({ line: v.number(), cell: v.exactOptional(v.number()) }));

/** One recipe of a file, as a list of the workspace's recipes needs it. */
const recipeSummary = v.object({
  name: v.string(),
  /** Of the recipe in its file's reading. */
  index: v.number(),
  /** Of alpha, or of what comes nearest to it. */
  place,
  /** Its trainer is unknown: LoRA Alpha guessed the keys by their names. */
  isGuess: v.boolean(),
  /** As its trainer takes it. */
  recipe,
});
export type RecipeSummary = v.InferOutput<typeof recipeSummary>;

/** What a list of the workspace's recipes knows of a file. */
export const fileSummary = v.object({
  /** The trainer's name for people. */
  trainer: v.string(),
  recipes: v.array(recipeSummary),
  /** What of the file was not understood, in one line; null where all was. */
  notUnderstood: v.nullable(v.string()),
  /** Why the file cannot be read, where it is a LoRA config with an error. */
  error: v.nullable(v.object({ message: v.string(), place })),
});
export type FileSummary = v.InferOutput<typeof fileSummary>;

/** What a text says, or null where it is no LoRA config. Never throws. */
export function summaryOf(text: string, path: string): FileSummary | null {
  const reading = readConfig(text, path);
  if (!reading.isLora) return null;
  const error = reading.findings.find(({ severity }) => severity === 'error');
  if (reading.recipes.length === 0 && !error) return null;
  return {
    trainer: reading.trainerName ?? 'LoRA',
    recipes: reading.recipes.map((recipe, index) => summaryOfRecipe(text, reading, recipe, index)),
    notUnderstood: notUnderstoodHeadline(reading.notUnderstood) || null,
    error: error ? { message: error.message, place: linePlace(error) } : null,
  };
}

function summaryOfRecipe(text: string, reading: Reading, recipe: ReadRecipe, index: number): RecipeSummary {
  const trained = asTrained(text, reading, recipe, index);
  const isGuess = recipe.guess !== undefined;
  return { name: visible(recipe.name), index, place: linePlace(statedIn(recipe)), isGuess, recipe: numbersOf(trained) };
}

/** A recipe without what is said of it: where its values stand, and why. */
function numbersOf({ stated: _, assumed: __, unresolved: ___, guess: ____, ...recipe }: ReadRecipe): Recipe {
  return recipe;
}

function statedIn({ stated }: ReadRecipe): { line: number | null; inCell?: InCell } {
  return stated.alpha ?? stated.scaling ?? stated.rank ?? stated.learningRate ?? { line: null };
}

function linePlace({ line, inCell }: { line: number | null; inCell?: InCell }): RecipeSummary['place'] {
  if (inCell) return { line: inCell.line, cell: inCell.cell };
  return line === null ? null : { line };
}
