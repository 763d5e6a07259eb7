import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt } from '../syntax/tree';
import { unclear } from '../trainers/shared/trap';
import { allAre, inModules, narrow, type OptimizerNames, type OptimizerRule } from './word';

/** The first of a pair of eps; the second limits the parameter's RMS from below. */
export const FIRST_EPS = { eps: 'eps.0' };

/** Decay that is decoupled where the row's is coupled; without decay both are one. */
const decoupled = { when: { decoupled_weight_decay: true }, decays: true };

const SAYS = {
  matrices: l10n.t`torch's Muon accepts only matrices, and stops at the factors of convolutions (four dimensions) and at DoRA's magnitudes.`,
  eps: l10n.t`torch's Adafactor defaults the first eps to the machine epsilon of the parameters' type: 1.2e-7 in float32, but 7.8e-3 in bfloat16, which is not negligible. Set eps.`,
};

/** Where trainers say that convolutions are adapted, or DoRA is on. */
const ONLY_MATRICES = 'network_args.conv_dim network_args.dora_wd conv_dim network.conv lora.use_dora use_dora'
  .split(' ')
  .map((label) => unclear(label, SAYS.matrices, { when: (root) => Boolean(scalarAt(root, label.split('.'))) }));

const EPS_BY_TYPE = unclear('optimizer', SAYS.eps, {
  when: (root) => ['optimizer', 'optimizer_args'].every((at) => nodeAt(root, [at, 'eps']) === null),
});

/** Classes of torch.optim with their defaults. @see https://docs.pytorch.org/docs/stable/optim.html (v2.13) */
export const TORCH_CLASSES: OptimizerNames = inModules(['torch.optim'], {
  AdamW: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  Adam: {
    row: 'adam',
    defaults: { weightDecay: 0 },
    variants: [{ when: { decoupled_weight_decay: true }, is: { row: 'adamw' } }],
  },
  Adamax: { row: 'adamax', defaults: { learningRate: 2e-3 } },
  NAdam: {
    row: 'nadam',
    defaults: { learningRate: 2e-3 },
    variants: [{ when: { decoupled_weight_decay: true }, is: { row: 'nadam-decoupled' } }],
  },
  RAdam: { row: 'radam', variants: [{ ...decoupled, is: { row: 'radam-decoupled' } }] },
  RMSprop: { row: 'rmsprop', defaults: { learningRate: 0.01, eps: 1e-8 } },
  Adagrad: { row: 'adagrad', defaults: { learningRate: 0.01, eps: 1e-10 } },
  Adadelta: { row: 'adadelta', defaults: { learningRate: 1, eps: 1e-6 } },
  Rprop: {
    row: 'rprop',
    defaults: { learningRate: 0.01 },
    arguments: { etaMinus: 'etas.0', etaPlus: 'etas.1' },
    pairs: { step_sizes: [1e-6, 50] },
  },
  SGD: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  ASGD: { row: 'asgd', defaults: { learningRate: 0.01 } },
  // The first eps defaults to the machine epsilon of the parameters' type; its groups hold None for it.
  Adafactor: {
    row: 'adafactor-torch',
    isUngrouped: true,
    defaults: { learningRate: 0.01, weightDecay: 0 },
    arguments: { ...FIRST_EPS, clipThreshold: 'd', decayRate: 'beta2_decay' },
    pairs: { eps: [1.1920928955078125e-7, 1e-3] },
    traps: [EPS_BY_TYPE],
  },
  // Its momentum is an average, and its norm is held above eps, not added to it.
  Muon: {
    row: 'muon',
    defaults: { learningRate: 1e-3, weightDecay: 0.1, momentum: 0.95, nesterov: true, eps: 1e-7 },
    options: { lerp: 1, clampNorm: 1 },
    traps: ONLY_MATRICES,
    variants: [{ when: { adjust_lr_fn: 'match_rms_adamw' }, is: { options: { lerp: 1, clampNorm: 1, matchRms: 1 } } }],
  },
  LBFGS: { refused: l10n.t('it has to recompute the loss within a step, which no recipe does.') },
  SparseAdam: { refused: l10n.t('it takes sparse gradients only.') },
});

/** The same, where a trainer passes every parameter of the model, frozen norms too. */
export const TORCH_OF_MODEL: OptimizerNames = {
  ...TORCH_CLASSES,
  'torch.optim.Muon': { refused: l10n.t("it stops at the model's norms, which are no matrices.") },
};

const AO_ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };

/**
 * Classes of torchao. Unlike bitsandbytes', its Adam is Adam.
 * @see https://github.com/pytorch/ao (torchao/optim/adam.py, v0.18.0)
 */
export const TORCHAO_CLASSES = inModules(['torchao.optim', 'torchao.prototype.low_bit_optim'], {
  ...allAre(narrow(AO_ADAMW), 'AdamW8bit AdamW4bit AdamWFp8'),
  _AdamW: AO_ADAMW,
  ...allAre(narrow({ row: 'adam', defaults: { weightDecay: 0 } }), 'Adam8bit Adam4bit AdamFp8'),
  CPUOffloadOptimizer: {
    ...AO_ADAMW,
    variants: [
      { when: { optimizer_class: 'torch.optim.AdamW' }, is: {} },
      {
        when: { optimizer_class: 'given' },
        is: { unknown: l10n.t('it passes the work on to another optimizer class.') },
      },
    ],
  },
});
