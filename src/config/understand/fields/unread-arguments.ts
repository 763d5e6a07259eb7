import type { Unread } from '../../reading';
import type { MapNode } from '../../syntax/tree';
import type { Layout } from '../../trainers/trainer';
import type { Fields } from '../../trainers/shared/fields';
import { unknownKeys } from '../../trainers/shared/unknown-keys';
import { argumentOf, isNoRule, type OptimizerWord } from '../../optimizers/word';
import type { OptimizerRow } from '../../../recipe/optimizers/optimizer-row';

/** Arguments of optimizer classes that have no unit, so they stay at every scaling. */
const UNITLESS = [
  // The parameters, and the class.
  ...['params', 'model', 'type', 'name', 'optimizer', '__version'],
  // Implementations of the same step.
  ...['foreach', 'fused', 'capturable', 'differentiable', 'fused_back_pass', 'is_paged', 'block_wise', 'optim_bits'],
  ...['min_8bit_size', 'block_size', 'args', 'log_every', 'verbose', 'fsdp_in_use', 'slice_p', 'stochastic_rounding'],
  ...['stochastic_round', 'bf16_stochastic_round', 'gradient_release', 'use_triton', 'k_b_ratio', 'no_prox'],
  // Betas, shares and switches.
  ...['betas', 'beta1', 'beta2', 'beta3', 'alpha', 'rho', 'momentum', 'dampening', 'nesterov', 'momentum_decay'],
  ...['centered', 'amsgrad', 'ams_bound', 'maximize', 'bias_correction', 'use_bias_correction', 'correct_bias'],
  ...['decouple', 'weight_decouple', 'decoupled_weight_decay', 'fixed_decay', 'adam_w_mode', 'growth_rate', 'd_coef'],
  ...['safeguard_warmup', 'percentile_clipping', 'clip_threshold', 'decay_rate', 'beta2_decay', 'lr_decay'],
  ...['relative_step', 'scale_parameter', 'warmup_init', 'warmup_steps', 'r', 'weight_lr_power', 't_alpha', 't_beta3'],
  ...['etas', 'rectify', 'n_sma_threshold', 'ns_steps', 'adjust_lr_fn', 'agreement_threshold', 'polarity_history'],
];

/** The unknown arguments of the optimizer, which may have a unit. */
export function unreadArguments(
  { argumentsAt, closedArguments, fields: ofLayout }: Layout,
  root: MapNode,
  word: OptimizerWord | undefined,
  row: OptimizerRow | null,
  fields: Fields,
): Unread[] {
  if (argumentsAt === undefined || !closedArguments || !word || isNoRule(word) || !row) return [];
  const rules = [word, ...(word.variants ?? []).map(({ is }) => ({ ...word, ...is }))];
  const chosen = (word.variants ?? []).flatMap(({ when }) => Object.keys(when));
  const options = Object.keys(row.options ?? {}).flatMap((option) => rules.map((rule) => argumentOf(rule, option)));
  const stood = [...Object.values(fields), ...Object.values(ofLayout)]
    .flatMap(({ keys }) => keys.map(({ path }) => path.join('.')))
    .filter((label) => label.startsWith(`${argumentsAt}.`))
    .map((label) => label.slice(argumentsAt.length + 1));
  const known = new Set([...UNITLESS, ...chosen, ...options, ...stood].map((name) => name.replace(/\..*/, '')));
  return unknownKeys(root, { at: argumentsAt, known });
}
