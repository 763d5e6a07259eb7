import * as l10n from '@vscode/l10n';
import type { OptimizerNames, Variant } from './word';

/** These add the decay to the gradient by default; the row's decay is decoupled. */
const COUPLED: readonly Variant[] = [
  { when: { weight_decouple: true }, is: {} },
  {
    when: {},
    decays: true,
    is: {
      unknown: l10n.t(
        'without weight_decouple it adds the weight decay to the gradient, a rule that LoRA Alpha does not know.',
      ),
    },
  },
];

/** These decouple the decay by default. */
const DECOUPLED: readonly Variant[] = [
  {
    when: { weight_decouple: false },
    decays: true,
    is: {
      unknown: l10n.t(
        'with weight_decouple=False it adds the weight decay to the gradient, a rule that LoRA Alpha does not know.',
      ),
    },
  },
  {
    when: { fixed_decay: true },
    decays: true,
    is: {
      unknown: l10n.t(
        'with fixed_decay its weight decay does not follow the learning rate, a rule that LoRA Alpha does not know.',
      ),
    },
  },
];

/**
 * Classes of pytorch_optimizer and of prodigy-plus-schedule-free, which sd-scripts installs.
 * @see https://github.com/kozistr/pytorch_optimizer (v4.1.0), https://github.com/LoganBooker/prodigy-plus-schedule-free (v2.0.1)
 */
export const PYTORCH_OPTIMIZER_CLASSES: OptimizerNames = {
  'pytorch_optimizer.AdEMAMix': { row: 'ademamix', defaults: { weightDecay: 0 }, variants: COUPLED },
  'pytorch_optimizer.ADOPT': {
    row: 'adopt',
    defaults: { weightDecay: 0, betas: [0.9, 0.9999], eps: 1e-6 },
    variants: COUPLED,
  },
  // Its decay is proximal unless decoupled; both are rules of the row.
  'pytorch_optimizer.Adan': {
    row: 'adan',
    defaults: { weightDecay: 0 },
    variants: [{ when: { weight_decouple: true }, is: { options: { noProx: 1 } } }],
  },
  'pytorch_optimizer.CAME': {
    row: 'came',
    defaults: { learningRate: 2e-4, weightDecay: 0, eps: 1e-30 },
    arguments: { eps: 'eps1', epsInstability: 'eps2' },
    // It reads its eps from itself, not from its groups.
    isUngrouped: true,
    variants: DECOUPLED,
  },
  'pytorch_optimizer.StableAdamW': {
    row: 'stable-adamw',
    defaults: { weightDecay: 0.01, betas: [0.9, 0.99], eps: 1e-8 },
    variants: DECOUPLED,
  },
  'pytorch_optimizer.Lion': {
    row: 'lion',
    defaults: { learningRate: 1e-4, weightDecay: 0, betas: [0.9, 0.99] },
    variants: DECOUPLED,
  },
  'pytorch_optimizer.SOAP': {
    row: 'soap',
    defaults: { learningRate: 3e-3, weightDecay: 0.01, betas: [0.95, 0.95], eps: 1e-8 },
  },
  'prodigyplus.ProdigyPlusScheduleFree': {
    row: 'prodigy',
    defaults: { learningRate: 1, weightDecay: 0, betas: [0.9, 0.99] },
    arguments: { beta3: 'beta3' },
    variants: [
      {
        when: { weight_decay_by_lr: false },
        decays: true,
        is: {
          unknown: l10n.t(
            'with weight_decay_by_lr=False its weight decay does not follow the learning rate, a rule that LoRA Alpha does not know.',
          ),
        },
      },
      ...['use_speed', 'use_orthograd', 'use_focus'].map((option): Variant => ({
        when: { [option]: true },
        is: { unknown: l10n.t`with ${option} it has not been measured.` },
      })),
    ],
  },
};
