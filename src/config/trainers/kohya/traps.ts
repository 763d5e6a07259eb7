import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { ARGUMENT_LISTS } from './tree';
import { stands } from './family';
import { lycorisTraps } from './lycoris';
import { resumes } from '../shared/common-traps';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

const isOn = (root: MapNode, label: string): boolean => scalarAt(root, label.split('.')) === true;
const argument = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

/** Whether both keys are set, to different values. */
function differ(root: MapNode, one: string, other: string): boolean {
  const [a, b] = [scalarAt(root, [one]), scalarAt(root, [other])];
  return stands(root, one) && stands(root, other) && Number(a) !== Number(b);
}

/** @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_optimizer; train_network.py: net_kwargs) */
const asOneText = (name: string): Trap => ({
  code: 'value-invalid',
  severity: 'warning',
  message: l10n.t`${name} is one string. The trainer reads every letter as an argument, and stops. Make it a list with one string for each argument.`,
  applies: (root) => {
    const value = scalarAt(root, [name]);
    return typeof value === 'string' && value !== '';
  },
  at: key(name),
  blocksEdits: true,
});

/**
 * What a user of kohya's trainers should know of a file, whichever trainer it is for.
 * @param at the path of the network's arguments; empty for the top level
 */
export const kohyaTraps = (at: 'network_args' | ''): readonly Trap[] => [
  ...ARGUMENT_LISTS.map(asOneText),
  {
    code: 'optimizer-stops',
    severity: 'warning',
    message: l10n.t(
      'Prodigy and D-Adaptation estimate one step size for all parameters, and stop if groups have different learning rates. Set text_encoder_lr and unet_lr to one learning rate, or to 0 for the part that does not train.',
    ),
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
    message: l10n.t('dim_from_weights takes rank and alpha from network_weights and ignores those in this file.'),
    applies: (root) => isOn(root, 'dim_from_weights'),
    at: key('dim_from_weights'),
    blocksEdits: true,
  },
  // alpha is a buffer beside the scale that was computed from it, and loading the weights sets the buffer alone.
  resumes(
    'network_weights',
    (root) => stands(root, 'network_weights') && !isOn(root, 'dim_from_weights'),
    l10n.t(
      'The saved file contains the alpha of network_weights, not this one, so using the saved file undoes the change of alpha.',
    ),
  ),
  resumes('resume'),
  {
    code: 'half-precision-weights',
    severity: 'info',
    message: l10n.t(
      "full_fp16 and full_bf16 keep LoRA's own weights in 16 bits. Dividing the init by anything but a power of two is rounded, and the smallest number in fp16 is 6e-8.",
    ),
    applies: (root) => ['full_fp16', 'full_bf16'].some((name) => isOn(root, name)),
    limits: 'approximate',
    ifRounding: true,
  },
  {
    code: 'rate-overridden',
    severity: 'warning',
    message: l10n.t(
      'With relative_step=False the schedule adafactor replaces learning_rate by its own learning rate, which no plan can change. Choose another schedule.',
    ),
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
    message: l10n.t(
      'ggpo_sigma and ggpo_beta add noise that depends on the norms of weights and gradients. The gradients grow with the scaling and the weights do not, so no plan keeps the run.',
    ),
    applies: (root) =>
      /^networks\.lora_(?:flux|hunyuan_image)$/.test(String(scalarAt(root, ['network_module']))) &&
      ['ggpo_sigma', 'ggpo_beta'].every((name) => stands(root, argument(at, name))),
    at: key(argument(at, 'ggpo_sigma')),
    limits: 'approximate',
  },
  {
    code: 'max-norm-by-file',
    severity: 'warning',
    message: l10n.t(
      'scale_weight_norms computes the norms with the alpha of network_weights, which stays. So another alpha in this file clips at other norms.',
    ),
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
    message: l10n.t(
      'Prodigy and D-Adaptation stop at the first step if parts of the network have different learning rates. Set one learning rate for all parts.',
    ),
    applies: (root) =>
      /^(?:prodigy|dadapt)/i.test(String(scalarAt(root, ['optimizer_type']) ?? scalarAt(root, ['optimizer']))) &&
      ratesOf(root).size > 1,
    at: key('unet_lr'),
    limits: 'approximate',
  },
  {
    code: 'rate-overridden',
    severity: 'info',
    message: l10n.t(
      'The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder if it is trained.',
    ),
    // Two equal rates do no harm.
    applies: (root) =>
      differ(root, 'learning_rate', 'unet_lr') &&
      (stands(root, 'text_encoder_lr') || isOn(root, 'network_train_unet_only')),
    at: key('learning_rate'),
  },
  {
    code: 'text-encoder-default',
    severity: 'warning',
    message: l10n.t(
      'unet_lr is set, but text_encoder_lr and learning_rate are not, so the text encoder trains with the default of 2e-6. Set text_encoder_lr, so that a plan can change it.',
    ),
    applies: (root) =>
      stands(root, 'unet_lr') &&
      !stands(root, 'text_encoder_lr') &&
      !stands(root, 'learning_rate') &&
      !isOn(root, 'network_train_unet_only'),
    at: key('unet_lr'),
    limits: 'approximate',
    fixes: [
      {
        title: l10n.t('Set text_encoder_lr = 2.0e-6'),
        set: [{ key: key('text_encoder_lr'), literal: '2.0e-6', beside: [key('unet_lr')] }],
      },
    ],
  },
  {
    code: 'loraplus-one-part',
    message: l10n.t(
      'network_args gives only one of U-Net and text encoder a LoRA+ ratio. The other has a ratio of 1 and would need one too: set both loraplus_unet_lr_ratio and loraplus_text_encoder_lr_ratio, so that both change.',
    ),
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
