import * as l10n from '@vscode/l10n';
import { dividing, LORA_DOWN_UP } from '../../init-code/divide';
import { bnb, BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { ADAFACTOR, DADAPT_ADAM, PRODIGY } from '../../optimizers/packages';
import { allAre, type OptimizerNames, type OptimizerRule, type OptimizerWord } from '../../optimizers/word';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { shares } from '../schedules';
import { classNumbers, field, fixedAt, fromRow, has, keys, notClipped, otherKind } from '../shared/fields';
import { valueAt, wordAt } from '../shared/fields';
import { clipsAll, continues, float16, float16Weights, halfWeights, on, unclear, unscaledInAll } from '../shared/trap';
import type { Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

const OWN: OptimizerWord = {
  unknown: l10n.t("it is OneTrainer's own or a library's version, which LoRA Alpha has not measured."),
};

const NOT_CHOSEN = l10n.t`with relative_step: null it gets both a learning rate and a relative step, and stops. Set relative_step to true or false.`;

/** Hugging Face's Adafactor; each eps has its own key. A null leaves a switch to the class. */
const OWN_ADAFACTOR: OptimizerRule = {
  ...ADAFACTOR,
  arguments: { epsRms: 'eps2' },
  pairs: {},
  variants: [{ when: { relative_step: undefined }, is: { refused: NOT_CHOSEN } }, ...(ADAFACTOR.variants ?? [])],
};

/** Classes of bitsandbytes: `AdEMAMix_8BIT` is AdEMAMix8bit. */
const BNB =
  'SGD8bit Adam8bit AdamW8bit AdEMAMix AdEMAMix8bit Adagrad Adagrad8bit RMSprop RMSprop8bit LAMB LAMB8bit LARS LARS8bit'
    .split(' ')
    .map((name): [string, OptimizerWord] => {
      const own = name.startsWith('AdEMAMix') ? name : name.toUpperCase();
      return [own.replace(/8bit$/i, '_8BIT'), BNB_CLASSES[`bitsandbytes.optim.${name}`] ?? OWN];
    });

const UNMEASURED = `PRODIGY_PLUS_SCHEDULE_FREE ADAMW_ADV ADOPT ADOPT_ADV LION_ADV SIGNSGD_ADV PRODIGY_ADV CAME
  CAME_8BIT MUON MUON_ADV ADAMUON_ADV ADABELIEF TIGER AIDA YOGI`;

/**
 * `optimizer.optimizer` of OneTrainer; its arguments are in the same map.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/create.py: create_optimizer, 23df3832)
 */
const ONETRAINER_NAMES: OptimizerNames = {
  SGD: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  ADAM: { row: 'adam', defaults: { weightDecay: 0 } },
  ADAMW: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  ...Object.fromEntries(BNB),
  LION: { row: 'lion', defaults: { betas: [0.9, 0.99], weightDecay: 0 } },
  LION_8BIT: { ...bnb('Lion8bit'), defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  SCHEDULE_FREE_ADAMW: { row: 'schedule-free-adamw', defaults: { weightDecay: 0.01 } },
  SCHEDULE_FREE_SGD: { row: 'schedule-free-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  DADAPT_ADA_GRAD: { row: 'dadapt-adagrad', defaults: { weightDecay: 0, eps: 0 } },
  DADAPT_ADAM: { ...DADAPT_ADAM, defaults: { weightDecay: 0 } },
  DADAPT_ADAN: { row: 'dadapt-adan', defaults: { weightDecay: 0.02 }, arguments: { beta3: 'beta3' } },
  DADAPT_LION: { row: 'dadapt-lion', defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  DADAPT_SGD: { row: 'dadapt-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  PRODIGY: { ...PRODIGY, defaults: { weightDecay: 0 } },
  ADAFACTOR: OWN_ADAFACTOR,
  ...allAre(OWN, UNMEASURED),
};

/** What an optimizer does not get unless its case of create_optimizer() names it; files have them all. */
const IDLE = `adam_w_mode alpha ams_bound amsgrad bias_correction centered clip_threshold d_coef d_limiter decay_rate
  decouple decoupled_decay factored factored_fp32 fixed_decay fused_back_pass growth_rate k lr_decay muon_* n_sma_threshold no_prox r
  rectify relative_step rms_rescaling safeguard_warmup scale_parameter split_groups* use_bias_correction
  use_schedulefree use_stableadamw warmup_init weight_decay_by_lr weight_decouple weight_lr_power`;

const NAME = 'OneTrainer';

/** The main parts of a model. */
const PARTS = ['unet', 'transformer', 'prior'];
const TEXT_ENCODERS = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'text_encoder_4'];

const rateKey = (part: string): string => `${part}.learning_rate`;

function rateOf(root: MapNode, part: string): number | null {
  const rate = valueAt(root, rateKey(part));
  return rate === undefined ? null : Number(rate);
}

const trains = (root: MapNode, part: string): boolean => valueAt(root, `${part}.train`) !== false;

/** Text encoders that the file speaks of; the first is always meant. */
const textEncoders = (root: MapNode): string[] => TEXT_ENCODERS.filter((part, i) => i === 0 || has(root, part));

/** Whether no part trains with the common rate, which differs from theirs. */
function isOverridden(root: MapNode): boolean {
  const own = PARTS.map((part) => rateOf(root, part)).find((rate) => rate !== null) ?? null;
  const whole = valueAt(root, 'learning_rate');
  const shared = textEncoders(root).some((part) => trains(root, part) && rateOf(root, part) === null);
  return own !== null && whole !== undefined && Number(whole) !== own && !shared;
}

/** Whether the run trains additional embeddings (TrainConfig.train_any_embedding). */
function trainsEmbeddings(root: MapNode): boolean {
  const list = nodeAt(root, ['additional_embeddings']);
  const some = list?.kind === 'list' && list.items.some((item) => scalarAt(item, ['train']) !== false);
  return some && textEncoders(root).some((part) => valueAt(root, `${part}.train_embedding`) !== false);
}

function hasRates(root: MapNode): boolean {
  const whole = Number(valueAt(root, 'learning_rate') ?? 3e-6);
  const own = PARTS.filter((part) => has(root, part));
  const parts = [...(own.length > 0 ? own : ['unet']), ...textEncoders(root)].filter((part) => trains(root, part));
  return new Set(parts.map((part) => rateOf(root, part) ?? whole)).size > 1;
}

const SAYS = {
  rate: l10n.t`OneTrainer ignores learning_rate: every part that is trained has its own learning rate.`,
  scaled: l10n.t`learning_rate_scaler multiplies the learning rates of the file by the root of batch size, accumulation steps or both. A plan changes the numbers in the file, and the effective learning rates change by the same factor.`,
  lora: l10n.t`lora_model_name: this run continues a trained LoRA with the alpha of its file. The trainer ignores the alpha in this config.`,
  backup: l10n.t`continue_last_backup: this run continues the LoRA of the last backup, if there is one, with the alpha of its file. The trainer then ignores the alpha in this config.`,
  fused: l10n.t`With fused_back_pass OneTrainer clips the gradient of each factor by itself, and torch adds 1e-6 to each of these small norms. Set clip_grad_norm to null, or fused_back_pass to false.`,
  rates: l10n.t`Prodigy and D-Adaptation stop at the first step if parts of the model have different learning rates. Set one learning rate for all parts.`,
  first: l10n.t`Here the optimizer is a name, as in the first versions of OneTrainer, whose files LoRA Alpha does not read.`,
};

const TRAPS: readonly Trap[] = [
  on('learning_rate', 'rate-overridden', SAYS.rate, { when: isOverridden }),
  on('learning_rate_scaler', 'rate-scaled', SAYS.scaled, { when: /^(?!NONE$)./ }),
  // Another rank than that of the LoRA is an error (modules/module/LoRAModule.py: _check_rank_matches).
  continues('lora_model_name', { message: SAYS.lora, rankOf: 'file' }),
  continues('continue_last_backup', { message: SAYS.backup, when: [true] }),
  { ...halfWeights('lora_weight_dtype', ['BFLOAT_16']), severity: 'info' },
  float16Weights('lora_weight_dtype', ['FLOAT_16']),
  unscaledInAll('additional_embeddings', l10n.t('the embeddings'), trainsEmbeddings),
  // modules/trainer/GenericTrainer.py: __apply_fused_back_pass
  unclear('optimizer.fused_back_pass', SAYS.fused, {
    when: (root) =>
      valueAt(root, 'optimizer.fused_back_pass') === true &&
      !(has(root, 'clip_grad_norm') && valueAt(root, 'clip_grad_norm') === undefined),
  }),
  // modules/util/config/TrainConfig.py: __migration_0
  unclear('optimizer', SAYS.first, { when: (root) => wordAt(root, 'optimizer') !== '', blocksEdits: true }),
  clipsAll('clip_grad_norm'),
  unclear('optimizer', SAYS.rates, {
    when: (root) => /^(?:PRODIGY|DADAPT)/.test(wordAt(root, 'optimizer.optimizer')) && hasRates(root),
  }),
];

const KNOWN = `__version async_* attention_mechanism backup_* bundle_additional_embeddings clear_cache_before_training
  cloud concepts custom_conditioning_image custom_learning_rate_scheduler decoder decoder_text_encoder decoder_vqgan
  device_indexes dynamic_timestep_shifting effnet_encoder ema embedding* force_* frames fused_gradient_reduce
  generalized_offset_noise gradient_reduce_precision include_train_config latent_caching layer_filter* layer_offload*
  learning_rate_cycles learning_rate_min_factor lokr_* lora_decompose_* lora_layer* loss_* mae_strength masked_training
  mse_strength multi_gpu noising_* non_ema_sampling normalize_masked_area_loss offline_mode offset_noise_weight oft_*
  optimizer_defaults output_dtype peft_type perturbation_noise_weight preserve_embedding_norm prevent_overwrites
  rescale_noise_scheduler_to_zero_terminal_snr rolling_backup* sample* secrets stop_training_* tensorboard
  text_encoder_*layer_skip text_encoder_*sequence_length train_device training_method unconditional_transformer
  unmasked_weight vb_loss_strength weight_dtype`;

/** Settings of one part of the model (TrainModelPartConfig). */
const PART = `attention_mask include stop_training_* train train_embedding weight_dtype`;

/** @see https://github.com/Nerogar/OneTrainer (modules/util/config/TrainConfig.py, modules/module/LoRAModule.py, 23df3832) */
const layout: Layout = {
  id: 'onetrainer',
  recognise: (root) => {
    if (valueAt(root, 'training_method') !== 'LORA') return false;
    const type = wordAt(root, 'peft_type') || 'LORA';
    return type === 'LORA' || otherKind(type);
  },
  fields: {
    rank: field('lora_rank', 16),
    alpha: field('lora_alpha', 1),
    useDora: field('lora_decompose'),
    // The rate of a main part of the model overrides the common one.
    learningRate: field([...PARTS.map(rateKey), 'learning_rate'], 3e-6),
    optimizer: field('optimizer.optimizer', 'ADAMW'),
    ...classNumbers('optimizer'),
    betas: field(['optimizer.beta1', 'optimizer.beta2'], fromRow('betas')),
    maxGradNorm: field('clip_grad_norm', ({ root }) =>
      has(root, 'clip_grad_norm') ? notClipped('clip_grad_norm') : { value: 1 },
    ),
    scheduler: field('learning_rate_scheduler', 'CONSTANT'),
    warmup: field('learning_rate_warmup_steps', 200),
    dropout: field('dropout_probability', 0),
    init: fixedAt('kaiming-uniform'),
    targetModules: fixedAt(({ root }) => ({
      value: /^$|^STABLE_DIFFUSION_(?:15|2|XL)/.test(wordAt(root, 'model_type'))
        ? 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2'
        : 'all-linear',
      why: l10n.t`${NAME} adapts the linear layers that layer_filter lets through.`,
    })),
  },
  optimizers: ONETRAINER_NAMES,
  nullable: '*', // modules/util/config/BaseConfig.py: from_dict; util/create.py
  linked: { learningRate: keys(['learning_rate', ...[...PARTS, ...TEXT_ENCODERS].map(rateKey)].join(' ')) },
  // CUSTOM brings its own rates; ADAFACTOR multiplies the rate at every step (modules/util/create.py: create_lr_scheduler).
  schedule: {
    schedules: shares('CONSTANT LINEAR COSINE COSINE_WITH_RESTARTS COSINE_WITH_HARD_RESTARTS REX'),
    at: 'scheduler_params',
  },
  known: {
    '': KNOWN,
    optimizer: IDLE,
    ...Object.fromEntries([...PARTS, ...TEXT_ENCODERS].map((part) => [part, PART])),
  },
  traps: TRAPS,
  float16: float16('train_dtype', (root) => /^(?:|FLOAT_16)$/.test(wordAt(root, 'train_dtype'))),
  initCode: dividing(LORA_DOWN_UP, [
    '# In modules/util/optimizer_util.py, at the top of init_model_parameters(): the factors exist, but not the',
    '# optimizer and the EMA. A run resumed from a backup skips this: its factors are already rescaled.',
    'for adapter in model.adapters() if not model.optimizer_state_dict else []:',
    '    for module in adapter.lora_modules.values():',
    '        …module',
  ]),
  argumentsAt: 'optimizer',
  // Switches default to False, not to the class (modules/util/config/TrainConfig.py: TrainOptimizerConfig).
  falseIfAbsent: 'adam_w_mode bias_correction decouple relative_step scale_parameter',
  argumentsAs: 'map',
};

export const oneTrainer: Trainer = {
  id: 'onetrainer',
  specificity: 3,
  name: NAME,
  syntaxes: ['json'],
  hint: /"training_method"/,
  loaders: { json: 'json.load' },
  textNumbers: 'converts',
  source: { repository: 'Nerogar/OneTrainer', commit: '23df3832e8f2', date: '2026-08-19' },
  layouts: [layout],
};
