import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { divideLines } from '../../init-code/divide';
import { indented } from '../../init-code/python';
import { AI_TOOLKIT_NAMES } from './optimizers';
import { FLOOR, SHARES, type Schedules } from '../schedules';
import { nodeAt, scalarAt, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { unreadOfAiToolkit } from './known';
import { AI_TOOLKIT_TRAPS } from './traps';
import { forcesAlpha, modelOf } from './models';
import { fromRow } from '../shared/optimizer-defaults';
import type { Layout, Run, Trainer } from '../trainer';
import { key, type NetworkSources, type Source, field, fixedAt, timesRank, zeroIsRank } from '../shared/fields';

const NAME = 'ai-toolkit';

const typeOf = (process: MapNode): string => String(scalarAt(process, ['network', 'type']) ?? 'lora').toLowerCase();

/** Networks of another kind than B·A times alpha / rank. */
const OTHERS: ReadonlySet<string> = new Set(['lokr', 'lorm', 'fullrank', 'loha']);

/** LyCORIS' network, which takes alpha for every model (toolkit/lycoris_special.py). */
const LYCORIS: ReadonlySet<string> = new Set(['locon', 'lycoris']);

const rank: Source = field(['network.rank', 'network.linear'], 4);

const alpha: Source = {
  keys: [key('network.linear_alpha', zeroIsRank), key('network.alpha', zeroIsRank)],
  write: key('network.linear_alpha'),
  default: ({ root, rank: own }) =>
    [['linear_alpha'], ['alpha']].some((path) => nodeAt(root, ['network', ...path]) !== null) && own !== null
      ? { value: own, why: l10n.t('An alpha of 0 or an empty alpha means the rank.') }
      : { value: 1 },
  beside: [key('network.linear'), key('network.rank'), key('network.type')],
};

/** @see https://github.com/ostris/ai-toolkit (toolkit/scheduler.py: get_lr_scheduler, 27a03a91) */
const SCHEDULES: Schedules = {
  cosine: FLOOR,
  cosine_with_restarts: FLOOR,
  constant: SHARES,
  linear: SHARES,
  constant_with_warmup: SHARES,
};

/** Convolutions have their own alpha, which defaults to their rank. */
function networks(process: MapNode): readonly NetworkSources[] {
  if (!(Number(scalarAt(process, ['network', 'conv']) ?? 0) > 0)) return [];
  const conv = key('network.conv');
  const own: Source = { keys: [key('network.conv_alpha', zeroIsRank)], default: timesRank(1), beside: [conv] };
  return [{ name: 'conv', rank: { keys: [conv] }, alpha: own }];
}

/** @see https://github.com/ostris/ai-toolkit (toolkit/config_modules.py, jobs/process/BaseSDTrainProcess.py, 27a03a91) */
const layout: Layout = {
  id: NAME,
  recognise: (process) => {
    if (nodeAt(process, ['network'])?.kind !== 'map' || nodeAt(process, ['train'])?.kind !== 'map') return false;
    return (
      !OTHERS.has(typeOf(process)) || { not: l10n.t`This trains an adapter of type ${typeOf(process)}, not LoRA.` }
    );
  },
  fields: {
    rank,
    alpha,
    useDora: { keys: [key('network.type', (type) => (String(type).toLowerCase() === 'dora' ? true : undefined))] },
    learningRate: { ...field('train.lr', 1e-6), beside: [key('train.optimizer'), key('train.steps')] },
    optimizer: field('train.optimizer', 'adamw'),
    weightDecay: {
      keys: [key('train.optimizer_params.weight_decay')],
      default: fromRow('weightDecay'),
      beside: [key('train.lr'), key('train.optimizer')],
    },
    eps: {
      keys: [key('train.optimizer_params.eps')],
      default: fromRow('eps'),
      beside: [key('train.lr'), key('train.optimizer')],
    },
    betas: { keys: [key('train.optimizer_params.betas')], default: fromRow('betas') },
    maxGradNorm: { ...field('train.max_grad_norm', 1), beside: [key('train.lr'), key('train.optimizer')] },
    scheduler: field('train.lr_scheduler', 'constant'),
    warmup: field('train.lr_scheduler_params.num_warmup_steps'),
    dropout: field('network.dropout', 0),
    init: fixedAt({ value: 'kaiming-uniform' }),
    targetModules: {
      keys: [key('network.network_kwargs.only_if_contains')],
      default: ({ root }) => ({
        value: forcesAlpha(root) ? 'all-linear' : 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2',
        inWords: l10n.t("every linear layer of the model's transformer blocks"),
      }),
    },
  },
  networks,
  alphaIsIgnored: (process) =>
    forcesAlpha(process) && !LYCORIS.has(typeOf(process))
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
  notUnderstood: unreadOfAiToolkit,
  traps: AI_TOOLKIT_TRAPS,
  initCode: (start) =>
    [
      '# In jobs/process/BaseSDTrainProcess.py, after self.network.apply_to(...).',
      '# A resumed run skips this: its factors are already rescaled.',
      'if self.get_latest_save_path() is None:',
      indented(divideLines(LORA_DOWN_UP, start, 'self.network'), '    '),
      '',
    ].join('\n'),
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
  const name = scalarAt(root, ['config', 'name']);
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
