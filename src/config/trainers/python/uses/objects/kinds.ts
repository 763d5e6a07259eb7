import * as l10n from '@vscode/l10n';
/** Objects of a script that decide its run, and parts of them. */
export type Kind =
  | 'config'
  | 'configs'
  | 'args'
  | 'optimizer'
  | 'groups'
  | 'group'
  | 'scheduler'
  | 'model'
  | 'base'
  | 'parameters'
  | 'parameter'
  | 'data'
  | 'states'
  | 'grad'
  | 'number'
  | 'scaling'
  | 'trainer'
  | 'accelerator'
  | 'settings';

/** An object, and where the call stands that made it; -1 where that is not known. */
export interface Thing {
  kind: Kind;
  made: number;
}

/** What people call each kind. */
export const CALLED: Readonly<Record<Kind, string>> = {
  config: l10n.t('the LoRA config'),
  configs: l10n.t('the LoRA configs'),
  args: l10n.t('the training arguments'),
  optimizer: l10n.t('the optimizer'),
  groups: l10n.t("the optimizer's parameter groups"),
  group: l10n.t('a parameter group of the optimizer'),
  scheduler: l10n.t('the learning rate schedule'),
  model: l10n.t('the model'),
  base: l10n.t('the model'),
  parameters: l10n.t("the model's parameters"),
  parameter: l10n.t('a parameter of the model'),
  data: l10n.t('the weights of a parameter'),
  states: l10n.t('the weights of the model'),
  grad: l10n.t('the gradient of a parameter'),
  number: l10n.t('a number that a plan changes'),
  scaling: l10n.t('the scaling'),
  trainer: l10n.t('the trainer'),
  accelerator: l10n.t("the trainer's accelerator"),
  settings: l10n.t('a dict of settings'),
};

/** Kinds that may hold a number that moves with the scaling. */
export const HOLDS_NUMBERS: ReadonlySet<Kind> = new Set([
  ...([
    'config',
    'configs',
    'args',
    'optimizer',
    'groups',
    'group',
    'scheduler',
    'scaling',
    'trainer',
    'settings',
  ] as const),
]);

/** Training arguments of transformers and TRL. */
export const TRAINING =
  /(?:^|\.)\w*(?:TrainingArguments|(?:SFT|DPO|ORPO|CPO|KTO|BCO|GRPO|RLOO|PPO|GKD|GOLD|XPO|TPO|NashMD|OnlineDPO|Reward|PRM|Distillation|SDFT|SDPO|GMPO|A2PO|IterativeSFT|AsyncGRPO)(?:v2)?Config)$/;

/** Packages of optimizers: every class they have is one. */
const OPTIMIZER_PACKAGE =
  /^(?:torch\.optim(?!\.swa_utils)|torch_optimizer|bitsandbytes\.optim|lion_pytorch|prodigyopt|prodigy_plus_schedule_free|schedulefree|came_pytorch|dadaptation|pytorch_optimizer|adam_mini|galore_torch|q_galore_torch|apollo_torch|torchao\.optim|optimi|muon|heavyball|lomo_optim|sophia|adabelief_pytorch|apex\.optimizers|deepspeed\.ops\.adam|transformers\.(?:optimization\.)?Ada(?:factor|mW))(?:\.\w+)*(?:\.[A-Z]\w*)?$/;

/** Optimizer classes, and functions that take the optimizer's arguments, by the end of their name. */
const OPTIMIZER_CLASS =
  /(?:^|\.)(?:(?:Paged)?(?:Adam|AdamW|Lion|SGD|Adagrad|RMSprop|LAMB|Lamb|LARS|AdEMAMix|Adan|CAME|Sophia\w*|DAdapt\w+)(?:8bit|4bit|Fp8|32bit)?|Adamax|NAdam|RAdam|Adadelta|Adafactor|Rprop|ASGD|Muon|SOAP|Prodigy|(?:AdamW|SGD|RAdam)ScheduleFree\w*|FusedAdam|DeepSpeedCPUAdam|optimizer_(?:class|cls)|create_loraplus_optimizer)$/;

/** Functions that make an optimizer in a way of their own. */
const OPTIMIZER_MAKER = /(?:^|\.)(?:optim_(?:class|cls)|(?:create|get|build|make|setup|configure)_\w*optimizers?)$/;

const SCHEDULER_PATH = /(?:^|\.)lr_scheduler\._?[A-Z]\w*$/;
const SCHEDULER_NAME =
  /(?:^|\.)(?:[A-Z]\w*LR|CosineAnnealingWarmRestarts|ReduceLROnPlateau|SequentialLR|ChainedScheduler|(?:create|get|build|make)_(?:\w*_)?(?:schedule|scheduler|schedule_with_warmup|with_min_lr_schedule_with_warmup))$/;
const SCHEDULER_HF = /(?:^|\.)get_\w*schedule\w*$/;

const TRAINER = /(?:^|\.)(?!Patch)\w*Trainer$/;
const PEFT_MODEL =
  /(?:^|\.)(?:get_peft_model|inject_adapter_in_model|Fast\w*\.get_peft_model|(?:Auto)?Peft(?:Mixed)?Model\w*(?:\.from_pretrained)?)$/;
const BASE_MODEL =
  /(?:^|\.)(?:prepare_model_for_(?:kbit|int8)_training|\w*(?:Model|For[A-Z]\w*|UNet\w*)\.from_(?:pretrained|config|single_file))$/;

/** The first that fits. */
const MAKERS: readonly (readonly [Kind, (path: string) => boolean])[] = [
  ['config', (path) => /(?:^|\.)LoraConfig$/.test(path)],
  ['args', (path) => TRAINING.test(path)],
  ['scheduler', isScheduler],
  ['optimizer', isOptimizer],
  ['trainer', (path) => TRAINER.test(path) && !/^(?:pl|lightning|pytorch_lightning|L|tokenizers|ray)\./.test(path)],
  ['model', (path) => PEFT_MODEL.test(path)],
  ['base', (path) => BASE_MODEL.test(path)],
];

/** Packages whose trainers, arguments and configs are those that LoRA Alpha knows. */
export const KNOWN =
  /^(?:transformers|trl|peft|unsloth|unsloth_zoo|diffusers|sentence_transformers|accelerate|torch|bitsandbytes|optimum|loralib|swift)(?:\.|$)/;

/** What a call makes, by the path of what is called. */
export function madeBy(path: string): Kind | undefined {
  return MAKERS.find(([, makes]) => makes(path))?.[0];
}

/** Whether what is called makes a learning rate schedule. */
export function isScheduler(path: string): boolean {
  return SCHEDULER_PATH.test(path) || SCHEDULER_NAME.test(path) || SCHEDULER_HF.test(path);
}

/** Whether what is called is an optimizer's class, or what stands for one, so that its arguments are the optimizer's. */
export function isReadOptimizer(path: string): boolean {
  return (
    OPTIMIZER_CLASS.test(path) ||
    (OPTIMIZER_PACKAGE.test(path) && /\.[A-Z]\w*$/.test(path) && !SCHEDULER_PATH.test(path))
  );
}

/** Whether what is called makes an optimizer. */
export function isOptimizer(path: string): boolean {
  return isReadOptimizer(path) || OPTIMIZER_MAKER.test(path);
}

/** Calls behind which a model is one with LoRA, whatever name it goes by. */
export const MAKES_LORA_MODEL =
  /(?:^|\.)(?:get_peft_model|add_adapter|inject_adapter_in_model|PeftModel\w*(?:\.from_pretrained)?|mark_only_lora_as_trainable)$/;

const BY_NAME: readonly (readonly [Kind, RegExp])[] = [
  ['args', /^(?:self\.)?_?(?:train(?:ing)?_(?:args|arguments)|hf_args)$/],
  ['optimizer', /^(?:self\.)?_?optimizer$/],
  ['scheduler', /^(?:self\.)?_?lr_sched(?:uler)?$/],
  ['config', /^(?:self\.)?(?:lora|peft)_(?:config|cfg)$/],
  ['trainer', /^trainer$/],
  ['base', /^(?:self\.)?(?:(?:peft|lora|base|hf|policy)_)?(?:model|network|unet|transformer)$/],
];

/** The kind of an object by its name, if the file does not show how the object was made. */
export function kindByName(name: string): Kind | undefined {
  return BY_NAME.find(([, pattern]) => pattern.test(name))?.[0];
}

/** The same function, which keeps its answers: a program has few words, and uses each often. */
export function remembered(kindOf: (word: string) => Kind | undefined): (word: string) => Kind | undefined {
  const kinds = new Map<string, Kind | undefined>();
  return (word) => {
    const known = kinds.get(word);
    if (known !== undefined || kinds.has(word)) return known;
    const kind = kindOf(word);
    kinds.set(word, kind);
    return kind;
  };
}

/** The kind of an object's attribute. Attributes that are missing here are not followed. */
export const ATTRIBUTES: Readonly<Partial<Record<Kind, Readonly<Record<string, Kind>>>>> = {
  trainer: {
    ...{ optimizer: 'optimizer', lr_scheduler: 'scheduler', model: 'model', model_wrapped: 'model', args: 'args' },
    accelerator: 'accelerator',
  },
  args: { learning_rate: 'number', weight_decay: 'number', adam_epsilon: 'number', max_grad_norm: 'number' },
  optimizer: { param_groups: 'groups', optimizer: 'optimizer', defaults: 'group' },
  scheduler: { optimizer: 'optimizer' },
  model: {
    ...{ base_model: 'model', model: 'model', module: 'model', _orig_mod: 'model', pretrained_model: 'model' },
    ...{ layers: 'model', h: 'model', transformer: 'model', encoder: 'model', decoder: 'model', self_attn: 'model' },
    ...{ attn: 'model', attention: 'model', mlp: 'model', q_proj: 'model', k_proj: 'model', v_proj: 'model' },
    ...{ o_proj: 'model', gate_proj: 'model', up_proj: 'model', down_proj: 'model', c_attn: 'model' },
    ...{ lora_A: 'model', lora_B: 'model', default: 'model', language_model: 'model', unet: 'model' },
    ...{ peft_config: 'configs', active_peft_config: 'config', scaling: 'scaling', weight: 'parameter' },
    bias: 'parameter',
  },
  config: { lora_alpha: 'number', alpha_pattern: 'settings', rank_pattern: 'settings', modules_to_save: 'settings' },
  parameter: { data: 'data', grad: 'grad' },
  data: { data: 'data' },
  grad: { data: 'grad' },
};

/** Attributes of a model that are no part of it that could train. */
export const NO_MODULE =
  /config|device|dtype|name|training|size|num_|max_|vocab|tokenizer|processor|_type$|_id$|^is_|^_|^[A-Z]/;

/** What a method of an object gives. */
export const METHODS: Readonly<Partial<Record<Kind, Readonly<Record<string, Kind>>>>> = {
  model: {
    ...{ parameters: 'parameters', named_parameters: 'parameters', modules: 'model', named_modules: 'model' },
    ...{ children: 'model', named_children: 'model', get_base_model: 'model', get_submodule: 'model' },
    ...{ to: 'model', cuda: 'model', cpu: 'model', train: 'model', eval: 'model', half: 'model', float: 'model' },
    ...{ bfloat16: 'model', requires_grad_: 'model', merge_and_unload: 'base', unload: 'base', items: 'model' },
    ...{ values: 'model', get_parameter: 'parameter', get_model: 'model' },
    ...{ get_input_embeddings: 'model', get_output_embeddings: 'model', state_dict: 'states' },
  },
  base: {
    ...{ to: 'base', cuda: 'base', cpu: 'base', train: 'base', eval: 'base', half: 'base', float: 'base' },
    ...{ bfloat16: 'base', requires_grad_: 'base', parameters: 'base', named_parameters: 'base', modules: 'base' },
    ...{ named_modules: 'base', children: 'base', named_children: 'base' },
  },
  scheduler: { get_last_lr: 'number' },
  states: { items: 'states', values: 'states', get: 'data', pop: 'data' },
  parameters: { items: 'parameters', values: 'parameters' },
  configs: { values: 'configs', items: 'configs', get: 'config' },
};

/** What stands in an object, be it by a subscript or one after another. */
export const ITEMS: Readonly<Partial<Record<Kind, Kind>>> = {
  parameters: 'parameter',
  groups: 'group',
  group: 'parameters',
  configs: 'config',
  model: 'model',
  scaling: 'number',
  states: 'data',
  number: 'number',
};

/** Functions whose result is the number that they are given. */
export const CONVERTS: ReadonlySet<string> = new Set(['float', 'int', 'abs', 'round', 'tensor']);

/** Entries of a parameter group that a plan changes. */
export const CHANGED_ENTRIES: ReadonlySet<string> = new Set(['lr', 'weight_decay', 'eps']);

/** Functions that give back what they are given, or a container of that. */
export const PASSING: ReadonlySet<string> = new Set([
  ...[
    'list',
    'tuple',
    'filter',
    'enumerate',
    'zip',
    'tqdm',
    'iter',
    'next',
    'sorted',
    'reversed',
    'chain',
    'dict',
    'set',
  ],
  ...['deepcopy', 'copy', 'vars', 'cast', 'compile', 'DataParallel', 'DistributedDataParallel', 'DDP', 'FSDP'],
  ...['FullyShardedDataParallel', 'prepare', 'prepare_model', 'prepare_optimizer', 'unwrap_model', 'unwrap'],
  ...['extract_model_from_parallel', 'for_training', 'for_inference', 'train_on_responses_only', 'to', 'setup'],
  ...['prepare_scheduler', 'setup_chat_format', 'prepare_deepspeed', 'initialize', 'getattr'],
]);
