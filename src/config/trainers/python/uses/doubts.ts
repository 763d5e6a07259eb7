import * as l10n from '@vscode/l10n';
import type { Kind } from './objects/kinds';

/** One sentence of what a use may do; `moves` where it may hold a number that moves with the scaling. */
export interface Doubt {
  why: string;
  moves: boolean;
}

export const doubt = (why: string, moves = false): Doubt => ({ why, moves });
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Training arguments that decide the LoRA parameters' steps; all others are the same in both runs. */
export const DECIDING_ARGUMENTS = set(`learning_rate weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm optim
  optim_args optim_target_modules lr_scheduler_type lr_scheduler_kwargs warmup_ratio warmup_steps loraplus_lr_ratio
  loraplus_lr_embedding embedding_learning_rate adafactor deepspeed fsdp __dict__`);

/** Fields of LoraConfig that do not touch the scaling. */
const PLAIN_CONFIG = set(`target_modules base_model_name_or_path inference_mode revision lora_dropout task_type
  exclude_modules layers_to_transform auto_mapping fan_in_fan_out layers_pattern`);

/** Attributes of a trainer that hold no number of the optimizer's. */
const PLAIN_TRAINER = set(`model_accepts_loss_kwargs data_collator train_dataset eval_dataset tokenizer processing_class
  compute_metrics state control can_return_loss label_names is_model_parallel place_model_on_device compute_loss
  callback_handler accelerator is_deepspeed_enabled is_fsdp_enabled is_in_train ref_model loss_fn beta
  _signature_columns save_model evaluate log _save get_train_dataloader get_eval_dataloader prediction_step`);

/** What is said of assigning to an attribute of an object, or to an item under a word; null where it is harmless. */
export function doubtOfAssigning(kind: Kind, name: string): Doubt | null {
  switch (kind) {
    case 'args':
      return DECIDING_ARGUMENTS.has(name)
        ? doubt(l10n.t`It sets ${name} after the training arguments are made.`, true)
        : null;
    case 'config':
    case 'configs':
      return PLAIN_CONFIG.has(name) ? null : doubt(l10n.t`It sets ${name} after the LoRA config is made.`, true);
    case 'group':
    case 'groups':
      return doubt(l10n.t`It sets ${name} of the optimizer's parameter groups.`, true);
    case 'optimizer':
      return doubt(l10n.t`It sets ${name} of the optimizer.`, true);
    case 'scheduler':
      return doubt(l10n.t`It sets ${name} of the learning rate schedule.`, true);
    case 'trainer':
      return PLAIN_TRAINER.has(name)
        ? null
        : doubt(l10n.t`It sets ${name} of the trainer.`, /optim|sched|arg|step|decay|rate/.test(name));
    case 'accelerator':
      return doubt(l10n.t`It sets ${name} of the trainer's accelerator.`, true);
    case 'settings':
      return doubt(
        name === ''
          ? l10n.t('It sets an entry of settings after they are written.')
          : l10n.t`It sets ${name} of settings after they are written.`,
        true,
      );
    case 'scaling':
      return doubt(l10n.t('It sets the scaling of a layer.'), true);
    case 'grad':
      return doubt(l10n.t('It changes the gradient.'));
    case 'data':
      return doubt(l10n.t('It changes the weights.'));
    case 'model':
      return /^(?:scaling|lora_(?:alpha|A|B)|r|weight)$/.test(name)
        ? doubt(l10n.t`It sets ${name} of a layer.`, true)
        : null;
    default:
      return null;
  }
}

/** Methods of a list or a dict that holds such objects. */
const OF_LISTS = 'append extend insert items values keys';

/** Methods that leave the LoRA parameters, their gradients and the optimizer's numbers alone. */
const PLAIN_METHODS: Readonly<Partial<Record<Kind, ReadonlySet<string>>>> = {
  args: set(`to_dict to_json_string to_sanitized_dict get_warmup_steps main_process_first get_process_log_level copy get
    items keys values set_dataloader set_logging set_save set_evaluate set_push_to_hub set_testing`),
  config: set('to_dict save_pretrained to_json_string get'),
  configs: set('keys values items get pop'),
  optimizer: set(`step zero_grad state_dict train eval get_lr consolidate_state_dict synchronize backward attach_model
    ${OF_LISTS}`),
  scheduler: set(`step get_last_lr get_lr state_dict print_lr ${OF_LISTS}`),
  groups: set('index copy'),
  group: set('get keys items copy values'),
  trainer: set(`train evaluate predict save_model save_state save_metrics log_metrics log push_to_hub create_model_card
    remove_callback pop_callback add_callback is_world_process_zero is_local_process_zero get_train_dataloader
    get_eval_dataloader get_test_dataloader get_train_sampler evaluation_loop prediction_loop prediction_step store_flos
    num_examples num_tokens create_optimizer create_scheduler create_optimizer_and_scheduler compute_loss
    generate_completions floating_point_ops call_model_init get_batch_samples _save_checkpoint _save _wrap_model
    _prepare_inputs _remove_unused_columns compute_loss_context_manager init_hf_repo _nested_gather _pad_across_processes
    autocast_smart_context_manager _get_output_dir _get_train_sampler _maybe_log_save_evaluate _tune_save_checkpoint
    _set_signature_columns_if_needed _get_collator_with_removed_columns get_num_trainable_parameters
    get_learning_rates get_optimizer_group visualize_samples get_decay_parameter_names get_batch_logps
    concatenated_forward get_batch_loss_metrics store_metrics is_fsdp_xla_enabled gather_function _report_to_hp_search`),
  model: set(`print_trainable_parameters get_nb_trainable_parameters gradient_checkpointing_enable
    gradient_checkpointing_disable enable_input_require_grads disable_input_require_grads train eval to cuda cpu half
    float bfloat16 double type save_pretrained save_pretrained_merged save_pretrained_gguf push_to_hub
    push_to_hub_merged push_to_hub_gguf save_pretrained_torchao save_lora save_checkpoint generate forward state_dict get_input_embeddings
    get_output_embeddings resize_token_embeddings tie_weights parameters named_parameters modules named_modules children
    named_children buffers named_buffers zero_grad num_parameters get_memory_footprint disable_adapter disable_adapters
    merge_and_unload unload merge_adapter unmerge_adapter get_base_model apply_chat_template floating_point_ops
    __call__ get_submodule get_parameter backward step no_sync prepare_inputs_for_generation save no_grad config
    create_or_update_model_card get_model_status get_layer_status is_gradient_checkpointing encode decode predict
    fast_generate load_lora save_adapter enable_gradient_checkpointing enable_xformers_memory_efficient_attention
    add_model_tags get_adapter_state_dict compute_loss loss share_memory can_generate dtype size chat embed_tokens lm_head model base_model summary items
    values keys append set_gradient_checkpointing get_vision_tower get_model initialize_vision_tokenizer compute_transition_scores
    gradient_checkpointing freeze_feature_encoder get_image_features get_text_features get_extended_attention_mask
    log log_dict enable_adapters enable_adapter_layers disable_adapter_layers fuse_lora unfuse_lora get_encoder get_decoder
    freeze_text_encoder freeze_vision_tower register_to_config`),
  parameters: set(`index add ${OF_LISTS}`),
  parameter: set(`numel nelement element_size size dim stride is_floating_point is_contiguous is_complex data_ptr
    untyped_storage storage detach clone cpu to float half bfloat16 double cuda type tolist item __repr__
    endswith startswith split replace lower format join find`),
  data: set(`to float half bfloat16 double cuda cpu clone detach numel size dim norm abs mean std sum item max min type
    contiguous storage element_size data_ptr is_floating_point nelement tolist numpy view reshape flatten square pow isnan any`),
  grad: set(`norm abs mean std sum item max min detach clone data cpu float to numel size isnan isinf any view flatten
    is_sparse all square pow dot`),
  scaling: set('items keys values get copy'),
  settings: set('items keys values get copy'),
};

/** Methods of which it is known what they do. */
const METHODS: Readonly<Partial<Record<Kind, Readonly<Record<string, Doubt>>>>> = {
  optimizer: {
    add_param_group: doubt(l10n.t('It gives the optimizer a further group of parameters.'), true),
    load_state_dict: doubt(l10n.t('It loads the state of an optimizer, with its learning rate.'), true),
  },
  scheduler: { load_state_dict: doubt(l10n.t('It loads the state of a schedule, with its learning rates.'), true) },
  args: {
    set_optimizer: doubt(l10n.t('It sets the optimizer and its numbers.'), true),
    set_lr_scheduler: doubt(l10n.t('It sets the schedule.'), true),
    set_training: doubt(l10n.t('It sets the learning rate and the decay.'), true),
  },
  model: {
    load_state_dict: doubt(l10n.t('It loads weights: trained LoRA factors belong to the alpha they were trained at.')),
    load_adapter: doubt(l10n.t('It loads a second adapter.')),
    set_adapter: doubt(l10n.t('It chooses which adapters train.')),
    set_adapters: doubt(l10n.t('It chooses which adapters train, and how much each counts.')),
    add_weighted_adapter: doubt(l10n.t('It makes an adapter of others.'), true),
    set_scale: doubt(l10n.t('It sets the scaling of a layer.'), true),
    scale_layer: doubt(l10n.t('It multiplies the scaling of a layer.'), true),
    unscale_layer: doubt(l10n.t('It divides the scaling of a layer.'), true),
    update_layer: doubt(l10n.t('It creates LoRA factors with another rank and alpha.'), true),
    reset_lora_parameters: doubt(l10n.t('It draws new LoRA factors without dividing them.'), true),
    init_lora_weights: doubt(l10n.t('It draws new LoRA factors without dividing them.'), true),
    apply: doubt(l10n.t('It applies a function to every layer.')),
    initialize_lora_eva_weights: doubt(l10n.t('It draws new LoRA factors.'), true),
  },
  parameter: { register_hook: doubt(l10n.t('It changes the gradient.')) },
  trainer: {
    hyperparameter_search: doubt(l10n.t('It sets the training arguments for each trial.'), true),
    create_accelerator_and_postprocess: doubt(l10n.t('It sets the trainer up again.')),
  },
};

const UNKNOWN: Readonly<Partial<Record<Kind, Doubt>>> = {
  args: doubt(l10n.t('This method may set training arguments.'), true),
  config: doubt(l10n.t('This method may set the LoRA config.'), true),
  configs: doubt(l10n.t('This method may set the LoRA config.'), true),
  optimizer: doubt(l10n.t('This method of the optimizer is unknown.'), true),
  groups: doubt(l10n.t("It may change the optimizer's parameter groups."), true),
  group: doubt(l10n.t("It may change the optimizer's parameter groups."), true),
  scheduler: doubt(l10n.t('This method of the schedule is unknown.'), true),
  trainer: doubt(l10n.t('This method of the trainer is unknown.')),
  model: doubt(l10n.t('This method of the model is unknown.')),
  parameter: doubt(l10n.t('It computes with the weights, so it may add a penalty to the loss or change them.')),
  data: doubt(l10n.t('It may change the weights.')),
  grad: doubt(l10n.t('It may change the gradient.')),
  scaling: doubt(l10n.t('It may change the scaling.'), true),
  settings: doubt(l10n.t('It may change settings after they are written.'), true),
};

/** What is said of a method that is taken without a call, to be called by another name: `free = model.requires_grad_`. */
export function doubtOfBound(kind: Kind, name: string): Doubt | null {
  return kind === 'model' && name === 'requires_grad_' ? TRAINS_MORE : (METHODS[kind]?.[name] ?? null);
}

/** What is said of computing with a number that a plan changes. */
export function doubtOfComputing(name: string): Doubt {
  return doubt(l10n.t`It computes with ${name}, which a plan changes.`);
}

/** What is said of calling a method of an object; null where it is harmless. */
export function doubtOfMethod(kind: Kind, name: string): Doubt | null {
  const known = METHODS[kind]?.[name];
  if (known) return known;
  if (PLAIN_METHODS[kind]?.has(name)) return null;
  if (kind === 'model' && (isPlainVerb(name) || /^(?:get|is|has|num)_|(?<!load)_state_dict$/.test(name))) return null;
  if (kind === 'trainer' && isPlainVerb(name)) return null;
  return UNKNOWN[kind] ?? null;
}

/** Functions that read what they are given, by their last name. */
const PLAIN_FUNCTIONS = set(`print len isinstance hasattr type id str repr bool int float sum any all max min map range
  pprint info warning debug error critical exception log format asdict dumps dump summary callable issubclass list tuple
  print_trainable_parameters print_number_of_trainable_model_parameters count_parameters get_peft_model_state_dict
  pipeline autocast watch define_metric init update_config get_model_status numel
  print_trainable_layers find_all_linear_names find_all_linear_modules find_target_modules print_rank_0 rank0_print
  get_lora_model_state_dict accumulate no_sync register_for_checkpointing
  unscale_ scale main_process_first init_trackers Namespace Counter dir set_z3_leaf_modules apply_fsdp_checkpointing parallelize_module clear_device_cache free_memory empty_cache collect clear_vram AverageMeter
  DataCollatorForSeq2Seq DataCollatorForTokenClassification DataCollatorWithFlattening EMAModel ExponentialMovingAverage
  AveragedModel TextStreamer is_compiled_module is_peft_model load_metric has_length from_trainer cast_training_params
  default_data_collator smart_tokenizer_and_embedding_resize smart_resize_embeddings get_state_dict state_dict
  get_trainable_parameters convert_state_dict_to_diffusers get_parameter_dtype dict zero_grad super set_seed
  maybe_zero_3 create_reference_model unet_lora_state_dict register_save_state_pre_hook safe_save_model_for_hf_trainer
  convert_unet_state_dict_to_peft update_parameters get_parameters trainer_save_model_safe tokenizer_and_embedding_resize wraps partial
  apply_chat_template StableDiffusionPipeline GenerationConfig get_peft_model_state_maybe_zero_3
  get_peft_state_maybe_zero_3 get_peft_state_non_lora_maybe_zero_3 get_mm_adapter_state_maybe_zero_3 register_buffer
  calculate_loss cross_entropy Path HfArgumentParser isclose allclose equal zeros_like empty_like ones_like`);

const PLAIN_LIBRARIES =
  /^(?:wandb|logging|logger|json|os|mlflow|swanlab|pprint|rich|inspect|evaluate|torchinfo|tensorboard|gc|warnings|yaml|pickle|summary_writer|writer|OmegaConf)\./;

/** What a function is called that reads a model, and does not train it. */
function isPlainVerb(name: string): boolean {
  return /^_?(?:print|log|save|eval|evaluate|test|validate|predict|generate|infer|inference|count|plot|show|report|benchmark|visualize|visualise|export|push|upload|sample|chat|ask|display|dump|check|assert|verify|is|has|free|cleanup|export|merge_and_save|decode|encode|tokenize|preprocess|collate|profile|measure|summarize|inspect)(?:_|$|[A-Z])/.test(
    name,
  );
}

/** Whether a function outside this text only reads what it is given. */
export function isPlainFunction(path: string, name: string): boolean {
  return PLAIN_FUNCTIONS.has(name) || PLAIN_LIBRARIES.test(path) || isPlainVerb(name) || /^get_num_/.test(name);
}

/** Functions that compute from gradients; what is decided by that is judged separately. */
export const READS_GRADIENTS = /^(?:stack|cat|norm|vector_norm|get_total_norm|_foreach_norm|is(?:nan|inf|finite))$/;

/** Classes and functions that are given a model to use it: collators, losses, pipelines, what asks for its layers. */
export function isModelReader(path: string, name: string): boolean {
  return (
    /(?:Collator|Collate|Loss|Evaluator|Pipeline|Streamer|Dataset|Processor|Visualizer)\w*(?:\.from_\w+)?$/.test(
      path,
    ) ||
    /^(?:LLM|__get__|evaluator|fsdp_auto_wrap_policy|release_memory|simple_evaluate|dir|smoke_test)$/.test(name) ||
    /^(?:get|find)_\w*(?:info|size|count|norm|names?|modules?|layers|state_dict|dtype|device|memory|parameters)$/.test(
      name,
    )
  );
}

/** Functions of which it is known that they reach further. */
export const FUNCTIONS: Readonly<Record<string, Doubt>> = {
  replace: doubt(l10n.t('It makes other training arguments or another config.'), true),
  set_peft_model_state_dict: doubt(
    l10n.t('It loads trained LoRA factors, which belong to the alpha they were trained at.'),
  ),
  load_peft_weights: doubt(l10n.t('It loads trained LoRA factors, which belong to the alpha they were trained at.')),
  load_state_dict: doubt(l10n.t('It loads weights: trained LoRA factors belong to the alpha they were trained at.')),
  load_checkpoint_in_model: doubt(
    l10n.t('It loads weights: trained LoRA factors belong to the alpha they were trained at.'),
  ),
  initialize_lora_eva_weights: doubt(l10n.t('It draws new LoRA factors.'), true),
  replace_lora_weights_loftq: doubt(l10n.t('It draws new LoRA factors without dividing them.'), true),
  preprocess_loraga: doubt(l10n.t('It sets the start of the LoRA factors.'), true),
};

/** Methods of a trainer whose own version may compute other steps. */
export const OVERRIDES: Readonly<Record<string, Doubt>> = {
  create_optimizer: doubt(l10n.t('It makes the optimizer in its own way.'), true),
  create_scheduler: doubt(l10n.t('It makes the schedule in its own way.'), true),
  create_optimizer_and_scheduler: doubt(l10n.t('It makes the optimizer in its own way.'), true),
  get_optimizer_cls_and_kwargs: doubt(l10n.t("It chooses the optimizer's class and numbers."), true),
  get_optimizer_group: doubt(l10n.t('It chooses the groups of parameters.'), true),
  get_decay_parameter_names: doubt(l10n.t('It chooses which parameters decay.')),
  optimizer_step: doubt(l10n.t('It steps in its own way.'), true),
  training_step: doubt(l10n.t('It computes the gradients in its own way.')),
  _inner_training_loop: doubt(l10n.t('It trains in its own way.'), true),
  inner_training_loop: doubt(l10n.t('It trains in its own way.'), true),
  _clip_grad_norm: doubt(l10n.t('It clips in its own way.'), true),
};

/** LoRA factors in fewer bits than the learning rate is exact in. */
export const IN_16_BITS = doubt(
  l10n.t('It keeps the LoRA factors in 16 bits, where only powers of two multiply exactly.'),
);

export const TRAINS_MORE = doubt(l10n.t('It may train parameters beside the LoRA factors, which have no scaling.'));

/** Keyword arguments of a trainer by which it is given an optimizer. */
export const HANDS_OPTIMIZER = doubt(l10n.t('The trainer is given an optimizer or a schedule that is not read.'), true);

/** Libraries whose classes and functions a script must leave as they are. */
export const PATCHED =
  /^(?:torch\.optim|torch\.nn\.utils\.clip_grad|torch\.nn\.init|peft|accelerate\.(?:Accelerator|optimizer|scheduler)|Accelerator|bitsandbytes\.optim)\b/;
