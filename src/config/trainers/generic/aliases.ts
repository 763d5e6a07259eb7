import * as l10n from '@vscode/l10n';
import type { ReadField } from '../../reading';
import type { SyntaxNode } from '../../syntax/tree';

/** One field of home-made configs. */
export interface Alias {
  field: ReadField;
  /** For people. */
  title: string;
  value: 'number' | 'string' | 'boolean' | 'names' | 'betas';
  /** In the block of LoRA, or near it too; near it may be a number that moves with alpha. */
  at: 'block' | 'near' | 'moves';
  /** The names that scripts give it, as {@link plainWord} spells them; the most common one first. */
  names: ReadonlySet<string>;
}

function alias(field: ReadField, title: string, value: Alias['value'], at: Alias['at'], names: string): Alias {
  return { field, title, value, at, names: new Set(names.split(' ')) };
}

const RANKS = 'lora_r lora_rank lora_dim qlora_r peft_r peft_rank lora_low_rank r rank dim';
const ALPHAS = 'lora_alpha qlora_alpha peft_alpha lora_scaling_alpha alpha';
const RATES = 'learning_rate lr base_lr base_learning_rate lora_lr lora_learning_rate peak_lr';
const OPTIMIZERS =
  'optimizer optim optimizer_type optimizer_name optimizer_class optimizer_class_path optimizer_cls optimizer_target optimizer_target_';
const CLIPS =
  'max_grad_norm max_norm grad_clip gradient_clip gradient_clip_val gradient_clipping grad_clip_norm clip_grad clip_grad_norm grad_norm_clip';
const BETAS = 'betas adam_betas beta1 beta_1 adam_beta1 beta2 beta_2 adam_beta2';
const SCHEDULES = 'lr_scheduler lr_scheduler_type lr_schedule scheduler scheduler_type';
const WARM_UPS = 'warmup_steps warmup_ratio num_warmup_steps lr_warmup_steps';
const TARGETS = 'target_modules lora_target_modules lora_target lora_targets targets target modules';
const RATIOS = 'loraplus_lr_ratio lora_plus_lr_ratio loraplus_ratio lora_plus_ratio lr_ratio';

export const RANK = alias('rank', l10n.t('the rank'), 'number', 'block', RANKS);
export const ALPHA = alias('alpha', l10n.t('alpha'), 'number', 'block', ALPHAS);
export const LEARNING_RATE = alias('learningRate', l10n.t('the learning rate'), 'number', 'moves', RATES);
export const OPTIMIZER = alias('optimizer', l10n.t('the optimizer'), 'string', 'near', OPTIMIZERS);

/** Every field. Left out, because they name many things: `beta`, `epsilon`, `momentum`. */
export const ALIASES: readonly Alias[] = [
  RANK,
  ALPHA,
  LEARNING_RATE,
  OPTIMIZER,
  alias('weightDecay', l10n.t('the weight decay'), 'number', 'moves', 'weight_decay wd adam_weight_decay'),
  alias('maxGradNorm', l10n.t('max grad norm'), 'number', 'moves', CLIPS),
  alias('eps', l10n.t("Adam's eps"), 'number', 'moves', 'adam_epsilon eps adam_eps optimizer_eps'),
  alias('betas', l10n.t('the betas'), 'betas', 'near', BETAS),
  alias('scheduler', l10n.t('the schedule'), 'string', 'near', SCHEDULES),
  // In steps, or as a share of all steps.
  alias('warmup', l10n.t('the warm-up'), 'number', 'near', WARM_UPS),
  alias('dropout', l10n.t('the dropout'), 'number', 'block', 'lora_dropout dropout dropout_p drop'),
  alias('targetModules', l10n.t('the target modules'), 'names', 'block', TARGETS),
  alias('useRslora', l10n.t('rank stabilisation'), 'boolean', 'block', 'use_rslora rslora rank_stabilized'),
  alias('useDora', 'DoRA', 'boolean', 'block', 'use_dora dora'),
  alias('loraplusLrRatio', l10n.t('the LoRA+ ratio'), 'number', 'near', RATIOS),
];

/** `loraAlpha`, `lora-alpha` and `LORA_ALPHA` as `lora_alpha`. */
export function plainWord(key: string): string {
  return key
    .replaceAll('LoRA', 'Lora')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-\s.]+/g, '_')
    .replace(/^_+/, '');
}

/** A test for keys with one of these words: `lora` is one in `qlora_lora_config`. */
export function hasWord(words: string): (key: string) => boolean {
  const pattern = new RegExp(`(^|_)(${words})(_|$)`);
  return (key) => pattern.test(plainWord(key));
}

export const LORA_WORDS = 'q?lora|dora|rslora|peft|low[-_ ]rank';
/** Whether a key speaks of LoRA: `lora`, `qlora_config`, `peft`. */
export const isLoraWord = hasWord(LORA_WORDS);

/** The number, or the number in a string. */
export function numberOf(node: SyntaxNode): number | undefined {
  const value = node.kind === 'scalar' ? node.value : null;
  const isText = typeof value === 'string' && value.trim() !== '';
  return (typeof value === 'number' || isText) && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** Whether the node can be a value of the field; an unresolved one, such as `$LR`, may be. */
export function fits(value: Alias['value'], node: SyntaxNode): boolean {
  if (node.kind === 'map') return false;
  if (node.kind === 'list') return node.items.length > 0 && (value === 'names' || value === 'betas');
  if (node.unresolved !== undefined) return value !== 'betas';
  if (value === 'number' || value === 'betas') return numberOf(node) !== undefined;
  return typeof node.value === (value === 'boolean' ? 'boolean' : 'string');
}
