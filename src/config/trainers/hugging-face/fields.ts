import * as l10n from '@vscode/l10n';
import { argumentText } from '../../syntax/shell/arguments';
import { jsonText } from '../../syntax/json/json';
import { nodeAt, type MapNode, type ScalarNode, type SyntaxNode } from '../../syntax/tree';
import { under } from '../../syntax/table';
import { HF_SCHEDULES } from '../schedules';
import type { PeftKeys, ScheduleKeys } from '../trainer';
import { on } from '../shared/trap';
import { field, ifRowHas, key, type Default, type Fields, type Source } from '../shared/fields';

/**
 * Who has the defaults that trainers on top of Hugging Face's Trainer share.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/training_args.py
 */
export const HF_TRAINER = l10n.t("Hugging Face's Trainer (transformers 5.24)");

export const HF_FIELDS = {
  weightDecay: field('weight_decay', 0, HF_TRAINER),
  eps: field('adam_epsilon', ifRowHas('eps', 1e-8, HF_TRAINER)),
  betas: field(['adam_beta1', 'adam_beta2'], ifRowHas('betas', [0.9, 0.999], HF_TRAINER)),
  // Transformers passes these to torch.optim.SGD (trainer_optimizer.py: _get_sgd).
  momentum: field('optim_args.momentum'),
  nesterov: field('optim_args.nesterov'),
  maxGradNorm: field('max_grad_norm', 1, HF_TRAINER),
  warmup: field(['warmup_steps', 'warmup_ratio'], 0, HF_TRAINER),
} satisfies Fields & Record<string, Source>;

/**
 * Parameters that Hugging Face's Trainer excludes from weight decay.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/trainer.py (get_decay_parameter_names)
 */
export const HF_NO_DECAY = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)/;

/** PEFT's LoRA+ gives embeddings an absolute rate. */
export const HF_RATES = [key('loraplus_lr_embedding')];

/** What PEFT needs besides the recipe, as Hugging Face's Trainer has it. */
export const HF_PEFT = {
  seed: key('seed'),
  batch: key('per_device_train_batch_size'),
  batchDefault: 8,
  noDecay: HF_NO_DECAY,
} satisfies Partial<PeftKeys>;

/** The schedulers of Hugging Face's Trainer, and their arguments. */
export const HF_SCHEDULE: ScheduleKeys = {
  schedules: HF_SCHEDULES,
  at: 'lr_scheduler_kwargs',
  jsonFlag: true,
  beside: ['lr_scheduler_type', 'lr_scheduler', 'learning_rate'].map((label) => key(label)),
};

/** The key of the optimizer's arguments: a map, or one string (see {@link withArguments}). */
export const HF_ARGUMENTS = 'optim_args';

/** Strings that are read as maps, and how. */
const TEXTS: Readonly<Record<string, (node: ScalarNode) => SyntaxNode>> = {
  [HF_ARGUMENTS]: argumentText,
  lr_scheduler_kwargs: jsonText,
};

/** The tree with the strings of optim_args and lr_scheduler_kwargs as maps. */
export function withArguments(root: MapNode): MapNode {
  const entries = root.entries.map((entry) => {
    const { key: name, value } = entry;
    const read = under(TEXTS, name);
    const isText = value.kind === 'scalar' && typeof value.value === 'string';
    return read && isText ? { ...entry, value: read(value) } : entry;
  });
  return { ...root, entries };
}

/** The optimizer of transformers 5 with torch 2.8 or later; before that adamw_torch, whose steps are the same. */
export const HF_OPTIMIZER: Default = {
  value: 'adamw_torch_fused',
  who: l10n.t("Hugging Face's Trainer (transformers 5.24 with torch 2.8 or later)"),
};

/** @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/training_args.py (warmup_steps) */
export const OLD_ARGUMENTS = on(
  'warmup_ratio',
  'argument-gone',
  l10n.t`LoRA Alpha assumes transformers 5.24, which has no warmup_ratio and stops. There a warmup_steps below 1 is the share of the steps. With transformers 4 the file runs as LoRA Alpha reads it.`,
  { when: (root) => nodeAt(root, ['warmup_ratio']) !== null },
);
