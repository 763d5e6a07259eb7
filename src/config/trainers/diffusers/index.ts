import * as l10n from '@vscode/l10n';
import { DIFFUSERS_LIBRARY, scriptOf, type TrainingScript } from './scripts';
import type { OptimizerNames } from '../../optimizers/word';
import { DIFFUSERS_SCHEDULES } from '../schedules';
import type { MapNode } from '../../syntax/tree';
import { names, unknownKeys, type KnownKeys } from '../shared/known';
import { halfWeights, on, resumes, stops, unclear, unscaledInAll, type Trap } from '../shared/trap';
import { dividing } from '../shared/init-code';
import type { LinkedKey, Layout, Trainer } from '../trainer';
import { field, has, key, onlyIf, valueAt, type Default, type DefaultOf, type Fields } from '../shared/fields';

/**
 * `--optimizer` of diffusers' training scripts, and what `--use_8bit_adam` makes of it.
 * @see https://github.com/huggingface/diffusers (examples/dreambooth/train_dreambooth_lora_flux.py, examples/cogvideo, 58eb52c0)
 */
const NAMES: OptimizerNames = {
  AdamW: { row: 'adamw' },
  'AdamW 8bit': { row: 'adamw', quantized: true },
  Adam: { row: 'adam' },
  'Adam 8bit': { row: 'adam', quantized: true },
  prodigy: {
    row: 'prodigy',
    variants: [{ when: { prodigy_decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
  },
};

/** Flags whose names say that they are about LoRA, the optimizer or the schedule. */
const FLAGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora|rank|adam|prodigy\w*|optim\w*|grad|dora|decay)(?:_|$)/,
  known: names(`
    text_encoder_lr lr_scheduler lr_warmup_steps lr_num_cycles lr_power scale_lr optimizer lora_alpha lora_rank
    lora_dropout lora_layers lora_blocks gaussian_init_lora use_lora_bias use_dora rank use_8bit_adam adam_beta1
    adam_beta2 adam_epsilon adam_weight_decay adam_weight_decay_text_encoder prodigy_beta3 prodigy_decouple
    prodigy_use_bias_correction prodigy_safeguard_warmup max_grad_norm lora_target_modules local_rank
  `),
};

/** A default that depends on the script. */
const byScript =
  (value: (script: TrainingScript) => Default['value']): DefaultOf =>
  ({ root }) => {
    const script = scriptOf(root);
    return script && { value: value(script) };
  };

/** `--use_8bit_adam` changes the class, not the name. */
function in8bits(root: MapNode): MapNode {
  const at = root.entries.findLastIndex((entry) => entry.key === 'use_8bit_adam');
  const entry = root.entries[at];
  const name = String(valueAt(root, 'optimizer') ?? scriptOf(root)?.optimizer ?? 'AdamW').toLowerCase();
  if (entry?.value.kind !== 'scalar' || entry.value.value !== true || name === 'prodigy') return root;
  const value = `${name === 'adam' ? 'Adam' : 'AdamW'} 8bit`;
  return { ...root, entries: root.entries.with(at, { ...entry, value: { ...entry.value, value } }) };
}

const fields: Fields = {
  rank: field(
    ['rank', 'lora_rank'],
    byScript(({ rank }) => rank),
  ),
  alpha: field(
    'lora_alpha',
    byScript(({ alpha }) => alpha),
  ),
  useDora: field('use_dora'),
  learningRate: field(
    'learning_rate',
    byScript(({ learningRate }) => learningRate),
  ),
  optimizer: field(
    [key('use_8bit_adam', (value) => (typeof value === 'string' ? value : undefined)), 'optimizer'],
    byScript(({ optimizer }) => optimizer),
  ),
  weightDecay: field(
    'adam_weight_decay',
    byScript(({ weightDecay }) => weightDecay),
  ),
  eps: field('adam_epsilon', 1e-8),
  betas: field(
    ['adam_beta1', 'adam_beta2'],
    byScript(({ beta2 }) => [0.9, beta2]),
  ),
  maxGradNorm: field('max_grad_norm', 1),
  scheduler: field('lr_scheduler', 'constant'),
  warmup: field('lr_warmup_steps', ({ root }) =>
    [undefined, 'constant'].includes(valueAt(root, 'lr_scheduler') as string | undefined)
      ? { value: 0, why: l10n.t('The constant schedule has no warm-up.') }
      : { value: 500 },
  ),
  dropout: field('lora_dropout', 0),
  init: field(
    key('gaussian_init_lora', onlyIf(true, 'gaussian')),
    byScript(({ init }) => init),
  ),
  targetModules: field('lora_layers'),
};

const trainsTextEncoder = (root: MapNode): boolean => valueAt(root, 'train_text_encoder') === true;

const TRAPS: readonly Trap[] = [
  stops(
    'lora_alpha',
    l10n.t('This script has no --lora_alpha: it stops at an unknown flag, and sets alpha to the rank.'),
    { when: (root) => scriptOf(root)?.alpha === null && has(root, 'lora_alpha') },
  ),
  // In 16 bits only fp16 is cast to float32; bf16 is not (train_dreambooth_lora_flux.py: cast_training_params).
  halfWeights('mixed_precision', ['bf16']),
  on(
    'scale_lr',
    'rate-scaled',
    l10n.t`--scale_lr multiplies the learning rate by accumulation steps, batch size and number of processes. The effective learning rate is that product. A plan changes the number in the file, and the product changes by the same factor.`,
    { when: [true] },
  ),
  unclear(
    'train_text_encoder',
    l10n.t`The text encoder has its own weight decay, --adam_weight_decay_text_encoder (default 1e-3), although --adam_weight_decay is 0. A plan does not change it.`,
    {
      when: (root) =>
        trainsTextEncoder(root) &&
        Number(valueAt(root, 'adam_weight_decay') ?? 1) === 0 &&
        Number(valueAt(root, 'adam_weight_decay_text_encoder') ?? 1) !== 0,
    },
  ),
  unscaledInAll('train_text_encoder_ti', l10n.t('the token embeddings'), [true]),
  resumes('resume_from_checkpoint'),
];

/** The text encoder's LoRA: its own rate, its own decay (examples/dreambooth/train_dreambooth_lora_flux.py). */
const BESIDE = ['learning_rate', 'adam_weight_decay', 'max_grad_norm', 'lr_scheduler'].map((name) => key(name));
const TEXT_ENCODER: readonly LinkedKey[] = [
  { field: 'learningRate', key: key('text_encoder_lr'), default: 5e-6, beside: BESIDE },
  { field: 'weightDecay', key: key('adam_weight_decay_text_encoder'), default: 1e-3, beside: BESIDE },
];

/** Code for the variables of the script that hold models with a LoRA of this rank and alpha. */
function initCode(root: MapNode | null): Layout['initCode'] {
  const model = root && scriptOf(root)?.rankFlag === 'lora_rank' ? 'unet' : 'transformer';
  const where = (models: string): string =>
    `# In the script, after the LoRA of ${models} is added and before the optimizer is made:`;
  if (!root || !trainsTextEncoder(root)) return dividing(DIFFUSERS_LIBRARY, [where(model)], { model });
  const both = [where(`${model} and text_encoder_one`), `for model in (${model}, text_encoder_one):`];
  return dividing(DIFFUSERS_LIBRARY, both, { indent: '    ' });
}

/** @see https://github.com/huggingface/diffusers (examples, 58eb52c0) */
const layout: Layout = {
  id: 'diffusers',
  recognise: (root) => scriptOf(root) !== null,
  fields,
  optimizers: NAMES,
  linkedKeys: (root) => (trainsTextEncoder(root) ? TEXT_ENCODER : []),
  inFile: (root) => ({ ...layout, owner: scriptOf(root)?.name ?? 'diffusers', initCode: initCode(root) }),
  notUnderstood: (root) => unknownKeys(root, FLAGS),
  schedule: { schedules: DIFFUSERS_SCHEDULES, at: null },
  // argparse: type=int.
  wholeAlpha: true,
  alphaIsIgnored: (root) => {
    const script = scriptOf(root);
    return script?.alpha === null ? l10n.t`${script.name} has no --lora_alpha and takes the rank for alpha.` : null;
  },
  traps: TRAPS,
  initCode: initCode(null),
};

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
