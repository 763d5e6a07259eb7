import * as l10n from '@vscode/l10n';
import { OPTIMI_ADAMW, OPTIMI_LION, OPTIMI_STABLE_ADAMW } from './optimi';
import { FIRST_EPS } from './torch';
import { inModules, type OptimizerNames, type OptimizerRule, type Variant } from './word';
import type { Default } from '../trainers/shared/fields';

/** A decay of the other kind than the row's, which is another rule. */
const otherDecay = (when: Variant['when']): Variant => ({
  when,
  decays: true,
  is: {
    unknown: l10n.t`with ${Object.keys(when).join()} its weight decay follows a rule that LoRA Alpha does not know.`,
  },
});

const ownRate: Default = {
  value: null,
  why: l10n.t(
    'Adafactor sets its own learning rate with relative_step; with relative_step=False it uses the one of the file.',
  ),
};
const RELATIVE = { learningRate: ownRate, loraplusLrRatio: ownRate };

/**
 * Hugging Face's Adafactor, where relative_step is on by default; sd-scripts turns it on with warmup_init.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py
 */
export const ADAFACTOR: OptimizerRule = {
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

/** @see https://github.com/konstmish/prodigy (v1.1.2) */
export const PRODIGY: OptimizerRule = {
  row: 'prodigy',
  defaults: { learningRate: 1, weightDecay: 0 },
  arguments: DISTANCE_ARGUMENTS,
  variants: [{ when: { decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
};
/** D-Adaptation's Adam adds its decay to the gradient by default. */
const DADAPT_ADAM: OptimizerRule = {
  row: 'dadapt-adam',
  defaults: { learningRate: 1, weightDecay: 0 },
  arguments: DISTANCE_ARGUMENTS,
  variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-decoupled' } }],
};
export const DADAPT_ADAM_PREPRINT: OptimizerRule = {
  ...DADAPT_ADAM,
  row: 'dadapt-adam-preprint',
  variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-preprint-decoupled' } }],
};
const DADAPT_ADAN: OptimizerRule = {
  row: 'dadapt-adan',
  defaults: { learningRate: 1, weightDecay: 0.02 },
};

/** @see https://github.com/lucidrains/lion-pytorch (v0.2.5) */
export const LION: OptimizerRule = {
  row: 'lion',
  defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 },
  variants: [otherDecay({ decoupled_weight_decay: true })],
};

/** @see https://github.com/facebookresearch/dadaptation */
export const DADAPTATION_CLASSES: OptimizerNames = {
  DAdaptAdamPreprint: DADAPT_ADAM_PREPRINT,
  DAdaptAdam: DADAPT_ADAM,
  DAdaptAdaGrad: { row: 'dadapt-adagrad', defaults: { learningRate: 1, weightDecay: 0, eps: 1e-6 } },
  DAdaptSGD: { row: 'dadapt-sgd', defaults: { learningRate: 1, weightDecay: 0, momentum: 0 } },
  DAdaptLion: { row: 'dadapt-lion', defaults: { learningRate: 1, weightDecay: 0 } },
  DAdaptAdan: DADAPT_ADAN,
  DAdaptAdanIP: { ...DADAPT_ADAN, row: 'dadapt-adan-ip' },
};

/** @see https://github.com/facebookresearch/schedule_free (v1.4.1) */
export const SCHEDULE_FREE_CLASSES: OptimizerNames = {
  AdamWScheduleFree: { row: 'schedule-free-adamw', defaults: { weightDecay: 0 } },
  RAdamScheduleFree: {
    row: 'schedule-free-radam',
    defaults: { weightDecay: 0 },
    variants: [
      {
        when: { silent_sgd_phase: false },
        is: {
          unknown: l10n.t('without its silent phase the first steps are SGD, a rule that LoRA Alpha does not know.'),
        },
      },
    ],
  },
  SGDScheduleFree: { row: 'schedule-free-sgd', defaults: { weightDecay: 0, momentum: 0.9 } },
};

/** @see https://github.com/yangluo7/CAME (came_pytorch, v0.1.3) */
const CAME: OptimizerRule = {
  row: 'came',
  arguments: { ...FIRST_EPS, epsInstability: 'eps.1' },
  pairs: { eps: [1e-30, 1e-16] },
  defaults: { weightDecay: 0, eps: 1e-30 },
};

/** Schedule-free's default learning rates. */
const withRate = (names: OptimizerNames, rates: Readonly<Record<string, number>>): OptimizerNames =>
  Object.fromEntries(
    Object.entries(names).map(([name, word]) => {
      const learningRate = rates[name];
      return [
        name,
        'row' in word && learningRate !== undefined ? { ...word, defaults: { ...word.defaults, learningRate } } : word,
      ];
    }),
  );

/** Classes of small packages, as a script imports them. */
export const PACKAGE_CLASSES: OptimizerNames = {
  ...inModules(['transformers', 'transformers.optimization'], { Adafactor: ADAFACTOR }),
  ...inModules(['prodigyopt', 'prodigyopt.prodigy'], { Prodigy: PRODIGY }),
  ...inModules(['lion_pytorch', 'lion_pytorch.lion_pytorch'], { Lion: LION }),
  ...inModules(['optimi'], { AdamW: OPTIMI_ADAMW, StableAdamW: OPTIMI_STABLE_ADAMW, Lion: OPTIMI_LION }),
  ...inModules(
    ['schedulefree'],
    withRate(SCHEDULE_FREE_CLASSES, { AdamWScheduleFree: 2.5e-3, RAdamScheduleFree: 2.5e-3, SGDScheduleFree: 1 }),
  ),
  ...inModules(['came_pytorch', 'came_pytorch.CAME'], { CAME }),
  ...inModules(['dadaptation'], DADAPTATION_CLASSES),
};

/** Axolotl's own Muon and LLaMA-Factory's are one: 1e-7 is added to the norm, and cannot be set. */
export const MUON: OptimizerRule = {
  row: 'muon',
  defaults: { momentum: 0.95, nesterov: true, weightDecay: 0 },
  // Each step is as large as Adam's would be: times 0.2·√max(rows, columns).
  options: { matchRms: 1 },
  fixed: { eps: { value: 1e-7 } },
};
