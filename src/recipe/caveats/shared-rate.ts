import * as l10n from '@vscode/l10n';
import { lrPower } from '../optimizers/optimizer-row';
import { isClipped, isClippedByValue, type CaveatRule, type PlanFacts } from './caveat-rule';

/** Whether the plan changes the rate of DoRA's magnitudes, which have no scaling and must keep it. */
function movesMagnitudes({ plan, recipe, support, row, grouped }: PlanFacts): boolean {
  if (!recipe.useDora || lrPower(row) === 0 || grouped) return false;
  const withB = support.loraplus?.vectorsWithB ?? false;
  if (plan === 'keep-init') return withB;
  return plan !== 'keep-b' || !withB;
}

/** Parameters that train with LoRA's learning rate and max grad norm, but have no scaling. */
export const SHARED_RATE_CAVEATS: readonly CaveatRule[] = [
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
];
