import * as l10n from '@vscode/l10n';
import { FIRST_EPS } from '../../optimizers/torch';
import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';
import type { Default } from '../shared/fields';

const ADAM_EPS = { eps: { value: 1e-6 } };

/** bitsandbytes' kernel under Adam's name, with decoupled decay; ai-toolkit's own 8-bit Adam decouples it too. */
const ADAM_8BIT: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0 }, fixed: ADAM_EPS, quantized: true };
const ADAMW_8BIT: OptimizerRule = { ...ADAM_8BIT, defaults: { weightDecay: 0.01 } };
const LION: OptimizerRule = { row: 'lion', defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 } };
const PRODIGY: OptimizerRule = {
  row: 'prodigy',
  defaults: { learningRate: 1, weightDecay: 0 },
  fixed: ADAM_EPS,
  arguments: { beta3: 'beta3', biasCorrection: 'use_bias_correction' },
  variants: [{ when: { decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
};
const UNCLIPPED: Default = {
  value: 0,
  why: l10n.t('ai-toolkit never clips gradients for `adafactor`, but does for `Adafactor`.'),
};
const ADAFACTOR: OptimizerRule = {
  row: 'adafactor-hf',
  arguments: FIRST_EPS,
  pairs: { eps: [1e-30, 1e-3] },
  variants: [{ when: { scale_parameter: true }, is: { row: 'adafactor-hf-scale' } }],
};
const AUTOMAGIC: OptimizerRule = { row: 'automagic', arguments: FIRST_EPS, pairs: { eps: [1e-30, 1e-3] } };

/**
 * `train.optimizer` of ai-toolkit; its arguments are in `train.optimizer_params`.
 * @see https://github.com/ostris/ai-toolkit (toolkit/optimizer.py, 27a03a91)
 */
export const AI_TOOLKIT_NAMES: OptimizerNames = {
  adam: { row: 'adam', fixed: ADAM_EPS },
  adamw: { row: 'adamw', fixed: ADAM_EPS },
  adam8: {
    ...ADAM_8BIT,
    variants: [{ when: { decouple: false }, decays: true, is: { row: 'adam' } }],
  },
  adamw8: { ...ADAM_8BIT },
  adam8bit: ADAM_8BIT,
  adamw8bit: ADAMW_8BIT,
  ademamix8bit: { row: 'ademamix', defaults: { weightDecay: 0.01 }, fixed: ADAM_EPS, quantized: true },
  lion: LION,
  lion8bit: { ...LION, quantized: true },
  adagrad: { row: 'adagrad', defaults: { eps: 1e-10 } },
  // The loop asks for the name as it is written (extensions_built_in/sd_trainer/SDTrainer.py).
  Adafactor: ADAFACTOR,
  adafactor: { ...ADAFACTOR, fixed: { maxGradNorm: UNCLIPPED } },
  prodigy: PRODIGY,
  prodigy8bit: { ...PRODIGY, quantized: true },
  // A rate below 0.1 is taken for 1.
  dadaptation: {
    row: 'dadapt-adam',
    fixed: ADAM_EPS,
    variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-decoupled' } }],
  },
  dadaptationadam: { refused: l10n.t('ai-toolkit builds DAdaptLion with an eps, which DAdaptLion refuses.') },
  dadaptationlion: { refused: l10n.t('ai-toolkit builds DAdaptLion with an eps, which DAdaptLion refuses.') },
  automagic: AUTOMAGIC,
  automagic2: { row: 'automagic' },
  automagic3: { row: 'automagic3' },
  automagicexperiment: {
    unknown: l10n.t('it is automagic3 with another denominator, which LoRA Alpha has not measured.'),
  },
};
