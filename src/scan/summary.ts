import { asTrained } from '../config/plan/as-trained';
import { notUnderstoodHeadline } from '../config/understand/not-understood';
import { readConfig, type ConfigReading } from '../config/read';
import type { InCell, ReadRecipe } from '../config/reading';
import { withFrozenWeights } from '../recipe/compare/frozen-weights';
import type { Recipe } from '../recipe/recipe';
import { visible } from '../recipe/visible';

/** A line of the file, or of a cell where the file is a notebook; null where nothing of it is written. One-based. */
type Place = { line: number; cell?: number } | null;

/** One recipe of a file, as a list of the workspace's recipes needs it. */
export interface RecipeSummary {
  name: string;
  /** Of the recipe in its file's reading. */
  index: number;
  /** Of alpha, or of what comes nearest to it. */
  place: Place;
  /** Its trainer is unknown: LoRA Alpha guessed the keys by their names. */
  isGuess: boolean;
  /** As its trainer takes it. */
  recipe: Recipe;
}

/** What a list of the workspace's recipes knows of a file. */
export interface FileSummary {
  /** The trainer's name for people. */
  trainer: string;
  recipes: RecipeSummary[];
  /** What of the file was not understood, in one line; null where all was. */
  notUnderstood: string | null;
  /** Why the file cannot be read, where it is a LoRA config with an error. */
  error: { message: string; place: Place } | null;
}

/** What a text says, or null where it is no LoRA config. Never throws. @param code of an earlier plan, beside it */
export function summaryOf(text: string, path: string, code?: string): FileSummary | null {
  const reading = readConfig(text, path, { code });
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

function summaryOfRecipe(text: string, reading: ConfigReading, read: ReadRecipe, index: number): RecipeSummary {
  const recipe = withFrozenWeights({ recipe: asTrained(text, reading, read), text });
  const { alpha, scaling, rank, learningRate } = recipe.stated;
  const place = linePlace(alpha ?? scaling ?? rank ?? learningRate ?? { line: null });
  return { name: visible(read.name), index, place, isGuess: read.guess !== undefined, recipe: numbersOf(recipe) };
}

/** A recipe without what is said of it: where its values stand, and why. */
const numbersOf = ({ stated: _, assumed: __, unresolved: ___, guess: ____, ...recipe }: ReadRecipe): Recipe => recipe;

function linePlace({ line, inCell }: { line: number | null; inCell?: InCell }): Place {
  if (inCell) return { line: inCell.line, cell: inCell.cell };
  return line === null ? null : { line };
}
