import { divideLines } from '../init-code/divide';
import { DIFFUSERS_NAMES } from '../optimizers/diffusers';
import { DIFFUSERS_SCHEDULES } from '../schedules';
import { nodeAt, scalarAt, type MapNode } from '../syntax/tree';
import { cosmosLayout } from './diffusers-cosmos';
import { scriptOf, type Script } from './diffusers-scripts';
import { key, type Fields, type Known, type Layout, type Otherwise, type Trainer, type Trap } from './trainer';

/** A default that depends on the script. */
const byScript =
  (value: (script: Script) => Otherwise['value'], what: string) =>
  ({ root }: Known): Otherwise | null => {
    const script = scriptOf(root);
    return script && { value: value(script), why: `${script.name} ${what} unless told otherwise.` };
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
    otherwise: ({ root }) => {
      const script = scriptOf(root);
      return (
        script && { value: script.rank, why: `${script.name} has a rank of ${script.rank} unless told otherwise.` }
      );
    },
  },
  alpha: {
    keys: [key('lora_alpha')],
    otherwise: ({ root }) => {
      const { alpha, name, rankFlag } = scriptOf(root) ?? {};
      return typeof alpha === 'number'
        ? {
            value: alpha,
            why: `${name} has an alpha of ${alpha} unless told otherwise; it does not follow --${rankFlag}.`,
          }
        : null;
    },
    beside: RANK,
  },
  useDora: { keys: [key('use_dora')] },
  learningRate: {
    keys: [key('learning_rate')],
    otherwise: byScript(({ learningRate }) => learningRate, 'has a learning rate of its own'),
    beside: BESIDE,
  },
  optimizer: {
    keys: [key('use_8bit_adam', (value) => (typeof value === 'string' ? value : undefined)), key('optimizer')],
    otherwise: byScript(({ optimizer }) => optimizer, 'has an optimizer of its own'),
  },
  weightDecay: {
    keys: [key('adam_weight_decay')],
    otherwise: byScript(({ weightDecay }) => weightDecay, 'has a weight decay of its own'),
    beside: BESIDE,
  },
  eps: {
    keys: [key('adam_epsilon')],
    otherwise: { value: 1e-8, why: "diffusers' scripts have an epsilon of 1e-8 unless told otherwise." },
    beside: BESIDE,
  },
  betas: {
    keys: [key('adam_beta1'), key('adam_beta2')],
    otherwise: byScript(({ beta2 }) => [0.9, beta2], 'has betas of its own'),
  },
  maxGradNorm: {
    keys: [key('max_grad_norm')],
    otherwise: { value: 1, why: "diffusers' scripts clip the gradient norm at 1.0 unless told otherwise." },
    beside: BESIDE,
  },
  scheduler: {
    keys: [key('lr_scheduler')],
    otherwise: { value: 'constant', why: "diffusers' scripts keep the rate constant unless told otherwise." },
  },
  warmup: {
    keys: [key('lr_warmup_steps')],
    otherwise: ({ root }) =>
      scalarAt(root, ['lr_scheduler']) === undefined || scalarAt(root, ['lr_scheduler']) === 'constant'
        ? { value: 0, why: 'The constant schedule has no warm-up.' }
        : { value: 500, why: "diffusers' scripts warm up for 500 steps unless told otherwise." },
  },
  dropout: {
    keys: [key('lora_dropout')],
    otherwise: { value: 0, why: "diffusers' scripts have no LoRA dropout unless told otherwise." },
  },
  init: {
    keys: [key('gaussian_init_lora', (value) => (value === true ? 'gaussian' : undefined))],
    otherwise: byScript(({ init }) => init, 'fixes the init in its code'),
  },
  targetModules: { keys: [key('lora_layers')] },
};

const trainsTextEncoder = (root: MapNode): boolean => scalarAt(root, ['train_text_encoder']) === true;
const has = (root: MapNode, name: string): boolean => nodeAt(root, [name]) !== null;

const TRAPS: readonly Trap[] = [
  {
    code: 'rate-scaled',
    severity: 'info',
    message:
      '--scale_lr multiplies the learning rate by accumulation steps, batch size and number of processes. The rate that trains is that product; a plan moves the written number, and the product moves alike.',
    applies: (root) => scalarAt(root, ['scale_lr']) === true,
    at: key('scale_lr'),
  },
  {
    code: 'text-encoder-default',
    severity: 'warning',
    message:
      'The text encoder trains too, with a rate of 5e-6 that nobody wrote. Write --text_encoder_lr down, so that it can move along.',
    applies: (root) =>
      trainsTextEncoder(root) &&
      !has(root, 'text_encoder_lr') &&
      !/dreambooth_lora\.py|text_to_image/.test(scriptOf(root)?.name ?? ''),
    at: key('train_text_encoder'),
    limits: 'approximate',
  },
];

/** @see https://github.com/huggingface/diffusers (examples, 58eb52c0) */
const layout: Layout = {
  id: 'diffusers',
  recognise: (root) => scriptOf(root) !== null,
  fields,
  optimizers: DIFFUSERS_NAMES,
  ridersOfRate: [key('text_encoder_lr')],
  schedule: { schedules: DIFFUSERS_SCHEDULES, at: null },
  // argparse: type=int.
  wholeAlpha: true,
  alphaIsIgnored: (root) => {
    const script = scriptOf(root);
    return script?.alpha === null ? `${script.name} has no --lora_alpha and takes the rank for alpha.` : null;
  },
  traps: [
    {
      code: 'alpha-rejected',
      severity: 'warning',
      message:
        'This script has no --lora_alpha: it stops at a flag that it does not know, and takes the rank for alpha.',
      applies: (root) => scriptOf(root)?.alpha === null && has(root, 'lora_alpha'),
      at: key('lora_alpha'),
    },
    ...TRAPS,
  ],
  initCode: (start) =>
    [
      '# In the script, behind transformer.add_adapter(...) (or unet.add_adapter(...)) and before the optimizer is made:',
      'import torch',
      '',
      ...divideLines('diffusers', start, 'transformer'),
      '',
    ].join('\n'),
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
  layouts: [layout, cosmosLayout],
};
