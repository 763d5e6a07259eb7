import type { ReadField } from '../../reading';

/** What home-made configs call a field. */
export interface Alias {
  value: 'number' | 'scalar' | 'list';
  /** In the block of LoRA, or elsewhere too. `plan`: it may change with alpha, or decides how others change. */
  at: 'block' | 'file' | 'plan';
  /** As {@link plainWord} spells them; the most common one first. */
  names: readonly string[];
}

function alias(at: Alias['at'], names: string, value: Alias['value'] = 'number'): Alias {
  return { value, at, names: names.split(' ') };
}

const OPTIMIZERS = 'optimizer optim opt optim_name optim_type optim_class optim_class_path optim__target_';
const CLIPS = 'max_grad_norm max_norm grad_clip grad_clip_val grad_clipping clip_grad clip_grad_norm grad_norm_clip';

/** Every field. Left out, because they name many things: `beta`, `epsilon`, `momentum`. */
export const ALIASES = {
  rank: alias('block', 'r rank lora_r lora_rank lora_dim'),
  alpha: alias('block', 'lora_alpha alpha'),
  learningRate: alias('plan', 'learning_rate lr lora_lr lora_learning_rate base_lr peak_lr'),
  optimizer: alias('plan', OPTIMIZERS, 'scalar'),
  weightDecay: alias('plan', 'weight_decay wd adam_weight_decay'),
  maxGradNorm: alias('plan', CLIPS),
  eps: alias('plan', 'adam_epsilon eps adam_eps'),
  betas: alias('file', 'betas adam_betas', 'list'),
  scheduler: alias('file', 'lr_scheduler_type lr_scheduler scheduler scheduler_type', 'scalar'),
  // In steps, or as a share of all steps.
  warmup: alias('file', 'warmup_ratio warmup_steps lr_warmup_steps num_warmup_steps'),
  dropout: alias('block', 'lora_dropout dropout'),
  targetModules: alias('block', 'target_modules lora_target_modules lora_targets', 'list'),
  useRslora: alias('block', 'use_rslora', 'scalar'),
  useDora: alias('block', 'use_dora', 'scalar'),
  loraplusLrRatio: alias('file', 'loraplus_lr_ratio'),
} satisfies Partial<Record<ReadField, Alias>>;

/** `loraAlpha`, `lora-alpha` and `LORA_ALPHA` as `lora_alpha`; `optimizer_name` as `optim_name`. */
export function plainWord(key: string): string {
  const words = key.replaceAll('LoRA', 'Lora').replace(/[-\s.]+|(?<=[a-z0-9])(?=[A-Z])/g, '_');
  return words.toLowerCase().replace(/^(optim)izer_|^(grad)ient_/, '$1$2_');
}

/** Whether a key speaks of LoRA: `lora`, `qlora_config`, `peft`. */
export const isLoraWord = (key: string): boolean => /(^|_)(q?lora|dora|rslora|peft)(_|$)/.test(plainWord(key));
