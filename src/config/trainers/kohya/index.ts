import * as l10n from '@vscode/l10n';
import { dividing, LORA_DOWN_UP } from '../../init-code/divide';
import { float16, unscaledInAll } from '../shared/trap';
import type { MapNode } from '../../syntax/tree';
import { HF_SCHEDULES, shares, TORCH_SCHEDULES } from '../schedules';
import { commandOf, flagged } from '../shared/command';
import { classNumbers, field, fixedAt, has, key, keys, onlyIf, otherKind, unlessEmpty } from '../shared/fields';
import { valueAt, wordAt, zeroIsRank, type DefaultOf, type Fields } from '../shared/fields';
import type { Layout, ScheduleKeys, Trainer } from '../trainer';
import { convNetwork, defaultAlpha, isLycoris, KOHYA_KEYS, lycorisSwitch, MUSUBI_KEYS } from './networks';
import { stands, TEXT_ENCODER, unreadOfKohya } from './networks';
import { KOHYA_NAMES, MUSUBI_NAMES } from './optimizers';
import { kohyaTraps, TWO_PARTS } from './traps';
import { ARGUMENT_LISTS, flattened, kohyaRuns } from './tree';

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
const SCHEDULE: ScheduleKeys = {
  schedules: { ...HF_SCHEDULES, ...shares('piecewise_constant adafactor'), ...TORCH_SCHEDULES },
  at: 'lr_scheduler_args',
};

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

/** @param rates the keys of the rate with which the network trains, the one that wins first */
const fieldsOf = (...rates: readonly string[]): Fields => ({
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
  adapters: (root) => convNetwork(root, 'network_args', OWN),
  argumentsAt: 'optimizer_args',
  argumentLists: ARGUMENT_LISTS,
  linked: {
    learningRate: keys('learning_rate unet_lr text_encoder_lr'),
    loraplusLrRatio: keys('network_args.loraplus_text_encoder_lr_ratio network_args.loraplus_lr_ratio'),
  },
  schedule: SCHEDULE,
  // networks/lora.py and LyCORIS put lora_up into its own group, with the common weight decay.
  loraplus: { dropsDecay: false, vectorsWithB: false },
  canSwitchRslora: isLycoris,
  known: KOHYA_KEYS,
  unread: unreadOfKohya,
  float16: float16('mixed_precision', ['fp16']),
  initCode: dividing(LORA_DOWN_UP, [
    '# In train_network.py, after network.apply_to(...) and before the optimizer is made.',
    '# This is also right for weights from --network_weights that were trained at the old alpha.',
    '…network',
  ]),
} satisfies Partial<Layout>;

/** Modules whose scaling is alpha/dim, or why a module's is none. LyCORIS can do others, by its `algo`. */
function kohyaModule(root: MapNode): true | { not: string } | null {
  const module = valueAt(root, 'network_module');
  if (module === undefined) return null;
  if (module === 'networks.lora_fa') {
    return {
      not: l10n.t`This trains LoRA-FA, which freezes A and trains B alone. LoRA Alpha does not read its config.`,
    };
  }
  if (/^networks\.lora(_\w+)?$/.test(String(module))) return true;
  if (!isLycoris(root)) return otherKind(String(module));
  const algo = String(valueAt(root, 'network_args.algo') ?? 'lora').toLowerCase();
  return ['lora', 'locon'].includes(algo) || otherKind(`LyCORIS ${algo}`);
}

function recognise(root: MapNode): boolean | { not: string } {
  const hasRate = ['learning_rate', 'unet_lr'].some((name) => stands(root, name));
  const isLora = kohyaModule(root) ?? (hasRate && stands(root, 'network_dim'));
  return isLora === true && valueAt(root, 'network_train_text_encoder_only') === true ? TEXT_ENCODER : isLora;
}

/** @see https://github.com/kohya-ss/sd-scripts (train_network.py, library/train_util.py, networks/lora.py, 48d368fa) */
const layout: Layout = {
  id: 'kohya',
  owner: 'sd-scripts',
  recognise,
  fields: fieldsOf('unet_lr', 'learning_rate'),
  optimizers: KOHYA_NAMES,
  ...KOHYA_FAMILY,
  traps: [...TWO_PARTS, ...kohyaTraps('network_args')],
};

/** sd-scripts' program and those made after it, by the name of their script. */
const SD_SCRIPTS = /(?:^|[\s/\\_])train_network(?:\.py)?\b/;

const FILES = {
  syntaxes: ['toml', 'python', 'shell', 'powershell'],
  loaders: { toml: 'toml.load' },
  runs: kohyaRuns,
  commandLine: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
} satisfies Partial<Trainer>;

export const kohya: Trainer = {
  ...FILES,
  id: 'kohya',
  name: 'kohya sd-scripts',
  hint: /\bnetwork_(?:module|dim)\b/,
  source: { repository: 'kohya-ss/sd-scripts', commit: '48d368fa5577', date: '2026-02-16' },
  owns: /(?:^|[ /\\])(?:sdxl|sd3|flux|lumina)_train\.py\b/,
  layouts: [layout],
};

/** FluxGym writes its script and `dataset.toml` to `outputs/<name>/`. Hand-written scripts rarely use this path. */
const DATA_SET = /(?:[\\/]|^)outputs[\\/][^\\/]+[\\/]dataset\.toml$/;

/**
 * The train.sh or train.bat that FluxGym writes for sd-scripts. It sets no alpha unless the user adds one in the
 * advanced options.
 * @see https://github.com/cocktailpeanut/fluxgym (app.py: gen_sh, 678add2)
 */
export const fluxGym: Trainer = {
  id: 'fluxgym',
  specificity: 3,
  name: 'FluxGym',
  syntaxes: ['shell'],
  hint: /\bnetwork_module\b/,
  runs: (root) => [{ root: flattened(root) }],
  source: { repository: 'cocktailpeanut/fluxgym', commit: '678add2', date: '2026-03-30' },
  commandLine: { program: /\bflux_train_network\.py\b/, hint: /\bflux_train_network\b/ },
  layouts: [
    { ...layout, id: 'fluxgym', recognise: (root) => DATA_SET.test(wordAt(root, 'dataset_config')) && recognise(root) },
  ],
};

/** Network modules that sd-scripts does not have. */
const MUSUBI_MODULES =
  /^networks\.lora_(?:wan|framepack|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky|krea2|hidream_o1)$/;

/** musubi-tuner's scripts, of which sd-scripts has none by that name. */
const MUSUBI_SCRIPTS =
  /\b(?:hv|wan|fpack|flux_kontext|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky5|krea2|hidream_o1)_train_network\b/;

/** A config names no trainer; `dit` is musubi-tuner's key for the model, where sd-scripts has others. */
const isMusubi = (root: MapNode): boolean =>
  MUSUBI_MODULES.test(wordAt(root, 'network_module')) || MUSUBI_SCRIPTS.test(commandOf(root)) || has(root, 'dit');

/** @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/parser_common.py, networks/lora.py, 30c658c) */
const musubiLayout: Layout = {
  id: 'musubi',
  recognise: (root) => isMusubi(root) && (kohyaModule(root) ?? false),
  fields: {
    ...fieldsOf('learning_rate'),
    // There is no text encoder to train, and no older names of switches.
    loraplusLrRatio: field('network_args.loraplus_lr_ratio'),
    // Nothing is not AdamW here, as it is for sd-scripts: the run stops.
    optimizer: field('optimizer_type'),
  },
  optimizers: MUSUBI_NAMES,
  ...KOHYA_FAMILY,
  known: MUSUBI_KEYS,
  // modules/lr_schedulers.py: RexLR warms up to learning_rate, whatever the rate of the group.
  schedule: { ...SCHEDULE, schedules: { ...SCHEDULE.schedules, rex: { rates: {}, forAllGroups: true } } },
  // flux_2_train_network_self_flow.py: extra_trainable_params, which is not written yet in this version.
  traps: [...kohyaTraps('network_args'), unscaledInAll('self_flow', l10n.t('a projection head'), 'on')],
};

export const musubi: Trainer = {
  ...FILES,
  id: 'musubi',
  specificity: 3,
  name: 'musubi-tuner',
  hint: /\bnetwork_module\b/,
  source: { repository: 'kohya-ss/musubi-tuner', commit: '30c658c', date: '2026-06-24' },
  layouts: [musubiLayout],
};
