import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { allAre, narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import { nodeAt } from '../../syntax/tree';
import { initOf, PEFT_INIT } from '../peft/lora-config';
import type { Schedule, Schedules } from '../schedules';
import { classNumbers, field, has, isNull, key, notClipped, says, timesRank, valueAt, wordAt } from '../shared/fields';
import type { DefaultOf } from '../shared/fields';
import { BIASES, continues, float16, stops, unclear, unscaledInAll } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** Each scheduler uses one of these learning rates and ignores the other. */
const RATES: Schedule = { rates: { eta_min: 0, max_lr: 0 } };
const LIMITS: Schedule = { ...RATES, forAllGroups: true };

/** @see https://github.com/ludwig-ai/ludwig (ludwig/modules/lr_scheduler.py, 5d19f3e6) */
const SCHEDULES: Schedules = {
  ...{ linear: RATES, exponential: RATES, inverse_sqrt: RATES, polynomial: RATES, wsd: RATES },
  ...{ cosine: LIMITS, one_cycle: LIMITS },
};

// Ludwig's own schema gives every optimizer a weight decay of 0, AdamW too.
const rule = (row: string, defaults: OptimizerRule['defaults'] = {}): OptimizerRule => ({
  row,
  defaults: { weightDecay: 0, ...defaults },
});

/** A name with its 8-bit and paged variants, where Ludwig has them. */
const variants = (name: string, own: OptimizerRule, as: OptimizerRule, paged: boolean): OptimizerNames => ({
  [name]: own,
  [`${name}_8bit`]: narrow(as),
  ...(paged ? { [`paged_${name}`]: as, [`paged_${name}_8bit`]: narrow(as) } : {}),
});

const [ADAMW, LION, SGD] = [rule('adamw'), rule('lion', { betas: [0.9, 0.99] }), rule('sgd', { momentum: 0 })];
const [ADAGRAD, RMSPROP] = [rule('adagrad', { eps: 1e-10 }), rule('rmsprop', { eps: 1e-8 })];
const UNMEASURED = { unknown: l10n.t('LoRA Alpha has not measured it as Ludwig builds it.') };

/**
 * `trainer.optimizer.type` of Ludwig; its arguments are in the same map.
 * @see https://github.com/ludwig-ai/ludwig (ludwig/schema/optimizers.py)
 */
const NAMES: OptimizerNames = {
  // bitsandbytes' Adam and AdamW are one kernel, with decoupled decay.
  ...variants('adam', rule('adam'), ADAMW, true),
  ...variants('adamw', ADAMW, ADAMW, true),
  ...variants('lion', LION, LION, true),
  ...variants('sgd', SGD, SGD, false),
  ...variants('adagrad', ADAGRAD, ADAGRAD, false),
  ...variants('rmsprop', RMSPROP, RMSPROP, false),
  adadelta: rule('adadelta', { eps: 1e-6 }),
  adamax: rule('adamax'),
  nadam: rule('nadam'),
  radam: rule('radam'),
  ...allAre(UNMEASURED, 'lamb lamb_8bit lars lars_8bit adafactor schedule_free_adamw muon soap'),
  lbfgs: { refused: l10n.t('it has to recompute the loss within a step, which no recipe does.') },
};

const CLIP = 'trainer.gradient_clipping';
const SAYS_NULL = l10n.t`Ludwig's schema takes no null here, and stops.`;

const alphaOf: DefaultOf = (known) => {
  const usual = timesRank(2)(known);
  const why = l10n.t`alpha is not set. Ludwig defaults it to twice the rank since version 0.9, and to 16 before, which differs at this rank. Set alpha.`;
  return usual && known.rank !== 8 ? { ...usual, why } : usual;
};

/** @see https://github.com/ludwig-ai/ludwig (ludwig/schema/llms/peft.py: LoraConfig; ludwig/schema/trainer.py: FineTuneTrainerConfig) */
const layout: Layout = {
  id: 'ludwig',
  recognise: (root) => {
    // `adapter: lora` is short for a map with that type.
    const adapter = valueAt(root, 'adapter.type') ?? valueAt(root, 'adapter');
    const isOurs = valueAt(root, 'model_type') === 'llm' || nodeAt(root, ['input_features'])?.kind === 'list';
    // `none`, which is the default, does not train (ludwig/schema/trainer.py).
    const trains = ['finetune', 'dpo', 'kto', 'orpo', 'grpo'].includes(String(valueAt(root, 'trainer.type')));
    return isOurs && adapter === 'lora' && trains;
  },
  fields: {
    rank: field('adapter.r', 8),
    alpha: field('adapter.alpha', alphaOf),
    useRslora: field('adapter.use_rslora'),
    useDora: field('adapter.use_dora'),
    learningRate: field(
      key('trainer.learning_rate', (rate) => (rate === 'auto' ? undefined : rate)),
      ({ root }) => (valueAt(root, 'trainer.learning_rate') === 'auto' ? null : { value: 1e-3 }),
    ),
    loraplusLrRatio: field('adapter.loraplus_lr_ratio'),
    optimizer: field('trainer.optimizer.type', 'adam'),
    ...classNumbers('trainer.optimizer'),
    // Also if gradient_clipping is null (trainers/trainer.py).
    maxGradNorm: field(`${CLIP}.clipglobalnorm`, ({ root }) =>
      has(root, `${CLIP}.clipglobalnorm`) ? notClipped('clipglobalnorm') : { value: 0.5 },
    ),
    maxGradValue: field(`${CLIP}.clipvalue`),
    scheduler: field('trainer.learning_rate_scheduler.decay'),
    warmup: field('trainer.learning_rate_scheduler.warmup_fraction', 0),
    dropout: field('adapter.dropout', 0.05),
    init: field(
      key('adapter.init_lora_weights', (word) => (word === 'default' ? undefined : initOf(word))),
      PEFT_INIT,
    ),
    targetModules: field('adapter.target_modules'),
  },
  optimizers: NAMES,
  nullable: `${CLIP} ${CLIP}.clipglobalnorm`,
  argumentsAt: 'trainer.optimizer',
  schedule: { schedules: SCHEDULES, at: 'trainer.learning_rate_scheduler' },
  // Its groups are A, B and the others at the rate of A (ludwig/modules/optimization_modules.py). Versions before
  // April 2026 reject the key, so it is only moved where it stands.
  loraplus: { dropsDecay: false, vectorsWithB: false, isRuledOut: (root) => !says(root, 'adapter.loraplus_lr_ratio') },
  wholeAlpha: 'pydantic',
  known: {
    '': `backend base_model defaults hyperopt input_features is_multimodal ludwig_version prompt `,
    adapter: 'eva_config layer_replication loftq_config type',
    // Not keys that penalise weights, or balance several losses (schema/trainer.py).
    trainer: `base_learning_rate beta bucketing_field desirable_weight dpo_* early_stop enable_gradient_checkpointing
      enable_profiling evaluate_training_set grpo_* increase_batch_size_* kto_beta layers_to_freeze_regex orpo_beta
      regularization_type should_shuffle skip_all_evaluation steps_per_checkpoint train_steps type undesirable_weight`,
  },
  traps: [
    continues('adapter.pretrained_adapter_weights'),
    ...['adapter.use_rslora', 'adapter.use_dora', 'trainer.optimizer'].map((at) =>
      stops(at, SAYS_NULL, { when: (root) => isNull(root, at.split('.')) }),
    ),
    unscaledInAll('adapter.bias_type', l10n.t('the biases'), BIASES.when),
    // DeepSpeed's Adam decouples the decay, and backends have precisions of their own (ludwig/distributed, v0.11.0).
    unclear('backend', l10n.t('This backend may change precision and optimizer.'), {
      when: (root) => !/^(?:local|None)?$/i.test(wordAt(root, 'backend.type') || wordAt(root, 'backend')),
    }),
  ],
  float16: float16('trainer.use_mixed_precision', 'on'),
  initCode: dividing(PEFT_LIBRARY, [
    '# Ludwig has no hook for this. In ludwig/utils/llm_utils.py, after get_peft_model has made the model and before the',
    '# trainer makes its optimizer:',
  ]),
};

export const ludwig: Trainer = {
  id: 'ludwig',
  specificity: 3,
  name: 'Ludwig',
  syntaxes: ['yaml'],
  hint: /\badapter["']?\s*:[\s\S]{0,400}?\blora\b/,
  loaders: { yaml: 'yaml.safe_load' },
  dotlessNumbers: l10n.t`Ludwig reads its files with PyYAML, which reads a number without a dot as a string, and its schema refuses a string as learning rate. 1.0e-4 is a number.`,
  source: { repository: 'ludwig-ai/ludwig', commit: '5d19f3e63', date: '2026-07-26' },
  programs: ['ludwig'],
  owns: /(?:^|[ /\\])ludwig(?:[ ./\\]|$)/,
  layouts: [layout],
};
