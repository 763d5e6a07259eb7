import { HF_KEYS } from '../hugging-face/fields';
import { TRL_ARGUMENTS } from '../python/keywords';

/**
 * Arguments of ms-swift 2.0 to 4.5 that move with a plan, or that no unit changes. Not here: schedules of the weight decay,
 * LISA, ms-swift's own LoRA layers, callbacks, arguments that are read from another run, and those of other tuners. Keys
 * that ms-swift does not know stop it.
 * @see https://github.com/modelscope/ms-swift (swift/arguments, swift/megatron/arguments; 3602360a)
 */
export const SWIFT_KEYS = `${HF_KEYS} ${TRL_ARGUMENTS} adam_eps add_non_thinking_prefix advantage_estimator aligner_lr
  apply_* args async_* attention_* bias_*_fusion bnb_* check_model cliprange* clip_grad colocate_groups columns
  context_* cosine_* cross_entropy_* custom_* device_* disable_* dist* enable_* ENV exist_ok experts_impl
  external_plugins finetune freeze_* galore_* gkd_* gpus gradient_accumulation_fusion hidden_* host is_* lam lang
  lazy_tokenize linear_* load load_args load_data_args load_from_cache_file lora_dtype lora_ga_* lora_modules loss_*
  main_* max_* mcore_model merge_lora mlp_* model model_* moe_* mtp_* multi_* new_special_tokens no_save_* norm_*
  num_* offload* optimizer optimizer_cpu_offload overlap_* overlong_filter pipeline_* position_embedding_type
  problem_type rank recompute_* ref_* repetition_* repo resume reward_* rlhf_type rotary_* safe_serialization save
  seq_* sft_alpha sft_type share sleep_level soft* split_dataset_ratio stream* strict system target_* task_type
  tau_neg tau_pos teacher_* template* to_* top_* torch_dtype train_iters train_type tuner_type trainable_parameters*
  tuner_backend use_cpu_initialization use_distributed_optimizer use_galore use_hf use_ray vit_* window_*`;
