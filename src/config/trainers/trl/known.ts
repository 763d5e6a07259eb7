import { HF_KEYS } from '../hugging-face/known';
import { keys } from '../shared/keys';

/** Arguments of TRL 0.8 to 1.16 whose names speak of LoRA, optimizer, schedule or clipping (trl/trainer/*_config.py, trl/scripts). */
const OWN: ReadonlySet<string> = keys(`
  alpha beta cliprange cliprange_value cpo_alpha epsilon epsilon_high f_alpha_divergence_coef is_peft_model
  ld_alpha lora_alpha lora_dropout lora_modules_to_save lora_r lora_target_modules lora_target_parameters
  lora_task_type model_adapter_name optimize_cuda_cache optimize_device_cache ref_adapter_name
  ref_model_mixup_alpha reward_clip_range rpo_alpha score_clip use_peft use_rslora
  vllm_importance_sampling_clip_max vllm_importance_sampling_clip_min
`);

/** @see https://github.com/huggingface/trl (trl/scripts/utils.py: TrlParser, which stops at any other key; f2cd5771) */
export const TRL_KEYS: ReadonlySet<string> = new Set([...HF_KEYS, ...OWN]);
