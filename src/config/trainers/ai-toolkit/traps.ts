import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { forcesAlpha } from './models';
import { resumes } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import type { Trap } from '../shared/trap';
import { key, type Key } from '../shared/fields';

const LINEAR_ALPHA = key('network.linear_alpha');
const DEAD_RATES = ['train.unet_lr', 'train.text_encoder_lr', 'train.refiner_lr'].map((label) => key(label));

/** The alpha that a process states, and its rank. */
function stated(process: MapNode): { alpha: number; rank: number } | null {
  const [alpha, rank] = [
    ['linear_alpha', 'alpha'],
    ['rank', 'linear'],
  ].map((names) => names.map((name) => scalarAt(process, ['network', name])).find((value) => value !== undefined));
  return alpha === undefined ? null : { alpha: Number(alpha), rank: Number(rank ?? 4) };
}

const type = (process: MapNode): string => String(scalarAt(process, ['network', 'type']) ?? 'lora').toLowerCase();
const ignores = (process: MapNode): boolean => forcesAlpha(process) && !['locon', 'lycoris'].includes(type(process));

/** Optimizers to which ai-toolkit passes its own eps besides optimizer_params (toolkit/optimizer.py). */
const WITH_EPS = /^(?:adamw?(?:8|8bit)?|ademamix8bit|prodigy\w*|dadaptation\w*)$/i;
const FINDS_ITS_RATE = /^(?:prodigy|dadaptation)/i;
const optimizer = (process: MapNode): string => String(scalarAt(process, ['train', 'optimizer']) ?? 'adamw');

const deadRate = (rate: Key): Trap => ({
  code: 'rate-overridden',
  severity: 'info',
  message: l10n.t`${rate.label} is ignored: ai-toolkit trains every part of a LoRA with train.lr.`,
  applies: (process) =>
    scalarAt(process, rate.path) !== undefined && scalarAt(process, rate.path) !== scalarAt(process, ['train', 'lr']),
  at: rate,
});

/** What trains besides LoRA: some with their own learning rate, all with the weight decay and eps of LoRA. */
const UNSCALED: readonly { at: Key; what: string; trains: string; applies: (process: MapNode) => boolean }[] = [
  {
    at: key('embedding'),
    what: l10n.t('an embedding'),
    trains: l10n.t('embedding trains an embedding at train.embedding_lr, else train.lr.'),
    applies: (process) => nodeAt(process, ['embedding'])?.kind === 'map',
  },
  {
    at: key('decorator'),
    what: l10n.t('additional tokens'),
    trains: l10n.t('decorator trains additional tokens at train.lr.'),
    applies: (process) => nodeAt(process, ['decorator'])?.kind === 'map',
  },
  {
    at: key('adapter'),
    what: l10n.t('an adapter'),
    trains: l10n.t('adapter trains an adapter at train.adapter_lr, else train.lr.'),
    applies: (process) => scalarAt(process, ['adapter', 'train']) === true,
  },
  {
    at: key('network.all_layers'),
    what: l10n.t('whole norms, embeddings and biases'),
    trains: l10n.t('network.all_layers trains whole norms, embeddings and biases at train.lr.'),
    applies: (process) => scalarAt(process, ['network', 'all_layers']) === true,
  },
  {
    at: key('network.network_kwargs.full_if_contains'),
    what: l10n.t('whole layers'),
    trains: l10n.t('network.network_kwargs.full_if_contains trains whole layers at train.lr.'),
    applies: (process) => isFilled(process, key('network.network_kwargs.full_if_contains')),
  },
  {
    at: key('train.learnable_snr_gos'),
    what: l10n.t('weights of the loss'),
    trains: l10n.t('train.learnable_snr_gos trains weights of the loss with the same optimizer.'),
    applies: (process) => scalarAt(process, ['train', 'learnable_snr_gos']) === true,
  },
];

/** What a user of ai-toolkit should know of a process. */
export const AI_TOOLKIT_TRAPS: readonly Trap[] = [
  resumes('network.pretrained_lora_path'),
  {
    code: 'alpha-ignored',
    severity: 'warning',
    message: l10n.t(
      'ai-toolkit ignores this alpha, which is not the rank: it sets alpha to the rank for transformer models, so the scaling is 1.',
    ),
    applies: (process: MapNode): boolean => {
      const own = stated(process);
      return ignores(process) && own !== null && own.alpha !== own.rank;
    },
    at: LINEAR_ALPHA,
    fixes: [{ title: l10n.t('Remove linear_alpha, which is ignored'), remove: [LINEAR_ALPHA] }],
  },
  {
    code: 'alpha-ignored',
    severity: 'info',
    message: l10n.t('ai-toolkit ignores alpha: it sets alpha to the rank for transformer models, so the scaling is 1.'),
    applies: (process: MapNode): boolean => {
      const own = stated(process);
      return ignores(process) && own !== null && own.alpha === own.rank;
    },
    at: LINEAR_ALPHA,
  },
  ...DEAD_RATES.map(deadRate),
  {
    code: 'rate-stays-small',
    severity: 'warning',
    message: l10n.t(
      'This optimizer estimates its step size and multiplies it by train.lr, which should be near 1. ai-toolkit replaces a learning rate below 0.1 only for parameters without their own learning rate, and those of a LoRA have one.',
    ),
    applies: (process) =>
      FINDS_ITS_RATE.test(optimizer(process)) && Number(scalarAt(process, ['train', 'lr']) ?? 1e-6) < 0.1,
    at: key('train.lr'),
    fixes: [{ title: l10n.t('Set train.lr = 1.0'), set: [{ key: key('train.lr'), literal: '1.0' }], preferred: true }],
  },
  ...UNSCALED.map(({ at, what, trains, applies }): Trap => ({
    code: 'unscaled-parameters',
    severity: 'info',
    message: l10n.t`${trains} These parameters have no scaling, so another learning rate, weight decay or eps changes how they learn.`,
    applies,
    at,
    limits: 'approximate',
    unscaled: what,
  })),
  {
    code: 'merges-and-restarts',
    severity: 'warning',
    message: l10n.t(
      'merge_network_on_save merges the LoRA into the model at every save and draws a new A with the size of the init. The code of a plan divides A once, so the run differs from the first save on.',
    ),
    applies: (process) => scalarAt(process, ['train', 'merge_network_on_save']) === true,
    at: key('train.merge_network_on_save'),
    limits: 'approximate',
  },
  {
    code: 'rate-forced',
    severity: 'warning',
    message: l10n.t(
      'Automagic replaces a learning rate above 1e-3 by 1e-6, so the run does not train with the learning rate of the file.',
    ),
    applies: (process) =>
      /^automagic/i.test(optimizer(process)) && Number(scalarAt(process, ['train', 'lr']) ?? 0) > 1e-3,
    at: key('train.lr'),
    limits: 'approximate',
  },
  {
    code: 'key-rejected',
    severity: 'warning',
    message: l10n.t(
      'ai-toolkit passes this optimizer an eps of 1e-6 itself. With an eps in optimizer_params it passes eps twice, and the run stops. Remove it.',
    ),
    applies: (process) =>
      WITH_EPS.test(optimizer(process)) && nodeAt(process, ['train', 'optimizer_params', 'eps']) !== null,
    at: key('train.optimizer_params.eps'),
    fixes: [{ title: l10n.t('Remove eps'), remove: [key('train.optimizer_params.eps')], preferred: true }],
  },
];
