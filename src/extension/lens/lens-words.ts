import * as l10n from '@vscode/l10n';
import { asTrained } from '../../config/plan/as-trained';
import { whereWords } from '../../config/documents/document';
import type { ConfigChange } from '../../config/plan/config-change';
import type { Reading, ReadRecipe, Stated } from '../../config/reading';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { lrPower } from '../../recipe/optimizers/optimizer-row';
import { signatureOf, valueOf } from '../../recipe/signature';
import { bestPlan, changeOf } from '../best-plan';

/** Words above a line of a config. */
export interface LensWords {
  place: Stated;
  /** The network of the file that they are about. */
  network: number;
  title: string;
  /** Empty where the title says it all. */
  why: string;
}

type LensText = Pick<LensWords, 'title' | 'why'>;

/** Above every alpha: the scaling. Where nobody wrote one, the rank is the next best place to say what the trainer takes. */
export function alphaLenses({ recipes }: Reading): LensWords[] {
  return lensesAt(
    recipes,
    ({ stated }) => stated.alpha ?? stated.rank,
    ({ alphaIsIgnored: ignored, stated, assumed, ...recipe }) =>
      ignored === undefined
        ? { title: `s = ${scalingEquation(recipe)}`, why: stated.alpha ? '' : (assumed.alpha ?? '') }
        : { title: l10n.t('alpha has no effect here: s = 1'), why: ignored },
  );
}

/** Above every learning rate: what it comes to under this scaling, and what it would be at another. */
export function rateLenses(text: string, reading: Reading): LensWords[] {
  return lensesAt(
    reading.recipes,
    ({ stated }) => stated.learningRate,
    (recipe, network) => rateWords(text, reading, recipe, network),
  );
}

/** One a line: networks often share theirs. The first speaks for all, and how many other scalings there are is added. */
function lensesAt(
  recipes: readonly ReadRecipe[],
  placeOf: (recipe: ReadRecipe) => Stated | undefined,
  wordsOf: (recipe: ReadRecipe, network: number) => LensText | null,
): LensWords[] {
  const lines = new Map<string, { place: Stated; network: number; recipe: ReadRecipe; scalings: Set<number> }>();
  for (const [network, recipe] of recipes.entries()) {
    const place = placeOf(recipe);
    // In an open notebook a whole cell is one line of the text.
    const line = place && whereWords(place);
    const known = line !== undefined && lines.get(line);
    if (known) known.scalings.add(recipe.scaling);
    else if (place && line !== undefined)
      lines.set(line, { place, network, recipe, scalings: new Set([recipe.scaling]) });
  }
  return [...lines.values()].flatMap(({ place, network, recipe, scalings }): LensWords[] => {
    const words = wordsOf(recipe, network);
    if (!words) return [];
    const others = scalings.size - 1;
    return [{ place, network, why: words.why, title: others === 0 ? words.title : `${words.title} (+${others})` }];
  });
}

function rateWords(text: string, reading: Reading, recipe: ReadRecipe, network: number): LensText | null {
  const parts = [effectiveRate(asTrained(text, reading, recipe, network)), atUnity(text, reading, recipe, network)];
  const said = parts.filter((part) => part !== null);
  if (said.length === 0) return null;
  return { title: said.map(({ title }) => title).join(' · '), why: said.map(({ why }) => why).join(' ') };
}

/**
 * The rate of B in the gauge in which s = 1, which is what decides how fast the layer moves early on: `lr·s` under Adam,
 * `lr·s²` under SGD. Null where the scaling has no part in it, or no rule is known.
 */
function effectiveRate(recipe: ReadRecipe): LensText | null {
  const { row, quantities, init } = signatureOf(recipe);
  const { reach } = quantities;
  const value = reach && valueOf(reach);
  const power = row ? -lrPower(row) : 0;
  // An init that divides by the scaling leaves another power of it, which has no short name.
  if (!row || row.rate === 'fixed' || !value || reach.factor !== 'B' || power === 0 || init?.A.scaling) return null;
  const ratio = recipe.loraplusLrRatio ?? 1;
  const rate = ratio === 1 && recipe.lrB === null ? 'lr' : l10n.t('lr of B');
  const scale = power === 1 ? 's' : power === 2 ? 's²' : `s^${power}`;
  const scaled = (recipe.lrB ?? (recipe.learningRate ?? 0) * ratio) * recipe.scaling ** power;
  return {
    title: `${scale}·${rate} = ${numberLabel(scaled)}`,
    why: l10n.t`Under ${row.title} this product decides how fast the layer learns early on, not the rate alone.`,
  };
}

/** What the rate would be where alpha is the rank (where the scaling itself is set: where it is 1), for the same run. */
function atUnity(text: string, reading: Reading, { scalingRule, rank }: ReadRecipe, network: number): LensText | null {
  const isDirect = scalingRule === 'direct';
  const same = bestPlan(text, reading, network, isDirect ? { scaling: 1 } : rank);
  const rate = same && changeOf(same.plan, 'learningRate');
  if (!same || !rate?.to || rate.factor === 1 || same.plan.exactness === 'approximate') return null;
  const where = isDirect ? 's = 1' : `α = r = ${rank}`;
  const others = same.plan.rows.filter(
    ({ field, factor }) => factor !== 1 && !['learningRate', 'alpha'].includes(field),
  );
  return {
    title: l10n.t`at ${where} the same run takes ${numberLabel(rate.written ?? 0)}`,
    why: others.length === 0 ? '' : l10n.t`With it would move: ${others.map(movedWords).join(', ')}.`,
  };
}

function movedWords({ key, to, law, place }: ConfigChange): string {
  return to === null ? `${key} ${law}` : `${key} to ${to}${place === 'code' ? l10n.t(' (in code)') : ''}`;
}
