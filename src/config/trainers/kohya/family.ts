import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { HF_SCHEDULES, SHARES, TORCH_SCHEDULES, type Schedules } from '../schedules';
import { nodeAt, type MapNode, type Scalar } from '../../syntax/tree';
import { defaultAlpha, argumentNetworks, isLycoris } from './networks';
import { unreadOfKohya } from './known';
import { ARGUMENT_LISTS } from './tree';
import { dividing } from '../shared/init-code';
import type { Layout, ScheduleKeys } from '../trainer';
import { classNumbers, field, fixedAt, key, onlyIf, unlessEmpty, valueAt, wordAt, zeroIsRank } from '../shared/fields';
import type { DefaultOf, Fields } from '../shared/fields';

/** sd-scripts' program and those made after it, by the name of their script. */
export const SD_SCRIPTS = /(?:^|[\s/\\_])train_network(?:\.py)?\b/;

/** Layers of the blocks that the modules adapt, by the models' own names (library/*_models.py; diffusers for the U-Net). */
const TARGETS: readonly (readonly [RegExp, string])[] = [
  [/^$|^networks\.(?:lora|lora_fa)$|^lycoris/, 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2'],
  [/^networks\.lora_flux$/, 'attn.qkv,attn.proj,mlp.0,mlp.2'],
  [/^networks\.lora_sd3$/, 'attn.qkv,attn.proj,mlp.fc1,mlp.fc2'],
  [/^networks\.lora_wan$/, 'q,k,v,o,ffn.0,ffn.2'],
];

/** The layers that a network module adapts; a config can only leave some out. */
const targetsOf: DefaultOf = ({ root }) => {
  const [, value = 'all-linear'] = TARGETS.find(([pattern]) => pattern.test(wordAt(root, 'network_module'))) ?? [];
  return { value, inWords: l10n.t("every linear layer of the model's transformer blocks") };
};

/**
 * The names of `lr_scheduler`, and the classes of `lr_scheduler_type`. transformers' AdafactorSchedule only reports the rate.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_scheduler_fix, 48d368fa)
 */
const SCHEDULES: Schedules = { ...HF_SCHEDULES, piecewise_constant: SHARES, adafactor: SHARES, ...TORCH_SCHEDULES };

export const KOHYA_SCHEDULE: ScheduleKeys = {
  schedules: SCHEDULES,
  at: 'lr_scheduler_args',
  beside: ['lr_scheduler_type', 'lr_scheduler', 'learning_rate', 'unet_lr'].map((label) => key(label)),
};

/**
 * LyCORIS takes every word but `false` for yes, also `0` and `no`.
 * @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/utils/__init__.py: str_bool, f49d30d6)
 */
export const lycorisSwitch = (value: Exclude<Scalar, null>): boolean => String(value).toLowerCase() !== 'false';

/** Rank and alpha of the network itself. */
const OWN = {
  rank: field('network_dim', 4),
  alpha: field(key('network_alpha', zeroIsRank), defaultAlpha('network_alpha')),
};

/** What an interface and a file have in common. */
export const KOHYA_NUMBERS = {
  ...classNumbers('optimizer_args'),
  targetModules: fixedAt(targetsOf),
  init: fixedAt('kaiming-uniform'),
} satisfies Fields;

/**
 * The fields that kohya's trainers have in common.
 * @param rates the keys of the rate with which the network trains, the one that wins first
 */
export const kohyaFields = (rates: readonly string[]): Fields => ({
  ...OWN,
  // LyCORIS only; the trainers' own modules have neither.
  useRslora: field(key('network_args.rs_lora', lycorisSwitch)),
  useDora: field(key('network_args.dora_wd', lycorisSwitch)),
  learningRate: { ...field(rates, 2e-6), write: key('learning_rate') },
  loraplusLrRatio: field(['network_args.loraplus_unet_lr_ratio', 'network_args.loraplus_lr_ratio']),
  optimizer: field(
    [
      key('use_8bit_adam', onlyIf(true, 'AdamW8bit')),
      key('use_lion_optimizer', onlyIf(true, 'Lion')),
      key('optimizer_type', unlessEmpty),
    ],
    'AdamW',
  ),
  ...KOHYA_NUMBERS,
  maxGradNorm: field('max_grad_norm', 1),
  scheduler: field([key('lr_scheduler_type', unlessEmpty), 'lr_scheduler'], 'constant'),
  warmup: field('lr_warmup_steps', 0),
  dropout: field('network_dropout', 0),
});

/** What the layouts of kohya's trainers share, besides fields and traps. */
export const KOHYA_FAMILY = {
  adapters: (root) => argumentNetworks(root, 'network_args', OWN),
  argumentsAt: 'optimizer_args',
  closedArguments: true,
  argumentLists: ARGUMENT_LISTS,
  linkedRates: ['learning_rate', 'unet_lr', 'text_encoder_lr', 'network_args.network_reg_lrs'].map((label) =>
    key(label),
  ),
  schedule: KOHYA_SCHEDULE,
  linkedRatios: [key('network_args.loraplus_text_encoder_lr_ratio'), key('network_args.loraplus_lr_ratio')],
  // networks/lora.py and LyCORIS put lora_up into its own group, with the common weight decay.
  loraplus: { dropsDecay: false, vectorsWithB: false },
  canSwitchRslora: isLycoris,
  notUnderstood: unreadOfKohya,
  initCode: dividing(
    LORA_DOWN_UP,
    [
      '# In train_network.py, after network.apply_to(...) and before the optimizer is made.',
      '# This is also right for weights from --network_weights that were trained at the old alpha.',
    ],
    { model: 'network' },
  ),
} satisfies Partial<Layout>;

/** Modules whose scaling is alpha/dim, or why a module's is none. LyCORIS can do others, by its `algo`. */
export function kohyaModule(root: MapNode): true | { not: string } | null {
  const module = valueAt(root, 'network_module');
  if (module === undefined) return null;
  if (module === 'networks.lora_fa') {
    return {
      not: l10n.t('This trains LoRA-FA, which freezes A and trains B alone. LoRA Alpha does not read its config.'),
    };
  }
  if (/^networks\.lora(_\w+)?$/.test(String(module))) return true;
  const algo = String(valueAt(root, 'network_args.algo') ?? 'lora').toLowerCase();
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
