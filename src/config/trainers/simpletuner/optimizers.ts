import * as l10n from '@vscode/l10n';
import { bnb } from '../../optimizers/bitsandbytes';
import { OPTIMI_ADAMW, OPTIMI_LION, OPTIMI_STABLE_ADAMW, PRODIGY } from '../../optimizers/packages';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { isNoRule, narrow, unmeasured, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';
import type { Default } from '../shared/fields';

const OWN: OptimizerWord = { unknown: l10n.t("it is SimpleTuner's own version, which LoRA Alpha has not measured.") };
const UNMEASURED: OptimizerWord = { unknown: l10n.t("it is optimi's version, which LoRA Alpha has not measured.") };

const unclipped: Default = { value: 0, why: l10n.t('SimpleTuner never clips gradients for this optimizer.') };
const UNCLIPPED = { maxGradNorm: unclipped, maxGradValue: unclipped };

const ADAMW = { weightDecay: 0.01, eps: 1e-6, betas: [0.9, 0.999] } as const;
const AO_ADAMW = narrow({ row: 'adamw', defaults: ADAMW });

/** Classes of torch, to which SimpleTuner passes its own weight decay: `torch-adamw` is AdamW. */
const TORCH = ['Adam', 'AdamW', 'SGD', 'RAdam', 'NAdam', 'RMSprop', 'Adagrad', 'Adadelta', 'Adafactor', 'Adamax']
  .concat(['ASGD', 'SparseAdam'])
  .map((name): [string, OptimizerWord] => {
    const word = TORCH_CLASSES[`torch.optim.${name}`] ?? OWN;
    const weightDecay = name === 'AdamW' ? 0.01 : 0;
    return [
      `torch-${name.toLowerCase()}`,
      isNoRule(word) ? word : { ...word, defaults: { ...word.defaults, weightDecay } },
    ];
  });

/** Classes of bitsandbytes: `bnb-adamw8bit-paged` is PagedAdamW8bit. */
const BNB = ['Adagrad', 'Adam', 'AdamW', 'Lion', 'AdEMAMix'].flatMap((name) =>
  ['', '8bit'].flatMap((width) =>
    (name === 'Adagrad' || name === 'Adam' ? [''] : ['', 'Paged']).map((paged): [string, OptimizerWord] => {
      const rule = bnb(`${paged}${name}${width}`);
      const defaults = name === 'AdamW' ? ADAMW : rule.defaults;
      return [`bnb-${name.toLowerCase()}${width}${paged && '-paged'}`, { ...rule, ...(defaults && { defaults }) }];
    }),
  ),
);

/**
 * `optimizer` of SimpleTuner; its arguments are in `optimizer_config`.
 * @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/training/optimizer_param.py, bc8e6ab7)
 */
export const SIMPLETUNER_NAMES: OptimizerNames = {
  ...Object.fromEntries(TORCH),
  ...Object.fromEntries(BNB),
  adamw_bf16: { row: 'adamw', defaults: ADAMW },
  'ao-adamw8bit': AO_ADAMW,
  'ao-adamw4bit': AO_ADAMW,
  'ao-adamfp8': { ...AO_ADAMW, row: 'adam' },
  'ao-adamwfp8': AO_ADAMW,
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
  prodigy: {
    ...PRODIGY,
    defaults: { ...PRODIGY.defaults, betas: [0.9, 0.99] },
    fixed: UNCLIPPED,
    variants: unmeasured('use_speed', 'use_cautious', 'use_grams', 'use_adopt'),
  },
};
