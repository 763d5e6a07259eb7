import { PLAIN_ARGUMENTS } from './keywords';

/** What an expression may hold of a run, as bits: weights, numbers that a plan changes; PART of it, or MEASURED. */
export type Held = number;
/** SIZED: its length depends on a number of the training. LIBRARY: a library or its class, which setting it changes. */
export const [WEIGHTS, NUMBERS, PART, MEASURED, SIZED, LIBRARY] = [1, 2, 4, 8, 16, 32] as const;
export const BOTH = WEIGHTS | NUMBERS;

/** A part of what an object holds; nothing where it holds nothing. */
export const part = (held: Held): Held => (held & ~LIBRARY ? held | PART : held);

/** The same; SIZED too, if it is MEASURED. */
export const sized = (held: Held): Held => (held & MEASURED ? held | SIZED : held);

/** What the arguments of a call may be. */
export type Takes =
  /** They may hold something of the run. */
  | 'anything'
  /** They must not. */
  | 'nothing'
  /** They must not be a part of it. */
  | 'whole'
  /** Parameters of the model alone. */
  | 'parameters'
  /** Numbers of the run, which are read elsewhere: every argument must be seen. */
  | 'numbers'
  /** What a trainer takes: callbacks that are known, an optimizer that is read, no `model_init`. */
  | 'trainer';

/** A call that is known to leave a run as it is. */
export interface Row {
  takes: Takes;
  /** What its result holds: nothing, what its object and arguments hold, what they alone do, a part, the first item. */
  gives: 'nothing' | 'same' | 'given' | 'part' | 'measured' | 'first' | Held;
  /** Its first argument is a function, which it calls with the others. */
  calls?: true;
  /** Arguments by name or place, the texts of all values that each may stand for, and whether it must be given. */
  may?: Readonly<Record<string, readonly [place: number, text: RegExp, isNeeded?: true]>>;
  /** Its object must be whole: not a loss that was computed with a weight. */
  isOfWhole?: true;
  /** Its numbers must belong to a run that is read. */
  isRead?: true;
}

export const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
/** A name of a list, in which `*` stands for any letters and `**` for any letters and dots. */
export const named = (list: string): string =>
  `(?:${[...words(list)].join('|').replaceAll('.', '\\.').replaceAll('**', '[\\w.]+').replaceAll('*', '\\w*')})$`;
/** Names in any package, or in none: then the import is not in this text. */
export const any = (list: string): RegExp => new RegExp(`(?:^|\\.)${named(list)}`);
/** The words of a list, each with one value. */
export const each = <T>(list: string, value: T): [string, T][] => [...words(list)].map((word) => [word, value]);
const rows: (list: string, row: Row) => [string, Row][] = each;

export const READS: Row = { takes: 'anything', gives: 'nothing' };
export const CLEAN: Row = { takes: 'nothing', gives: 'nothing' };
export const SAME: Row = { takes: 'anything', gives: 'same' };
export const PARTS: Row = { takes: 'anything', gives: 'part' };
export const CLIPS: Row = { takes: 'numbers', gives: NUMBERS | PART | MEASURED, isRead: true };
/** An adapter of another name is none that a plan knows. */
const NO_OTHER = /^(?!["'](?!default["']))/;
/** In 16 bits, only powers of two multiply exactly. */
export const NOT_IN_16_BITS = /^(?!.*(?:float(?!32|64|\b)|[fp](?:16|8)|half|dtype))/;

/** Methods of an object of the run: the model, its parts, the trainer, its arguments, optimizer and schedule. */
export const METHODS: ReadonlyMap<string, Row> = new Map([
  ...rows(
    `print_trainable_parameters get_nb_trainable_parameters gradient_checkpointing_enable save_strategy
    gradient_checkpointing_disable enable_input_require_grads save_pretrained save_pretrained_merged
    save_pretrained_gguf save_pretrained_torchao push_to_hub push_to_hub_merged push_to_hub_gguf save_lora
    save_checkpoint generate fast_generate resize_token_embeddings tie_weights num_parameters zero_grad
    get_memory_footprint apply_chat_template load_lora prepare_inputs_for_generation save encode decode batch_decode
    predict add_model_tags chat register_to_config get_vision_tower initialize_vision_tokenizer
    enable_gradient_checkpointing enable_xformers_memory_efficient_attention evaluate save_model save_state save_metrics
    log_metrics log log_dict is_world_process_zero is_local_process_zero get_train_dataloader get_eval_dataloader
    num_examples prediction_step evaluation_loop create_optimizer create_scheduler create_optimizer_and_scheduler
    main_process_first freeze get_process_log_level state_dict_type numel element_size size dim stride is_floating_point
    is_contiguous data_ptr untyped_storage storage endswith startswith replace lower upper strip rstrip lstrip format
    find rsplit count isdigit join wait_for_everyone print end_training pad_across_processes enable_model_cpu_offload
    encode_prompt _unpack_latents _pack_latents add_noise get_velocity no_sync accumulate autocast
    register_save_state_pre_hook infer register_load_state_pre_hook load_lora_weights save_lora_weights
    set_progress_bar_config disable_lora enable_lora init_trackers free_memory get_tracker get_image_features
    is_main_process pipe chat_template convert_tokens_to_ids add_special_tokens add_tokens pad tokenize synchronize wait
    clear discard remove push_to_hub_token gather gather_for_metrics reduce set_epoch get_vocab get_chat_template
    load_dataset exists load_state write flush close _save _zero3_consolidated_16bit_state_dict set_attention_backend
    enable_tiling enable_slicing encode_code decode_code remove_callback pop_callback`,
    READS,
  ),
  ...rows('train eval', { ...SAME, isOfWhole: true }),
  ...rows('step forward __call__ backward loss', { ...CLEAN, isOfWhole: true }),
  ...rows('compute_loss training_step', { takes: 'whole', gives: 'nothing', isOfWhole: true }),
  ...rows('clip_grad_norm_ clip_grad_norm', CLIPS),
  ...rows('norm abs mean std sum item max min tolist numpy dot get_last_lr', { ...PARTS, gives: 'measured' }),
  ...rows(
    `items keys values get pop cuda cpu float double merge_and_unload unload get_base_model copy disable_adapter
    disable_adapters __enter__ set_format for_training for_inference fuse_lora unfuse_lora merge_adapter
    unmerge_adapter enable_adapters __init__`,
    SAME,
  ),
  ...rows('prepare prepare_model get_model unwrap_model unwrap skip_first_batches', { ...SAME, gives: 'given' }),
  ...rows('to type', { ...SAME, may: { device: [0, NOT_IN_16_BITS], dtype: [1, NOT_IN_16_BITS] } }),
  ...rows('requires_grad_', { ...SAME, may: { requires_grad: [0, /^False$/, true] } }),
  ...rows('set_adapter set_adapters', { ...READS, may: { adapter_name: [0, /^["']default["']$/, true] } }),
  ...rows('add_adapter', { ...READS, may: { adapter_name: [0, NO_OTHER], peft_config: [1, NO_OTHER] } }),
  ...rows('add_callback', { takes: 'trainer', gives: 'nothing' }),
  ...rows(
    `parameters named_parameters modules named_modules children named_children buffers named_buffers state_dict
    get_submodule get_parameter pow square sqrt detach clone data flatten view reshape get_lr to_dict to_json_string
    index any all isnan isinf get_input_embeddings get_output_embeddings get_state_dict contiguous
    get_adapter_state_dict isfinite __getitem__ unsqueeze squeeze round`,
    PARTS,
  ),
  ...rows('split', { ...READS, may: { sep: [0, /^["']/, true] } }),
]);

const COLLECTING = 'append extend insert add update setdefault put appendleft write';

/** Methods of other objects, which may get something of the run. */
export const PLAIN_METHODS: ReadonlyMap<string, Row> = new Map([
  ...rows(
    `join info debug warning warn error critical exception log log_metrics log_metric log_params add_argument log_param
    add_scalar set_postfix set_description watch dumps dump save summary decode batch_decode index save_pretrained
    push_to_hub finish print assertEqual assertTrue assertFalse assertIn assertIsInstance assertIsNone assertNotEqual
    assertAlmostEqual assertGreater assertLess assertIsNotNone __get__ save_lora_weights map shuffle register_buffer
    get_state_dict ${COLLECTING}`,
    READS,
  ),
  ...rows('format', PARTS),
  ...rows('setdefault', SAME),
]);

/** Methods that put what they get into their object. */
export const COLLECTS = words(`${COLLECTING} __setitem__`);

/** Attributes that may be read and set: none of them reaches a step of the LoRA parameters. */
const PLAIN = `${PLAIN_ARGUMENTS.join(' ')} config pad_token_id eos_token_id bos_token unk_token padding_side
  chat_template is_parallelizable model_parallel compute_metrics data_collator train_dataset eval_dataset tokenizer
  processing_class image_processor should_save should_log should_training_stop target_modules base_model_name_or_path
  inference_mode task_type lora_dropout is_loaded_in_4bit deepspeed_plugin distributed_type`;

/** Attributes that hold no number that a plan changes, no weight and no setting of the optimizer. */
export const PLAIN_ATTRIBUTES = words(`${PLAIN} device dtype name_or_path __name__ training model_type hf_device_map
  state control is_loaded_in_8bit shape ndim requires_grad grad_fn n_gpu process_index local_process_index
  num_processes is_main_process is_local_main_process sync_gradients mixed_precision r peft_type is_world_process_zero
  global_step epoch best_metric best_model_checkpoint vocab_size hidden_size bos_token_id model_max_length in_features
  out_features num_layers metrics training_loss train_batch_size active_adapter active_adapters is_fsdp_enabled
  parallel_mode _name_or_path is_quantized quantization_method feature_extractor fsdp_plugin trackers
  num_update_steps_per_epoch sampling_rate additional_special_tokens truncation_side num_return_sequences
  response_template num_epochs epochs batch_size deepspeed resume_from_checkpoint supports_gradient_checkpointing`);

/** Attributes that are a whole object of the run, where they are one of a whole object, and what they hold of it. */
export const WHOLE_ATTRIBUTES: ReadonlyMap<string, Held> = new Map<string, Held>([
  ...each('model module base_model model_wrapped unet transformer _orig_mod pretrained_model language_model', WEIGHTS),
  ...each('optimizer lr_scheduler accelerator', BOTH),
  ...each('args', NUMBERS),
]);

/** Attributes that an assignment may set. */
export const SETTABLE = words(`${PLAIN} state_dict native_amp _z3_leaf revision trackio_space_id should_evaluate
  should_epoch_stop teacher_model_name_or_path`);

/** Attributes by which an object of unknown origin is known to be one of a run. */
export const TELLING = words(
  `param_groups peft_config add_adapter lora_A lora_B requires_grad_ parameters named_parameters named_modules
    state_dict log_history grad`,
);

/** Names that stand for objects of a run where the text does not say what they are. */
const BY_NAME: readonly (readonly [RegExp, Held])[] = [
  [/^(?:\w+_)?(?:model|network|net|unet|transformer)$/, WEIGHTS],
  [/^(?:\w+_)?(?:optimizer|lr_scheduler|trainer)$|^(?:lr_)?scheduler$|^accelerator$/, BOTH],
  [/^(?:\w+_)?(?:grad_?norm|total_norm|gnorm|norm)$/, NUMBERS | PART | MEASURED],
  [/^(?:lora|peft)_(?:config|cfg)$|^train(?:ing)?_(?:args|arguments)$/, NUMBERS],
];

export const byName = (name: string): Held => BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 0;

/** Entries of a trainer's logs that are the same in both runs. */
export const PLAIN_ENTRIES = /(?:^|_)(?:loss|accuracy|f1|perplexity|epoch|step|runtime|reward|wer|bleu)s?$/;

/** Expressions that hold what their parts hold. */
export const HOLDS =
  /^FormatReplacement$|^(?:Unary|Array|Tuple|Set|Dictionary|Parenthesized|Named|Await|\w*Comprehension)Expression$/;
