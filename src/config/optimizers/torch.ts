import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt } from '../syntax/tree';
import type { OptimizerNames } from './word';

/** The first of a pair of eps; the second limits the parameter's RMS from below. */
export const FIRST_EPS = { eps: 'eps.0' };

/** Where trainers say that convolutions are adapted, or DoRA is on. */
const NOT_MATRICES = [
  ['network_args', 'conv_dim'],
  ['network_args', 'dora_wd'],
  ['conv_dim'],
  ['network', 'conv'],
  ['lora', 'use_dora'],
  ['use_dora'],
];

/** Decay that is decoupled where the row's is coupled; without decay both are one. */
const decoupled = { when: { decoupled_weight_decay: true }, decays: true };

/**
 * Classes of torch.optim with their defaults.
 * @see https://docs.pytorch.org/docs/stable/optim.html (v2.13)
 */
export const TORCH_CLASSES: OptimizerNames = {
  'torch.optim.AdamW': { row: 'adamw', defaults: { weightDecay: 0.01 } },
  'torch.optim.Adam': {
    row: 'adam',
    defaults: { weightDecay: 0 },
    variants: [{ when: { decoupled_weight_decay: true }, is: { row: 'adamw' } }],
  },
  'torch.optim.Adamax': { row: 'adamax', defaults: { learningRate: 2e-3 } },
  'torch.optim.NAdam': {
    row: 'nadam',
    defaults: { learningRate: 2e-3 },
    variants: [{ when: { decoupled_weight_decay: true }, is: { row: 'nadam-decoupled' } }],
  },
  'torch.optim.RAdam': { row: 'radam', variants: [{ ...decoupled, is: { row: 'radam-decoupled' } }] },
  'torch.optim.RMSprop': { row: 'rmsprop', defaults: { learningRate: 0.01, eps: 1e-8 } },
  'torch.optim.Adagrad': { row: 'adagrad', defaults: { learningRate: 0.01, eps: 1e-10 } },
  'torch.optim.Adadelta': { row: 'adadelta', defaults: { learningRate: 1, eps: 1e-6 } },
  'torch.optim.Rprop': {
    row: 'rprop',
    defaults: { learningRate: 0.01 },
    arguments: { etaMinus: 'etas.0', etaPlus: 'etas.1' },
    pairs: { step_sizes: [1e-6, 50] },
  },
  'torch.optim.SGD': { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  'torch.optim.ASGD': { row: 'asgd', defaults: { learningRate: 0.01 } },
  // The first eps defaults to the machine epsilon of the parameters' type.
  'torch.optim.Adafactor': {
    row: 'adafactor-torch',
    // Its groups hold None for the first eps by default.
    isUngrouped: true,
    defaults: { learningRate: 0.01, weightDecay: 0 },
    arguments: { ...FIRST_EPS, clipThreshold: 'd', decayRate: 'beta2_decay' },
    pairs: { eps: [1.1920928955078125e-7, 1e-3] },
    traps: [
      {
        code: 'eps-by-type',
        severity: 'info',
        message: l10n.t(
          "torch's Adafactor defaults the first eps to the machine epsilon of the parameters' type: 1.2e-7 in float32, but 7.8e-3 in bfloat16, which is not negligible. Set eps.",
        ),
        applies: (root) =>
          [
            ['optimizer', 'eps'],
            ['optimizer_args', 'eps'],
          ].every((path) => nodeAt(root, path) === null),
      },
    ],
  },
  'torch.optim.Muon': {
    row: 'muon',
    defaults: { learningRate: 1e-3, weightDecay: 0.1, momentum: 0.95, nesterov: true, eps: 1e-7 },
    // Its momentum is an average, and its norm is held above eps, not added to it.
    options: { lerp: 1, clampNorm: 1 },
    traps: [
      {
        code: 'optimizer-stops',
        severity: 'warning',
        message: l10n.t(
          "torch's Muon accepts only matrices, and stops at the factors of convolutions (four dimensions) and at DoRA's magnitudes.",
        ),
        applies: (root) => NOT_MATRICES.some((path) => Boolean(scalarAt(root, path))),
        limits: 'approximate',
      },
    ],
    variants: [{ when: { adjust_lr_fn: 'match_rms_adamw' }, is: { options: { lerp: 1, clampNorm: 1, matchRms: 1 } } }],
  },
  'torch.optim.LBFGS': { refused: l10n.t('it has to recompute the loss within a step, which no recipe does.') },
  'torch.optim.SparseAdam': { refused: l10n.t('it takes sparse gradients only.') },
};
