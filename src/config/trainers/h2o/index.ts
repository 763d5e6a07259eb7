import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import type { OptimizerNames } from '../../optimizers/word';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { loraFields, PEFT_INIT } from '../peft/lora-config';
import { field, fixedAt, fromRow, isMap, key, says, unlessEmpty, valueAt, wordAt } from '../shared/fields';
import { float16, halfWeights, resumes, unscaled } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/**
 * `training.optimizer` of H2O LLM Studio; nothing but rate and decay is handed on.
 * @see https://github.com/h2oai/h2o-llmstudio (llm_studio/src/optimizers.py)
 */
const NAMES: OptimizerNames = {
  Adam: { row: 'adam' },
  AdamW: { row: 'adamw' },
  SGD: {
    row: 'sgd',
    fixed: {
      momentum: { value: 0.9 },
      nesterov: { value: true, why: l10n.t("H2O LLM Studio builds SGD with Nesterov's momentum.") },
    },
  },
  RMSprop: {
    row: 'rmsprop',
    defaults: { eps: 1e-8 },
    options: { smoothing: 0.9 },
    fixed: { momentum: { value: 0.9 } },
  },
  Adadelta: { row: 'adadelta', defaults: { eps: 1e-6 } },
  // It is bitsandbytes' Adam8bit; Adam and AdamW are one kernel there, with decoupled decay.
  AdamW8bit: { row: 'adamw', quantized: true },
};

const RATE = 'differential_learning_rate';

/**
 * Hides the second learning rate if no LoRA factor uses it. It is for parameters whose names contain one of the
 * layers, so it is unused without layers, or with the head alone (llm_studio/src/utils/modeling_utils.py: get_optimizer).
 */
function withRatesOfLora(root: MapNode): MapNode {
  const layers = nodeAt(root, ['training', `${RATE}_layers`]);
  const items = layers?.kind === 'list' ? layers.items : [];
  if (items.some((item) => !(item.kind === 'scalar' && String(item.value).includes('head')))) return root;
  const entries = root.entries.map((entry) => {
    if (entry.key !== 'training' || entry.value.kind !== 'map') return entry;
    const own = entry.value.entries.filter(({ key: name }) => name !== RATE);
    return { ...entry, value: { ...entry.value, entries: own } };
  });
  return { ...root, entries };
}

/** @see https://github.com/h2oai/h2o-llmstudio (llm_studio/python_configs/text_causal_language_modeling_config.py) */
const layout: Layout = {
  id: 'h2o',
  recognise: (root) =>
    says(root, 'problem_type', 'llm_backbone') &&
    isMap(root, 'training') &&
    // LoRA is on by default.
    valueAt(root, 'training.lora') !== false,
  fields: {
    ...loraFields('lora_r', [4, 16, 0.05], 'training.'),
    learningRate: field('training.learning_rate', 1e-4),
    optimizer: field('training.optimizer', 'AdamW'),
    weightDecay: field('training.weight_decay', 0),
    // Nothing but rate and decay is handed on to the optimizer.
    eps: fixedAt(fromRow('eps')),
    betas: fixedAt(fromRow('betas')),
    maxGradNorm: field('training.gradient_clip', ({ root }) => ({
      value: valueAt(root, 'problem_type') === 'text_dpo_modeling' ? 10 : 0,
    })),
    scheduler: field('training.schedule', 'Cosine'),
    warmup: { keys: [] },
    init: fixedAt(PEFT_INIT),
    targetModules: field(key('training.lora_target_modules', unlessEmpty), {
      value: 'all-linear',
      inWords: l10n.t('every linear layer but the head'),
    }),
  },
  optimizers: NAMES,
  linked: { learningRate: [key(`training.${RATE}`)] },
  // text_causal_language_modeling_config.py, text_dpo_modeling_config.py
  known: {
    '': ` augmentation llm_backbone logging prediction `,
    training: `beta differential_learning_rate_layers drop_last_batch evaluate_before_training freeze_layers
      grad_accumulation lora min_learning_rate_ratio save_checkpoint simpo_gamma train_validation_data warmup_epochs`,
  },
  traps: [
    unscaled('training.lora_unfreeze_layers'),
    // DeepSpeed trains factors in the dtype of the backbone (llm_studio/src/utils/modeling_utils.py: get_ds_config).
    halfWeights('environment.use_deepspeed', [true]),
    resumes('architecture.pretrained_weights'),
    // llm_studio/src/models/text_causal_(classification|regression)_modeling_model.py
    unscaled('problem_type', l10n.t('the head'), {
      when: (root) => /classification|regression/.test(wordAt(root, 'problem_type')),
    }),
  ],
  float16: float16('environment.mixed_precision_dtype', (root) => {
    const decides = valueAt(root, 'environment.use_deepspeed') === true ? ['architecture.backbone_dtype'] : [];
    return [...decides, 'environment.mixed_precision_dtype'].some((name) => valueAt(root, name) === 'float16');
  }),
  initCode: dividing(PEFT_LIBRARY, [
    '# H2O LLM Studio has no hook for this. In llm_studio/src/utils/modeling_utils.py, in prepare_lora, after',
    '# backbone = get_peft_model(backbone, lora_config):',
    '    model = backbone',
    '    …',
  ]),
};

export const h2o: Trainer = {
  id: 'h2o',
  name: 'H2O LLM Studio',
  syntaxes: ['yaml'],
  hint: /\blora_(?:r|alpha|dropout|target_modules|unfreeze_layers)["']?\s*:/,
  loaders: { yaml: 'yaml.FullLoader' },
  dotlessNumbers: l10n.t`H2O LLM Studio reads its files with PyYAML, which reads a number without a dot as a string, and the run stops. 1.0e-4 is a number.`,
  runs: (root) => [{ root: withRatesOfLora(root) }],
  source: { repository: 'h2oai/h2o-llmstudio', commit: 'a4971c11', date: '2026-03-09' },
  layouts: [layout],
};
