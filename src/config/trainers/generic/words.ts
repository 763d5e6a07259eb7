import type { ReadField } from '../../reading';
import type { Scalar, SyntaxNode } from '../../syntax/tree';

/** `loraAlpha`, `lora-alpha` and `LORA_ALPHA` as `lora_alpha`. */
export function plainWord(key: string): string {
  return key
    .replaceAll('LoRA', 'Lora')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-\s.]+/g, '_')
    .replace(/^_+/, '');
}

/** Names that speak of LoRA themselves, and those that need a witness beside them. */
export interface Words {
  own: ReadonlySet<string>;
  plain: ReadonlySet<string>;
}
export const RANK: Words = {
  own: new Set(['lora_r', 'lora_rank', 'lora_dim', 'qlora_r', 'peft_r', 'peft_rank', 'lora_low_rank']),
  plain: new Set(['r', 'rank', 'dim', 'low_rank']),
};
export const ALPHA: Words = {
  own: new Set(['lora_alpha', 'qlora_alpha', 'peft_alpha', 'lora_scaling_alpha']),
  plain: new Set(['alpha']),
};

/** A block or a value that is about LoRA: `lora`, `qlora_config`, `peft`, `adapter`. */
export const isLoraWord = (word: string): boolean =>
  /(^|_)(q?lora|dora|rslora|peft|low_rank(_adaptation)?)(_|$)/.test(plainWord(word));

/** Keys that stand beside a rank and an alpha of LoRA, and beside few others. */
export const WITNESSES: ReadonlySet<string> = new Set([
  'target_modules',
  'lora_target_modules',
  'lora_dropout',
  'use_rslora',
  'use_dora',
  'modules_to_save',
  'init_lora_weights',
]);

/** What a block is of, where it says so. */
export const KINDS: ReadonlySet<string> = new Set([
  'type',
  'peft_type',
  'adapter',
  'adapter_type',
  'method',
  'name',
  'variant',
  'kind',
  'adapter_name',
  'lora_type',
]);
/** Kinds of adapters with a rank and an alpha that do not scale as LoRA's do. */
export const OTHER_KINDS =
  /^(loha|lokr|adalora|ia3|oft|boft|vera|hada|glora|locon|prefix|prompt|p[-_]?tuning|lycoris|bottleneck)(?![a-z])/i;
/** Switches of a block. */
export const SWITCHES: ReadonlySet<string> = new Set([
  'enabled',
  'enable',
  'use_lora',
  'use',
  'lora',
  'use_peft',
  'use_peft_lora',
  'is_peft',
  'is_lora',
  'with_lora',
  'do_lora',
  'lora_enabled',
  'peft_enabled',
  'lora_enable',
  'enable_lora',
  'low_rank_training',
  'active',
]);

/** Switches that turn LoRA off, and those that train all weights in its place. */
export const OFF_SWITCHES =
  /^(?:(?:no|without|disable)_(?:use_)?(?:q?lora|peft)|full_?fine_?tun(?:e|ing)|full_ft|full_param(?:eter)?s?)$/;

/** Keys by which trainers choose how to train; where they choose something else, a block of LoRA is left over. As {@link plainWord} has them. */
export const METHODS: ReadonlySet<string> = new Set([
  'adapter',
  'finetuning_type',
  'fine_tune_type',
  'finetune_type',
  'train_type',
  'tuner_type',
  'sft_type',
  'training_method',
  'training_type',
  'peft_scheme',
  'peft_method',
  'tuning_type',
  'peft',
  'use_peft',
  'component_',
]);

/** Keys that name many a thing, and among them the training of all weights. */
export const MODES: ReadonlySet<string> = new Set([
  'method',
  'model_type',
  'train_mode',
  'training_mode',
  'tuning_mode',
  'finetune_mode',
  'finetuning_mode',
  'finetune',
  'finetuning',
  'fine_tuning',
]);
/** How people say that all weights train. */
export const FULL = /^full(?:[-_ ]?(?:ft|(?:fine[-_ ]?)?tun(?:e|ing)|param\w*))?$/i;

/** Words of long-range radio, which is called LoRa too, and of blocks whose rank or alpha is something else. */
export const NOT_OURS =
  /^(spreading_factor|sf|bandwidth|coding_rate|frequency|dev_?eui|app_?key|gateway|tx_power|payload|sigma|num_classes|gamma|mixup_prob|p|prob|probability|n_components)$/;
export const NOT_OUR_BLOCK =
  /(^|_)(mix_?up|cut_?mix|augment\w*|aug|transforms?|focal|loss|criterion|dirichlet|beta_schedule|noise|lorawan|radio|elastic|distill\w*|ema|ppo|loha|lokr|adalora|kd|sampler|plot|colou?rs?|style)(_|$)/;

/** Blocks whose rates are of something else than the model with LoRA. */
export const OTHER_MODEL =
  /(^|_)(discriminator|disc|critic|teacher|ref|reference|vae|value|reward|classifier|probe|lr_?sched\w*|scheduler|sched|warm_?up|data|dataset|eval|search|sweep|deepspeed|pretrain\w*)(_|$)/;

/** A field that is looked for near a LoRA block. */
export interface Wanted {
  field: ReadField;
  /** For people. */
  title: string;
  words: ReadonlySet<string>;
  fits: (node: SyntaxNode) => boolean;
  /** Only in the block itself. */
  inBlock?: boolean;
  /** Only beside a rate, or in a block of the optimizer. */
  besideRate?: boolean;
}

const scalar = (node: SyntaxNode): Scalar | undefined =>
  node.kind === 'scalar' && node.lock?.code !== 'yaml-block-text' ? node.value : undefined;
const isReference = (value: Scalar | undefined): boolean => typeof value === 'string' && /^\$\{[\w.]+\}$/.test(value);

/** A number, the text of one, or a reference to one. */
export function isNumber(node: SyntaxNode): boolean {
  const value = scalar(node);
  if (isReference(value) || typeof value === 'number') return true;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}
/** Whether a switch is on: a flag alone is, and so is one that a variable decides. */
export const isOn = (node: SyntaxNode): boolean =>
  node.kind === 'scalar' && !['false', '0', 'no', 'off', 'none', ''].includes(String(node.value ?? 'on').toLowerCase());
export const isText = (node: SyntaxNode): boolean => typeof scalar(node) === 'string';
const isSwitch = (node: SyntaxNode): boolean => typeof scalar(node) === 'boolean';
const isPair = (node: SyntaxNode): boolean =>
  node.kind === 'list' && node.items.length === 2 && node.items.every(isNumber);
const isNames = (node: SyntaxNode): boolean =>
  isText(node) || (node.kind === 'list' && node.items.length > 0 && node.items.every(isText));

/** THE table of what is looked for, by words that everybody uses. Left out on purpose: `beta`, `epsilon`, `momentum`. */
export const WANTED: readonly Wanted[] = [
  {
    field: 'learningRate',
    title: 'the learning rate',
    words: new Set([
      'lr',
      'learning_rate',
      'base_lr',
      'base_learning_rate',
      'lora_lr',
      'lora_learning_rate',
      'peak_lr',
    ]),
    fits: isNumber,
  },
  {
    field: 'optimizer',
    title: 'the optimizer',
    words: new Set(['optimizer', 'optim', 'optimizer_type', 'optimizer_name', 'optimizer_class']),
    fits: isText,
  },
  {
    field: 'weightDecay',
    title: 'the weight decay',
    words: new Set(['weight_decay', 'wd', 'adam_weight_decay']),
    fits: isNumber,
  },
  {
    field: 'maxGradNorm',
    title: 'the clip threshold',
    words: new Set([
      'max_grad_norm',
      'grad_clip',
      'gradient_clip',
      'gradient_clip_val',
      'gradient_clipping',
      'grad_clip_norm',
      'clip_grad_norm',
      'clip_grad',
      'grad_norm_clip',
      'max_norm',
    ]),
    fits: isNumber,
  },
  {
    field: 'eps',
    title: "Adam's eps",
    words: new Set(['eps', 'adam_eps', 'adam_epsilon', 'optimizer_eps']),
    fits: isNumber,
    besideRate: true,
  },
  { field: 'betas', title: 'the betas', words: new Set(['betas', 'adam_betas']), fits: isPair, besideRate: true },
  {
    field: 'scheduler',
    title: 'the schedule',
    words: new Set(['lr_scheduler', 'lr_scheduler_type', 'scheduler', 'lr_schedule', 'scheduler_type']),
    fits: isText,
  },
  {
    field: 'warmup',
    title: 'the warm-up',
    words: new Set(['warmup_steps', 'warmup_ratio', 'num_warmup_steps', 'lr_warmup_steps']),
    fits: isNumber,
  },
  {
    field: 'dropout',
    title: 'the dropout',
    words: new Set(['lora_dropout', 'dropout', 'dropout_p', 'drop']),
    fits: isNumber,
    inBlock: true,
  },
  {
    field: 'targetModules',
    title: 'the target modules',
    words: new Set([
      'target_modules',
      'lora_target_modules',
      'lora_targets',
      'targets',
      'target',
      'modules',
      'lora_target',
    ]),
    fits: isNames,
    inBlock: true,
  },
  {
    field: 'useRslora',
    title: 'rank stabilisation',
    words: new Set(['use_rslora', 'rslora', 'rank_stabilized']),
    fits: isSwitch,
    inBlock: true,
  },
  { field: 'useDora', title: 'DoRA', words: new Set(['use_dora', 'dora']), fits: isSwitch, inBlock: true },
  {
    field: 'loraplusLrRatio',
    title: 'the LoRA+ ratio',
    words: new Set(['loraplus_lr_ratio', 'lora_plus_lr_ratio', 'loraplus_ratio', 'lora_plus_ratio', 'lr_ratio']),
    fits: isNumber,
  },
];

/** Keys under which a block of the optimizer names it. */
export const OPTIMIZER_NAMES: ReadonlySet<string> = new Set([
  'name',
  'type',
  '_target_',
  'target',
  'class',
  'class_path',
  'cls',
  'optimizer',
]);
export const isOptimizerBlock = (word: string): boolean => /(^|_)optim(izer)?(_|$)/.test(plainWord(word));
/** A block of settings of the training as a whole. */
export const isTrainingBlock = (word: string): boolean =>
  /(^|_)(train(ing|er)?|hparams|hyper_?param(eter)?s|solver|finetun(e|ing)|sft|args)(_|$)/.test(plainWord(word));
/** Whether a word names the block of the learning rate's schedule. */
export const isSchedule = (word: string): boolean =>
  /(^|_)(lr_?sched\w*|scheduler|schedule|sched|warm_?up)(_|$)/.test(plainWord(word));
/** A further rate, which is not taken: `unet_lr`, `min_lr`, `eta_min`. */
export const isOtherRate = (word: string): boolean =>
  /(^|_)(lr|learning_rate)$|^eta_(min|max)$|^lr_(end|min|max|final)$/.test(word);
/** The alpha of another LoRA than the first: `text_lora_alpha`, `lora_text_encoder_alpha`. */
export const isOtherAlpha = (word: string): boolean =>
  word === 'network_alpha' || (/alpha$/.test(word) && isLoraWord(word));
/** What a run writes down of itself and no config says: numbers it measured, and when it ran. */
export const MEASURED =
  /^(?:(?:final|best|train|eval|test|val|validation|mean|avg|last)_(?:loss|acc|accuracy|perplexity|ppl|reward|score)|losses|log_history|loss_history|wall_time|elapsed\w*|duration\w*|(?:train_)?runtime\w*|peak_memory\w*|exit_code)$/;
export const RECORDED =
  /^(?:created_at|started_at|finished_at|completed_at|ended_at|timestamp|git_(?:sha|commit|hash)|commit_hash)$/;
