import * as l10n from '@vscode/l10n';
import { DIFFUSERS_LIBRARY, scriptOf, type TrainingScript } from './scripts';
import { divideLines, type InitStart } from '../../init-code/divide';
import { indented } from '../../init-code/python';
import { DIFFUSERS_NAMES } from './optimizers';
import { DIFFUSERS_SCHEDULES } from '../schedules';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { FLAGS } from './known';
import { halfWeights, resumes } from '../shared/common-traps';
import { unknownKeys } from '../shared/unknown-keys';
import type { LinkedKey, Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Fields, type ReadSoFar, type Default, field } from '../shared/fields';

/** A default that depends on the script. */
const byScript =
  (value: (script: TrainingScript) => Default['value']) =>
  ({ root }: ReadSoFar): Default | null => {
    const script = scriptOf(root);
    return script && { value: value(script) };
  };

const BESIDE = ['learning_rate', 'adam_weight_decay', 'max_grad_norm', 'lr_scheduler'].map((name) => key(name));
const RANK = [key('rank'), key('lora_rank')];

/** `--use_8bit_adam` changes the class, not the name. */
function in8bits(root: MapNode): MapNode {
  const at = root.entries.findLastIndex((entry) => entry.key === 'use_8bit_adam');
  const entry = root.entries[at];
  const name = scalarAt(root, ['optimizer']);
  if (entry?.value.kind !== 'scalar' || entry.value.value !== true) return root;
  const word = String(name ?? scriptOf(root)?.optimizer ?? 'AdamW').toLowerCase() === 'adam' ? 'Adam' : 'AdamW';
  if (String(name ?? '').toLowerCase() === 'prodigy') return root;
  return { ...root, entries: root.entries.with(at, { ...entry, value: { ...entry.value, value: `${word} 8bit` } }) };
}

const fields: Fields = {
  rank: {
    keys: RANK,
    default: byScript(({ rank }) => rank),
  },
  alpha: {
    keys: [key('lora_alpha')],
    default: byScript(({ alpha }) => alpha),
    beside: RANK,
  },
  useDora: field('use_dora'),
  learningRate: {
    keys: [key('learning_rate')],
    default: byScript(({ learningRate }) => learningRate),
    beside: BESIDE,
  },
  optimizer: {
    keys: [key('use_8bit_adam', (value) => (typeof value === 'string' ? value : undefined)), key('optimizer')],
    default: byScript(({ optimizer }) => optimizer),
  },
  weightDecay: {
    keys: [key('adam_weight_decay')],
    default: byScript(({ weightDecay }) => weightDecay),
    beside: BESIDE,
  },
  eps: { ...field('adam_epsilon', 1e-8), beside: BESIDE },
  betas: {
    keys: [key('adam_beta1'), key('adam_beta2')],
    default: byScript(({ beta2 }) => [0.9, beta2]),
  },
  maxGradNorm: { ...field('max_grad_norm', 1), beside: BESIDE },
  scheduler: field('lr_scheduler', 'constant'),
  warmup: {
    keys: [key('lr_warmup_steps')],
    default: ({ root }) =>
      scalarAt(root, ['lr_scheduler']) === undefined || scalarAt(root, ['lr_scheduler']) === 'constant'
        ? { value: 0, why: l10n.t('The constant schedule has no warm-up.') }
        : { value: 500 },
  },
  dropout: field('lora_dropout', 0),
  init: {
    keys: [key('gaussian_init_lora', (value) => (value === true ? 'gaussian' : undefined))],
    default: byScript(({ init }) => init),
  },
  targetModules: field('lora_layers'),
};

const trainsTextEncoder = (root: MapNode): boolean => scalarAt(root, ['train_text_encoder']) === true;
const has = (root: MapNode, name: string): boolean => nodeAt(root, [name]) !== null;

const TRAPS: readonly Trap[] = [
  // In 16 bits only fp16 is cast to float32; bf16 is not (train_dreambooth_lora_flux.py: cast_training_params).
  halfWeights('mixed_precision', ['bf16']),
  {
    code: 'rate-scaled',
    severity: 'info',
    message: l10n.t(
      '--scale_lr multiplies the learning rate by accumulation steps, batch size and number of processes. The effective learning rate is that product. A plan changes the number in the file, and the product changes by the same factor.',
    ),
    applies: (root) => scalarAt(root, ['scale_lr']) === true,
    at: key('scale_lr'),
  },
  {
    code: 'text-encoder-default',
    severity: 'warning',
    message: l10n.t(
      'The text encoder trains too, and its learning rate defaults to 5e-6. Set --text_encoder_lr, so that the file says what is trained.',
    ),
    applies: (root) =>
      trainsTextEncoder(root) &&
      !has(root, 'text_encoder_lr') &&
      !/dreambooth_lora\.py|text_to_image/.test(scriptOf(root)?.name ?? ''),
    at: key('train_text_encoder'),
  },
  {
    code: 'text-encoder-decay',
    severity: 'info',
    message: l10n.t(
      'The text encoder has its own weight decay, --adam_weight_decay_text_encoder (default 1e-3), although --adam_weight_decay is 0. A plan does not change it.',
    ),
    applies: (root) =>
      trainsTextEncoder(root) &&
      Number(scalarAt(root, ['adam_weight_decay']) ?? 1) === 0 &&
      Number(scalarAt(root, ['adam_weight_decay_text_encoder']) ?? 1) !== 0,
    at: key('train_text_encoder'),
    limits: 'approximate',
  },
  {
    code: 'unscaled-parameters',
    severity: 'info',
    message: l10n.t(
      '--train_text_encoder_ti trains token embeddings with the optimizer of the LoRA. They have no scaling, so another eps or max grad norm changes how they learn.',
    ),
    applies: (root) => scalarAt(root, ['train_text_encoder_ti']) === true,
    at: key('train_text_encoder_ti'),
    limits: 'approximate',
    unscaled: l10n.t('the token embeddings'),
  },
  resumes('resume_from_checkpoint'),
];

/** The text encoder's LoRA: its own rate, its own decay (examples/dreambooth/train_dreambooth_lora_flux.py). */
const TEXT_ENCODER: readonly LinkedKey[] = [
  { field: 'learningRate', key: key('text_encoder_lr'), default: 5e-6, beside: BESIDE },
  { field: 'weightDecay', key: key('adam_weight_decay_text_encoder'), default: 1e-3, beside: BESIDE },
];

/** @see https://github.com/huggingface/diffusers (examples, 58eb52c0) */
const layout: Layout = {
  id: 'diffusers',
  recognise: (root) => scriptOf(root) !== null,
  fields,
  optimizers: DIFFUSERS_NAMES,
  linkedKeys: (root) => (trainsTextEncoder(root) ? TEXT_ENCODER : []),
  inFile: (root) => ({
    ...layout,
    owner: scriptOf(root)?.name ?? 'diffusers',
    initCode: (start) => initCode(start, modelsOf(root)),
  }),
  notUnderstood: (root) => unknownKeys(root, FLAGS),
  schedule: { schedules: DIFFUSERS_SCHEDULES, at: null },
  // argparse: type=int.
  wholeAlpha: true,
  alphaIsIgnored: (root) => {
    const script = scriptOf(root);
    return script?.alpha === null ? l10n.t`${script.name} has no --lora_alpha and takes the rank for alpha.` : null;
  },
  traps: [
    {
      code: 'alpha-rejected',
      severity: 'warning',
      message: l10n.t('This script has no --lora_alpha: it stops at an unknown flag, and sets alpha to the rank.'),
      applies: (root) => scriptOf(root)?.alpha === null && has(root, 'lora_alpha'),
      at: key('lora_alpha'),
    },
    ...TRAPS,
  ],
  initCode: (start) => initCode(start, ['transformer']),
};

/** The variables of the script that hold models with a LoRA of this rank and alpha. */
function modelsOf(root: MapNode): string[] {
  const model = scriptOf(root)?.rankFlag === 'lora_rank' ? 'unet' : 'transformer';
  return trainsTextEncoder(root) ? [model, 'text_encoder_one'] : [model];
}

function initCode(start: InitStart, models: readonly string[]): string {
  const [first = ''] = models;
  const lines = [
    `# In the script, after the LoRA of ${models.join(' and ')} is added and before the optimizer is made:`,
  ];
  if (models.length === 1) return [...lines, ...divideLines(DIFFUSERS_LIBRARY, start, first), ''].join('\n');
  const each = indented(divideLines(DIFFUSERS_LIBRARY, start, 'model'), '    ');
  return [...lines, `for model in (${models.join(', ')}):`, each, ''].join('\n');
}

export const diffusers: Trainer = {
  id: 'diffusers',
  name: 'diffusers',
  syntaxes: [],
  hint: /\btrain_\w*lora\w*\.py\b/,
  textNumbers: 'converts',
  interpolates: false,
  runs: (root) => [{ root: in8bits(root) }],
  source: { repository: 'huggingface/diffusers', commit: '58eb52c0803e', date: '2026-08-23' },
  commandLine: {
    isCommonName: true,
    program: /\btrain_\w*lora\w*\.py\b|\btrain_dreambooth\.py\b/,
    hint: /\btrain_\w*lora\w*\.py\b/,
  },
  layouts: [layout],
};
