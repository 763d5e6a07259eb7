import * as l10n from '@vscode/l10n';
import { gaugeOf, roundsNothing } from '../gauge';
import { adaptsEmbeddings } from '../init/facts';
import { lrPower } from '../optimizers/optimizer-row';
import { isRightForBoth, losesDecay } from '../plans/changes';
import { byWeight, type Caveat } from './caveat';
import { CONSTANTS_APPROXIMATE, CONSTANTS_KNOWN, CONSTANTS_NEARLY, isClipped, isClippedByValue } from './constants';
import type { CaveatRules, PlanFacts } from './constants';

/** The plan changes the learning rate alone, by a known rule. */
const isRateAlone = ({ plan, row }: PlanFacts): boolean => plan === 'lr-only' && !row.noRule;

/** The plan keeps one factor, and the other takes all of k. */
const keepsOne = ({ plan }: PlanFacts): boolean => plan === 'keep-init' || plan === 'keep-b';

/** Whether the plan changes the rate of DoRA's magnitudes, which have no scaling and must keep it. */
function movesMagnitudes({ plan, recipe, support, row, grouped }: PlanFacts): boolean {
  if (!recipe.useDora || lrPower(row) === 0 || grouped) return false;
  const withB = support.loraplus?.vectorsWithB ?? false;
  return plan === 'keep-init' ? withB : plan !== 'keep-b' || !withB;
}

/** Limits of changing the learning rate alone, and of the optimizer's kind. */
const OF_RATE: CaveatRules = {
  'keeps-reach-only': {
    when: (p) => isRateAlone(p) && !isRightForBoth(p),
    says: l10n.t(
      'One learning rate cannot be right for both A and B; this one is right for B. The experiment measures the difference.',
    ),
  },
  'constants-stay': {
    when: (p) => isRateAlone(p) && isRightForBoth(p),
    says: l10n.t('The learning rate is right, but the other numbers would have to change too.'),
  },
  'rate-fixed': {
    when: ({ row }) => row.rate === 'fixed' && lrPower(row) !== 0,
    says: ({ row }) =>
      l10n.t`${row.title} computes its own learning rate, so the learning rate cannot change with the scaling. Set one with relative_step=False.`,
  },
  'one-rate-only': {
    when: ({ row, recipe }) => row.gauges === 'symmetric' && (recipe.loraplusLrRatio ?? 1) !== 1,
    says: ({ row }) => l10n.t`${row.title} fails if A and B have different learning rates, as with this LoRA+ ratio.`,
  },
  'steps-in-bfloat16': {
    when: ({ row, plan, k }) => row.rounds === true && plan !== 'lr-only' && !roundsNothing(gaugeOf(plan, k)),
    says: ({ row }) =>
      l10n.t`${row.title} computes its step in bfloat16, which rounds gradients differently unless they grow by a power of two: about 1 % of the trained weights. At k = 4 or 1/4 the symmetric plan is exact.`,
  },
};

const APPROXIMATE: CaveatRules = {
  // Parameters that train with LoRA's learning rate and max grad norm, but have no scaling.
  'dora-magnitudes': {
    when: (p) => movesMagnitudes(p) && !keepsOne(p),
    says: l10n.t(
      "DoRA's magnitudes share the learning rate but must not be rescaled; they would need a parameter group with the old learning rate.",
    ),
  },
  'dora-magnitudes-grouped': {
    when: (p) => movesMagnitudes(p) && keepsOne(p),
    says: ({ plan }) =>
      l10n.t`This trainer's LoRA+ puts DoRA's magnitudes into the group of ${plan === 'keep-init' ? 'B' : 'A'}, whose learning rate changes; theirs must not.`,
  },
  'dora-shared-distance': {
    when: ({ recipe, row }) => recipe.useDora && row.gauges === 'symmetric' && lrPower(row) === 0,
    says: ({ row: { title } }) =>
      l10n.t`${title} estimates one distance for all parameters. DoRA's magnitudes are among them and must not be rescaled, so the estimate differs.`,
  },
  'dora-magnitudes-decay': {
    when: ({ recipe, row, shared }) =>
      recipe.useDora && lrPower(row) === 0 && (shared ?? 0) * row.decayPower !== 0 && !!recipe.optimizer.weightDecay,
    says: l10n.t(
      "DoRA's magnitudes share the weight decay but must not be rescaled; they would need a parameter group with the old decay.",
    ),
  },
  'clip-over-unscaled': {
    when: (p) => p.plan === 'symmetric' && (isClipped(p) || isClippedByValue(p)) && unscaledIn(p).length > 0,
    says: (p) =>
      l10n.t`All gradients share one max grad norm, but those of ${unscaledIn(p).join(', ')} do not grow with the scaling: once clipping is active, the runs differ.`,
  },
  'lora-bias': {
    // If A is kept or frozen, all of k goes to B, and to B's bias in the same group.
    when: ({ plan, recipe, shared, grouped }) =>
      recipe.loraBias === true && !grouped && plan !== 'keep-init' && shared !== 1,
    says: l10n.t('The bias of B (lora_bias) needs all of k, so it would need a separate parameter group.'),
  },
  // Inits that depend on alpha, or that do not start with A random and B zero.
  'init-subtracts-scaling-uncoded': {
    when: ({ plan, init }) => init.scaling === 'subtracts' && plan === 'lr-only',
    says: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights, so another alpha gives other frozen weights.`,
  },
  'dora-norms-too-early': {
    when: ({ plan, recipe, init }) =>
      plan !== 'lr-only' && recipe.useDora && (recipe.init === 'loftq' || recipe.init === 'random-b') && !init.zeroB,
    says: ({ recipe }) =>
      l10n.t`DoRA computes its magnitudes from the weights plus scaling·B·A, before the code divides the factors. With ${recipe.init ?? ''}, B is not zero, so the magnitudes would have the new scaling.`,
  },
  'init-unknown': {
    when: ({ init }) => init.isUnknown === true,
    says: ({ recipe }) =>
      l10n.t`The init ${recipe.init ?? ''} is unknown and may depend on alpha. The code divides both factors after the init.`,
  },
  'embedding-split': {
    when: (p) => !p.grouped && keepsOne(p) && p.trains === 'both' && adaptsEmbeddings(p.recipe),
    says: l10n.t(
      'In embedding layers A starts at zero and B at random, and LoRA+ gives both a separate learning rate (default 1e-6), so the plan does not cover them.',
    ),
  },
  ...CONSTANTS_APPROXIMATE,
  'loraplus-drops-decay': {
    when: (p) => losesDecay(p.plan, p),
    says: ({ recipe }) =>
      l10n.t`With a LoRA+ ratio this trainer ignores weight decay, so the decay of ${recipe.optimizer.weightDecay ?? ''} would be off.`,
  },
};

const NEARLY: CaveatRules = {
  'init-subtracts-scaling': {
    when: ({ plan, init }) => init.scaling === 'subtracts' && plan !== 'lr-only',
    says: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights. The code adds back what the factors lose, up to the rounding of those weights. Quantised weights cannot be corrected, so the plan does not hold for them.`,
  },
  ...CONSTANTS_NEARLY,
};

/** What is only worth knowing. */
const KNOWN: CaveatRules = {
  'optimizer-unstated': {
    when: ({ recipe }) => recipe.optimizer.name === null,
    says: l10n.t(
      'This file names no optimizer; the factors are those of AdamW. With SGD the learning rate would change by k.',
    ),
  },
  'frozen-b': {
    when: ({ trains }) => trains === 'A',
    says: l10n.t('MiCA freezes B and starts A at zero, so all of k goes to A: its numbers change by k, not by √k.'),
  },
  'frozen-a': {
    when: ({ trains }) => trains === 'B',
    says: l10n.t('A is frozen, so all of k goes to B: its numbers change by k, not by √k.'),
  },
  'embedding-init': {
    when: ({ plan, recipe }) => plan === 'symmetric' && adaptsEmbeddings(recipe),
    says: l10n.t(
      'In embedding layers A starts at zero and B at random, so there the factor goes on B; the code divides both.',
    ),
  },
  ...CONSTANTS_KNOWN,
  'loraplus-ratio-stays': {
    when: ({ plan, recipe }) => plan === 'symmetric' && recipe.loraplusLrRatio !== null,
    says: l10n.t('The LoRA+ ratio stays: A and B shrink alike, so their learning rates change alike.'),
  },
  'loraplus-below-one': {
    when: ({ plan, trains, row, recipe, k, grouped }) =>
      plan === 'keep-init' &&
      !grouped &&
      trains === 'both' &&
      lrPower(row) !== 0 &&
      (recipe.loraplusLrRatio ?? 1) * k ** lrPower(row) < 1,
    says: l10n.t(
      'A LoRA+ ratio below 1 is unusual, because B then learns more slowly than A. Here it compensates for the larger alpha.',
    ),
  },
  'never-learns': {
    when: ({ row, init }) => row.stuck !== undefined && init.zeroB,
    says: ({ row }) => row.stuck ?? '',
  },
  'quantized-states': {
    when: ({ plan, recipe }) => plan !== 'lr-only' && recipe.optimizer.quantized === true,
    says: ({ recipe }) =>
      l10n.t`${recipe.optimizer.name ?? ''} stores its states in 8 bits or fewer, relative to the largest value of each block: the plan is exact up to their rounding.`,
  },
  'dropout-unchanged': {
    when: ({ plan, recipe }) => plan !== 'lr-only' && !!recipe.dropout,
    says: l10n.t('LoRA dropout stays: it has no unit.'),
  },
};

/** Parameters that are clipped with the factors and have no scaling. */
function unscaledIn({ recipe: { useDora, unscaled = [] } }: PlanFacts): string[] {
  return [...(useDora ? [l10n.t("DoRA's magnitudes")] : []), ...unscaled];
}

/** The caveats of a plan, the most limiting first, then in the order of the tables. */
export function caveatsOf(facts: PlanFacts): Caveat[] {
  const those = (rules: CaveatRules, limits?: Caveat['limits']): Caveat[] =>
    Object.entries(rules)
      .filter(([, { when }]) => when(facts))
      .map(([code, { says }]) => {
        return { code, message: typeof says === 'string' ? says : says(facts), ...(limits && { limits }) };
      });
  const { limit, exactness } = facts.row;
  return byWeight([
    ...those(OF_RATE, 'approximate'),
    ...(limit ? [{ ...limit, limits: exactness }] : []),
    ...those(APPROXIMATE, 'approximate'),
    ...those(NEARLY, 'nearly'),
    ...those(KNOWN),
  ]);
}
