import { callIn, hasSpread, type Entry, type MapNode } from '../../syntax/tree';
import { HF_KEYS, withArguments } from '../hugging-face/fields';
import { TRL_ARGUMENTS } from '../python/keywords';
import { opened } from '../python/runs';
import { calleeIs, isModule } from '../python/tree';
import { has, key, valueAt, type Key } from '../shared/fields';
import type { Run } from '../trainer';

/** Keys of the training group in configs for Ray, which override the top level (swift/ray: merge_group_dict). */
export const grouped = (name: string): readonly Key[] => [key(`train.${name}`), key(name)];

const TUNERS = ['tuner_type', 'train_type', 'sft_type'] as const;

/** The value of a key, in the training group or at the top. */
export const swiftValue = (root: MapNode, ...names: readonly string[]): unknown =>
  names
    .flatMap(grouped)
    .map(({ label }) => valueAt(root, label))
    .find((value) => value !== undefined);

const says = (root: MapNode, ...names: string[]): boolean =>
  names.flatMap(grouped).some(({ label }) => has(root, label));

/**
 * The arguments that a script passes to `sft_main` or `rlhf_main`.
 * @see https://github.com/modelscope/ms-swift (swift/arguments/sft_args.py, rlhf_args.py; TrainArguments before 4.0)
 */
const ARGUMENTS = /(?:^|\.)(?:Sft|Train|RLHF)Arguments$/;

/**
 * Whether a call that names no tuner trains LoRA: of ms-swift's own class, as other programs have a TrainArguments too, and
 * either with nothing said elsewhere, which may be the tuner, or with LoRA's own numbers.
 */
const isLoraCall = (root: MapNode): boolean =>
  calleeIs(root, /^swift\./) &&
  (!(hasSpread(root) || says(root, 'load_args', ...TUNERS)) || says(root, 'lora_rank', 'lora_alpha'));

/** LoRA on the language model, and all weights of the rest (swift/tuner_plugin/lora_llm.py). */
export const trainsRest = (root: MapNode): boolean => swiftValue(root, ...TUNERS) === 'lora_llm';

/** Only Megatron's arguments have these (swift/megatron/arguments/megatron_args.py). */
export const isMegatron = (root: MapNode): boolean =>
  says(root, 'lr', 'micro_batch_size', 'tensor_model_parallel_size', 'lr_warmup_fraction', 'train_iters', 'min_lr');

export function isSwift(root: MapNode): boolean {
  const tuner = swiftValue(root, ...TUNERS);
  if (tuner !== undefined) return tuner === 'lora' || tuner === 'lora_llm';
  // swift sft trains LoRA by default; Megatron trains all weights.
  if (calleeIs(root, ARGUMENTS)) return isLoraCall(root);
  const isOurs = says(root, 'model') && says(root, 'dataset') && says(root, 'lora_rank', 'lora_alpha');
  return isOurs && !says(root, 'stage', 'finetuning_type', 'model_name_or_path') && !isMegatron(root);
}

/**
 * Arguments of ms-swift 2.0 to 4.5 that move with a plan, or that no unit changes. Not here: schedules of the weight decay,
 * LISA, ms-swift's own LoRA layers, callbacks, arguments that are read from another run, and those of other tuners. Keys
 * that ms-swift does not know stop it.
 * @see https://github.com/modelscope/ms-swift (swift/arguments, swift/megatron/arguments; 3602360a)
 */
export const SWIFT_KEYS = `${HF_KEYS} ${TRL_ARGUMENTS} adam_eps add_non_thinking_prefix advantage_estimator aligner_lr
  apply_* args async_* attention_* bias_*_fusion bnb_* check_model cliprange* clip_grad colocate_groups columns
  context_* cosine_* cross_entropy_* custom_dataset_info custom_metrics custom_object_save device_* disable_* dist* enable_* ENV exist_ok experts_impl
  finetune freeze_* galore_* gkd_* gpus gradient_accumulation_fusion hidden_* host is_* lam lang
  lazy_tokenize linear_* load load_args load_data_args load_from_cache_file lora_dtype lora_ga_* lora_modules loss_*
  max_* mcore_model merge_lora mlp_* model model_* moe_* mtp_* multi_* new_special_tokens no_save_* norm_*
  num_* offload* optimizer optimizer_cpu_offload overlap_* overlong_filter pipeline_* position_embedding_type
  problem_type rank recompute_* ref_* repetition_* repo resume reward_* rlhf_type rotary_* safe_serialization save
  seq_* sft_alpha sft_type share sleep_level soft* split_dataset_ratio stream* strict system target_* task_type
  tau_neg tau_pos teacher_* template* to_* top_* torch_dtype train_iters train_type tuner_type trainable_parameters*
  tuner_backend use_cpu_initialization use_distributed_optimizer use_galore use_hf use_ray vit_* window_*`;

/** Hyperparameters that `**kwargs` may bring in. */
const OPEN = `lora_rank lora_alpha lora_dropout use_rslora use_dora init_weights lorap_lr_ratio learning_rate weight_decay
  max_grad_norm adam_epsilon adam_beta1 adam_beta2 optim lr_scheduler_type warmup_steps warmup_ratio target_modules`;

/** The runs of a file: the tree itself, or every call of a script that makes the arguments of one. */
export function swiftRuns(root: MapNode): readonly Run[] {
  if (isModule(root)) return root.entries.flatMap((entry) => runIn(entry));
  // A dict in a script may be anyone's.
  return root.entries.some(({ home }) => home?.startsWith('python')) ? [] : [{ root: withArguments(root) }];
}

function runIn({ value, home }: Entry): Run[] {
  const isRun =
    home === 'python-argument' && value.kind === 'map' && calleeIs(value, ARGUMENTS) && !callIn(value)?.isOwn;
  return isRun ? [{ root: withArguments(opened(value, OPEN)) }] : [];
}
