import * as l10n from '@vscode/l10n';
import { gaugeOf, roundsNothing } from '../gauge';
import { adaptsEmbeddings } from '../init/facts';
import { lrPower } from '../optimizers/optimizer-row';
import { isRightForBoth, losesDecay } from '../plans/changes';
import { byWeight, type Caveat } from './caveat';
import { type CaveatRule, isClipped, isClippedByValue, type PlanFacts } from './caveat-rule';
import { CONSTANT_CAVEATS } from './constants';

/** The plan changes the learning rate alone, by a known rule. */
const isRateAlone = ({ plan, row }: PlanFacts): boolean => plan === 'lr-only' && !row.noRule;

/** Whether the plan changes the rate of DoRA's magnitudes, which have no scaling and must keep it. */
function movesMagnitudes({ plan, recipe, support, row, grouped }: PlanFacts): boolean {
  if (!recipe.useDora || lrPower(row) === 0 || grouped) return false;
  const withB = support.loraplus?.vectorsWithB ?? false;
  if (plan === 'keep-init') return withB;
  return plan !== 'keep-b' || !withB;
}

/** Every rule, by topic; equal ones are shown in this order. */
const RULES: readonly CaveatRule[] = [
  // Limits from the optimizer, and limits of changing the learning rate alone.
  {
    code: 'keeps-reach-only',
    applies: (p) => isRateAlone(p) && !isRightForBoth(p),
    message: l10n.t(
      'One learning rate cannot be right for both A and B; this one is right for B. The experiment measures the difference.',
    ),
  },
  {
    code: 'constants-stay',
    applies: (p) => isRateAlone(p) && isRightForBoth(p),
    message: l10n.t('The learning rate is right, but the other numbers would have to change too.'),
  },
  {
    code: 'rate-fixed',
    applies: ({ row }) => row.rate === 'fixed' && lrPower(row) !== 0,
    message: ({ row }) =>
      l10n.t`${row.title} computes its own learning rate, so the learning rate cannot change with the scaling. Set one with relative_step=False.`,
  },
  {
    code: 'one-rate-only',
    applies: ({ row, recipe }) => row.gauges === 'symmetric' && (recipe.loraplusLrRatio ?? 1) !== 1,
    message: ({ row }) =>
      l10n.t`${row.title} fails if A and B have different learning rates, as with this LoRA+ ratio.`,
  },
  {
    code: 'steps-in-bfloat16',
    applies: ({ row, plan, k }) => row.rounds === true && plan !== 'lr-only' && !roundsNothing(gaugeOf(plan, k)),
    message: ({ row }) =>
      l10n.t`${row.title} computes its step in bfloat16, which rounds gradients differently unless they grow by a power of two: about 1 % of the trained weights. At k = 4 or 1/4 the symmetric plan is exact.`,
  },
  {
    // The row has its own reason.
    code: ({ row }) => row.limit?.code ?? 'optimizer-not-exact',
    limits: ({ row }) => row.exactness,
    applies: ({ row }) => row.exactness !== 'exact',
    message: ({ row }) => row.limit?.message ?? l10n.t`No numbers make a run under ${row.title} exactly the same.`,
  },
  {
    code: 'optimizer-unstated',
    limits: null,
    applies: ({ recipe }) => recipe.optimizer.name === null,
    message: l10n.t(
      'This file names no optimizer; the factors are those of AdamW. With SGD the learning rate would change by k.',
    ),
  },
  // Parameters that train with LoRA's learning rate and max grad norm, but have no scaling.
  {
    code: 'dora-magnitudes',
    applies: (p) => movesMagnitudes(p) && !(p.plan === 'keep-init' || p.plan === 'keep-b'),
    message: l10n.t(
      "DoRA's magnitudes share the learning rate but must not be rescaled; they would need a parameter group with the old learning rate.",
    ),
  },
  {
    code: 'dora-magnitudes-grouped',
    applies: (p) => movesMagnitudes(p) && (p.plan === 'keep-init' || p.plan === 'keep-b'),
    message: ({ plan }) =>
      l10n.t`This trainer's LoRA+ puts DoRA's magnitudes into the group of ${plan === 'keep-init' ? 'B' : 'A'}, whose learning rate changes; theirs must not.`,
  },
  {
    code: 'dora-shared-distance',
    applies: ({ recipe, row }) => recipe.useDora && row.gauges === 'symmetric' && lrPower(row) === 0,
    message: ({ row: { title } }) =>
      l10n.t`${title} estimates one distance for all parameters. DoRA's magnitudes are among them and must not be rescaled, so the estimate differs.`,
  },
  {
    code: 'dora-magnitudes-decay',
    applies: ({ recipe, row, shared }) =>
      recipe.useDora && lrPower(row) === 0 && (shared ?? 0) * row.decayPower !== 0 && !!recipe.optimizer.weightDecay,
    message: l10n.t(
      "DoRA's magnitudes share the weight decay but must not be rescaled; they would need a parameter group with the old decay.",
    ),
  },
  {
    code: 'clip-over-unscaled',
    applies: (p) =>
      p.plan === 'symmetric' &&
      (isClipped(p) || isClippedByValue(p)) &&
      (p.recipe.useDora || (p.recipe.unscaled ?? []).length > 0),
    message: ({ recipe }: PlanFacts): string => {
      const who = [...(recipe.useDora ? [l10n.t("DoRA's magnitudes")] : []), ...(recipe.unscaled ?? [])].join(', ');
      return l10n.t`All gradients share one max grad norm, but those of ${who} do not grow with the scaling: once clipping is active, the runs differ.`;
    },
  },
  {
    code: 'lora-bias',
    // If A is kept or frozen, all of k goes to B, and to B's bias in the same group.
    applies: ({ plan, recipe, shared, grouped }) =>
      recipe.loraBias === true && !grouped && plan !== 'keep-init' && shared !== 1,
    message: l10n.t('The bias of B (lora_bias) needs all of k, so it would need a separate parameter group.'),
  },
  // Inits that depend on alpha, or that do not start with A random and B zero.
  {
    code: 'init-subtracts-scaling',
    limits: 'nearly',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan !== 'lr-only',
    message: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights. The code adds back what the factors lose, up to the rounding of those weights. Quantised weights cannot be corrected, so the plan does not hold for them.`,
  },
  {
    code: 'init-subtracts-scaling-uncoded',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan === 'lr-only',
    message: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights, so another alpha gives other frozen weights.`,
  },
  {
    code: 'dora-norms-too-early',
    applies: ({ plan, recipe, init }) =>
      plan !== 'lr-only' && recipe.useDora && (recipe.init === 'loftq' || recipe.init === 'random-b') && !init.zeroB,
    message: ({ recipe }) =>
      l10n.t`DoRA computes its magnitudes from the weights plus scaling·B·A, before the code divides the factors. With ${recipe.init ?? ''}, B is not zero, so the magnitudes would have the new scaling.`,
  },
  {
    code: 'init-unknown',
    applies: ({ init }) => init.isUnknown === true,
    message: ({ recipe }) =>
      l10n.t`The init ${recipe.init ?? ''} is unknown and may depend on alpha. The code divides both factors after the init.`,
  },
  {
    code: 'frozen-b',
    limits: null,
    applies: ({ trains }) => trains === 'A',
    message: l10n.t('MiCA freezes B and starts A at zero, so all of k goes to A: its numbers change by k, not by √k.'),
  },
  {
    code: 'frozen-a',
    limits: null,
    applies: ({ trains }) => trains === 'B',
    message: l10n.t('A is frozen, so all of k goes to B: its numbers change by k, not by √k.'),
  },
  {
    code: 'embedding-init',
    limits: null,
    applies: ({ plan, recipe }) => plan === 'symmetric' && adaptsEmbeddings(recipe),
    message: l10n.t(
      'In embedding layers A starts at zero and B at random, so there the factor goes on B; the code divides both.',
    ),
  },
  {
    code: 'embedding-split',
    applies: ({ plan, recipe, trains, grouped }) =>
      !grouped && (plan === 'keep-init' || plan === 'keep-b') && trains === 'both' && adaptsEmbeddings(recipe),
    message: l10n.t(
      'In embedding layers A starts at zero and B at random, and LoRA+ gives both a separate learning rate (default 1e-6), so the plan does not cover them.',
    ),
  },
  ...CONSTANT_CAVEATS,
  // Side effects of a LoRA+ ratio in the trainer.
  {
    code: 'loraplus-drops-decay',
    applies: (p) => losesDecay(p.plan, p),
    message: ({ recipe }) =>
      l10n.t`With a LoRA+ ratio this trainer ignores weight decay, so the decay of ${recipe.optimizer.weightDecay ?? ''} would be off.`,
  },
  {
    code: 'loraplus-ratio-stays',
    limits: null,
    applies: ({ plan, recipe }) => plan === 'symmetric' && recipe.loraplusLrRatio !== null,
    message: l10n.t('The LoRA+ ratio stays: A and B shrink alike, so their learning rates change alike.'),
  },
  {
    code: 'loraplus-below-one',
    limits: null,
    applies: ({ plan, trains, row, recipe, k, grouped }) =>
      plan === 'keep-init' &&
      !grouped &&
      trains === 'both' &&
      lrPower(row) !== 0 &&
      (recipe.loraplusLrRatio ?? 1) * k ** lrPower(row) < 1,
    message: l10n.t(
      'A LoRA+ ratio below 1 is unusual, because B then learns more slowly than A. Here it compensates for the larger alpha.',
    ),
  },
  {
    code: 'never-learns',
    limits: null,
    applies: ({ row, init }) => row.stuck !== undefined && init.zeroB,
    message: ({ row }) => row.stuck ?? '',
  },
  {
    code: 'quantized-states',
    limits: null,
    applies: ({ plan, recipe }) => plan !== 'lr-only' && recipe.optimizer.quantized === true,
    message: ({ recipe }) =>
      l10n.t`${recipe.optimizer.name ?? ''} stores its states in 8 bits or fewer, relative to the largest value of each block: the plan is exact up to their rounding.`,
  },
  {
    code: 'dropout-unchanged',
    limits: null,
    applies: ({ plan, recipe }) => plan !== 'lr-only' && (recipe.dropout ?? 0) !== 0,
    message: l10n.t('LoRA dropout stays: it has no unit.'),
  },
];

/** The caveats of a plan, the most limiting first. */
export function caveatsOf(facts: PlanFacts): Caveat[] {
  const said = <T>(what: T | ((facts: PlanFacts) => T)): T =>
    typeof what === 'function' ? (what as (facts: PlanFacts) => T)(facts) : what;
  const all = RULES.filter((rule) => rule.applies(facts)).map(({ code, message, limits = 'approximate' }): Caveat => {
    const limit = said(limits);
    return { code: said(code), message: said(message), ...(limit ? { limits: limit } : {}) };
  });
  return byWeight(all);
}
