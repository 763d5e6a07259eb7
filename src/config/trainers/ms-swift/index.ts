import * as l10n from '@vscode/l10n';
import { HF_TRAINER, HF_ARGUMENTS, HF_FIELDS, HF_SCHEDULE } from '../hugging-face/fields';
import { flagged, positional } from '../shared/command-line';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { SWIFT_MEGATRON_NAMES, SWIFT_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import type { Unread } from '../../reading';
import { DEEPSPEED_MIXED_BY_DEFAULT, unreadDeepspeed } from '../hugging-face/deepspeed';
import { SWIFT_KEYS } from './known';
import { refusedKeys } from '../shared/unknown-keys';
import { ifRowHas } from '../shared/optimizer-defaults';
import { continues, embeddingRate, initOf, PEFT_INIT } from '../peft/traps';
import { halfWeights, unscaled } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import { SWIFT_HEADS } from './heads';
import { withWholeParts } from './parts';
import { swiftRuns } from './script';
import { grouped, isMegatron, isSwift } from './is-swift';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Fields, type Source, fixedAt } from '../shared/fields';

const source = (name: string, rest: Omit<Source, 'keys'> = {}): Source => ({ keys: grouped(name), ...rest });
const BESIDE_RANK = ['lora_rank', 'tuner_type', 'train_type', 'sft_type', 'lora_dropout'].flatMap(grouped);

/** Both command lines have the same tuner. */
const TUNER = {
  rank: source('lora_rank', { default: { value: 8 } }),
  alpha: source('lora_alpha', {
    default: { value: 32 },
    beside: BESIDE_RANK,
  }),
  useRslora: source('use_rslora', { beside: [...grouped('lora_alpha'), ...BESIDE_RANK] }),
  useDora: source('use_dora'),
  dropout: source('lora_dropout', { default: { value: 0.05 } }),
  init: { keys: grouped('init_weights').map(({ label }) => key(label, initOf)), default: PEFT_INIT },
  targetModules: source('target_modules', {
    default: { value: 'all-linear' },
  }),
} satisfies Fields;

const BESIDE = ['weight_decay', 'learning_rate', 'lr', 'max_grad_norm', 'clip_grad', 'num_train_epochs'].map((label) =>
  key(label),
);
const DECAY = source('weight_decay', {
  default: { value: 0.1 },
  beside: BESIDE,
});
const RATE = { value: 1e-4 };
const BETAS = ifRowHas('betas', [0.9, 0.95]);

const NUMBERS = ['learning_rate', 'lora_rank', 'lora_alpha', 'weight_decay', 'adam_epsilon', 'max_grad_norm', 'lr'];
const isNull = (root: MapNode, name: string): boolean => {
  const node = nodeAt(root, [name]);
  // In a script None is a value, and the default.
  return node?.kind === 'scalar' && node.value === null && node.unresolved === undefined && node.raw !== 'None';
};

/** The command line consists of strings, and "None" is no number (swift/cli/main.py: parse_yaml_args). */
const nullAsText = (name: string): Trap => ({
  code: 'null-as-text',
  severity: 'warning',
  message: l10n.t`${name} is empty. ms-swift passes the word None to its command line, which is not a number, and stops. Remove the line to use the default.`,
  applies: (root) => isNull(root, name),
  at: key(name),
  fixes: [{ title: l10n.t`Remove ${name}`, remove: [key(name)], preferred: true }],
});

const CONTINUES = [continues('adapters'), continues('resume_from_checkpoint')];

/** What every tuner is trained with. */
const TRAINING: Fields = {
  ...HF_FIELDS,
  learningRate: source('learning_rate', { default: RATE, beside: BESIDE }),
  optimizer: {
    keys: [
      key('use_galore', (on) => (String(on).toLowerCase() === 'true' ? 'galore' : undefined)),
      key('optimizer', (word) => (['default', 'lorap', 'multimodal'].includes(String(word)) ? undefined : word)),
      key('optim'),
    ],
    default: { value: 'adamw_torch_fused', who: HF_TRAINER },
  },
  weightDecay: DECAY,
  betas: { keys: HF_FIELDS.betas.keys, default: BETAS },
  scheduler: source('lr_scheduler_type', { default: { value: 'cosine' } }),
};

/** Unknown arguments, at the top and in the group that trains, and callbacks that are not those of a plan's own code. */
function notUnderstood(root: MapNode): Unread[] {
  const known = new Set([...SWIFT_KEYS, ...(isOwnCallback(root) ? ['callbacks'] : [])]);
  // Configs for Ray hold groups of arguments.
  const group = nodeAt(root, ['train']);
  const groups = group?.kind === 'map' ? root.entries.filter(({ value }) => value.kind === 'map') : [];
  return [
    ...refusedKeys(root, new Set([...known, ...groups.map(({ key: name }) => name)]), 'ms-swift'),
    ...(group?.kind === 'map' ? refusedKeys(group, known, 'ms-swift') : []),
    ...unreadDeepspeed(root),
  ];
}

const isOwnCallback = (root: MapNode): boolean => {
  const node = nodeAt(root, ['callbacks']);
  const [first, ...others] = node?.kind === 'list' ? node.items : node ? [node] : [];
  return first?.kind === 'scalar' && first.value === 'rescale_init' && others.length === 0;
};

/** @see https://github.com/modelscope/ms-swift (swift/arguments/tuner_args.py, swift/arguments/sft_args.py) */
const layout: Layout = {
  id: 'ms-swift',
  recognise: isSwift,
  fields: {
    ...TUNER,
    ...TRAINING,
    loraplusLrRatio: source('lorap_lr_ratio', { beside: [key('learning_rate'), ...BESIDE_RANK] }),
  },
  optimizers: SWIFT_NAMES,
  argumentsAt: HF_ARGUMENTS,
  argumentsAs: 'text',
  linkedRates: [key('vit_lr'), key('aligner_lr')],
  schedule: HF_SCHEDULE,
  // Its own groups keep the decay, and train every vector with B (swift/tuners/peft.py: create_optimizer_param_groups).
  loraplus: {
    dropsDecay: false,
    vectorsWithB: true,
    isRuledOut: (root) =>
      isFilled(root, key('vit_lr')) ||
      isFilled(root, key('aligner_lr')) ||
      !['undefined', 'lorap', 'default'].includes(String(scalarAt(root, ['optimizer']))),
  },
  wholeAlpha: true,
  notUnderstood,
  traps: [
    unscaled('modules_to_save'),
    ...SWIFT_HEADS,
    embeddingRate('target_modules', 'lorap_lr_ratio', null),
    ...CONTINUES,
    halfWeights('lora_dtype', ['bfloat16', 'bf16']),
    DEEPSPEED_MIXED_BY_DEFAULT,
    ...NUMBERS.map(nullAsText),
  ],
  initCode: (start) =>
    [
      '# rescale_init.py. In the config:   external_plugins: rescale_init.py   and   callbacks: rescale_init',
      '# on_init_end runs after the model is built and before the optimizer is.',
      'from swift.callbacks import callbacks_map',
      'from transformers import TrainerCallback',
      '',
      '',
      'class RescaleInit(TrainerCallback):',
      '    def __init__(self, args, trainer):',
      '        self.trainer = trainer',
      '',
      '    def on_init_end(self, args, state, control, model=None, **kwargs):',
      '        model = self.trainer.model',
      indented(peftLines(start), '        '),
      '',
      '',
      'callbacks_map["rescale_init"] = RescaleInit',
      '',
    ].join('\n'),
};

/** Its LoraConfig gets only rank and alpha. */
const LLM_TUNER: Fields = {
  rank: TUNER.rank,
  alpha: TUNER.alpha,
  dropout: fixedAt({ value: 0, why: l10n.t('With lora_llm, ms-swift has no LoRA dropout.') }),
  init: fixedAt(PEFT_INIT),
  targetModules: fixedAt({
    value: 'all-linear',
    why: l10n.t('With lora_llm, LoRA is on all linear layers of the language model.'),
  }),
};

/** @see https://github.com/modelscope/ms-swift (swift/megatron/arguments/megatron_args.py; swift/ray/megatron/driver_utils.py) */
const megatron: Layout = {
  id: 'ms-swift-megatron',
  recognise: (root) => isSwift(root) && isMegatron(root),
  fields: {
    ...TUNER,
    learningRate: source('lr', { default: RATE, beside: BESIDE }),
    optimizer: source('optimizer', {
      default: {
        value: 'adam',
        inWords: l10n.t("Megatron's Adam with decoupled weight decay"),
      },
    }),
    weightDecay: DECAY,
    eps: source('adam_eps', { default: ifRowHas('eps', 1e-8), beside: BESIDE }),
    betas: { keys: [key('adam_beta1'), key('adam_beta2')], default: BETAS },
    momentum: source('sgd_momentum', {
      default: ({ row }) => (row?.id === 'sgd' ? { value: 0.9 } : null),
    }),
    maxGradNorm: source('clip_grad', {
      default: { value: 1, who: 'Megatron' },
      beside: BESIDE,
    }),
    scheduler: source('lr_decay_style', { default: { value: 'cosine' } }),
    warmup: { keys: [...grouped('lr_warmup_iters'), ...grouped('lr_warmup_fraction')] },
  },
  optimizers: SWIFT_MEGATRON_NAMES,
  linkedRates: ['min_lr', 'lr_warmup_init', 'vit_lr', 'aligner_lr'].flatMap(grouped),
  wholeAlpha: true,
  notUnderstood,
  traps: [
    unscaled('modules_to_save'),
    ...SWIFT_HEADS,
    ...CONTINUES,
    halfWeights('lora_dtype', ['bfloat16', 'bf16']),
    ...NUMBERS.filter((name) => name !== 'lr').map(nullAsText),
  ],
  initCode: (start) =>
    [
      '# ms-swift has no hook for this with Megatron. In swift/megatron/tuners, after the LoRA layers are made and',
      '# before the optimizer is:',
      ...peftLines(start),
      '',
    ].join('\n'),
};

export const msSwift: Trainer = {
  id: 'ms-swift',
  name: 'ms-swift',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\b(?:Sft|Train|RLHF)Arguments\s*\(|\b(?:tuner_type|train_type|sft_type)["']?\s*:\s*["']?lora|\blora_(?:rank|alpha)["']?\s*:/,
  // All settings go through the command line, whose argparse converts strings.
  loaders: { yaml: 'yaml.safe_load', json: 'json.load' },
  textNumbers: 'converts',
  interpolates: false,
  runs: swiftRuns,
  source: { repository: 'modelscope/ms-swift', commit: '3602360a5', date: '2026-08-22' },
  commandLine: {
    program: /\b(?:swift|megatron) (?:sft|pt|rlhf)\b|\bswift[/\\]cli[/\\]_?(?:megatron[/\\])?(?:sft|pt|rlhf)\.py\b/,
    hint: /\b(?:swift|megatron)\b/,
    config: (root) => flagged('config')(root) ?? positional(root),
  },
  programs: ['swift', 'megatron'],
  owns: /(?:^|[ /\\])(?:swift|megatron)(?:[ ./\\]|$)/,
  layouts: [
    withWholeParts(megatron),
    megatron,
    // Its LoraConfig does not get the LoRA+ ratio either, so there are no parameter groups (swift/tuners/peft.py).
    withWholeParts(layout, {
      fields: { ...TRAINING, ...LLM_TUNER },
      loraplus: { dropsDecay: false, vectorsWithB: true, isRuledOut: () => true },
    }),
    layout,
  ],
};
