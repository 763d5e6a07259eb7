import * as l10n from '@vscode/l10n';
import { isRank } from '../../../recipe/recipe';
import type { ReadField } from '../../reading';
import type { Scalar, SyntaxNode } from '../../syntax/tree';

/** One field of home-made configs: its common names, the type of its value, and where it may be. */
export interface Alias {
  field: ReadField | 'beta1' | 'beta2';
  /** For people. */
  title: string;
  value: keyof typeof VALUES;
  /** Where it may be: in the block of LoRA, or near it. */
  stands: 'block' | 'near';
  /** As {@link plainWord} spells them, what most scripts call it first. */
  names: ReadonlySet<string>;
  /** Names that count in a block of the optimizer only. */
  inOptimizer?: ReadonlySet<string>;
  /** Whether the number moves with alpha. */
  moves?: true;
  /** It counts only where this field is found too. */
  pairedWith?: 'beta1' | 'beta2';
}

type More = Pick<Alias, 'inOptimizer' | 'moves' | 'pairedWith'>;
function alias(
  field: Alias['field'],
  title: string,
  value: Alias['value'],
  stands: Alias['stands'],
  names: string,
  more: More = {},
): Alias {
  return { field, title, value, stands, names: new Set(names.split(' ')), ...more };
}

const MOVES = { moves: true } as const;
const RANKS = 'lora_r lora_rank lora_dim qlora_r peft_r peft_rank lora_low_rank r rank dim';
const ALPHAS = 'lora_alpha qlora_alpha peft_alpha lora_scaling_alpha alpha';
const RATES = 'learning_rate lr base_lr base_learning_rate lora_lr lora_learning_rate peak_lr';
const OPTIMIZERS = 'optimizer optim optimizer_type optimizer_name optimizer_class';
const CLIPS =
  'max_grad_norm max_norm grad_clip gradient_clip gradient_clip_val gradient_clipping grad_clip_norm clip_grad clip_grad_norm grad_norm_clip';
const TARGETS = 'target_modules lora_target_modules lora_target lora_targets targets target modules';
const RATIOS = 'loraplus_lr_ratio lora_plus_lr_ratio loraplus_ratio lora_plus_ratio lr_ratio';

/** Names of a rank or an alpha that do not speak of LoRA need a sign of LoRA in their block. */
export const RANK = alias('rank', l10n.t('the rank'), 'rank', 'block', RANKS);
export const ALPHA = alias('alpha', l10n.t('alpha'), 'positive', 'block', ALPHAS);
export const LEARNING_RATE = alias('learningRate', l10n.t('the learning rate'), 'number', 'near', RATES, MOVES);
export const OPTIMIZER = alias('optimizer', l10n.t('the optimizer'), 'text', 'near', OPTIMIZERS, {
  inOptimizer: new Set(['name', 'type', '_target_', 'target', 'class', 'class_path', 'cls']),
});

/** Every field that is read in a home-made config. Left out, because they name many things: `beta`, `epsilon`, `momentum`. */
export const ALIASES: readonly Alias[] = [
  RANK,
  ALPHA,
  LEARNING_RATE,
  OPTIMIZER,
  alias('weightDecay', l10n.t('the weight decay'), 'number', 'near', 'weight_decay wd adam_weight_decay', MOVES),
  // The norm of the gradient of all parameters.
  alias('maxGradNorm', l10n.t('the clip threshold'), 'number', 'near', CLIPS, MOVES),
  // In the unit of the gradient.
  alias('eps', l10n.t("Adam's eps"), 'number', 'near', 'adam_epsilon eps adam_eps optimizer_eps', MOVES),
  alias('betas', l10n.t('the betas'), 'pair', 'near', 'betas adam_betas'),
  alias('beta1', l10n.t('the first beta'), 'number', 'near', 'beta1 beta_1 adam_beta1', {
    pairedWith: 'beta2',
  }),
  alias('beta2', l10n.t('the second beta'), 'number', 'near', 'beta2 beta_2 adam_beta2', {
    pairedWith: 'beta1',
  }),
  alias(
    'scheduler',
    l10n.t('the schedule'),
    'text',
    'near',
    'lr_scheduler lr_scheduler_type lr_schedule scheduler scheduler_type',
  ),
  // In steps, or as a share of all steps.
  alias(
    'warmup',
    l10n.t('the warm-up'),
    'number',
    'near',
    'warmup_steps warmup_ratio num_warmup_steps lr_warmup_steps',
  ),
  alias('dropout', l10n.t('the dropout'), 'number', 'block', 'lora_dropout dropout dropout_p drop'),
  alias('targetModules', l10n.t('the target modules'), 'names', 'block', TARGETS),
  alias('useRslora', l10n.t('rank stabilisation'), 'switch', 'block', 'use_rslora rslora rank_stabilized'),
  alias('useDora', 'DoRA', 'switch', 'block', 'use_dora dora'),
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

/** Whether a key or a value speaks of LoRA: `lora`, `qlora_config`, `peft`. */
export const isLoraWord = (word: string): boolean =>
  /(^|_)(q?lora|dora|rslora|peft|low_rank(_adaptation)?)(_|$)/.test(plainWord(word));

/** A key and its value as one text, `use_lora=false`; of a list only whether anything is in it: `losses=several`. */
export function settingText(key: string, node: SyntaxNode): string {
  const several = node.kind === 'scalar' ? [] : node.kind === 'list' ? node.items : node.entries;
  const value = node.kind === 'scalar' ? String(node.value).toLowerCase() : several.length > 0 ? 'several' : '';
  return `${plainWord(key)}=${value}`;
}

const scalar = (node: SyntaxNode): Scalar | undefined =>
  node.kind === 'scalar' && node.lock?.code !== 'yaml-block-text' ? node.value : undefined;

/** The number, or the number in a string; NaN for an unresolved reference (`${lora.rank}`). */
function numberOf(node: SyntaxNode): number | undefined {
  const value = scalar(node);
  if (typeof value === 'string' && /^\$\{[\w.]+\}$/.test(value)) return Number.NaN;
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const isNumber = (node: SyntaxNode): boolean => numberOf(node) !== undefined;
const isText = (node: SyntaxNode): boolean => typeof scalar(node) === 'string';
const itemsOf = (node: SyntaxNode): readonly SyntaxNode[] => (node.kind === 'list' ? node.items : []);

/** Which values a field can have. */
const VALUES = {
  number: isNumber,
  rank: (node: SyntaxNode): boolean => {
    const value = numberOf(node) ?? 0;
    return Number.isNaN(value) || isRank(value);
  },
  positive: (node: SyntaxNode): boolean => !((numberOf(node) ?? 0) <= 0),
  text: isText,
  switch: (node: SyntaxNode): boolean => typeof scalar(node) === 'boolean',
  pair: (node: SyntaxNode): boolean => itemsOf(node).length === 2 && itemsOf(node).every(isNumber),
  names: (node: SyntaxNode): boolean => isText(node) || (itemsOf(node).length > 0 && itemsOf(node).every(isText)),
} as const;

/** Whether the node can be a value of the field. */
export const fits = ({ value }: Pick<Alias, 'value'>, node: SyntaxNode): boolean => VALUES[value](node);
/** Whether it is the number 0, which turns a learning rate off. */
export const isZero = (node: SyntaxNode): boolean => numberOf(node) === 0;
