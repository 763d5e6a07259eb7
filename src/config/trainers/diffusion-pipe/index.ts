import * as l10n from '@vscode/l10n';
import { DIFFUSION_PIPE_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { PEFT_INIT } from '../peft/traps';
import { resumes } from '../shared/common-traps';
import { fromRow } from '../shared/optimizer-defaults';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, field, fixedAt } from '../shared/fields';

const NAME = 'diffusion-pipe';
const ALPHA = key('adapter.alpha');
const BESIDE = ['optimizer.weight_decay', 'optimizer.lr', 'optimizer.type'].map((label) => key(label));

/** Absolute learning rates of parts of the model (models/sdxl.py, models/cosmos_predict2.py). */
const PART_RATES = [
  ...['unet_lr', 'text_encoder_1_lr', 'text_encoder_2_lr'],
  ...['self_attn_lr', 'cross_attn_lr', 'mlp_lr', 'mod_lr', 'llm_adapter_lr'],
].map((name) => key(`model.${name}`));

const stands = (root: MapNode, label: string): boolean => nodeAt(root, label.split('.')) !== null;

const TRAPS: readonly Trap[] = [
  resumes('adapter.init_from_existing'),
  {
    code: 'alpha-rejected',
    severity: 'warning',
    message: l10n.t(
      'diffusion-pipe stops if [adapter] sets alpha: it always sets alpha to the rank, so the scaling is 1. Remove the line.',
    ),
    applies: (root) => stands(root, ALPHA.label),
    at: ALPHA,
    fixes: [{ title: l10n.t('Remove alpha'), remove: [ALPHA], preferred: true }],
  },
  {
    code: 'rate-overridden',
    severity: 'warning',
    message: l10n.t(
      'diffusion-pipe ignores optimizer.lr: force_constant_lr replaces it, without schedule and warm-up.',
    ),
    applies: (root) => stands(root, 'force_constant_lr') && stands(root, 'optimizer.lr'),
    at: key('optimizer.lr'),
  },
];

/** @see https://github.com/tdrussell/diffusion-pipe (train.py: set_config_defaults, get_optimizer; models/base.py, 8f83dbf) */
const layout: Layout = {
  id: NAME,
  recognise: (root) => {
    const type = scalarAt(root, ['adapter', 'type']);
    if (type === undefined || nodeAt(root, ['model'])?.kind !== 'map') return false;
    return (
      type === 'lora' || {
        not: l10n.t`This trains an adapter of type ${String(type)}, which has no alpha that scales as LoRA's does.`,
      }
    );
  },
  fields: {
    rank: field('adapter.rank'),
    alpha: { keys: [] },
    learningRate: {
      keys: [key('force_constant_lr'), key('optimizer.lr')],
      default: ({ row, optimizer }) =>
        row && row.defaults.learningRate !== null
          ? {
              value: row.defaults.learningRate,
              who: optimizer ?? row.title,
            }
          : null,
      beside: BESIDE,
    },
    optimizer: field('optimizer.type'),
    weightDecay: { keys: [key('optimizer.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    eps: { keys: [key('optimizer.eps')], default: fromRow('eps'), beside: BESIDE },
    betas: { keys: [key('optimizer.betas')], default: fromRow('betas') },
    momentum: { keys: [key('optimizer.momentum')], default: fromRow('momentum') },
    maxGradNorm: {
      keys: [key('gradient_clipping')],
      default: ({ root }) =>
        scalarAt(root, ['optimizer', 'gradient_release']) === true
          ? { value: 0, why: l10n.t`${NAME} does not clip if gradients are released.` }
          : { value: 1 },
    },
    scheduler: field('lr_scheduler', 'constant'),
    warmup: field('warmup_steps', 0),
    dropout: field('adapter.dropout', 0),
    init: fixedAt(PEFT_INIT),
    targetModules: fixedAt({
      value: 'all-linear',
      inWords: l10n.t("every linear layer of the model's transformer blocks"),
    }),
  },
  alphaIsIgnored: () => l10n.t`${NAME} has no alpha: it sets it to the rank.`,
  optimizers: DIFFUSION_PIPE_NAMES,
  argumentsAt: 'optimizer',
  linkedRates: [...PART_RATES, key('optimizer.lr')],
  traps: TRAPS,
  // No plan leads anywhere here.
  initCode: () => '',
};

export const diffusionPipe: Trainer = {
  id: 'diffusion-pipe',
  name: NAME,
  syntaxes: ['toml'],
  hint: /\[\s*adapter\s*\]|\badapter\s*[.=][^\n]{0,100}\blora\b/,
  loaders: { toml: 'toml.load' },
  textNumbers: 'fails',
  interpolates: false,
  source: { repository: 'tdrussell/diffusion-pipe', commit: '8f83dbf25d03', date: '2026-08-20' },
  layouts: [layout],
};
