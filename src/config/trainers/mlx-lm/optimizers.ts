import * as l10n from '@vscode/l10n';
import { key, type Default, type Fields } from '../shared/fields';
import type { OptimizerNames } from '../../optimizers/word';

const at = (optimizer: string, argument: string): NonNullable<Fields['eps']> => ({
  keys: [key(`optimizer_config.${optimizer}.${argument}`)],
  beside: ['weight_decay', 'eps', 'betas', 'momentum'].map((name) => key(`optimizer_config.${optimizer}.${name}`)),
});

/** Bias correction is off by default; the rule is the same with it and without. */
const adam = (name: string): Fields => ({ eps: at(name, 'eps'), betas: at(name, 'betas') });

const ADAM = l10n.t("MLX's Adam");
const NO_DECAY: Default = { value: 0, why: l10n.t("MLX's Adam has no weight decay.") };

/** Its pair of eps, item by item. */
const PAIR = [1e-30, 1e-3] as const;
const epsOf = (item: 0 | 1): NonNullable<Fields['eps']> => ({
  keys: [{ ...key(`optimizer_config.adafactor.eps.${item}`), label: `optimizer_config.adafactor.eps[${item}]` }],
  pair: PAIR,
});

/**
 * `optimizer` of mlx-lm: MLX's own classes, with arguments under `optimizer_config.<name>`.
 * @see https://github.com/ml-explore/mlx (python/mlx/optimizers/optimizers.py, v0.32); mlx_lm/lora.py: train_model
 */
export const MLX_NAMES: OptimizerNames = {
  adam: {
    row: 'adam',
    fixed: { weightDecay: NO_DECAY },
    defaults: { eps: 1e-8, betas: [0.9, 0.999] },
    fields: adam('adam'),
  },
  adamw: {
    row: 'adamw',
    defaults: { weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] },
    fields: { ...adam('adamw'), weightDecay: at('adamw', 'weight_decay') },
  },
  sgd: {
    row: 'sgd',
    defaults: { weightDecay: 0, momentum: 0 },
    fields: {
      weightDecay: at('sgd', 'weight_decay'),
      momentum: at('sgd', 'momentum'),
      nesterov: at('sgd', 'nesterov'),
    },
  },
  // relative_step and scale_parameter are on by default, so Adafactor ignores the learning rate.
  adafactor: {
    row: 'adafactor-hf-scale-relative',
    defaults: { weightDecay: 0, eps: PAIR[0], epsRms: PAIR[1] },
    fields: { weightDecay: at('adafactor', 'weight_decay'), eps: epsOf(0), epsRms: epsOf(1) },
    variants: [
      { when: { 'adafactor.relative_step': false, 'adafactor.scale_parameter': false }, is: { row: 'adafactor-hf' } },
      { when: { 'adafactor.relative_step': false }, is: { row: 'adafactor-hf-scale' } },
      { when: { 'adafactor.scale_parameter': false }, is: { row: 'adafactor-hf-relative' } },
    ],
  },
  muon: {
    row: 'muon',
    options: { lerp: 1 },
    defaults: { weightDecay: 0.01, momentum: 0.95, nesterov: true },
    fixed: { eps: { value: 1e-7, who: l10n.t("MLX's Muon") } },
    fields: {
      weightDecay: at('muon', 'weight_decay'),
      momentum: at('muon', 'momentum'),
      nesterov: at('muon', 'nesterov'),
    },
    variants: [
      { when: { 'muon.weight_decay': 0 }, is: {} },
      {
        when: {},
        is: {
          unknown: l10n.t(
            "MLX's Muon adds its weight decay (default 0.01) to the gradient before it keeps only the directions, which no rule of LoRA Alpha covers. With weight_decay: 0 a rule exists.",
          ),
        },
      },
    ],
  },
};

/** Up to version 0.21 mlx-lm has only MLX's Adam, and passes only the learning rate. */
export const OLD_MLX_NAMES: OptimizerNames = {
  adam: {
    row: 'adam',
    fixed: {
      weightDecay: NO_DECAY,
      eps: { value: 1e-8, who: ADAM },
      betas: { value: [0.9, 0.999], who: ADAM },
    },
  },
};
