import * as l10n from '@vscode/l10n';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { OPTIMI_ADAMW, OPTIMI_LION, OPTIMI_STABLE_ADAMW } from '../../optimizers/optimi';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { isNoRule, type ClassDefaults, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';
import type { Default } from '../shared/fields';

const OWN: OptimizerWord = { unknown: l10n.t("it is SimpleTuner's own version, which LoRA Alpha has not measured.") };
const UNMEASURED: OptimizerWord = { unknown: l10n.t("it is optimi's version, which LoRA Alpha has not measured.") };

const unclipped: Default = { value: 0, why: l10n.t('SimpleTuner never clips gradients for this optimizer.') };
const UNCLIPPED = { maxGradNorm: unclipped, maxGradValue: unclipped };

/** SimpleTuner passes its own defaults to every class. */
function withDefaults(word: OptimizerWord | undefined, defaults: ClassDefaults): OptimizerWord {
  if (!word || isNoRule(word)) return word ?? OWN;
  return { ...word, defaults: { ...word.defaults, ...defaults } };
}

const torch = (name: string, defaults: ClassDefaults = {}): OptimizerWord =>
  withDefaults(TORCH_CLASSES[`torch.optim.${name}`], { weightDecay: 0, ...defaults });
const bnb = (name: string, defaults: ClassDefaults = {}): OptimizerWord =>
  withDefaults(BNB_CLASSES[`bitsandbytes.optim.${name}`], defaults);

const ADAMW_LIKE = { weightDecay: 0.01, eps: 1e-6, betas: [0.9, 0.999] } as const;

/**
 * `optimizer` of SimpleTuner; its arguments are in `optimizer_config`.
 * @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/training/optimizer_param.py, bc8e6ab7)
 */
export const SIMPLETUNER_NAMES: OptimizerNames = {
  'torch-adam': torch('Adam'),
  'torch-adamw': torch('AdamW', { weightDecay: 0.01 }),
  'torch-sgd': torch('SGD'),
  'torch-radam': torch('RAdam'),
  'torch-nadam': torch('NAdam'),
  'torch-rmsprop': torch('RMSprop'),
  'torch-adagrad': torch('Adagrad'),
  'torch-adadelta': torch('Adadelta'),
  'torch-adafactor': torch('Adafactor'),
  'torch-adamax': torch('Adamax'),
  'torch-asgd': torch('ASGD'),
  'torch-sparseadam': torch('SparseAdam'),
  adamw_bf16: { row: 'adamw', defaults: ADAMW_LIKE },
  'ao-adamw8bit': { row: 'adamw', defaults: ADAMW_LIKE, quantized: true },
  'ao-adamw4bit': { row: 'adamw', defaults: ADAMW_LIKE, quantized: true },
  'ao-adamfp8': { row: 'adam', defaults: ADAMW_LIKE, quantized: true },
  'ao-adamwfp8': { row: 'adamw', defaults: ADAMW_LIKE, quantized: true },
  adamw_schedulefree: OWN,
  'adamw_schedulefree+aggressive': OWN,
  'adamw_schedulefree+no_kahan': OWN,
  'optimi-stableadamw': { ...OPTIMI_STABLE_ADAMW, fixed: UNCLIPPED },
  'optimi-adamw': OPTIMI_ADAMW,
  'optimi-lion': OPTIMI_LION,
  'optimi-radam': UNMEASURED,
  'optimi-ranger': UNMEASURED,
  'optimi-adan': UNMEASURED,
  'optimi-adam': { row: 'adam', defaults: { betas: [0.9, 0.99], eps: 1e-6, weightDecay: 0 } },
  'optimi-sgd': { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  soap: OWN,
  muon: OWN,
  'bnb-adagrad': bnb('Adagrad'),
  'bnb-adagrad8bit': bnb('Adagrad8bit'),
  'bnb-adam': bnb('Adam'),
  'bnb-adam8bit': bnb('Adam8bit'),
  'bnb-adamw': bnb('AdamW', ADAMW_LIKE),
  'bnb-adamw8bit': bnb('AdamW8bit', ADAMW_LIKE),
  'bnb-adamw-paged': bnb('PagedAdamW', ADAMW_LIKE),
  'bnb-adamw8bit-paged': bnb('PagedAdamW8bit', ADAMW_LIKE),
  'bnb-lion': bnb('Lion'),
  'bnb-lion8bit': bnb('Lion8bit'),
  'bnb-lion-paged': bnb('PagedLion'),
  'bnb-lion8bit-paged': bnb('PagedLion8bit'),
  'bnb-ademamix': bnb('AdEMAMix'),
  'bnb-ademamix8bit': bnb('AdEMAMix8bit'),
  'bnb-ademamix-paged': bnb('PagedAdEMAMix'),
  'bnb-ademamix8bit-paged': bnb('PagedAdEMAMix8bit'),
  prodigy: {
    row: 'prodigy',
    defaults: { learningRate: 1, weightDecay: 0, betas: [0.9, 0.99] },
    fixed: UNCLIPPED,
    arguments: { beta3: 'beta3', biasCorrection: 'use_bias_correction' },
    variants: ['use_speed', 'use_cautious', 'use_grams', 'use_adopt'].map((option) => ({
      when: { [option]: true },
      is: { unknown: l10n.t`with ${option} it has not been measured.` },
    })),
  },
};
