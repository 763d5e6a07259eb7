import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { ARGUMENT_LISTS } from './tree';
import { stands } from './family';
import { lycorisTraps } from './lycoris';
import { resumes } from '../peft/traps';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

const isOn = (root: MapNode, label: string): boolean => scalarAt(root, label.split('.')) === true;
const argument = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

/** Whether both stand, and say two things. */
function differ(root: MapNode, one: string, other: string): boolean {
  const [a, b] = [scalarAt(root, [one]), scalarAt(root, [other])];
  return stands(root, one) && stands(root, other) && Number(a) !== Number(b);
}

/** @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_optimizer; train_network.py: net_kwargs) */
const asOneText = (name: string): Trap => ({
  code: 'value-invalid',
  severity: 'warning',
  message: `${name} is one text, of which the trainer takes every letter for an argument, and stops. Make it a list with a text for each argument.`,
  applies: (root) => {
    const value = scalarAt(root, [name]);
    return typeof value === 'string' && value !== '';
  },
  at: key(name),
  blocksEdits: true,
});

/**
 * What a user of kohya's trainers should know of a file, whichever trainer it is for.
 * @param at where the arguments of the network stand; the file's own top level where it is empty
 */
export const kohyaTraps = (at: 'network_args' | ''): readonly Trap[] => [
  ...ARGUMENT_LISTS.map(asOneText),
  {
    code: 'optimizer-stops',
    severity: 'warning',
    message:
      'Prodigy and D-Adaptation make one guess for all, and stop where groups have different learning rates: give text_encoder_lr and unet_lr one rate, or 0 to the one that stays.',
    applies: (root) =>
      /^(?:dadapt|prodigy$|prodigyopt)/i.test(String(scalarAt(root, ['optimizer_type']) ?? '')) &&
      differ(root, 'text_encoder_lr', 'unet_lr') &&
      ['text_encoder_lr', 'unet_lr'].every((name) => Number(scalarAt(root, [name])) !== 0) &&
      !isOn(root, 'network_train_unet_only'),
    at: key('text_encoder_lr'),
    limits: 'approximate',
  },
  {
    code: 'alpha-from-weights',
    severity: 'warning',
    message: 'dim_from_weights takes rank and alpha from network_weights, so those in this file have no say.',
    applies: (root) => isOn(root, 'dim_from_weights'),
    at: key('dim_from_weights'),
    blocksEdits: true,
  },
  // alpha is a buffer beside the scale that was computed from it, and loading the weights sets the buffer alone.
  resumes(
    'network_weights',
    (root) => stands(root, 'network_weights') && !isOn(root, 'dim_from_weights'),
    'And what is saved names the alpha of network_weights, not this one, so another alpha is undone when the file is used.',
  ),
  resumes('resume'),
  {
    code: 'half-precision-weights',
    severity: 'info',
    message:
      "full_fp16 and full_bf16 keep LoRA's own weights in 16 bits, so an init that is divided by anything but a power of two is rounded, and far down fp16 ends at 6e-8.",
    applies: (root) => ['full_fp16', 'full_bf16'].some((name) => isOn(root, name)),
    limits: 'approximate',
    unlessEven: true,
  },
  {
    code: 'rate-overridden',
    severity: 'warning',
    message:
      'With relative_step=False the schedule adafactor puts its own rate in place of learning_rate, and no plan moves that. Choose another schedule.',
    applies: (root) =>
      /^adafactor:/.test(String(scalarAt(root, ['lr_scheduler']))) &&
      scalarAt(root, ['optimizer_args', 'relative_step']) === false,
    at: key('lr_scheduler'),
    limits: 'approximate',
    blocksEdits: true,
  },
  {
    code: 'perturbed-weights',
    severity: 'warning',
    message:
      'ggpo_sigma and ggpo_beta disturb the weights by amounts that follow the norms of weights and gradients. The gradients grow with the scaling and the weights do not, so no plan keeps the run.',
    applies: (root) =>
      /^networks\.lora_(?:flux|hunyuan_image)$/.test(String(scalarAt(root, ['network_module']))) &&
      ['ggpo_sigma', 'ggpo_beta'].every((name) => stands(root, argument(at, name))),
    at: key(argument(at, 'ggpo_sigma')),
    limits: 'approximate',
  },
  {
    code: 'max-norm-by-file',
    severity: 'warning',
    message:
      'scale_weight_norms measures the norms with the alpha of network_weights, which stays, so another alpha in this file clips at other norms.',
    applies: (root) => stands(root, 'network_weights') && Number(scalarAt(root, ['scale_weight_norms']) ?? 0) > 0,
    at: key('scale_weight_norms'),
    limits: 'approximate',
  },
  ...lycorisTraps(at),
];

/** The rates at which parts of the network train; a rate of 0 leaves its part out. */
function ratesOf(root: MapNode): ReadonlySet<number> {
  const numbers = (label: string): number[] => {
    const node = nodeAt(root, label.split('.'));
    const items =
      node?.kind === 'list' ? node.items : node?.kind === 'map' ? node.entries.map(({ value }) => value) : [node];
    return items.flatMap((item) => (item?.kind === 'scalar' && item.value !== null ? [Number(item.value)] : []));
  };
  const or = (own: number[]): number[] => (own.length > 0 ? own : numbers('learning_rate'));
  return new Set(
    [
      ...(isOn(root, 'network_train_text_encoder_only') ? [] : or(numbers('unet_lr'))),
      ...(isOn(root, 'network_train_unet_only') ? [] : or(numbers('text_encoder_lr'))),
      ...numbers('network_args.network_reg_lrs'),
    ].filter((rate) => rate > 0),
  );
}

/** What concerns the two parts that sd-scripts trains, U-Net (or transformer) and text encoder. */
export const TWO_PARTS: readonly Trap[] = [
  {
    code: 'rates-refused',
    severity: 'warning',
    message:
      'Prodigy and D-Adaptation stop at the first step where parts of the network have different learning rates. Give all parts one rate.',
    applies: (root) =>
      /^(?:prodigy|dadapt)/i.test(String(scalarAt(root, ['optimizer_type']) ?? scalarAt(root, ['optimizer']))) &&
      ratesOf(root).size > 1,
    at: key('unet_lr'),
    limits: 'approximate',
  },
  {
    code: 'rate-overridden',
    severity: 'info',
    message:
      'learning_rate has no effect here: unet_lr is the rate of the U-Net or transformer, and text_encoder_lr that of the text encoder, where it is trained.',
    // Two equal rates do no harm.
    applies: (root) =>
      differ(root, 'learning_rate', 'unet_lr') &&
      (stands(root, 'text_encoder_lr') || isOn(root, 'network_train_unet_only')),
    at: key('learning_rate'),
  },
  {
    code: 'text-encoder-default',
    severity: 'warning',
    message:
      'unet_lr is set but neither text_encoder_lr nor learning_rate, so the text encoder trains with the default of 2e-6. Write text_encoder_lr down, so that it can move along.',
    applies: (root) =>
      stands(root, 'unet_lr') &&
      !stands(root, 'text_encoder_lr') &&
      !stands(root, 'learning_rate') &&
      !isOn(root, 'network_train_unet_only'),
    at: key('unet_lr'),
    limits: 'approximate',
    fixes: [
      {
        title: 'Write text_encoder_lr = 2.0e-6 down',
        set: [{ key: key('text_encoder_lr'), literal: '2.0e-6', beside: [key('unet_lr')] }],
      },
    ],
  },
  {
    code: 'loraplus-one-part',
    message:
      'network_args gives one of U-Net and text encoder a LoRA+ ratio. The other has 1 and would need one too: write loraplus_unet_lr_ratio and loraplus_text_encoder_lr_ratio both down, so that both move.',
    applies: (root: MapNode): boolean => {
      const has = (name: string): boolean => stands(root, `network_args.${name}`);
      const [unet, text] = [has('loraplus_unet_lr_ratio'), has('loraplus_text_encoder_lr_ratio')];
      return unet !== text && !has('loraplus_lr_ratio') && !isOn(root, 'network_train_unet_only');
    },
    at: key('network_args'),
    limits: 'approximate',
    plans: ['keep-init', 'keep-b'],
  },
];
