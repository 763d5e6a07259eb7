import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { AI_TOOLKIT_NAMES } from './optimizers';
import { FLOOR, SHARES, type Schedules } from '../schedules';
import { nodeAt, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { names, unknownKeys, type KnownKeys } from '../shared/known';
import { AI_TOOLKIT_TRAPS, forcesAlpha, ignoresAlpha, modelOf, typeOf } from './traps';
import { dividing } from '../shared/init-code';
import type { Layout, Run, Trainer } from '../trainer';
import { field, fixedAt, fromRow, has, key, timesRank, valueAt, zeroIsRank } from '../shared/fields';
import type { AdapterSources } from '../shared/fields';

const NAME = 'ai-toolkit';

/** Names of settings that reach the LoRA parameters. */
const LIKE = /(?:^|_)(?:lr|lora\w*|lorm|optim\w*|scheduler|grad|network|adapter|embed\w*|decorator|param\w*)(?:_|$)/;

/** @see https://github.com/ostris/ai-toolkit (toolkit/config_modules.py, jobs/process/BaseSDTrainProcess.py, 27a03a91) */
const KNOWN: readonly KnownKeys[] = [
  { at: '', like: LIKE, known: names('network embedding decorator adapter embeddings') },
  {
    at: 'network',
    known: names(
      `type rank linear conv alpha linear_alpha conv_alpha dropout network_kwargs transformer_only
      split_multistage_loras layer_offloading pretrained_lora_path all_layers`,
      // For other types of networks.
      'lorm lokr_full_rank lokr_factor old_lokr_format',
    ),
  },
  {
    at: 'network.network_kwargs',
    known: names(`
      ignore_if_contains only_if_contains full_if_contains parameter_threshold attn_only target_lin_modules
      target_conv_modules rank_dropout module_dropout varbose
    `),
  },
  {
    at: 'train',
    like: LIKE,
    known: names(
      `lr unet_lr text_encoder_lr refiner_lr embedding_lr adapter_lr optimizer max_grad_norm optimizer_params
      lr_scheduler lr_scheduler_params noise_scheduler gradient_checkpointing gradient_accumulation
      gradient_accumulation_steps merge_network_on_save cache_text_embeddings merge_network_on_save_strength
      adapter_assist_name_or_path adapter_assist_type match_adapter_assist match_adapter_chance
      bypass_guidance_embedding`,
      // Trains a random part of the parameters at a time, whatever their units.
      'do_paramiter_swapping paramiter_swapping_factor',
    ),
  },
];

/** @see https://github.com/ostris/ai-toolkit (toolkit/scheduler.py: get_lr_scheduler, 27a03a91) */
const SCHEDULES: Schedules = {
  cosine: FLOOR,
  cosine_with_restarts: FLOOR,
  constant: SHARES,
  linear: SHARES,
  constant_with_warmup: SHARES,
};

/** Convolutions have their own alpha, which defaults to their rank. */
function networks(process: MapNode): readonly AdapterSources[] {
  if (!(Number(valueAt(process, 'network.conv') ?? 0) > 0)) return [];
  const alpha = field(key('network.conv_alpha', zeroIsRank), timesRank(1));
  return [{ name: 'conv', rank: field('network.conv'), alpha }];
}

/** @see https://github.com/ostris/ai-toolkit (toolkit/config_modules.py, jobs/process/BaseSDTrainProcess.py, 27a03a91) */
const layout: Layout = {
  id: NAME,
  recognise: (process) => {
    if (nodeAt(process, ['network'])?.kind !== 'map' || nodeAt(process, ['train'])?.kind !== 'map') return false;
    const type = typeOf(process);
    // Adapters of another kind than B·A times alpha / rank.
    const isOther = ['lokr', 'lorm', 'fullrank', 'loha'].includes(type);
    return !isOther || { not: l10n.t`This trains an adapter of type ${type}, not LoRA.` };
  },
  fields: {
    rank: field(['network.rank', 'network.linear'], 4),
    alpha: {
      ...field([key('network.linear_alpha', zeroIsRank), key('network.alpha', zeroIsRank)], ({ root, rank }) =>
        (has(root, 'network.linear_alpha') || has(root, 'network.alpha')) && rank !== null
          ? { value: rank, why: l10n.t('An alpha of 0 or an empty alpha means the rank.') }
          : { value: 1 },
      ),
      write: key('network.linear_alpha'),
    },
    useDora: field(key('network.type', (type) => (String(type).toLowerCase() === 'dora' ? true : undefined))),
    learningRate: field('train.lr', 1e-6),
    optimizer: field('train.optimizer', 'adamw'),
    weightDecay: field('train.optimizer_params.weight_decay', fromRow('weightDecay')),
    eps: field('train.optimizer_params.eps', fromRow('eps')),
    betas: field('train.optimizer_params.betas', fromRow('betas')),
    maxGradNorm: field('train.max_grad_norm', 1),
    scheduler: field('train.lr_scheduler', 'constant'),
    warmup: field('train.lr_scheduler_params.num_warmup_steps'),
    dropout: field('network.dropout', 0),
    init: fixedAt('kaiming-uniform'),
    targetModules: field('network.network_kwargs.only_if_contains', ({ root }) => ({
      value: forcesAlpha(root) ? 'all-linear' : 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2',
      inWords: l10n.t("every linear layer of the model's transformer blocks"),
    })),
  },
  adapters: networks,
  alphaIsIgnored: (process) =>
    ignoresAlpha(process)
      ? l10n.t`${NAME} sets alpha to the rank for transformer models, and ${modelOf(process)} is one.`
      : null,
  optimizers: AI_TOOLKIT_NAMES,
  argumentsAt: 'train.optimizer_params',
  closedArguments: true,
  argumentsAs: 'map',
  schedule: {
    schedules: SCHEDULES,
    at: 'train.lr_scheduler_params',
    beside: [key('train.lr_scheduler'), key('train.lr')],
  },
  notUnderstood: (process) => KNOWN.flatMap((keys) => unknownKeys(process, keys)),
  traps: AI_TOOLKIT_TRAPS,
  initCode: dividing(
    LORA_DOWN_UP,
    [
      '# In jobs/process/BaseSDTrainProcess.py, after self.network.apply_to(...).',
      '# A resumed run skips this: its factors are already rescaled.',
      'if self.get_latest_save_path() is None:',
    ],
    { model: 'self.network', indent: '    ' },
  ),
};

/** `${NAME}` is taken from the environment before anything else is read (toolkit/config.py). */
function withEnvironment(node: SyntaxNode): SyntaxNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(withEnvironment) };
  if (node.kind === 'map') {
    return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: withEnvironment(entry.value) })) };
  }
  const isUnresolved = typeof node.value === 'string' && /\$\{[^}${]+\}/.test(node.value);
  return isUnresolved ? { ...node, value: null, unresolved: node.raw } : node;
}

/** Every process of a job is a run. */
function runs(root: MapNode): readonly Run[] {
  const processes = nodeAt(root, ['config', 'process']);
  if (processes?.kind !== 'list') return [];
  const name = valueAt(root, 'config.name');
  return processes.items
    .map(withEnvironment)
    .flatMap((process, i) =>
      process.kind === 'map'
        ? [{ root: process, name: name === undefined ? l10n.t`process ${i + 1}` : `${String(name)} ${i + 1}` }]
        : [],
    );
}

export const aiToolkit: Trainer = {
  id: 'ai-toolkit',
  name: NAME,
  syntaxes: ['yaml', 'json'],
  hint: /\blinear(?:_alpha)?["']?\s*:|\btype["']?\s*:\s*["']?(?:lora|dora|lierla|locon)\b/i,
  loaders: { yaml: 'yaml.SafeLoader with floats', json: 'json.load' },
  textNumbers: 'fails',
  interpolates: false,
  runs,
  source: { repository: 'ostris/ai-toolkit', commit: '27a03a91f23e', date: '2026-08-21' },
  layouts: [layout],
};
