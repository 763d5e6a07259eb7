import * as l10n from '@vscode/l10n';
import { LORA_A_B } from '../../init-code/library';
import { flagged, withProgramValue } from '../shared/command-line';
import { divideLines } from '../../init-code/divide';
import { indented } from '../../init-code/python';
import { LITGPT_NAMES } from './optimizers';
import { commandIn, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { fromRow, rateFromRow } from '../shared/optimizer-defaults';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';
import { LITGPT, LITGPT_TRAIN } from './known';
import { unknownArguments } from '../shared/unknown-keys';
import { halfWeights } from '../shared/common-traps';
import type { NewMap, Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Key, field, fixedAt } from '../shared/fields';

/** What LoRA is put on, and the names of those layers in litgpt's models (litgpt/lora.py). */
const SWITCHES: readonly { key: Key; modules: readonly string[] }[] = [
  { key: key('lora_query'), modules: ['query'] },
  { key: key('lora_key'), modules: ['key'] },
  { key: key('lora_value'), modules: ['value'] },
  { key: key('lora_projection'), modules: ['projection'] },
  { key: key('lora_mlp'), modules: ['mlp'] },
  { key: key('lora_head'), modules: ['head'] },
];

const says = (root: MapNode, name: string): boolean => scalarAt(root, [name]) !== undefined;

function recognise(root: MapNode): boolean {
  const switches = SWITCHES.map((one) => scalarAt(root, one.key.path));
  const isOurs =
    switches.some((on) => typeof on === 'boolean') ||
    (says(root, 'checkpoint_dir') && (says(root, 'lora_r') || says(root, 'lora_alpha')));
  return isOurs && scalarAt(root, ['lora_r']) !== 0;
}

/** A class of torch.optim may go by its own name (litgpt/utils.py: instantiate_torch_optimizer). */
const classOf = (name: string): string => (name.includes('.') ? name : `torch.optim.${name}`);

const BESIDE = ['weight_decay', 'lr'].map((name) => key(`optimizer.init_args.${name}`));

/** An optimizer's name gives way to its class and arguments, once there is a number to write. */
const asClass: NewMap = (name) => ({ class_path: name === null ? 'torch.optim.AdamW' : classOf(name) });

const REJECTED = ['max_norm', 'max_tokens', 'tie_embeddings', 'lr_warmup_fraction'];

const rejected = (name: string): Trap => {
  const where = key(`train.${name}`);
  return {
    code: 'key-rejected',
    severity: 'warning',
    message:
      name === 'max_norm'
        ? l10n.t`litgpt's LoRA recipe never clips the gradient, and stops if ${where.label} is set. Remove it.`
        : l10n.t`litgpt's LoRA recipe does not support ${where.label}, and stops if it is set. Remove it.`,
    applies: (root) => scalarAt(root, where.path) !== undefined,
    at: where,
    fixes: [{ title: l10n.t`Remove ${where.label}`, remove: [where], preferred: true }],
  };
};

/** Its commands have flags for LoRA, but none for the optimizer's numbers. */
const WITHOUT_OPTIMIZER_FLAGS: Trap = {
  code: 'no-optimizer-flags',
  message: l10n.t(
    'This program reads the numbers of the optimizer only from a config file, and another alpha needs another learning rate. Put the settings into a file for --config, and change them there.',
  ),
  applies: (root) => commandIn(root) !== null,
  blocksEdits: true,
};

/** Numbers of the optimizer that stood under train until May 2024. */
const OF_TRAIN = ['learning_rate', 'weight_decay', 'beta1', 'beta2'].map((name) => key(`train.${name}`));

const isOld = (root: MapNode): boolean =>
  nodeAt(root, ['optimizer']) === null && OF_TRAIN.some(({ path }) => nodeAt(root, path) !== null);

const CLASS: ReadonlySet<string> = new Set(['class_path', 'init_args']);

/** @see https://github.com/Lightning-AI/litgpt (litgpt/finetune/lora.py: setup, validate_args) */
const layout: Layout = {
  id: 'litgpt',
  recognise: (root) => recognise(root) && !isOld(root),
  fields: {
    rank: field('lora_r', 8),
    alpha: { ...field('lora_alpha', 16), beside: [key('lora_r'), key('lora_dropout'), key('lora_query')] },
    learningRate: { keys: [key('optimizer.init_args.lr')], default: rateFromRow, beside: BESIDE },
    optimizer: {
      keys: [
        key('optimizer.class_path', (name) => classOf(String(name))),
        key('optimizer', (name) => classOf(String(name))),
      ],
      default: { value: 'torch.optim.AdamW' },
    },
    weightDecay: { keys: [key('optimizer.init_args.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    eps: { keys: [key('optimizer.init_args.eps')], default: fromRow('eps'), beside: BESIDE },
    betas: { keys: [key('optimizer.init_args.betas')], default: fromRow('betas') },
    momentum: { keys: [key('optimizer.init_args.momentum')], default: fromRow('momentum') },
    nesterov: field('optimizer.init_args.nesterov'),
    maxGradNorm: fixedAt({ value: 0 }),
    scheduler: fixedAt({ value: 'cosine' }),
    warmup: field('train.lr_warmup_steps', 100),
    dropout: field('lora_dropout', 0.05),
    init: fixedAt({ value: 'kaiming-uniform' }),
    targetModules: { keys: [] },
  },
  optimizers: LITGPT_NAMES,
  argumentsAt: 'optimizer.init_args',
  newMaps: { optimizer: asClass },
  targetSwitches: SWITCHES,
  // jsonargparse checks the type: lora_alpha is an int.
  wholeAlpha: true,
  notUnderstood: (root) =>
    unknownArguments(root, {
      '': LITGPT,
      train: LITGPT_TRAIN,
      optimizer: CLASS,
      'optimizer.init_args': OPTIMIZER_ARGUMENTS,
    }),
  traps: [
    ...REJECTED.map(rejected),
    WITHOUT_OPTIMIZER_FLAGS,
    halfWeights('precision', ['bf16-true', '16-true']),
    {
      code: 'adapts-nothing',
      severity: 'warning',
      message: l10n.t('No switch from lora_query to lora_head is on, so no layer gets LoRA and nothing is trained.'),
      applies: (root) =>
        SWITCHES.every(({ key: { path } }) => scalarAt(root, path) === false || nodeAt(root, path) === null) &&
        ['lora_query', 'lora_value'].every((name) => scalarAt(root, [name]) === false),
      at: key('lora_query'),
    },
  ],
  initCode: (start) =>
    [
      '# litgpt has no hook for this. In litgpt/finetune/lora.py, in main, before load_checkpoint(fabric, model, …),',
      '# when the optimizer exists but has not stepped:',
      indented(divideLines(LORA_A_B, start), '    '),
      '',
    ].join('\n'),
};

/** @see https://github.com/Lightning-AI/litgpt (before 141c8bfb: litgpt/args.py: TrainArgs; litgpt/finetune/lora.py: main) */
const oldLayout: Layout = {
  ...layout,
  id: 'litgpt-old',
  owner: l10n.t('litgpt before May 2024'),
  recognise: (root) => recognise(root) && isOld(root),
  fields: {
    ...layout.fields,
    optimizer: fixedAt({ value: 'torch.optim.AdamW' }),
    learningRate: { ...field('train.learning_rate', 3e-4), beside: OF_TRAIN },
    weightDecay: { ...field('train.weight_decay', 0.02), beside: OF_TRAIN },
    betas: field(['train.beta1', 'train.beta2'], [0.9, 0.95]),
    // Rate, decay and betas are all that is handed on to AdamW.
    eps: fixedAt(fromRow('eps')),
    momentum: { keys: [] },
    nesterov: { keys: [] },
  },
  optimizers: { 'torch.optim.AdamW': { row: 'adamw' } },
  newMaps: {},
  argumentsAt: 'train',
  traps: [
    ...layout.traps,
    {
      code: 'layout-removed',
      severity: 'warning',
      message: l10n.t(
        'This is the layout of litgpt before May 2024: current versions refuse train.learning_rate, train.weight_decay and the betas there, and want them as optimizer.init_args.lr, weight_decay and betas.',
      ),
      applies: () => true,
      at: key('train.learning_rate'),
    },
  ],
};

export const litgpt: Trainer = {
  id: 'litgpt',
  name: 'litgpt',
  syntaxes: ['yaml'],
  hint: /\blora_(?:query|key|value|projection|mlp|head|r|alpha)["']?\s*:/,
  loaders: { yaml: 'jsonargparse' },
  textNumbers: 'converts',
  interpolates: false,
  source: { repository: 'Lightning-AI/litgpt', commit: '26857050', date: '2026-06-29' },
  commandLine: {
    program: /\blitgpt finetune(?:_lora)?\b|\bfinetune[/\\]lora\.py\b/,
    hint: /\blitgpt\b|\bfinetune[/\\]lora\.py\b/,
    config: flagged('config'),
    tree: withProgramValue('checkpoint_dir', 'named'),
  },
  programs: ['litgpt'],
  owns: /(?:^|[ /\\])litgpt(?:[ ./\\]|$)/,
  layouts: [layout, oldLayout],
};
