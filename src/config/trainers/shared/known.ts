import type { Unread } from '../../reading';
import { mayBeNumber, type Entry } from '../../syntax/tree';

/**
 * The keys that change nothing of the factors, by the dotted path of their map; empty for the file's own top level. `vllm_*`
 * stands for all that begin so, `*_dir` for all that end so. What fields and rows name is known without.
 */
export type KnownKeys = Readonly<Record<string, string>>;

/**
 * In the files of every trainer: data, evaluation, what is written down, samples, noise, attention, machines, and keys of
 * JSON Schema. Both runs have the same, and no parameter is trained by it.
 */
const ELSEWHERE = `
  $schema $id $comment compile config data dataloader device device_map disable_tqdm ema_decay epochs flip_aug gamma
  gradient_accumulation_steps gradient_checkpointing gradient_checkpointing_kwargs guidance_scale huber_schedule
  load_best_model_at_end load_in_4bit load_in_8bit local_rank logit_mean logit_std low_cpu_mem_usage max_train_epochs
  max_train_samples max_train_steps mode_scale name num_train_epochs port prediction_type prior_loss_weight processor
  random_crop repetition_penalty revision rope_scaling sdpa seed sigmoid_scale split strategy temperature tf32 top_k
  top_p train_batch_size train_data_dir train_file train_file_dir train_samples trust_remote_code use_ema variant weighting_scheme xformers `;

/** The same by beginnings and ends, unless they are near what matters. */
const LIKE_ELSEWHERE = `activation_* aspect_* async_* attn_* audio_* bench_* blocks_to_swap* bnb_* bucket_* cache_*
  cached_* caption_* chat_template* checkpointing_* checkpoints_* clip_skip* comet_* compile_* conditioning_* console_*
  context_* data_* dataloader_* dataset* ddp_* debug* disable_* discrete_flow_* dispatch_* distillation_* download_*
  dpo_* dynamo_* ema_* enable_bucket* enforce_eager eval_* evaluation_* experiment_* expert_* export_* field_* flash_*
  flow_* fsdp* generat* gpu_* gradio_* grpo_* hf_* hub_* huber_* huggingface_* image_* include_* infer_* inference_*
  interleave_* ip_noise_* kd_* keep_* kl_* kto_* liger_* log_* logging_* loss_* main_process_* mask_* masked_* max_*
  media_* message_* metadata* metric* min_* mlflow_* model_* moe_* multires_* noise_* nsfw_* num_* offload_* output_*
  packing* pad_* padding_* persistent_* pose_* ppo_* preprocess* pretrained_* profile* prompt_* push_* quant* ray_*
  ref_* report_* resolution* response_* reward_* rollout_* run_name sample_* save_* sequence_* sglang_* shuffle* snr_*
  split_attn* streaming* swanlab_* system_* t5* teacher_* tensorboard_* test_* text_encoder_* timestep_* tokenizer*
  torch_* tracker_* trackio_* uld_* use_flash* use_liger* use_sage* use_vllm vae* val_* validat* video_* vllm_* wandb_*
  webhook* *_attention *_attn *_backend *_cache *_coef *_column *_columns *_device *_dir *_epochs *_file *_format *_host
  *_interval *_length *_loss *_loss_weight *_name *_name_or_path *_offload *_path *_port *_prob *_probability *_prompt
  *_prompts *_resolution *_seed *_size *_split *_strategy *_template *_timeout *_token *_tokens *_url *_workers`;

/** Names that speak of LoRA, the optimizer, the schedule, clipping, precision, heads, or what is trained. */
export const NEAR =
  /^(?:add|new)_|(?:^|_)(?:dims?|eps|load|lr|rank)(?:_|$)|adam|adapter|alpha|balanc|beta|callback|checkpoint(?!s_|ing)|ckpt|clip(?!_skip)|custom|decay|dion|dtype|encoder$|epsilon|external|fp8|fp16|bf16|freez|frozen|galore|grad(?!io)|head|init|label|learn|lora|momentum|muon|network|(?:max|grad|weight)_norm|optim|peft|plugin|precision|projec(?:tion|tor)|regul|resume|sched|(?<!pre)train|tun(?:e|ing)|warmup|weights/i;

/** Whether a key is known without being listed by its trainer. */
export const isElsewhere = (key: string): boolean =>
  isAmong(ELSEWHERE, key) || (isAmong(LIKE_ELSEWHERE, key) && !NEAR.test(key));

const parsed = new Map<string, { whole: ReadonlySet<string>; patterns: RegExp }>();

export function isAmong(list: string, name: string): boolean {
  let words = parsed.get(list);
  if (!words) {
    const all = list.split(/\s+/);
    const patterns = all.flatMap((word) => (word.includes('*') ? word.replace('*', '.*') : []));
    parsed.set(list, (words = { whole: new Set(all), patterns: new RegExp(`^(?:${patterns.join('|') || '(?!)'})$`) }));
  }
  return words.whole.has(name) || words.patterns.test(name);
}

/** A key with its value, as not understood. */
export function unread({ keyRange, value }: Entry, why: string, mayMove = mayBeNumber(value)): Unread {
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  return { range, why, mayMove };
}
