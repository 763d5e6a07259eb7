import * as l10n from '@vscode/l10n';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { LUDWIG_NAMES } from './optimizers';
import type { Schedule, Schedules } from '../schedules';
import type { Unread } from '../../reading';
import { entryAt, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { fromRow, notClipped } from '../shared/optimizer-defaults';
import { patternNetworks } from '../peft/patterns';
import { continues, initOf, PEFT_INIT } from '../peft/traps';
import { isFilled } from '../shared/filled';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';
import { LUDWIG_ADAPTER, LUDWIG_TRAINER } from './known';
import { unknownArguments, unread } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, type ReadSoFar, type Default, field, timesRank } from '../shared/fields';

/** Each scheduler uses one of these learning rates and ignores the other. */
const RATES: Schedule = { rates: { eta_min: 0, max_lr: 0 } };
const LIMITS: Schedule = { ...RATES, forAllGroups: true };

/** @see https://github.com/ludwig-ai/ludwig (ludwig/modules/lr_scheduler.py, 5d19f3e6) */
const LUDWIG_SCHEDULES: Schedules = {
  linear: RATES,
  exponential: RATES,
  cosine: LIMITS,
  one_cycle: LIMITS,
  inverse_sqrt: RATES,
  polynomial: RATES,
  wsd: RATES,
};

const RATIO = key('adapter.loraplus_lr_ratio');
const CLIP = key('trainer.gradient_clipping');
const ALPHA = key('adapter.alpha');
const BESIDE = ['learning_rate', 'batch_size', 'epochs', 'type'].map((name) => key(`trainer.${name}`));
const BESIDE_OPTIMIZER = [key('trainer.optimizer.type'), ...BESIDE];

/** `adapter: lora` is short for a map with that type. */
const adapterOf = (root: MapNode): unknown => scalarAt(root, ['adapter', 'type']) ?? scalarAt(root, ['adapter']);

/** Trainers that train an LLM; `none`, which is the default, does not (ludwig/schema/trainer.py). */
const TRAINERS: ReadonlySet<unknown> = new Set(['finetune', 'dpo', 'kto', 'orpo', 'grpo']);

const isExplicitNull = (root: MapNode, path: readonly string[]): boolean => {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && node.value === null && node.unresolved === undefined;
};

/** Ludwig clips even if gradient_clipping is null. */
function clipOf({ root }: ReadSoFar): Default {
  return isExplicitNull(root, [...CLIP.path, 'clipglobalnorm']) ? notClipped('clipglobalnorm') : { value: 0.5 };
}

/** Ludwig clips at `clipglobalnorm` (default 0.5, off if null), then at `clipnorm` (ludwig/trainers/trainer.py: clip_grads). */
function secondThreshold(root: MapNode): Unread[] {
  const second = entryAt(root, [...CLIP.path, 'clipnorm']);
  if (!second || isExplicitNull(root, [...CLIP.path, 'clipglobalnorm'])) return [];
  return isFilled(root, key(`${CLIP.label}.clipnorm`))
    ? [unread(second, l10n.t('Ludwig also clips at clipglobalnorm (default 0.5; null turns it off).'))]
    : [];
}

const rankOf = (root: MapNode): number => Number(scalarAt(root, ['adapter', 'r']) ?? 8);

/** @see https://github.com/ludwig-ai/ludwig (ludwig/schema/llms/peft.py: LoraConfig; ludwig/schema/trainer.py: FineTuneTrainerConfig) */
const layout: Layout = {
  id: 'ludwig',
  recognise: (root) => {
    const adapter = adapterOf(root);
    const isOurs = scalarAt(root, ['model_type']) === 'llm' || nodeAt(root, ['input_features'])?.kind === 'list';
    return isOurs && adapter === 'lora' && TRAINERS.has(scalarAt(root, ['trainer', 'type']));
  },
  fields: {
    rank: field('adapter.r', 8),
    alpha: {
      keys: [ALPHA],
      default: timesRank(2),
      beside: [key('adapter.r'), key('adapter.dropout'), key('adapter.type')],
    },
    useRslora: { keys: [key('adapter.use_rslora')], beside: [ALPHA, key('adapter.r'), key('adapter.type')] },
    useDora: field('adapter.use_dora'),
    learningRate: {
      keys: [key('trainer.learning_rate', (rate) => (rate === 'auto' ? undefined : rate))],
      default: ({ root }) => (scalarAt(root, ['trainer', 'learning_rate']) === 'auto' ? null : { value: 1e-3 }),
      beside: BESIDE,
    },
    loraplusLrRatio: { keys: [RATIO], beside: [ALPHA, key('adapter.r')] },
    optimizer: field('trainer.optimizer.type', 'adam'),
    weightDecay: {
      keys: [key('trainer.optimizer.weight_decay')],
      default: fromRow('weightDecay'),
      beside: BESIDE_OPTIMIZER,
    },
    eps: { keys: [key('trainer.optimizer.eps')], default: fromRow('eps'), beside: BESIDE_OPTIMIZER },
    betas: { keys: [key('trainer.optimizer.betas')], default: fromRow('betas') },
    momentum: { keys: [key('trainer.optimizer.momentum')], default: fromRow('momentum') },
    nesterov: field('trainer.optimizer.nesterov'),
    maxGradNorm: {
      keys: [key(`${CLIP.label}.clipglobalnorm`), key(`${CLIP.label}.clipnorm`)],
      write: key(`${CLIP.label}.clipglobalnorm`),
      default: clipOf,
      beside: BESIDE,
    },
    maxGradValue: field(`${CLIP.label}.clipvalue`),
    scheduler: field('trainer.learning_rate_scheduler.decay'),
    warmup: field('trainer.learning_rate_scheduler.warmup_fraction', 0),
    dropout: field('adapter.dropout', 0.05),
    init: {
      keys: [key('adapter.init_lora_weights', (word) => (word === 'default' ? undefined : initOf(word)))],
      default: PEFT_INIT,
    },
    targetModules: field('adapter.target_modules'),
  },
  networks: (root) => patternNetworks(root, { rank: 'adapter.rank_pattern', alpha: 'adapter.alpha_pattern' }, layout),
  optimizers: LUDWIG_NAMES,
  argumentsAt: 'trainer.optimizer',
  newMaps: {
    adapter: (name) => (name === 'lora' ? { type: 'lora' } : null),
  },
  schedule: { schedules: LUDWIG_SCHEDULES, at: 'trainer.learning_rate_scheduler' },
  // Its groups are A, B and the others at the rate of A (ludwig/modules/optimization_modules.py). Versions before
  // April 2026 reject the key, so it is only moved where it stands.
  loraplus: { dropsDecay: false, vectorsWithB: false, isRuledOut: (root) => scalarAt(root, RATIO.path) === undefined },
  wholeAlpha: true,
  notUnderstood: (root) => [
    ...secondThreshold(root),
    ...unknownArguments(root, {
      adapter: LUDWIG_ADAPTER,
      'trainer.optimizer': OPTIMIZER_ARGUMENTS,
      // A factor of 0, which is the default, turns the penalty on the weights off.
      trainer: new Set([
        ...LUDWIG_TRAINER,
        ...(scalarAt(root, ['trainer', 'regularization_lambda']) === 0 ? ['regularization_lambda'] : []),
      ]),
    }),
  ],
  traps: [
    continues('adapter.pretrained_adapter_weights'),
    {
      code: 'alpha-by-version',
      severity: 'warning',
      message: l10n.t(
        'alpha is not set. Ludwig defaults it to twice the rank since version 0.9, and to 16 before, which differs at this rank. Set alpha.',
      ),
      applies: (root) => nodeAt(root, ALPHA.path) === null && rankOf(root) !== 8,
      at: key('adapter.r'),
    },
    {
      code: 'clip-null-clips',
      severity: 'info',
      message: l10n.t(
        'gradient_clipping is null, which does not turn clipping off: Ludwig then clips at 0.5. To turn clipping off, set clipglobalnorm: null in it.',
      ),
      applies: (root) => isExplicitNull(root, CLIP.path),
      at: CLIP,
    },
    {
      code: 'trained-biases',
      severity: 'info',
      message: l10n.t(
        "bias_type trains the model's own biases with the same learning rate. They have no scaling, so another learning rate changes how they learn.",
      ),
      applies: (root) => ['all', 'lora_only'].includes(String(scalarAt(root, ['adapter', 'bias_type']))),
      at: key('adapter.bias_type'),
      limits: 'approximate',
      unscaled: l10n.t('the biases'),
    },
  ],
  initCode: (start) =>
    [
      '# Ludwig has no hook for this. In ludwig/utils/llm_utils.py, after get_peft_model has made the model and before the',
      '# trainer makes its optimizer:',
      indented(peftLines(start), ''),
      '',
    ].join('\n'),
};

export const ludwig: Trainer = {
  id: 'ludwig',
  specificity: 3,
  name: 'Ludwig',
  syntaxes: ['yaml'],
  hint: /\badapter["']?\s*:[\s\S]{0,400}?\blora\b/,
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'fails',
  dotlessNumbers: l10n.t(
    'Ludwig reads its files with PyYAML, which reads a number without a dot as a string, and its schema refuses the string. 1.0e-4 is a number.',
  ),
  interpolates: false,
  source: { repository: 'ludwig-ai/ludwig', commit: '5d19f3e63', date: '2026-07-26' },
  programs: ['ludwig'],
  owns: /(?:^|[ /\\])ludwig(?:[ ./\\]|$)/,
  layouts: [layout],
};
