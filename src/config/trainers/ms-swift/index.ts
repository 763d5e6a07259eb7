import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import type { OptimizerNames } from '../../optimizers/word';
import type { MapNode } from '../../syntax/tree';
import { DEEPSPEED_MIXED_BY_DEFAULT, HF_FIELDS, HF_LAYOUT, HF_TRAINER, unreadDeepspeed } from '../hugging-face/fields';
import { FROM_MODEL, HF_NAMES } from '../hugging-face/optimizers';
import { MEGATRON_ADAM, MEGATRON_NAMES } from '../megatron/megatron';
import { embeddingRate, initOf, PEFT_INIT } from '../peft/lora-config';
import { flagged, positional } from '../shared/command';
import { field, fixedAt, has, ifRowHas, isFilled, key, keys, namesIn, valueAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Source } from '../shared/fields';
import type { KnownKeys } from '../shared/known';
import { continues, float16, halfWeights, unscaled, unscaledInAll, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';
import { grouped, isMegatron, isSwift, SWIFT_KEYS, swiftRuns, swiftValue, trainsRest } from './tuner';

/**
 * `optim` of ms-swift is Hugging Face's; its own key `optimizer` overrides it.
 * @see https://github.com/modelscope/ms-swift (swift/optimizers/mapping.py)
 */
const NAMES: OptimizerNames = {
  ...HF_NAMES,
  galore: {
    unknown: l10n.t`ms-swift's own GaLore projects weights of the whole model; LoRA Alpha has not measured it with LoRA.`,
  },
  muon: {
    unknown: l10n.t`it is Moonlight's Muon, whose step ms-swift fetches from another repository; LoRA Alpha has not measured it.`,
  },
  muonclip: { unknown: l10n.t`it is ms-swift's own MuonClip, which LoRA Alpha has not measured.` },
};

const source = (name: string, fallback?: Default['value'] | Default | DefaultOf, who?: string): Source =>
  field(grouped(name), fallback, who);

/** Both command lines have the same tuner. */
const TUNER = {
  rank: source('lora_rank', 8),
  alpha: source('lora_alpha', 32),
  useRslora: source('use_rslora'),
  useDora: source('use_dora'),
  dropout: source('lora_dropout', 0.05),
  init: field(
    grouped('init_weights').map(({ label }) => key(label, initOf)),
    PEFT_INIT,
  ),
  targetModules: source('target_modules', 'all-linear'),
} satisfies Fields;

const RATE = 1e-4;
const DECAY = source('weight_decay', 0.1);
const BETAS = ifRowHas('betas', [0.9, 0.95]);

/**
 * The head (score, or v_head) that a task trains whole; a number of labels alone makes the model a classifier.
 * @see https://github.com/modelscope/ms-swift (swift/pipelines/train/tuner.py: prepare_adapter; pipelines/train/rlhf.py; 3602360a)
 */
const head = (name: string, when: (word: string, root: MapNode) => boolean): Trap =>
  unscaled(name, l10n.t('the head'), {
    when: (root) => when(String(swiftValue(root, name) ?? '').toLowerCase(), root),
  });

/** Where `fp16` is not given, the dtype of the model decides (swift/arguments/base_args/model_args.py). */
const FLOAT16 = float16('fp16', (root) =>
  /^true$|^(?:torch\.)?float(?:16|32)$/.test(String(swiftValue(root, 'fp16') ?? swiftValue(root, 'torch_dtype'))),
);

const SHARED: readonly Trap[] = [
  unscaled('modules_to_save'),
  unscaled('tuner_type', l10n.t('vision tower and aligner'), { when: trainsRest }),
  head('task_type', (word) => ['seq_cls', 'reranker'].includes(word)),
  head('num_labels', (word, root) => word !== '' && swiftValue(root, 'task_type') === undefined),
  head('rlhf_type', (word) => ['rm', 'ppo'].includes(word)),
  unscaledInAll('lora_bias', l10n.t('the biases'), (root) =>
    ['all', 'lora_only'].includes(String(swiftValue(root, 'lora_bias'))),
  ),
  continues('adapters'),
  continues('resume_from_checkpoint'),
  halfWeights('lora_dtype', ['bfloat16', 'bf16']),
];

const KNOWN: KnownKeys = { '': SWIFT_KEYS, train: SWIFT_KEYS };

/** Python that is imported: that of a plan's own code, and the rewards that ms-swift ships. */
const SHIPPED = /^(?:rescale_init(?:\.py)?|examples\/train\/grpo\/plugin\/plugin\.py)$/;

/** At the top and in the group that trains. What imports Python is known if all that it names is. */
function knownIn(root: MapNode): KnownKeys {
  const imports = ['callbacks', 'external_plugins', 'custom_register_path'];
  const shipped = imports.filter((name) => namesIn(root, name).every((one) => SHIPPED.test(one)));
  // Configs for Ray hold groups of arguments.
  const groups = has(root, 'train') ? root.entries.filter(({ value }) => value.kind === 'map') : [];
  const ofGroups = groups.map(({ key: name }) => name).join(' ');
  return { '': `${SWIFT_KEYS} ${shipped.join(' ')} ${ofGroups}`, train: SWIFT_KEYS };
}

/** Rates of the LoRA of parts; with lora_llm, of all their weights. */
const PART_RATES = ['vit_lr', 'aligner_lr'];

/** What its LoraConfig does not get with lora_llm, from `swift sft` (swift/tuner_plugin/lora_llm.py). */
const LEFT_OUT: Fields = {
  ...{ useRslora: fixedAt(false), useDora: fixedAt(false), dropout: fixedAt(0) },
  ...{ init: fixedAt(PEFT_INIT), targetModules: fixedAt('all-linear') },
};

function inFile(own: Layout, root: MapNode): Layout {
  const known = knownIn(root);
  if (!trainsRest(root)) return { ...own, known };
  const rates = own.linked?.learningRate?.filter(({ path }) => !PART_RATES.includes(path.at(-1) ?? '')) ?? [];
  const linked = { learningRate: rates };
  if (isMegatron(root)) return { ...own, known, linked };
  return {
    ...{ ...own, linked, fields: { ...own.fields, ...LEFT_OUT } },
    known: { ...known, '': `${known[''] ?? ''} use_rslora use_dora lora_dropout init_weights target_modules` },
    ...(own.loraplus && { loraplus: { ...own.loraplus, isRuledOut: () => true } }),
  };
}

/** @see https://github.com/modelscope/ms-swift (swift/arguments/tuner_args.py, swift/arguments/sft_args.py) */
const layout: Layout = {
  ...HF_LAYOUT,
  id: 'ms-swift',
  recognise: isSwift,
  fields: {
    ...TUNER,
    ...HF_FIELDS,
    learningRate: source('learning_rate', RATE),
    optimizer: field(
      [
        key('use_galore', (on) => (String(on).toLowerCase() === 'true' ? 'galore' : undefined)),
        key('optimizer', (word) => (['default', 'lorap', 'multimodal'].includes(String(word)) ? undefined : word)),
        'optim',
      ],
      'adamw_torch_fused',
      HF_TRAINER,
    ),
    weightDecay: DECAY,
    betas: { keys: HF_FIELDS.betas.keys, default: BETAS },
    scheduler: source('lr_scheduler_type', 'cosine'),
    loraplusLrRatio: source('lorap_lr_ratio'),
  },
  optimizers: NAMES,
  linked: { learningRate: keys(PART_RATES.join(' ')) },
  // Its own groups keep the decay, and train every vector with B (swift/tuners/peft.py: create_optimizer_param_groups).
  // Only LorapOptimizerCallback makes them (swift/optimizers/mapping.py), and Unsloth's LoRA does not get the ratio.
  loraplus: {
    dropsDecay: false,
    vectorsWithB: true,
    ignoredBy: new Set(FROM_MODEL),
    isRuledOut: (root) =>
      PART_RATES.some((part) => isFilled(root, part)) ||
      !['undefined', 'lorap'].includes(String(valueAt(root, 'optimizer'))) ||
      valueAt(root, 'tuner_backend') === 'unsloth',
  },
  wholeAlpha: 'int',
  known: KNOWN,
  inFile: (root) => inFile(layout, root),
  unread: unreadDeepspeed,
  traps: [...SHARED, embeddingRate('target_modules', 'lorap_lr_ratio', null), DEEPSPEED_MIXED_BY_DEFAULT],
  float16: FLOAT16,
  initCode: dividing(PEFT_LIBRARY, [
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
    '        …',
    ...['', '', 'callbacks_map["rescale_init"] = RescaleInit'],
  ]),
};

/** @see https://github.com/modelscope/ms-swift (swift/megatron/arguments/megatron_args.py; swift/ray/megatron/driver_utils.py) */
const megatron: Layout = {
  id: 'ms-swift-megatron',
  recognise: (root) => isMegatron(root) && isSwift(root),
  fields: {
    ...TUNER,
    learningRate: source('lr', RATE),
    optimizer: source('optimizer', MEGATRON_ADAM),
    weightDecay: DECAY,
    eps: source('adam_eps', ifRowHas('eps', 1e-8)),
    betas: field(['adam_beta1', 'adam_beta2'], BETAS),
    momentum: source('sgd_momentum', ({ row }) => (row?.id === 'sgd' ? { value: 0.9 } : null)),
    maxGradNorm: source('clip_grad', 1, 'Megatron'),
    scheduler: source('lr_decay_style', 'cosine'),
    warmup: field([...grouped('lr_warmup_iters'), ...grouped('lr_warmup_fraction')]),
  },
  // Its weight decay and momentum are ms-swift's own.
  optimizers: { ...MEGATRON_NAMES, adam: { row: 'adamw' }, sgd: { row: 'sgd' } },
  linked: { learningRate: ['min_lr', 'lr_warmup_init', ...PART_RATES].flatMap(grouped) },
  wholeAlpha: 'int',
  known: KNOWN,
  inFile: (root) => inFile(megatron, root),
  unread: unreadDeepspeed,
  // Float16Module casts the factors with the model (swift/megatron/utils/megatron_lm_utils.py: wrap_model).
  traps: [...SHARED, halfWeights('torch_dtype', (root) => !/float32$/.test(String(swiftValue(root, 'torch_dtype'))))],
  float16: FLOAT16,
  initCode: dividing(PEFT_LIBRARY, [
    '# ms-swift has no hook for this with Megatron. In swift/megatron/tuners, after the LoRA layers are made and',
    '# before the optimizer is:',
  ]),
};

export const msSwift: Trainer = {
  id: 'ms-swift',
  name: 'ms-swift',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\b(?:Sft|Train|RLHF)Arguments\s*\(|\b(?:tuner_type|train_type|sft_type)["']?\s*:\s*["']?lora|\blora_(?:rank|alpha)["']?\s*:/,
  // All settings go through the command line, whose argparse converts strings.
  loaders: { yaml: 'yaml.safe_load', json: 'json.load' },
  textNumbers: 'converts',
  runs: swiftRuns,
  source: { repository: 'modelscope/ms-swift', commit: '3602360a5', date: '2026-08-22' },
  commandLine: {
    program: /\b(?:swift|megatron) (?:sft|pt|rlhf)\b|\bswift[/\\]cli[/\\]_?(?:megatron[/\\])?(?:sft|pt|rlhf)\.py\b/,
    hint: /\b(?:swift|megatron)\b/,
    config: (root) => flagged('config')(root) ?? positional(root),
  },
  programs: ['swift', 'megatron'],
  owns: /(?:^|[ /\\])(?:swift|megatron)(?:[ ./\\]|$)/,
  layouts: [megatron, layout],
};
