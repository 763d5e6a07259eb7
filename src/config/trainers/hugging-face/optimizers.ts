import * as l10n from '@vscode/l10n';
import { scalarAt, type MapNode } from '../../syntax/tree';
import type { Trap } from '../shared/trap';
import { field, type Default } from '../shared/fields';
import { FIRST_EPS } from '../../optimizers/torch';
import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw' };
const ADAMW_QUANTIZED: OptimizerRule = { row: 'adamw', quantized: true };

/** Paths at which the trainers take weight decay. */
const DECAYS = [['weight_decay'], ['optimizer', 'weight_decay'], ['optimizer_args', 'weight_decay']];
const decays = (root: MapNode): boolean => DECAYS.some((path) => Number(scalarAt(root, path) ?? 0) > 0);

/**
 * Fixed in bitsandbytes 0.50.0; 8-bit Lion falls to the 32-bit kernel for tensors of fewer than 4096 elements.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/pull/1993 (csrc/kernels.cu: kOptimizer32bit1State)
 */
export const OLD_LION: Trap = {
  code: 'lion-decay-by-version',
  severity: 'info',
  message: l10n.t(
    'Before bitsandbytes 0.50.0 Lion adds the decay to the gradient (in 8 bits too, for small factors). There weight decay changes by k where later versions need √k; the plan follows later versions.',
  ),
  applies: decays,
  limits: 'approximate',
};

/** The Trainer does not pass the number on. */
const unpassed = (who: string, value: Default['value']): Default => ({ value, who });

const unclipped: Default = {
  value: 0,
  why: l10n.t('this optimizer steps inside the backward pass, so the Trainer never clips.'),
};

const GALORE: OptimizerRule = {
  row: 'galore',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: {
    weightDecay: unpassed('GaLore', 0),
    eps: unpassed('GaLore', 1e-6),
    betas: unpassed('GaLore', [0.9, 0.999]),
  },
};
const GALORE_8BIT: OptimizerRule = {
  ...GALORE,
  quantized: true,
  fixed: {
    ...GALORE.fixed,
    weightDecay: unpassed(l10n.t("GaLore's 8-bit AdamW"), 0.01),
    eps: unpassed('GaLore', 1e-8),
  },
};
const APOLLO: OptimizerRule = {
  row: 'apollo',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: { weightDecay: unpassed('APOLLO', 0) },
  variants: [{ when: { scale_type: 'tensor' }, is: { options: { tensorWise: 1 } } }],
};

/** The Trainer passes strings as the arguments of bitsandbytes' RMSprop, which fails on them. */
const RMSPROP_BNB: OptimizerRule = { row: 'rmsprop', fixed: { eps: unpassed(l10n.t("bitsandbytes' RMSprop"), 1e-8) } };

const ADEMAMIX: OptimizerRule = {
  row: 'ademamix',
  arguments: { beta3: 'beta3' },
  fields: { eps: field(['optim_args.eps', 'adam_epsilon']) },
};

const layerwise = (rule: OptimizerRule): OptimizerRule => ({
  ...rule,
  isUngrouped: true,
  fixed: { ...rule.fixed, maxGradNorm: unclipped },
});

/**
 * `optim` of Hugging Face's Trainer: the names of transformers 5.24.0, and removed names of 4.x.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py; training_args.py: OptimizerNames)
 */
export const HF_NAMES: OptimizerNames = {
  adamw_torch: ADAMW,
  adamw_torch_fused: ADAMW,
  adamw_torch_xla: ADAMW,
  adamw_torch_npu_fused: ADAMW,
  adamw_apex_fused: ADAMW,
  adamw_anyprecision: ADAMW,
  adamw_hf: ADAMW,
  adamw_torch_4bit: ADAMW_QUANTIZED,
  adamw_torch_8bit: ADAMW_QUANTIZED,
  adamw_bnb_8bit: ADAMW_QUANTIZED,
  adamw_8bit: ADAMW_QUANTIZED,
  paged_adamw_32bit: ADAMW,
  paged_adamw_8bit: ADAMW_QUANTIZED,
  paged_adamw: {
    refused: l10n.t("Hugging Face's Trainer has no optimizer of this name; it is called paged_adamw_32bit."),
  },
  ademamix: ADEMAMIX,
  ademamix_8bit: { ...ADEMAMIX, quantized: true },
  paged_ademamix_32bit: ADEMAMIX,
  paged_ademamix_8bit: { ...ADEMAMIX, quantized: true },
  lion_32bit: { row: 'lion', traps: [OLD_LION] },
  lion_8bit: { row: 'lion', traps: [OLD_LION], quantized: true },
  paged_lion_32bit: { row: 'lion', traps: [OLD_LION] },
  paged_lion_8bit: { row: 'lion', traps: [OLD_LION], quantized: true },
  rmsprop_bnb: RMSPROP_BNB,
  rmsprop_bnb_32bit: RMSPROP_BNB,
  rmsprop_bnb_8bit: { ...RMSPROP_BNB, quantized: true },
  // Built with scale_parameter=False and relative_step=False.
  adafactor: {
    row: 'adafactor-hf',
    groupKeys: FIRST_EPS,
    fixed: { eps: unpassed('Adafactor', 1e-30) },
  },
  sgd: { row: 'sgd', arguments: { momentum: 'momentum' } },
  adagrad: {
    row: 'adagrad',
    arguments: { eps: 'eps' },
    fixed: { initialAccumulator: unpassed('Adagrad', 0) },
  },
  rmsprop: { row: 'rmsprop', arguments: { eps: 'eps', momentum: 'momentum' } },
  galore_adamw: GALORE,
  galore_adamw_layerwise: layerwise(GALORE),
  galore_adamw_8bit: GALORE_8BIT,
  galore_adamw_8bit_layerwise: layerwise(GALORE_8BIT),
  galore_adafactor: { unknown: l10n.t('LoRA Alpha has not measured Adafactor on a projected gradient.') },
  galore_adafactor_layerwise: {
    refused: l10n.t(
      'GaLore builds it with a relative step and a learning rate at once, and stops ("Cannot combine manual lr").',
    ),
  },
  apollo_adamw: APOLLO,
  apollo_adamw_layerwise: layerwise(APOLLO),
  // Gradient descent with decoupled decay, no momentum.
  lomo: {
    row: 'sgdw',
    isUngrouped: true,
    fixed: { weightDecay: unpassed('LOMO', 0), momentum: unpassed('LOMO', 0), maxGradNorm: unclipped },
  },
  adalomo: {
    row: 'adalomo',
    isUngrouped: true,
    fixed: {
      weightDecay: unpassed('AdaLomo', 0),
      eps: unpassed('AdaLomo', 1e-30),
      epsRms: unpassed('AdaLomo', 1e-3),
      maxGradNorm: unclipped,
    },
  },
  grokadamw: {
    row: 'grokadamw',
    isUngrouped: true,
    fixed: { eps: unpassed('GrokAdamW', 1e-8), betas: unpassed('GrokAdamW', [0.9, 0.999]) },
  },
  schedule_free_adamw: { row: 'schedule-free-adamw' },
  schedule_free_radam: { row: 'schedule-free-radam' },
  schedule_free_sgd: { row: 'schedule-free-sgd', fixed: { momentum: unpassed('SGDScheduleFree', 0.9) } },
  stable_adamw: {
    row: 'stable-adamw',
    // bool("False") is True: whatever is written turns it on.
    variants: [
      {
        when: { decouple_lr: 'given' },
        decays: true,
        is: {
          unknown: l10n.t(
            'with decouple_lr its weight decay does not follow the learning rate, a rule that LoRA Alpha does not know.',
          ),
        },
      },
    ],
  },
};
