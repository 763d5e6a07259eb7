import { configRecipe, type ConfigRecipe } from '../config/plan/as-trained';
import type { ConfigReading } from '../config/read';
import { notUnderstoodHeadline } from '../config/understand/not-understood';
import { comparedParts } from '../recipe/compare/compared';
import { withFrozenWeights } from '../recipe/compare/frozen-weights';
import { isSurrounding } from '../recipe/compare/surroundings';
import { adaptsEmbeddings } from '../recipe/init/facts';
import { optimizerRow, rowFor } from '../recipe/optimizers/optimizers';
import { isNamed, RecipeError, type Recipe } from '../recipe/recipe';
import { signatureOf, type Quantity } from '../recipe/signature';

// docs/signature.md specifies all this, with test vectors.

/** What names a run whatever its trainer and its gauge. */
export interface RunText {
  /** Why there is no id, as no claim can be made; null if there is one. */
  why: string | null;
  /** What the id is the hash of. */
  lines: readonly string[];
}

/** The signature of a recipe as its trainer takes it, before it is hashed. */
export function runText(config: ConfigRecipe): RunText {
  const { notUnderstood } = config.reading;
  try {
    const lines = signatureLines(withFrozenWeights(config));
    return { why: notUnderstood.length > 0 ? `${notUnderstoodHeadline(notUnderstood)}.` : null, lines };
  } catch (error) {
    if (error instanceof RecipeError) return { why: `${error.message}.`, lines: [] };
    throw error;
  }
}

/** Of each recipe of a file; null where it has none. */
export function runTexts(text: string, reading: ConfigReading): (RunText | null)[] {
  const configs = reading.recipes.map((_, index) => configRecipe(text, reading, index));
  return configs.map((config) => config && runText(config));
}

/** What is hashed, by SHA-256. */
export const hashedText = ({ lines }: RunText): string => lines.map((line) => `${line}\n`).join('');

/** `1-` and 32 digits of hexadecimal. @param digest of {@link hashedText} */
export const idOf = (digest: string): string => `1-${digest.slice(0, 32)}`;

/** Optimizers that take the same steps without weight decay. */
const WITHOUT_DECAY: Readonly<Record<string, string>> = { adam: 'adamw', sgd: 'sgdw' };

/**
 * Every setting that no gauge changes, then every number of the signature. Two recipes with the same lines are the same
 * run: `signature.test.ts` holds that against the comparison.
 */
export function signatureLines(recipe: Recipe): string[] {
  const { optimizer, scaling, init, loraBias } = recipe;
  const own = rowFor(optimizer);
  const twin = optimizer.weightDecay === 0 && own ? WITHOUT_DECAY[own.id] : undefined;
  const row = optimizerRow(twin ?? null) ?? own;
  const signature = signatureOf(recipe, row && { row });
  const words: Readonly<Record<string, string | null>> = {
    optimizer: isNamed(optimizer) ? (row?.id ?? optimizer.name?.toLowerCase() ?? null) : null,
    init: signature.init ? (signature.init.sameAs ?? signature.init.id) : init,
  };
  const settings = comparedParts(recipe, recipe).flatMap(({ key, first }) => {
    const value = words[key] ?? first;
    return isSurrounding(key) || value === null ? [] : `${key} ${JSON.stringify(value)}`;
  });
  // What the comparison leaves open where the scaling differs.
  const isBound = loraBias === true || adaptsEmbeddings(recipe) || (init !== null && !signature.init);
  const numbers = Object.entries(signature.quantities).map(([key, one]) => `${key} ${numberOf(one)}`);
  const lines = [...settings, ...(isBound ? [`scaling ${scaling}`] : []), ...numbers];
  return ['lora-alpha signature 1', ...lines.sort()];
}

/** A number that is not stated is known only relative to whatever it is: `? × 0.5`. */
function numberOf({ stated, scale }: Quantity): string {
  if (stated === null) return `? × ${gridded(scale)}`;
  return String(stated === 0 ? 0 : gridded(stated * scale));
}

/**
 * A number on a grid whose steps are 2e-5 of a number or less, which is the tolerance of a comparison: 100000 to 249998 in
 * steps of 2, to 499995 in steps of 5, then in steps of 10. The twelfth digit is rounded first, because products of the
 * same numbers in another order differ in their last bits.
 */
export function gridded(value: number): number {
  const [mantissa = '', exponent = ''] = value.toExponential(11).split('e');
  const digits = Number(mantissa.replace('.', ''));
  const step = digits < 2.5e11 ? 2 : digits < 5e11 ? 5 : 10;
  // Whole numbers below 2^53, so a tie is a tie.
  const steps = Math.floor((digits + step * 5e5) / (step * 1e6));
  return Number(`${steps * step}e${Number(exponent) - 5}`);
}
