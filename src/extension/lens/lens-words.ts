import * as l10n from '@vscode/l10n';
import { whereWords } from '../../config/documents/document';
import { claimWords } from '../../config/plan/claim';
import type { ConfigChange } from '../../config/plan/changes';
import type { ConfigReading } from '../../config/read';
import type { ReadRecipe, Stated } from '../../config/reading';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import type { Target } from '../../recipe/target';
import { bestPlan, changeOf, firstTarget, otherChanges } from '../best-plan';

export interface LensWords {
  place: Pick<Stated, 'range'>;
  network: number;
  title: string;
  /** Empty where the title says it all. */
  why: string;
}

type LensText = Pick<LensWords, 'title' | 'why'>;

/** Above every alpha: the scaling. Where alpha is not set, it is above the rank. */
export function alphaLenses({ recipes }: ConfigReading): LensWords[] {
  return lensesAt(
    recipes,
    ({ stated }) => stated.alpha ?? stated.rank,
    ({ alphaIsIgnored: ignored, stated, assumed, ...recipe }) =>
      ignored === undefined
        ? { title: `s = ${scalingEquation(recipe)}`, why: stated.alpha ? '' : (assumed.alpha ?? '') }
        : { title: l10n.t('alpha has no effect here: s = 1'), why: ignored },
  );
}

/** What has a lens without a recipe: the way to the panel, which says why nothing is read. */
const NOT_READ: Readonly<Record<string, string>> = {
  'trainer-unknown': l10n.t('Looks like LoRA, but is not read'),
  'too-large': l10n.t('Too large to be read'),
  'format-not-read': l10n.t('Not read by LoRA Alpha'),
};

/** Above an alpha of an unknown trainer, or the first line of a file that is not read. */
export const unknownLenses = ({ findings }: ConfigReading): LensWords[] =>
  findings.flatMap(({ code, range, message }) => {
    const title = NOT_READ[code];
    return title ? [{ place: { range: range ?? { start: 0, end: 0 } }, network: 0, title, why: message }] : [];
  });

/** Above every learning rate: the one that another alpha needs. */
export function rateLenses(text: string, reading: ConfigReading, usual: number | null = null): LensWords[] {
  return lensesAt(
    reading.recipes,
    ({ stated }) => stated.learningRate,
    (recipe, network) => rateWords(text, reading, network, firstTarget(recipe, usual)),
  );
}

/** One a line: networks often share theirs. The first speaks for all, and the number of other scalings is added. */
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

/**
 * The learning rate of the best plan for the panel's first target: `At alpha 64: lr 1e-4`. Null where no plan is known.
 * A claim that is weaker than "nearly exact" is part of the title.
 */
function rateWords(text: string, reading: ConfigReading, network: number, target: Target): LensText | null {
  const same = bestPlan(text, reading, network, target);
  const rate = same && changeOf(same.plan, 'learningRate');
  if (!same || !rate || rate.written === null) return null;
  const { claim } = same.plan;
  const lr = rate.factor === 1 ? l10n.t('lr unchanged') : `lr ${numberLabel(rate.written)}`;
  const isSure = claim.asRead !== 'approximate' && claim.notUnderstood.length === 0;
  const others = otherChanges(same.plan);
  const where = reading.recipes[network]?.scalingRule === 'direct' ? l10n.t('scaling') : 'alpha';
  const also = others.length === 0 ? '' : l10n.t`Also needed: ${others.map(changeWords).join(', ')}.`;
  return {
    title: l10n.t`At ${where} ${numberLabel(same.alpha)}: ${lr}${isSure ? '' : ` (${claimWords(claim)})`}`,
    why: `${also} ${l10n.t`Claim: ${claimWords(claim)}.`} ${claim.limit ?? ''}`.trim(),
  };
}

function changeWords({ key, to, law, where }: ConfigChange): string {
  return `${key} ${to ?? law}${where === 'code' ? l10n.t(' (in code)') : ''}`;
}

type Numbers = Pick<ReadRecipe, 'scalingRule' | 'scaling' | 'alpha' | 'rank' | 'multiplier'>;

/** What the status bar says of a recipe: `s = 2 · α 32 / r 16`. */
export function statusWords({ scalingRule, scaling, alpha, rank, multiplier }: Numbers): string {
  const s = `s = ${numberLabel(scaling)}`;
  if (scalingRule === 'direct') return `${s} · r ${rank}`;
  const constant = multiplier === undefined ? '' : `${numberLabel(multiplier)} · `;
  return `${s} · ${constant}α ${numberLabel(alpha)} / ${scalingRule === 'rslora' ? '√' : ''}r ${rank}`;
}
