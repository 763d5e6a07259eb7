import * as l10n from '@vscode/l10n';
import { namesIn, type Default } from '../trainers/shared/fields';
import { FIRST_EPS } from './torch';
import { inModules, otherDecay, unmeasured, type OptimizerNames, type OptimizerRule, type Variant } from './word';
import { unclear, type Trap } from '../trainers/shared/trap';

const ownRate: Default = {
  value: null,
  why: l10n.t`Adafactor sets its own learning rate with relative_step; with relative_step=False it uses the one of the file.`,
};
const RELATIVE = { fixed: { learningRate: ownRate, loraplusLrRatio: ownRate } };
const RELATIVE_UNSCALED = { row: 'adafactor-hf-relative', ...RELATIVE };

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
    { when: { warmup_init: true, scale_parameter: false }, is: RELATIVE_UNSCALED },
    { when: { warmup_init: true }, is: RELATIVE },
    { when: { relative_step: false, scale_parameter: false }, is: { row: 'adafactor-hf' } },
    { when: { relative_step: false }, is: { row: 'adafactor-hf-scale' } },
    { when: { scale_parameter: false }, is: RELATIVE_UNSCALED },
    { when: {}, is: RELATIVE },
  ],
};

/**
 * An optimizer that estimates its step size. `decouple` chooses between two kinds of weight decay.
 * @param other the row at the value of `decouple` that is not the default
 */
function estimating(row: string, other: string, decouple: boolean): OptimizerRule {
  return {
    row,
    defaults: { learningRate: 1, weightDecay: 0 },
    arguments: { beta3: 'beta3', biasCorrection: 'use_bias_correction' },
    variants: [{ when: { decouple }, decays: true, is: { row: other } }],
  };
}

/** @see https://github.com/konstmish/prodigy (v1.1.2) */
export const PRODIGY = estimating('prodigy', 'prodigy-coupled', false);
/** D-Adaptation's Adam adds its decay to the gradient by default. */
export const DADAPT_ADAM = estimating('dadapt-adam', 'dadapt-adam-decoupled', true);
export const DADAPT_ADAM_PREPRINT = estimating('dadapt-adam-preprint', 'dadapt-adam-preprint-decoupled', true);
const DADAPT_ADAN: OptimizerRule = { row: 'dadapt-adan', defaults: { learningRate: 1, weightDecay: 0.02 } };

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

const LOUD = l10n.t`without its silent phase the first steps are SGD, a rule that LoRA Alpha does not know.`;

/** @see https://github.com/facebookresearch/schedule_free (v1.4.1), without the default learning rates of the classes */
export const SCHEDULE_FREE_CLASSES = {
  AdamWScheduleFree: { row: 'schedule-free-adamw', defaults: { weightDecay: 0 } },
  RAdamScheduleFree: {
    row: 'schedule-free-radam',
    defaults: { weightDecay: 0 },
    variants: [{ when: { silent_sgd_phase: false }, is: { unknown: LOUD } }],
  },
  SGDScheduleFree: { row: 'schedule-free-sgd', defaults: { weightDecay: 0, momentum: 0.9 } },
} satisfies OptimizerNames;

/** The classes of schedulefree with their default learning rates. */
const SCHEDULE_FREE = Object.entries(SCHEDULE_FREE_CLASSES).map(([name, rule]) => {
  const learningRate = name.startsWith('SGD') ? 1 : 2.5e-3;
  return [name, { ...rule, defaults: { ...rule.defaults, learningRate } }] as const;
});

/** @see https://github.com/yangluo7/CAME (came_pytorch, v0.1.3) */
const CAME: OptimizerRule = {
  row: 'came',
  arguments: { ...FIRST_EPS, epsInstability: 'eps.1' },
  pairs: { eps: [1e-30, 1e-16] },
  options: { epsInstability: 1e-16 },
  defaults: { weightDecay: 0, eps: 1e-30 },
};

/** Decay that does not follow the rate. */
export const DECOUPLE_LR: Variant = otherDecay({ decouple_lr: true });

const optimi = (row: string, defaults: OptimizerRule['defaults']): OptimizerRule => ({
  row,
  defaults: { betas: [0.9, 0.99], ...defaults },
  variants: [DECOUPLE_LR],
});

/** @see https://github.com/warner-benjamin/optimi (optimi/adamw.py, stableadamw.py, lion.py) */
export const OPTIMI_ADAMW = optimi('adamw', { eps: 1e-6, weightDecay: 0 });
export const OPTIMI_STABLE_ADAMW = optimi('stable-adamw', { eps: 1e-6, weightDecay: 0.01 });
export const OPTIMI_LION = optimi('lion', { weightDecay: 0 });

/** PEFT's LoRA-FA, by the function that makes it (src/peft/optimizers/lorafa.py, v0.21.2). */
const LORA_FA: OptimizerRule = {
  row: 'lora-fa',
  defaults: { weightDecay: 0 },
  fixed: { eps: { value: 1e-6, who: 'LoRA-FA' }, betas: { value: [0.9, 0.999], who: 'LoRA-FA' } },
};

/** NVIDIA's, DeepSpeed's and Apex's Adam, which decouple the weight decay by default. */
export const FUSED_ADAM: OptimizerRule = {
  row: 'adamw',
  defaults: { weightDecay: 0 },
  variants: [{ when: { adam_w_mode: false }, is: { row: 'adam' } }],
};

/** Classes of small packages, as a script imports them. */
export const PACKAGE_CLASSES: OptimizerNames = {
  ...inModules(['transformers', 'transformers.optimization'], { Adafactor: ADAFACTOR }),
  ...inModules(['prodigyopt', 'prodigyopt.prodigy'], { Prodigy: PRODIGY }),
  ...inModules(['lion_pytorch', 'lion_pytorch.lion_pytorch'], { Lion: LION }),
  ...inModules(['optimi'], { AdamW: OPTIMI_ADAMW, StableAdamW: OPTIMI_STABLE_ADAMW, Lion: OPTIMI_LION }),
  ...inModules(['schedulefree'], Object.fromEntries(SCHEDULE_FREE)),
  ...inModules(['came_pytorch', 'came_pytorch.CAME'], { CAME }),
  ...inModules(['dadaptation'], DADAPTATION_CLASSES),
  ...inModules(['peft.optimizers', 'peft.optimizers.lorafa', 'peft'], { create_lorafa_optimizer: LORA_FA }),
  ...inModules(['apex.optimizers', 'deepspeed.ops.adam'], { FusedAdam: FUSED_ADAM }),
};

const BY_ADAM = l10n.t`This optimizer trains LoRA on embeddings and the head with Adam and numbers that LoRA Alpha does not read.`;

/** @see axolotl-contribs-mit 0.0.6 (muon.py, dion/axolotl_.py); axolotl 0.19.0 (utils/optimizers/sinkgd.py) */
export const HEAD_BY_ADAM = ['lora_target_modules', 'lora_target'].map((label) =>
  unclear(label, BY_ADAM, { when: (root) => /embed_tokens|lm_head/.test(namesIn(root, label).join()) }),
);

/** Axolotl's own Muon and LLaMA-Factory's are one: 1e-7 is added to the norm, and cannot be set. */
export const MUON: OptimizerRule = {
  row: 'muon',
  defaults: { momentum: 0.95, nesterov: true, weightDecay: 0 },
  // Each step is as large as Adam's would be: times 0.2·√max(rows, columns).
  options: { matchRms: 1 },
  fixed: { eps: { value: 1e-7 } },
  traps: HEAD_BY_ADAM,
  variants: [{ when: { ns_steps: 'given' }, is: { unknown: l10n.t`with ${'ns_steps'} it has not been measured.` } }],
};

/** These add the decay to the gradient by default; the row's decay is decoupled. */
const COUPLED: readonly Variant[] = [
  { when: { weight_decouple: true }, is: {} },
  otherDecay({}, 'weight_decouple=False'),
];

/** These decouple the decay by default. */
const DECOUPLED: readonly Variant[] = [
  otherDecay({ weight_decouple: false }, 'weight_decouple=False'),
  otherDecay({ fixed_decay: true }),
];

/**
 * Classes of pytorch_optimizer, which sd-scripts installs.
 * @see https://github.com/kozistr/pytorch_optimizer (v4.1.0)
 */
export const PYTORCH_OPTIMIZER: OptimizerNames = {
  AdEMAMix: { row: 'ademamix', defaults: { weightDecay: 0 }, variants: COUPLED },
  ADOPT: { row: 'adopt', defaults: { weightDecay: 0, betas: [0.9, 0.9999], eps: 1e-6 }, variants: COUPLED },
  // Its decay is proximal unless decoupled; both are rules of the row.
  Adan: {
    row: 'adan',
    defaults: { weightDecay: 0 },
    variants: [{ when: { weight_decouple: true }, is: { options: { noProx: 1 } } }],
  },
  // It reads its eps from itself, not from its groups.
  CAME: {
    row: 'came',
    defaults: { learningRate: 2e-4, weightDecay: 0, eps: 1e-30 },
    arguments: { eps: 'eps1', epsInstability: 'eps2' },
    isUngrouped: true,
    variants: DECOUPLED,
  },
  StableAdamW: {
    row: 'stable-adamw',
    defaults: { weightDecay: 0.01, betas: [0.9, 0.99], eps: 1e-8 },
    variants: DECOUPLED,
  },
  Lion: { row: 'lion', defaults: { learningRate: 1e-4, weightDecay: 0, betas: [0.9, 0.99] }, variants: DECOUPLED },
  SOAP: { row: 'soap', defaults: { learningRate: 3e-3, weightDecay: 0.01, betas: [0.95, 0.95], eps: 1e-8 } },
};

const ROUNDS: Trap = {
  code: 'optimizer-without-rule',
  message: l10n.t`prodigy-plus-schedule-free multiplies gradients by d²/√d0, which no k makes a power of two. So both runs round differently: about 1e-3 of what is trained after 20 steps.`,
  applies: () => true,
  limits: 'nearly',
};

/**
 * Each switch was flipped on the class for 40 steps: those here keep no plan, or none was measured.
 * @see https://github.com/LoganBooker/prodigy-plus-schedule-free (v2.0.1)
 */
export const PRODIGY_PLUS: OptimizerRule = {
  row: 'prodigy',
  defaults: { learningRate: 1, weightDecay: 0, betas: [0.9, 0.99] },
  arguments: { beta3: 'beta3' },
  traps: [ROUNDS],
  variants: [
    otherDecay({ weight_decay_by_lr: false }, 'weight_decay_by_lr=False'),
    ...unmeasured(true, 'use_speed use_orthograd use_focus use_adopt use_cautious use_grams use_bias_correction'),
    ...unmeasured(false, 'factored d_limiter use_stableadamw use_schedulefree split_groups'),
  ],
};

/** pytorch_optimizer's classes and prodigy-plus-schedule-free's, by their paths. */
export const PYTORCH_OPTIMIZER_CLASSES: OptimizerNames = {
  ...inModules(['pytorch_optimizer'], PYTORCH_OPTIMIZER),
  'prodigyplus.ProdigyPlusScheduleFree': PRODIGY_PLUS,
};
