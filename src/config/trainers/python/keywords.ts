import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { meantOf } from '../../../recipe/closest';
import { HF_KEYS } from '../hugging-face/fields';
import { isAmong, isElsewhere, unread } from '../shared/known';
import { mapAt } from '../shared/prefixed';
import { callIn, isWritten, type Entry, type MapNode } from '../../syntax/tree';

const words = (list: string): readonly string[] => list.split(/\s+/).filter((word) => word !== '');

/** @see https://github.com/huggingface/trl/tree/v1.16.0/trl/trainer (the *_config.py), those of 0.8 to 0.29, and Unsloth's */
export const TRL_ARGUMENTS = `assistant_only_loss beta center_rewards_coefficient chars_per_token cpo_alpha
  dataset_kwargs dataset_num_proc dataset_text_field datasets delta desirable_weight eos_token epsilon epsilon_high
  f_divergence_type generation_kwargs importance_sampling_level is_encoder_decoder label_pad_token_id label_smoothing
  ld_alpha lmbda log_completions loss_type max_completion_length max_length max_new_tokens max_prompt_length
  max_seq_length max_target_length model_init_kwargs multi_objective_aggregation normalize_advantages num_generations
  packing pad_token padding_value precompute_ref_log_probs reward_clip_range reward_weights rpo_alpha scale_rewards
  simpo_gamma steps_per_generation sync_ref_model temperature tools top_k top_p truncation_mode undesirable_weight
  use_logits_to_keep use_vllm use_weighting world_size`;

/** Training arguments that decide the steps of the LoRA parameters. */
const DECIDING = words(`learning_rate weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm optim optim_args
  optim_target_modules lr_scheduler_type lr_scheduler_kwargs warmup_ratio warmup_steps loraplus_lr_ratio
  loraplus_lr_embedding embedding_learning_rate resume_from_checkpoint alpha`);

/** Training arguments that may be read and set without any effect on those steps. */
export const PLAIN_ARGUMENTS = words(`${HF_KEYS} ${TRL_ARGUMENTS}`.replaceAll('*', '')).filter(
  (word) => !DECIDING.includes(word),
);

/** The optimizer's arguments are read; all others are the same in both runs. */
const isTrainingArgument = (name: string): boolean =>
  [...DECIDING, ...PLAIN_ARGUMENTS].includes(name) || isAmong(HF_KEYS, name) || isElsewhere(name);

/** Arguments of the training arguments and of the optimizer of which it is not known what they do. */
export function unreadKeywords(root: MapNode): Unread[] {
  const isTraining = callIn(root) !== null;
  const training = isTraining ? root.entries.filter(({ home }) => home === 'python-argument') : [];
  const { entries } = mapAt(root, 'optimizer');
  return [
    ...training.filter(({ key }) => !isTrainingArgument(key)).flatMap(unknown),
    ...entries.filter((entry) => entry.isSpread && isWritten(entry)).flatMap(unknown),
    ...entries.filter(({ key }) => /^\d+$/.test(key) && Number(key) >= 2).map(byPlace),
  ];
}

/** An argument that has no name, after the parameters and the learning rate. Classes differ in the order of their arguments: the third of AdamW is betas, of SGD the momentum. */
function byPlace({ value: { range } }: Entry): Unread {
  return { range, why: l10n.t('This argument of the optimizer has no name. Give it its name.'), mayMove: true };
}

/** An unknown argument; None and False are harmless. */
function unknown(entry: Entry): Unread[] {
  const { key, value } = entry;
  if (value.kind === 'scalar' && value.unresolved === undefined && (value.value === null || value.value === false))
    return [];
  if (key === 'deepspeed') {
    return [unread(entry, l10n.t("DeepSpeed's config may set another optimizer, schedule and max grad norm."), false)];
  }
  const why = l10n.t`${key} is an unknown argument, which may set the optimizer or its numbers.`;
  return [unread(entry, why + meantOf(key, DECIDING), true)];
}
