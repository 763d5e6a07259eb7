import { BNB_CLASSES } from './bitsandbytes';
import { PYTORCH_OPTIMIZER_CLASSES } from './pytorch-optimizer';
import { FIRST_EPS, TORCH_CLASSES } from './torch';
import { TORCHAO_CLASSES } from './torchao';
import { wordOf, type Fixed, type OptimizerNames, type OptimizerRule, type Variant } from './word';

const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };
const ADAMW_QUANTIZED: OptimizerRule = { ...ADAMW, quantized: true };

/** A decay of the other kind than the row's, which is another rule. */
const otherDecay = (when: Variant['when']): Variant => ({
  when,
  decays: true,
  is: { unknown: `with ${Object.keys(when).join()} its weight decay follows a rule that is not known here.` },
});

const ownRate: Fixed = {
  value: null,
  why: 'AdaFactor sets its own rate with relative_step; relative_step=False makes it listen.',
};
const RELATIVE = { learningRate: ownRate, loraplusLrRatio: ownRate };

/**
 * Hugging Face's Adafactor. sd-scripts has relative_step on unless optimizer_args say otherwise, and turns it on with
 * warmup_init.
 */
const ADAFACTOR: OptimizerRule = {
  row: 'adafactor-hf-scale-relative',
  arguments: FIRST_EPS,
  pairs: { eps: [1e-30, 1e-3] },
  defaults: { weightDecay: 0 },
  variants: [
    {
      when: { warmup_init: true, scale_parameter: false },
      is: { row: 'adafactor-hf-relative', fixed: RELATIVE },
    },
    { when: { warmup_init: true }, is: { fixed: RELATIVE } },
    { when: { relative_step: false, scale_parameter: false }, is: { row: 'adafactor-hf' } },
    { when: { relative_step: false }, is: { row: 'adafactor-hf-scale' } },
    { when: { scale_parameter: false }, is: { row: 'adafactor-hf-relative', fixed: RELATIVE } },
    { when: {}, is: { fixed: RELATIVE } },
  ],
};

const DISTANCE_ARGUMENTS = { beta3: 'beta3', biasCorrection: 'use_bias_correction' };

const PRODIGY: OptimizerRule = {
  row: 'prodigy',
  defaults: { learningRate: 1, weightDecay: 0 },
  arguments: DISTANCE_ARGUMENTS,
  variants: [{ when: { decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
};
/** D-Adaptation's Adam adds its decay to the gradient, unless told to decouple it. */
const DADAPT_ADAM: OptimizerRule = {
  row: 'dadapt-adam',
  defaults: { learningRate: 1, weightDecay: 0 },
  arguments: DISTANCE_ARGUMENTS,
  variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-decoupled' } }],
};
const DADAPT_ADAM_PREPRINT: OptimizerRule = {
  ...DADAPT_ADAM,
  row: 'dadapt-adam-preprint',
  variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-preprint-decoupled' } }],
};
const DADAPT_ADAN: OptimizerRule = {
  row: 'dadapt-adan',
  defaults: { learningRate: 1, weightDecay: 0.02 },
};

/** Names that sd-scripts knows itself. */
const OWN: OptimizerNames = {
  AdamW: ADAMW,
  AdamW8bit: ADAMW_QUANTIZED,
  PagedAdamW: ADAMW,
  PagedAdamW8bit: ADAMW_QUANTIZED,
  PagedAdamW32bit: ADAMW,
  Lion: {
    row: 'lion',
    defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 },
    variants: [otherDecay({ decoupled_weight_decay: true })],
  },
  Lion8bit: BNB_CLASSES['bitsandbytes.optim.Lion8bit'] ?? { row: 'lion' },
  PagedLion8bit: BNB_CLASSES['bitsandbytes.optim.PagedLion8bit'] ?? { row: 'lion' },
  // Momentum is 0.9 where nobody gives one; the 8-bit class has no Nesterov momentum.
  SGDNesterov: { row: 'sgd', defaults: { momentum: 0.9, nesterov: true, weightDecay: 0 } },
  SGDNesterov8bit: {
    row: 'sgd',
    quantized: true,
    defaults: { momentum: 0.9, weightDecay: 0 },
    fixed: { nesterov: { value: false, why: "bitsandbytes' SGD has no Nesterov momentum, whatever it is told." } },
  },
  AdaFactor: ADAFACTOR,
  Prodigy: PRODIGY,
  DAdaptation: DADAPT_ADAM_PREPRINT,
  DAdaptAdamPreprint: DADAPT_ADAM_PREPRINT,
  DAdaptAdam: DADAPT_ADAM,
  DAdaptAdaGrad: { row: 'dadapt-adagrad', defaults: { learningRate: 1, weightDecay: 0, eps: 1e-6 } },
  DAdaptSGD: { row: 'dadapt-sgd', defaults: { learningRate: 1, weightDecay: 0, momentum: 0 } },
  DAdaptLion: { row: 'dadapt-lion', defaults: { learningRate: 1, weightDecay: 0 } },
  DAdaptAdan: DADAPT_ADAN,
  DAdaptAdanIP: { ...DADAPT_ADAN, row: 'dadapt-adan-ip' },
  AdamWScheduleFree: { row: 'schedule-free-adamw', defaults: { weightDecay: 0 } },
  RAdamScheduleFree: {
    row: 'schedule-free-radam',
    defaults: { weightDecay: 0 },
    variants: [
      {
        when: { silent_sgd_phase: false },
        is: { unknown: 'without its silent phase the first steps are SGD, a rule that is not known here.' },
      },
    ],
  },
  SGDScheduleFree: { row: 'schedule-free-sgd', defaults: { weightDecay: 0, momentum: 0.9 } },
  AdEMAMix8bit: {
    refused: 'sd-scripts looks for it in torch.optim, which has none; write bitsandbytes.optim.AdEMAMix8bit.',
  },
  PagedAdEMAMix8bit: {
    refused: 'sd-scripts looks for it in torch.optim, which has none; write bitsandbytes.optim.PagedAdEMAMix8bit.',
  },
};

/** Every path that begins with dadapt counts as one of sd-scripts' own names, and is none. */
const DADAPT_PATHS: OptimizerNames = Object.fromEntries(
  Object.keys(OWN)
    .filter((name) => name.startsWith('DAdapt'))
    .map((name) => [
      `dadaptation.${name}`,
      { refused: `sd-scripts takes a name that begins with dadapt for one of its own, and stops; write ${name}.` },
    ]),
);

/** Any other name is looked up in torch.optim: `RMSprop` is torch.optim.RMSprop. */
const TORCH_BARE: OptimizerNames = Object.fromEntries(
  Object.entries(TORCH_CLASSES)
    .map(([path, word]) => [path.slice('torch.optim.'.length), word] as const)
    .filter(([name]) => wordOf(OWN, name) === undefined),
);

/**
 * `optimizer_type` of sd-scripts: its own names, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_optimizer, 48d368fa)
 */
export const KOHYA_NAMES: OptimizerNames = {
  ...OWN,
  ...TORCH_BARE,
  ...DADAPT_PATHS,
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  ...PYTORCH_OPTIMIZER_CLASSES,
};

/**
 * `optimizer_type` of musubi-tuner: three names of its own, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/trainer_base.py: get_optimizer, 30c658c)
 */
export const MUSUBI_NAMES: OptimizerNames = {
  AdamW: ADAMW,
  AdamW8bit: ADAMW_QUANTIZED,
  AdaFactor: ADAFACTOR,
  ...without(TORCH_BARE, ['AdamW', 'Adafactor']),
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  ...PYTORCH_OPTIMIZER_CLASSES,
};

function without(names: OptimizerNames, others: readonly string[]): OptimizerNames {
  return Object.fromEntries(Object.entries(names).filter(([name]) => !others.includes(name)));
}
