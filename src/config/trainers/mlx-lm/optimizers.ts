import * as l10n from '@vscode/l10n';
import { key, type Default, type Fields, type Source } from '../shared/fields';
import type { OptimizerNames } from '../../optimizers/word';

const LABELS = { weightDecay: 'weight_decay', eps: 'eps', betas: 'betas', momentum: 'momentum', nesterov: 'nesterov' };

/** Arguments of an optimizer, under `optimizer_config.<name>`. */
const at = (optimizer: string, ...fields: readonly (keyof typeof LABELS)[]): Fields => {
  const argument = (field: keyof typeof LABELS): Source['keys'] => [
    key(`optimizer_config.${optimizer}.${LABELS[field]}`),
  ];
  const beside = (['weightDecay', 'eps', 'betas', 'momentum'] as const).flatMap(argument);
  return Object.fromEntries(fields.map((field) => [field, { keys: argument(field), beside }]));
};

const ADAM = l10n.t("MLX's Adam");
const NO_DECAY: Default = { value: 0, why: l10n.t("MLX's Adam has no weight decay.") };

/** Adafactor's pair of eps, item by item. */
const PAIR = [1e-30, 1e-3] as const;
const epsOf = (item: 0 | 1): Source => ({
  keys: [{ ...key(`optimizer_config.adafactor.eps.${item}`), label: `optimizer_config.adafactor.eps[${item}]` }],
  pair: PAIR,
});

/**
 * `optimizer` of mlx-lm: MLX's own classes. Bias correction is off by default; the rule of Adam is the same without it.
 * @see https://github.com/ml-explore/mlx (python/mlx/optimizers/optimizers.py, v0.32); mlx_lm/lora.py: train_model
 */
export const MLX_NAMES: OptimizerNames = {
  adam: {
    row: 'adam',
    fixed: { weightDecay: NO_DECAY },
    defaults: { eps: 1e-8, betas: [0.9, 0.999] },
    fields: at('adam', 'eps', 'betas'),
  },
  adamw: {
    row: 'adamw',
    defaults: { weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] },
    fields: at('adamw', 'eps', 'betas', 'weightDecay'),
  },
  sgd: {
    row: 'sgd',
    defaults: { weightDecay: 0, momentum: 0 },
    fields: at('sgd', 'weightDecay', 'momentum', 'nesterov'),
  },
  // relative_step and scale_parameter are on by default, so Adafactor ignores the learning rate.
  adafactor: {
    row: 'adafactor-hf-scale-relative',
    defaults: { weightDecay: 0, eps: PAIR[0], epsRms: PAIR[1] },
    fields: { ...at('adafactor', 'weightDecay'), eps: epsOf(0), epsRms: epsOf(1) },
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
    fields: at('muon', 'weightDecay', 'momentum', 'nesterov'),
    variants: [
      { when: { 'muon.weight_decay': 0 }, is: {} },
      {
        when: {},
        is: {
          unknown: l10n.t`MLX's Muon adds its weight decay (default 0.01) to the gradient before it keeps only the directions, which no rule of LoRA Alpha covers. With weight_decay: 0 a rule exists.`,
        },
      },
    ],
  },
};

/** Up to version 0.21 mlx-lm has only MLX's Adam, and passes only the learning rate. */
export const OLD_MLX_NAMES: OptimizerNames = {
  adam: {
    row: 'adam',
    fixed: { weightDecay: NO_DECAY, eps: { value: 1e-8, who: ADAM }, betas: { value: [0.9, 0.999], who: ADAM } },
  },
};
