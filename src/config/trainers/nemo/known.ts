import { all, keys } from '../shared/keys';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';

/** @see https://github.com/NVIDIA/NeMo (nlp/parts/peft_config.py: LoraPEFTConfig; llm/peft/lora.py: LoRA; 8cfedd72) */
export const NEMO_LORA = keys(`
  a2a_experimental adapter_dim adapter_dropout alpha column_init_method dropout_position layer_selection
  position_embedding_strategy row_init_method target_modules variant weight_tying
`);

export const NEMO_OPTIMIZER = all(
  OPTIMIZER_ARGUMENTS,
  keys(`
    bucket_cap_mb contiguous_grad_bucket contiguous_param_bucket dtype grad_sync_dtype name overlap_grad_sync
    overlap_param_sync sched store_param_remainders store_params
  `),
);

/**
 * Keys of the model's block whose names look like LoRA or optimizer settings (examples, 8cfedd72). Parameter groups
 * with their own learning rates are left out on purpose.
 */
export const NEMO_MODEL = keys(`
  freeze_language_model freeze_modality_adapter freeze_speech_model layernorm_epsilon modality_adapter optim peft
  pipeline_model_parallel_split_rank
`);
