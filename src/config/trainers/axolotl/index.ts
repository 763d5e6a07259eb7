import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { DECOUPLE_LR, HEAD_BY_ADAM, MUON } from '../../optimizers/packages';
import { allAre, narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import type { Unread } from '../../reading';
import { entryAt, type MapNode } from '../../syntax/tree';
import { DEEPSPEED_MIXED_BY_DEFAULT, HF_FIELDS, HF_KEYS, HF_LAYOUT, HF_NO_DECAY } from '../hugging-face/fields';
import { HF_SCHEDULE, HF_TRAINER, unreadDeepspeed, unsynced, withArguments } from '../hugging-face/fields';
import { FROM_MODEL, HF_NAMES } from '../hugging-face/optimizers';
import { embeddingRate, initOf, PEFT_INIT, PEFT_LORAPLUS } from '../peft/lora-config';
import { TRL_ARGUMENTS } from '../python/keywords';
import { isModule } from '../python/tree';
import type { Schedule } from '../schedules';
import { positional, withProgramValue } from '../shared/command';
import { field, has, isFilled, isNull, key, keys, onlyIf, says, valueAt, wordAt, type Default } from '../shared/fields';
import { unread } from '../shared/known';
import { continues, DIVIDES, float16, halfWeights, on, resumes, stops, unscaled, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** These optimizers are built by a factory of Axolotl's own, which knows nothing of LoRA+ (and of lr_groups). */
const noLoraplus: Default = { value: null, why: l10n.t('Axolotl builds this optimizer without LoRA+.') };

/**
 * Axolotl passes optim_args to its own optimizers last, so eps there overrides adam_epsilon; weight_decay there does
 * nothing, as each parameter group has its own (core/trainers/mixins/optimizer.py: create_optimizer_grouped_parameters).
 */
const OWN = { fields: { eps: field(['optim_args.eps', 'adam_epsilon']) } };
const own = (rule: OptimizerRule): OptimizerRule => ({ ...rule, ...OWN });

/** flashoptim keeps its states in 8 bits, with scales in float16. */
const flash = (rule: OptimizerRule): OptimizerRule => own(narrow(rule));

/**
 * `optimizer` of Axolotl: its own names, and those of Hugging Face's Trainer.
 * @see https://github.com/axolotl-ai-cloud/axolotl (src/axolotl/core/builders/base.py: _configure_optimizer; utils/schemas/enums.py, v0.19.0)
 */
const AXOLOTL_NAMES: OptimizerNames = {
  ...HF_NAMES,
  optimi_adamw: own({ row: 'adamw', defaults: { betas: [0.9, 0.99], eps: 1e-6 }, variants: [DECOUPLE_LR] }),
  // Since 0.19 they are called adamw_torch_4bit and adamw_torch_8bit.
  ...allAre(narrow({ row: 'adamw' }), 'ao_adamw_4bit ao_adamw_8bit'),
  ao_adamw_fp8: own(narrow({ row: 'adamw' })),
  adopt_adamw: own({ row: 'adopt', defaults: { betas: [0.9, 0.9999], eps: 1e-6 } }),
  adamc: own({ row: 'adamc' }),
  // adam_epsilon is CAME's first eps, which is added to the squared gradient.
  came_pytorch: {
    row: 'came',
    defaults: { eps: 1e-30 },
    optionKeys: { beta3: 'adam_beta3', epsInstability: 'adam_epsilon2' },
  },
  muon: { ...MUON, fixed: { ...MUON.fixed, loraplusLrRatio: noLoraplus } },
  // learning_rate is for parameters that are no matrices: A and B train with dion_lr.
  dion: {
    row: 'dion',
    arguments: { eps: 'epsilon' },
    fields: { learningRate: field('dion_lr'), momentum: field('dion_momentum') },
    fixed: { loraplusLrRatio: noLoraplus },
    traps: HEAD_BY_ADAM,
  },
  sinkgd: {
    row: 'sinkgd',
    arguments: { eps: 'sinkgd_eps', iterations: 'sinkhorn_iters', lrScale: 'sinkgd_lr_scale' },
    fixed: { loraplusLrRatio: noLoraplus },
    traps: HEAD_BY_ADAM,
  },
  polora: { unknown: l10n.t('it changes A and B together, by a rule that is not published.') },
  flash_adamw: flash({ row: 'adamw', variants: [DECOUPLE_LR] }),
  flash_adam: flash({ row: 'adam' }),
  flash_sgd: flash({ row: 'sgd' }),
  flash_sgdw: flash({ row: 'sgdw', variants: [DECOUPLE_LR] }),
  flash_lion: flash({ row: 'lion', defaults: { betas: [0.9, 0.99] }, variants: [DECOUPLE_LR] }),
  q_galore_adamw8bit: { refused: l10n.t('Axolotl does not combine it with an adapter.') },
};

/** Optimizers whose factories build them from the model themselves, without LoRA+ (core/builders/base.py). */
const WITHOUT_RATIO: ReadonlySet<string> = new Set(['muon', 'dion', 'sinkgd', 'polora', ...FROM_MODEL]);

/** They climb to learning_rate, whatever the rate of the group (core/trainers/mixins/scheduler.py). */
const PEAK: Schedule = { rates: {}, forAllGroups: true };

/** Plugins that leave LoRA, optimizer and gradients alone (src/axolotl/integrations), and that of a plan's own code. */
const PLUGINS =
  /^(?:axolotl\.integrations\.(?:cut_cross_entropy|expert_parallel|kd|kernels|liger|llm_compressor|lm_eval|swanlab)\.\w+|rescale_init\.RescaleInit)$/;

function unreadPlugins(root: MapNode): Unread[] {
  const entry = entryAt(root, ['plugins']);
  const items = entry?.value.kind === 'list' ? entry.value.items : [];
  const isKnown = items.every((item) => item.kind === 'scalar' && PLUGINS.test(String(item.value)));
  return entry && !isKnown
    ? [unread(entry, l10n.t`A plugin can change optimizer, gradients and what is trained.`)]
    : [];
}

/** @see src/axolotl/integrations/base.py: load_plugin, and register, which logs an ImportError and goes on */
const PLUGIN = {
  key: key('plugins'),
  item: 'rescale_init.RescaleInit',
  needs: l10n.t`Start Axolotl in the folder of rescale_init.py, or add that folder to PYTHONPATH. If Axolotl logs "Failed to load plugin", it trains with the undivided init.`,
};

const SAYS = {
  relora: l10n.t`relora merges the factors into the weights at each restart and draws a new A at its full size. The code that divides the init runs only once, at the start.`,
  auto: l10n.t`bf16 is auto (the default): on a GPU without bfloat16 (T4, V100) Axolotl trains in float16 with a loss scale, and there no plan is the same run. With bf16: true it is.`,
  rate: l10n.t`Axolotl stops without a learning_rate, unless the command line gives one.`,
  decay: l10n.t`With loraplus_lr_ratio, Axolotl does not pass weight_decay to PEFT's LoRA+ optimizer, so there is no weight decay.`,
};

const TRAPS: readonly Trap[] = [
  unscaled('lora_modules_to_save'),
  unscaled('peft_trainable_token_indices'),
  embeddingRate('lora_target_modules', 'loraplus_lr_ratio', 'loraplus_lr_embedding'),
  halfWeights('peft_autocast_adapter_dtype', [false]),
  unsynced('trl.sync_ref_model'),
  // A classifier, whose head PEFT trains (loaders/model.py, loaders/adapter.py: _get_peft_task_type).
  ...['reward_model', 'process_reward_model', 'type_of_model', 'model_type'].map((label) =>
    unscaled(label, l10n.t("the classifier's head"), { when: /^true$|(?:Sequence|Token)Classification/ }),
  ),
  on('weight_decay', 'key-ignored', SAYS.decay, {
    when: (root) =>
      says(root, 'loraplus_lr_ratio') &&
      !WITHOUT_RATIO.has(wordAt(root, 'optimizer').toLowerCase()) &&
      Number(valueAt(root, 'weight_decay') ?? 0) > 0,
    isRemovable: true,
    severity: 'warning',
  }),
  // utils/schemas/training.py: HyperparametersConfig
  stops('learning_rate', SAYS.rate, {
    when: (root) => says(root, 'base_model') && (!has(root, 'learning_rate') || isNull(root, ['learning_rate'])),
  }),
  on('relora', 'redrawn-factors', SAYS.relora, {
    severity: 'warning',
    when: 'on',
    limits: 'approximate',
    plans: DIVIDES,
  }),
  // utils/config/__init__.py: resolve_dtype; auto is the default (utils/schemas/config.py), null is off
  on('bf16', 'loss-scale', SAYS.auto, { when: (root) => wordAt(root, 'bf16') === 'auto' && !says(root, 'fp16') }),
  on('bf16', 'loss-scale', SAYS.auto, {
    ...{ isSilent: true, limits: 'exact' },
    when: (root) => !has(root, 'bf16') && !says(root, 'fp16'),
  }),
  float16('fsdp_config.mixed_precision_policy', /^(?:fp|float)16$/),
  continues('lora_model_dir'),
  resumes('resume_from_checkpoint'),
  resumes('auto_resume_from_checkpoints'),
  DEEPSPEED_MIXED_BY_DEFAULT,
];

const isOn = (root: MapNode, name: string): boolean => valueAt(root, name) === true;

/** @see https://github.com/axolotl-ai-cloud/axolotl (src/axolotl/utils/schemas/peft.py and training.py, 067b021c) */
const layout: Layout = {
  ...HF_LAYOUT,
  id: 'axolotl',
  recognise: (root) => says(root, 'base_model', 'lora_r', 'lora_alpha') && /^q?lora$/.test(wordAt(root, 'adapter')),
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r'),
    // Axolotl passes None to PEFT, which cannot divide it, so there is no default.
    alpha: field('lora_alpha'),
    useRslora: field('peft_use_rslora'),
    useDora: field('peft_use_dora'),
    learningRate: field('learning_rate'),
    loraplusLrRatio: field('loraplus_lr_ratio'),
    optimizer: field('optimizer', 'adamw_torch_fused'),
    scheduler: field('lr_scheduler', 'cosine'),
    // A null is not passed on (core/builders/base.py).
    maxGradNorm: field('max_grad_norm', 1, HF_TRAINER),
    // By default a share of the steps, which the file does not say (core/builders/base.py: _configure_warmup_and_logging).
    warmup: { keys: HF_FIELDS.warmup.keys },
    dropout: field('lora_dropout', 0),
    init: field([key('peft_init_lora_weights', initOf), key('peft.loftq_config.loftq_bits', () => 'loftq')], PEFT_INIT),
    targetModules: field(['lora_target_modules', key('lora_target_linear', onlyIf(true, 'all-linear'))]),
  },
  targetSwitches: [{ key: key('lora_target_linear'), modules: ['all-linear'] }],
  optimizers: AXOLOTL_NAMES,
  // Axolotl's own optimizers would get the numbers of a string as strings.
  argumentsAs: 'map',
  schedule: { ...HF_SCHEDULE, schedules: { ...HF_SCHEDULE.schedules, one_cycle: PEAK, rex: PEAK } },
  loraplus: { ...PEFT_LORAPLUS, ignoredBy: WITHOUT_RATIO, isRuledOut: (root) => isFilled(root, 'lr_groups') },
  wholeAlpha: 'pydantic',
  nullable: '*', // utils/config/__init__.py: model_dump(exclude_none=True)
  traps: TRAPS,
  // Axolotl 0.4 to 0.19 (src/axolotl/utils/schemas). Not here: what trains or freezes other parameters, and Grokfast.
  known: {
    '': `${HF_KEYS} ${TRL_ARGUMENTS} batch_flattening curriculum_sampling noisy_embedding_alpha orpo_alpha rl_beta
         use_mlflow adam_beta3 adam_epsilon2 adapter advantage_estimator bfloat16 cosine_* cut_cross_entropy ddp
         default_system_message dion_* dpo_* eaft_* ebft early_stopping_patience evals_per_epoch gemma4_hybrid_attn_impl
         experts_implementation flash_optimum float16 float32 flex_attn_* freeze_mm_modules fused_attn_kernel gptq*
         is_*_derived_model jagged_restart_* kd_* kto_* lora_*_kernel llama4_linearized_experts lr_quadratic_warmup
         merge_lora num_labels peft_layer* plugins pretraining_* processor_* project_id qlora_sharded_model_loading relora*
         resize_token_embeddings_to_32x revision_of_model ring_attn_func rl role roles* saves_per_epoch scaling_softmax*
         skip_prepare_dataset strict use_eaft tiled_mlp* tokens torch_dtype train_on_* trl type use_comet use_*_kernels
         use_kernels use_otel_metrics use_ray use_scattermoe use_sonicmoe use_swanlab use_tensorboard use_wandb vllm`,
  },
  unread: (root) => [...unreadPlugins(root), ...unreadDeepspeed(root)],
  // loaders/adapter.py: _build_peft_lora_config; core/trainers/mixins/optimizer.py: create_optimizer
  peft: {
    fields: {
      init_lora_weights: key('peft_init_lora_weights'),
      modules_to_save: key('lora_modules_to_save'),
      exclude_modules: key('lora_exclude_modules'),
      target_parameters: key('lora_target_parameters'),
      layers_to_transform: key('peft_layers_to_transform'),
      layers_pattern: key('peft_layers_pattern'),
      fan_in_fan_out: key('lora_fan_in_fan_out'),
    },
    models: [key('base_model')],
    seed: key('seed'),
    batch: key('micro_batch_size'),
    batchDefault: 1,
    noDecay: HF_NO_DECAY,
    others: keys(`lora_model_dir peft_layer_replication peft_trainable_token_indices relora lr_groups embedding_lr
      embedding_lr_scale optim_target_modules unfrozen_parameters reward_model process_reward_model`),
  },
  codeName: PLUGIN,
  // core/builders/base.py: fp16 counts unless bf16 is on.
  float16: float16('fp16', (root) => !isOn(root, 'bf16') && (isOn(root, 'fp16') || isOn(root, 'float16'))),
  initCode: dividing(PEFT_LIBRARY, [
    '# rescale_init.py, in the folder where you start Axolotl (or one on PYTHONPATH).',
    `# In the config:   plugins: [${PLUGIN.item}]`,
    '# Axolotl calls it after adding LoRA and before creating the optimizer, only when it trains. If the log says',
    '# "Failed to load plugin", the init was not divided.',
    'from axolotl.integrations.base import BasePlugin',
    '',
    '',
    'class RescaleInit(BasePlugin):',
    '    def post_trainer_create(self, cfg, trainer):',
    '        model = trainer.model',
    '        …',
  ]),
};

export const axolotl: Trainer = {
  id: 'axolotl',
  name: 'Axolotl',
  syntaxes: ['yaml', 'python'],
  hint: /\badapter["']?\s*[:=][^\n]{0,200}lora/,
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  source: { repository: 'axolotl-ai-cloud/axolotl', commit: '067b021c8b87', date: '2026-07-24' },
  runs: (root) => (isModule(root) ? [] : [{ root: withArguments(root) }]),
  commandLine: {
    program: /\baxolotl train\b|\baxolotl\.cli\.train\b/,
    hint: /\baxolotl\b/,
    config: positional,
    tree: withProgramValue('adapter', 'lora'),
  },
  programs: ['axolotl'],
  owns: /(?:^|[ /\\])axolotl(?:[ ./\\]|$)/,
  layouts: [layout],
};
