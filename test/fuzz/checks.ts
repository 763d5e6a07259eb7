import { fixesOf } from '../../src/extension/actions/fixes';
import { applyEdits } from '../../src/config/write/edits';
import { planConfig } from '../../src/config/planned';
import { readConfig, type ConfigReading } from '../../src/config/read';
import type { Range, ReadRecipe, TextEdit } from '../../src/config/reading';
import { rewriteConfig } from '../../src/config/rewrite';
import { RecipeError } from '../../src/recipe/recipe';
import type { PlanId } from '../../src/recipe/plans/plan';
import type { Seed } from './seeds';

/** By how much alpha moves; a power of four has plans without rounding. */
export type Factor = 4 | 3 | 0.25;

/** Recipes and plans looked at in one text. */
const ENOUGH = 3;

/**
 * Reads a text, rewrites it in every way and reads that again.
 * @returns the number of recipes
 * @throws Error that says which promise was broken
 */
export function check({ text, path }: Seed, factor: Factor): number {
  const reading = readConfig(text, path);
  checkRanges(text, reading);
  for (const finding of reading.findings) {
    for (const { edits } of fixesOf(reading, finding)) readConfig(applyEdits(text, edits), path);
  }
  for (const [index, recipe] of reading.recipes.slice(0, ENOUGH).entries()) {
    for (const plan of plansOf(text, reading, index, recipe.alpha * factor)) {
      checkRewrite({ text, path }, reading, index, plan, factor);
    }
  }
  return reading.recipes.length;
}

function checkRanges(text: string, reading: ConfigReading): void {
  const { findings, recipes } = reading;
  for (const finding of findings) {
    const { code, range, line } = finding;
    checkRange(text, range, `finding ${code}`);
    if (range && line !== lineOf(text, range.start)) throw new Error(`finding ${code} has line ${line}`);
    for (const { edits } of fixesOf(reading, finding))
      for (const edit of edits) checkRange(text, edit.range, `a fix of ${code}`);
  }
  for (const { stated } of recipes) {
    for (const [field, place] of Object.entries(stated)) {
      checkRange(text, place.range, `stated ${field}`);
      if (place.line !== lineOf(text, place.range.start)) throw new Error(`stated ${field} has line ${place.line}`);
    }
  }
}

function checkRange(text: string, range: Range | null, what: string): void {
  if (range === null) return;
  const isInside = 0 <= range.start && range.start <= range.end && range.end <= text.length;
  if (!isInside) throw new Error(`${what} has the range ${JSON.stringify(range)} in ${text.length} characters`);
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function plansOf(text: string, reading: ConfigReading, index: number, alpha: number): PlanId[] {
  try {
    return planConfig(text, reading, index, alpha)
      .plans.slice(0, ENOUGH)
      .map(({ id }) => id);
  } catch (error) {
    if (error instanceof RecipeError) return [];
    throw error;
  }
}

/** Rewrites, holds the result against what was asked for, and goes back. */
function checkRewrite(seed: Seed, reading: ConfigReading, index: number, plan: PlanId, factor: Factor): void {
  const before = reading.recipes[index];
  if (!before) return;
  const { text, path } = seed;
  const there = rewriteConfig(text, reading, index, before.alpha * factor, plan);
  if ('refusal' in there) return;
  for (const edit of there.edits) checkEdit(text, edit);
  const after = applyEdits(text, there.edits);
  const again = readConfig(after, path);
  const moved = again.recipes[index];
  if (!moved) throw new Error(`${plan}: the recipe is lost`);
  if (!isClose(moved.alpha, before.alpha * factor)) throw new Error(`${plan}: alpha reads ${moved.alpha}`);
  checkRanges(after, again);
  const still = rewriteConfig(after, again, index, moved.alpha, plan);
  if ('edits' in still && still.edits.length > 0)
    throw new Error(`${plan}: k = 1 edits ${JSON.stringify(still.edits)}`);
  const back = rewriteConfig(after, again, index, before.alpha, plan);
  // A plan by LoRA+ ratio may not be there once a ratio stands in the file.
  if ('refusal' in back) return;
  const home = readConfig(applyEdits(after, back.edits), path).recipes[index];
  for (const [name, numberOf] of NUMBERS) {
    const [was, is] = [numberOf(before), home && numberOf(home)];
    if (was !== is && !isClose(was ?? Number.NaN, is ?? Number.NaN)) {
      throw new Error(`${plan}: ${name} was ${String(was)} and came back as ${String(is)}`);
    }
  }
}

const NUMBERS: readonly [string, (recipe: ReadRecipe) => number | null | undefined][] = [
  ['alpha', ({ alpha }) => alpha],
  ['rank', ({ rank }) => rank],
  ['the learning rate', ({ learningRate }) => learningRate],
  ['weight decay', ({ optimizer }) => optimizer.weightDecay],
  ['eps', ({ optimizer }) => optimizer.eps],
  ['the clip threshold', ({ maxGradNorm }) => maxGradNorm],
];

/** Two roundings to six digits. */
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 2.2e-5 * Math.max(Math.abs(a), Math.abs(b));

/**
 * Text that an edit may replace: a number, a switch, null, an empty value, an expression, or a name that becomes a map.
 */
const GIVES_WAY = /^(?:[\w.+:*/ -]*|null|~|\[\s*\]|\{\s*\}|""|''|[ \t]*[\w.]*)$/;

function checkEdit(text: string, { range }: TextEdit): void {
  checkRange(text, range, 'an edit');
  const old = text.slice(range.start, range.end);
  // A line end within the quotes of a number goes with it.
  if (!GIVES_WAY.test(old.trim())) throw new Error(`an edit takes ${JSON.stringify(old)} away`);
}
