import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { divideLines } from '../../init-code/divide';
import { HF_SCHEDULES, SHARES, TORCH_SCHEDULES, type Schedules } from '../schedules';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { defaultAlpha, argumentNetworks, isLycoris } from './networks';
import { unreadOfKohya } from './known';
import { ARGUMENT_LISTS } from './tree';
import { kohyaTargets } from './targets';
import { lycorisSwitch } from './lycoris';
import { fromRow } from '../shared/optimizer-defaults';
import type { Layout, ScheduleKeys } from '../trainer';
import { key, type Fields, type Key, field, fixedAt, zeroIsRank } from '../shared/fields';

/** sd-scripts' program and those made after it, by the name of their script. */
export const SD_SCRIPTS = /(?:^|[\s/\\_])train_network(?:\.py)?\b/;

const RATES = ['learning_rate', 'unet_lr', 'text_encoder_lr', 'network_args.network_reg_lrs'].map((label) =>
  key(label),
);
const BESIDE = ['optimizer_type', 'learning_rate', 'unet_lr', 'max_grad_norm'].map((label) => key(label));
const BESIDE_RANK = [key('network_dim'), key('network_module')];

/**
 * The names of `lr_scheduler`, and the classes of `lr_scheduler_type`.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_scheduler_fix, 48d368fa)
 */
const KOHYA_SCHEDULES: Schedules = {
  ...HF_SCHEDULES,
  piecewise_constant: SHARES,
  // transformers' AdafactorSchedule only reports the rate.
  adafactor: SHARES,
  ...TORCH_SCHEDULES,
};

export const KOHYA_SCHEDULE: ScheduleKeys = {
  schedules: KOHYA_SCHEDULES,
  at: 'lr_scheduler_args',
  beside: ['lr_scheduler_type', 'lr_scheduler', 'learning_rate', 'unet_lr'].map((label) => key(label)),
};

const unlessEmpty: NonNullable<Key['read']> = (value) => (value === '' ? undefined : value);

/** Rank and alpha of the network itself. */
const OWN = {
  rank: field('network_dim', 4),
  alpha: {
    keys: [key('network_alpha', zeroIsRank)],
    default: defaultAlpha('network_alpha'),
    beside: BESIDE_RANK,
  },
};

/**
 * The fields that kohya's trainers have in common.
 * @param rates the keys of the rate with which the network trains, the one that wins first
 */
export function kohyaFields(rates: readonly string[]): Fields {
  return {
    ...OWN,
    // LyCORIS only; the trainers' own modules have neither.
    useRslora: { keys: [key('network_args.rs_lora', lycorisSwitch)], beside: BESIDE_RANK },
    useDora: { keys: [key('network_args.dora_wd', lycorisSwitch)] },
    learningRate: {
      keys: rates.map((rate) => key(rate)),
      default: { value: 2e-6 },
      write: key('learning_rate'),
      beside: [key('optimizer_type'), key('network_dim')],
    },
    loraplusLrRatio: {
      keys: [key('network_args.loraplus_unet_lr_ratio'), key('network_args.loraplus_lr_ratio')],
      beside: BESIDE_RANK,
    },
    optimizer: {
      keys: [
        key('use_8bit_adam', (value) => (value === true ? 'AdamW8bit' : undefined)),
        key('use_lion_optimizer', (value) => (value === true ? 'Lion' : undefined)),
        key('optimizer_type', unlessEmpty),
      ],
      default: { value: 'AdamW' },
    },
    weightDecay: { keys: [key('optimizer_args.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    eps: { keys: [key('optimizer_args.eps')], default: fromRow('eps'), beside: BESIDE },
    betas: { keys: [key('optimizer_args.betas')], default: fromRow('betas') },
    momentum: { keys: [key('optimizer_args.momentum')], default: fromRow('momentum') },
    nesterov: field('optimizer_args.nesterov'),
    maxGradNorm: { ...field('max_grad_norm', 1), beside: BESIDE },
    scheduler: {
      keys: [key('lr_scheduler_type', unlessEmpty), key('lr_scheduler')],
      default: { value: 'constant' },
    },
    warmup: field('lr_warmup_steps', 0),
    dropout: field('network_dropout', 0),
    targetModules: fixedAt(kohyaTargets),
    init: fixedAt({ value: 'kaiming-uniform' }),
  };
}

/** What the layouts of kohya's trainers share, besides fields and traps. */
export const KOHYA_FAMILY = {
  networks: (root) => argumentNetworks(root, 'network_args', OWN),
  argumentsAt: 'optimizer_args',
  closedArguments: true,
  argumentLists: ARGUMENT_LISTS,
  linkedRates: RATES,
  schedule: KOHYA_SCHEDULE,
  linkedRatios: [key('network_args.loraplus_text_encoder_lr_ratio'), key('network_args.loraplus_lr_ratio')],
  // networks/lora.py and LyCORIS put lora_up into its own group, with the common weight decay.
  loraplus: { dropsDecay: false, vectorsWithB: false },
  canSwitchRslora: isLycoris,
  notUnderstood: unreadOfKohya,
  initCode: (start) =>
    [
      '# In train_network.py, after network.apply_to(...) and before the optimizer is made.',
      '# This is also right for weights from --network_weights that were trained at the old alpha.',
      ...divideLines(LORA_DOWN_UP, start, 'network'),
      '',
    ].join('\n'),
} satisfies Partial<Layout>;

/** Modules whose scaling is alpha/dim, or why a module's is none. LyCORIS can do others, by its `algo`. */
export function kohyaModule(root: MapNode): true | { not: string } | null {
  const module = scalarAt(root, ['network_module']);
  if (module === undefined) return null;
  if (module === 'networks.lora_fa') {
    return {
      not: l10n.t('This trains LoRA-FA, which freezes A and trains B alone. LoRA Alpha does not read its config.'),
    };
  }
  if (/^networks\.lora(_\w+)?$/.test(String(module))) return true;
  const algo = String(scalarAt(root, ['network_args', 'algo']) ?? 'lora').toLowerCase();
  if (isLycoris(root) && ['lora', 'locon'].includes(algo)) return true;
  const type = isLycoris(root) ? `LyCORIS ${algo}` : String(module);
  return { not: l10n.t`This trains ${type}, which has no alpha that scales as LoRA's does.` };
}

/** Whether the dotted path has a value. */
export function stands(root: MapNode, label: string): boolean {
  const node = nodeAt(root, label.split('.'));
  if (node?.kind === 'scalar') return node.unresolved !== undefined || (node.value !== null && node.value !== '');
  return node !== null;
}
