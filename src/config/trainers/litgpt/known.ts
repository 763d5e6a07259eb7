import { keys } from '../shared/keys';

/** @see https://github.com/Lightning-AI/litgpt (litgpt/finetune/lora.py: setup; litgpt/args.py: TrainArgs; 26857050) */
export const LITGPT = keys(`
  access_token checkpoint_dir config data devices eval io log logger_name lora_alpha lora_dropout lora_head lora_key lora_mlp
  lora_projection lora_query lora_r lora_value num_nodes optimizer out_dir precision quantize seed train
`);

export const LITGPT_TRAIN = keys(`
  beta1 beta2 epochs global_batch_size learning_rate log_interval lr_warmup_fraction lr_warmup_steps max_norm max_seq_length
  max_steps max_time max_tokens micro_batch_size min_lr save_interval tie_embeddings weight_decay
`);
