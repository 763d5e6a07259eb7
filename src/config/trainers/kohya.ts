import { divideLines } from '../init-code/divide';
import { KOHYA_NAMES } from '../optimizers/kohya';
import { argumentMap, flagArguments } from '../syntax/arguments';
import { isCommand } from '../syntax/command';
import { nodeAt, scalarAt, type Entry, type MapNode, type SyntaxNode } from '../syntax/tree';
import { fromRow } from './optimizer-defaults';
import { key, type Key, type Known, type Layout, type Otherwise, type Trainer } from './trainer';

const ARGUMENT_LISTS = ['optimizer_args', 'network_args', 'lr_scheduler_args'];

/** Every table is flattened by one level (library/train_util.py: read_config_from_file); argument lists become maps. */
function flatten(root: MapNode): MapNode {
  if (isCommand(root)) {
    const entries = root.entries.map((entry) => (ARGUMENT_LISTS.includes(entry.key) ? flagArguments(entry) : entry));
    return { ...root, entries };
  }
  const entries = root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]));
  return { ...root, entries: entries.map(withArguments) };
}

function withArguments(entry: Entry): Entry {
  const isList = ARGUMENT_LISTS.includes(entry.key) && entry.value.kind === 'list';
  return isList && entry.value.kind === 'list' ? { ...entry, value: argumentMap(entry.value) } : entry;
}

const isLycoris = (root: MapNode): boolean => scalarAt(root, ['network_module']) === 'lycoris.kohya';

/** Modules whose scaling is alpha/dim. LyCORIS can do others, by its `algo`. */
function recognise(root: MapNode): boolean | { not: string } {
  const module = scalarAt(root, ['network_module']);
  const hasRate = ['learning_rate', 'unet_lr'].some((name) => scalarAt(root, [name]) !== undefined);
  if (module === undefined) return hasRate && scalarAt(root, ['network_dim']) !== undefined;
  if (/^networks\.lora(_\w+)?$/.test(String(module))) return true;
  const algo = String(scalarAt(root, ['network_args', 'algo']) ?? 'lora');
  if (module === 'lycoris.kohya' && ['lora', 'locon'].includes(algo)) return true;
  const what = module === 'lycoris.kohya' ? `LyCORIS ${algo}` : String(module);
  return { not: `This trains ${what}, which has no alpha that scales as LoRA's does.` };
}

/** Inside the module, an alpha of 0 stands for the rank (networks/lora.py). */
const zeroIsRank: NonNullable<Key['read']> = (value) => (Number(value) === 0 ? undefined : value);
const alphaOtherwise =
  (label: string) =>
  ({ root, rank }: Known): Otherwise | null =>
    scalarAt(root, label.split('.')) !== undefined && rank !== null
      ? { value: rank, why: `${label} is 0, which stands for the rank.` }
      : { value: 1, why: `sd-scripts takes 1 for ${label} unless told otherwise, so the scaling is 1 / rank.` };

const RATES = ['learning_rate', 'unet_lr', 'text_encoder_lr'].map((label) => key(label));
const BESIDE = ['optimizer_type', 'learning_rate', 'unet_lr', 'max_grad_norm'].map((label) => key(label));

const isFilled = (node: SyntaxNode | null): boolean =>
  node !== null && !(node.kind === 'scalar' && (node.value === null || node.value === ''));

/** @see https://github.com/kohya-ss/sd-scripts (train_network.py, library/train_util.py, networks/lora.py, 48d368fa) */
const layout: Layout = {
  id: 'kohya',
  recognise,
  fields: {
    rank: {
      keys: [key('network_dim')],
      otherwise: { value: 4, why: 'sd-scripts has a rank of 4 unless told otherwise.' },
    },
    alpha: {
      keys: [key('network_alpha', zeroIsRank)],
      otherwise: alphaOtherwise('network_alpha'),
      beside: [key('network_dim'), key('network_module')],
    },
    // LyCORIS only; sd-scripts' own module has neither.
    useRslora: { keys: [key('network_args.rs_lora')], beside: [key('network_dim'), key('network_module')] },
    useDora: { keys: [key('network_args.dora_wd')] },
    learningRate: {
      keys: [key('unet_lr'), key('learning_rate')],
      otherwise: { value: 2e-6, why: 'sd-scripts has a rate of 2e-6 unless told otherwise.' },
      beside: [key('optimizer_type'), key('network_dim')],
    },
    loraplusLrRatio: {
      keys: [key('network_args.loraplus_unet_lr_ratio'), key('network_args.loraplus_lr_ratio')],
      beside: [key('network_dim'), key('network_module')],
    },
    optimizer: {
      keys: [
        key('use_8bit_adam', (value) => (value === true ? 'AdamW8bit' : undefined)),
        key('use_lion_optimizer', (value) => (value === true ? 'Lion' : undefined)),
        key('optimizer_type', (value) => (value === '' ? undefined : value)),
      ],
      otherwise: { value: 'AdamW', why: 'sd-scripts trains with AdamW unless told otherwise.' },
    },
    weightDecay: { keys: [key('optimizer_args.weight_decay')], otherwise: fromRow('weightDecay'), beside: BESIDE },
    eps: { keys: [key('optimizer_args.eps')], otherwise: fromRow('eps'), beside: BESIDE },
    betas: { keys: [key('optimizer_args.betas')], otherwise: fromRow('betas') },
    momentum: { keys: [key('optimizer_args.momentum')], otherwise: fromRow('momentum') },
    nesterov: { keys: [key('optimizer_args.nesterov')] },
    maxGradNorm: {
      keys: [key('max_grad_norm')],
      otherwise: { value: 1, why: 'sd-scripts clips the gradient norm at 1.0 unless told otherwise.' },
      beside: BESIDE,
    },
    scheduler: {
      keys: [key('lr_scheduler_type', (value) => (value === '' ? undefined : value)), key('lr_scheduler')],
      otherwise: { value: 'constant', why: 'sd-scripts keeps the rate constant unless told otherwise.' },
    },
    warmup: {
      keys: [key('lr_warmup_steps')],
      otherwise: { value: 0, why: 'sd-scripts has no warm-up unless told otherwise.' },
    },
    dropout: {
      keys: [key('network_dropout')],
      otherwise: { value: 0, why: 'sd-scripts has no dropout in the network unless told otherwise.' },
    },
    targetModules: {
      keys: [],
      otherwise: { value: 'all-linear', why: 'sd-scripts adapts every linear layer of the transformer blocks.' },
    },
    init: {
      keys: [],
      otherwise: {
        value: 'kaiming-uniform',
        why: 'sd-scripts always draws the down weight Kaiming-uniform and starts the up weight at zero.',
      },
    },
  },
  networks: (root) =>
    scalarAt(root, ['network_args', 'conv_dim']) === undefined
      ? []
      : [
          {
            name: 'conv',
            rank: { keys: [key('network_args.conv_dim')] },
            alpha: {
              keys: [key('network_args.conv_alpha', zeroIsRank)],
              otherwise: alphaOtherwise('network_args.conv_alpha'),
              beside: [key('network_args.conv_dim')],
            },
          },
        ],
  optimizers: KOHYA_NAMES,
  argumentsAt: 'optimizer_args',
  ridersOfRate: [...RATES, key('lr_scheduler_args.min_lr'), key('lr_scheduler_args.eta_min')],
  ridersOfRatio: [key('network_args.loraplus_text_encoder_lr_ratio'), key('network_args.loraplus_lr_ratio')],
  // networks/lora.py puts lora_up into a group of its own, with the decay of all; LyCORIS has no LoRA+.
  loraplus: { dropsDecay: false, vectorsWithB: false, isRuledOut: isLycoris },
  canSwitchRslora: isLycoris,
  argumentLists: ARGUMENT_LISTS,
  traps: [
    {
      code: 'per-block-ranks',
      severity: 'warning',
      message:
        'network_args sets ranks and alphas per block. They are several scalings in one text, which is not rewritten here: multiply every one of block_alphas and conv_block_alphas by the same k.',
      applies: (root) =>
        ['block_dims', 'block_alphas', 'conv_block_alphas'].some((name) =>
          isFilled(nodeAt(root, ['network_args', name])),
        ),
      at: key('network_args'),
      blocksEdits: true,
    },
    {
      code: 'alpha-from-weights',
      severity: 'warning',
      message: 'dim_from_weights takes rank and alpha from network_weights, so those in this file have no say.',
      applies: (root) => scalarAt(root, ['dim_from_weights']) === true,
      at: key('dim_from_weights'),
      blocksEdits: true,
    },
    {
      code: 'text-encoder-default',
      severity: 'warning',
      message:
        'unet_lr is set but neither text_encoder_lr nor learning_rate, so the text encoder trains with the default of 2e-6. Write text_encoder_lr down, so that it can move along.',
      applies: (root) =>
        isFilled(nodeAt(root, ['unet_lr'])) &&
        nodeAt(root, ['text_encoder_lr']) === null &&
        nodeAt(root, ['learning_rate']) === null &&
        scalarAt(root, ['network_train_unet_only']) !== true,
      at: key('unet_lr'),
      limits: 'approximate',
    },
    {
      code: 'loraplus-one-part',
      message:
        'network_args gives one of U-Net and text encoder a LoRA+ ratio. The other has 1 and would need one too: write loraplus_unet_lr_ratio and loraplus_text_encoder_lr_ratio both down, so that both move.',
      applies: (root: MapNode): boolean => {
        const has = (name: string): boolean => isFilled(nodeAt(root, ['network_args', name]));
        const [unet, text] = [has('loraplus_unet_lr_ratio'), has('loraplus_text_encoder_lr_ratio')];
        return unet !== text && !has('loraplus_lr_ratio') && scalarAt(root, ['network_train_unet_only']) !== true;
      },
      at: key('network_args'),
      limits: 'approximate',
      plans: ['keep-init', 'keep-b'],
    },
    {
      code: 'schedule-floor-split',
      message: 'The schedule has one absolute floor for all rates, and the floors of A and B would have to differ.',
      applies: (root) => ['min_lr', 'eta_min'].some((name) => isFilled(nodeAt(root, ['lr_scheduler_args', name]))),
      at: key('lr_scheduler_args'),
      limits: 'approximate',
      plans: ['keep-init', 'keep-b'],
    },
    {
      code: 'half-precision-weights',
      severity: 'info',
      message:
        "full_fp16 and full_bf16 keep LoRA's own weights in 16 bits, so an init that is divided by anything but a power of two is rounded, and far down fp16 ends at 6e-8.",
      applies: (root) => ['full_fp16', 'full_bf16'].some((name) => scalarAt(root, [name]) === true),
    },
  ],
  initCode: (start) =>
    [
      '# In train_network.py, behind network.apply_to(...) and before the optimizer is made.',
      '# It also fits weights that were loaded with --network_weights at the old alpha.',
      ...divideLines('kohya', start, 'network'),
      '',
    ].join('\n'),
};

export const kohya: Trainer = {
  id: 'kohya',
  name: 'kohya sd-scripts',
  syntaxes: ['toml', 'shell', 'batch', 'powershell'],
  hint: /\bnetwork_(?:module|dim)\b/,
  textNumbers: 'fails',
  interpolates: false,
  runs: (root) => [{ root: flatten(root) }],
  layouts: [layout],
};
