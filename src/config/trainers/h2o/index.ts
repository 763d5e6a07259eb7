import * as l10n from '@vscode/l10n';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { H2O_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { fromRow } from '../shared/optimizer-defaults';
import { PEFT_INIT } from '../peft/traps';
import { resumes, unscaled } from '../shared/common-traps';
import { H2O_TRAINING } from './known';
import { unknownArguments } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, field, fixedAt } from '../shared/fields';

const BESIDE = ['weight_decay', 'learning_rate', 'gradient_clip'].map((name) => key(`training.${name}`));

const LAYERS = ['training', 'differential_learning_rate_layers'];
const RATE = 'differential_learning_rate';

/**
 * Hides the second learning rate if no LoRA factor uses it. It is for parameters whose names contain one of the
 * layers, so it is unused without layers, or with the head alone (llm_studio/src/utils/modeling_utils.py: get_optimizer).
 */
function withRatesOfLora(root: MapNode): MapNode {
  const layers = nodeAt(root, LAYERS);
  const names =
    layers?.kind === 'list' ? layers.items.map((item) => (item.kind === 'scalar' ? String(item.value) : '')) : [];
  if (names.some((name) => !name.includes('head'))) return root;
  const entries = root.entries.map((entry) =>
    entry.key === 'training' && entry.value.kind === 'map'
      ? { ...entry, value: { ...entry.value, entries: entry.value.entries.filter(({ key: name }) => name !== RATE) } }
      : entry,
  );
  return { ...root, entries };
}

/** @see https://github.com/h2oai/h2o-llmstudio (llm_studio/python_configs/text_causal_language_modeling_config.py) */
const layout: Layout = {
  id: 'h2o',
  recognise: (root) =>
    ['problem_type', 'llm_backbone'].some((name) => scalarAt(root, [name]) !== undefined) &&
    nodeAt(root, ['training'])?.kind === 'map' &&
    // LoRA is on by default.
    scalarAt(root, ['training', 'lora']) !== false,
  fields: {
    rank: field('training.lora_r', 4),
    alpha: {
      ...field('training.lora_alpha', 16),
      beside: [key('training.lora_r'), key('training.lora_dropout'), key('training.lora')],
    },
    useRslora: {
      keys: [key('training.use_rslora')],
      beside: [key('training.lora_alpha'), key('training.lora_r'), key('training.lora')],
    },
    useDora: field('training.use_dora'),
    learningRate: { ...field('training.learning_rate', 1e-4), beside: BESIDE },
    optimizer: field('training.optimizer', 'AdamW'),
    weightDecay: { ...field('training.weight_decay', 0), beside: BESIDE },
    // Nothing but rate and decay is handed on to the optimizer.
    eps: fixedAt(fromRow('eps')),
    betas: fixedAt(fromRow('betas')),
    maxGradNorm: {
      keys: [key('training.gradient_clip')],
      default: ({ root }) => ({ value: scalarAt(root, ['problem_type']) === 'text_dpo_modeling' ? 10 : 0 }),
      beside: BESIDE,
    },
    scheduler: field('training.schedule', 'Cosine'),
    warmup: { keys: [] },
    dropout: field('training.lora_dropout', 0.05),
    init: fixedAt(PEFT_INIT),
    targetModules: {
      keys: [key('training.lora_target_modules', (names) => (names === '' ? undefined : names))],
      default: { value: 'all-linear', inWords: l10n.t('every linear layer but the head') },
    },
  },
  optimizers: H2O_NAMES,
  linkedRates: [key(`training.${RATE}`)],
  notUnderstood: (root) => unknownArguments(root, { training: H2O_TRAINING }),
  traps: [
    unscaled('training.lora_unfreeze_layers'),
    resumes('architecture.pretrained_weights'),
    {
      ...unscaled('problem_type'),
      message: l10n.t(
        'The head of this problem_type is trained whole, by the same optimizer. It has no scaling, so another learning rate, weight decay or max grad norm changes how it learns.',
      ),
      // llm_studio/src/models/text_causal_(classification|regression)_modeling_model.py
      applies: (root) => /classification|regression/.test(String(scalarAt(root, ['problem_type']) ?? '')),
      unscaled: l10n.t('the head'),
    },
    {
      code: 'second-rate',
      severity: 'info',
      message: l10n.t(
        'differential_learning_rate is the learning rate of all parameters whose names contain one of differential_learning_rate_layers, including LoRA factors. A plan changes both learning rates by the same factor.',
      ),
      applies: (root) => nodeAt(root, ['training', RATE]) !== null,
      at: key(`training.${RATE}`),
    },
  ],
  initCode: (start) =>
    [
      '# H2O LLM Studio has no hook for this. In llm_studio/src/utils/modeling_utils.py, in prepare_lora, after',
      '# backbone = get_peft_model(backbone, lora_config):',
      indented(['model = backbone', ...peftLines(start)], '    '),
      '',
    ].join('\n'),
};

export const h2o: Trainer = {
  id: 'h2o',
  name: 'H2O LLM Studio',
  syntaxes: ['yaml'],
  hint: /\blora_(?:r|alpha|dropout|target_modules|unfreeze_layers)["']?\s*:/,
  loaders: { yaml: 'yaml.FullLoader' },
  textNumbers: 'fails',
  dotlessNumbers: l10n.t(
    'H2O LLM Studio reads its files with PyYAML, which reads a number without a dot as a string, and the run stops. 1.0e-4 is a number.',
  ),
  interpolates: false,
  runs: (root) => [{ root: withRatesOfLora(root) }],
  source: { repository: 'h2oai/h2o-llmstudio', commit: 'a4971c11', date: '2026-03-09' },
  layouts: [layout],
};
