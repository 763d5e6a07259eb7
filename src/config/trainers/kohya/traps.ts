import * as l10n from '@vscode/l10n';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { ARGUMENT_LISTS } from './tree';
import { lycorisSwitch, stands } from './family';
import { isLycoris } from './networks';
import { continues, halfWeights, on, resumes, stops, unclear, unscaled, type Trap } from '../shared/trap';
import { valueAt, wordAt } from '../shared/fields';

const isOn = (root: MapNode, label: string): boolean => valueAt(root, label) === true;

/** Whether both keys are set, to different values. */
const differ = (root: MapNode, one: string, other: string): boolean =>
  stands(root, one) && stands(root, other) && Number(valueAt(root, one)) !== Number(valueAt(root, other));

/** Names of one switch; the older ones are copied to the first (lycoris/kohya.py: create_network). */
const TUCKER = ['use_tucker', 'use_cp', 'use_conv_cp', 'disable_conv_cp'];

/**
 * What a user of kohya's trainers should know of a file, whichever trainer it is for.
 * @param at the path of the network's arguments; empty for the top level
 */
export function kohyaTraps(at: 'network_args' | ''): readonly Trap[] {
  const argument = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const lycoris =
    (name: string) =>
    (root: MapNode): boolean => {
      const value = valueAt(root, argument(name));
      return isLycoris(root) && value !== undefined && value !== '' && lycorisSwitch(value);
    };
  return [
    // library/train_util.py: get_optimizer; train_network.py: net_kwargs
    ...ARGUMENT_LISTS.map((name) =>
      stops(
        name,
        l10n.t`${name} is one string. The trainer reads every letter as an argument, and stops. Make it a list with one string for each argument.`,
        {
          when: (root) => typeof valueAt(root, name) === 'string' && valueAt(root, name) !== '',
          blocksEdits: true,
        },
      ),
    ),
    continues('dim_from_weights', {
      message: l10n.t('dim_from_weights takes rank and alpha from network_weights and ignores those in this file.'),
      when: [true],
    }),
    // alpha is a buffer beside the scale that was computed from it, and loading the weights sets the buffer alone.
    resumes(
      'network_weights',
      (root) => stands(root, 'network_weights') && !isOn(root, 'dim_from_weights'),
      l10n.t`The saved file contains the alpha of network_weights, not this one, so using the saved file undoes the change of alpha.`,
    ),
    resumes('resume'),
    ...['full_fp16', 'full_bf16'].map((name) => ({ ...halfWeights(name, [true]), severity: 'info' as const })),
    on(
      'lr_scheduler',
      'rate-overridden',
      l10n.t`With relative_step=False the schedule adafactor replaces learning_rate by its own learning rate, which no plan can change. Choose another schedule.`,
      {
        severity: 'warning',
        when: (root) =>
          /^adafactor:/.test(wordAt(root, 'lr_scheduler')) && valueAt(root, 'optimizer_args.relative_step') === false,
        limits: 'approximate',
        blocksEdits: true,
      },
    ),
    unclear(
      argument('ggpo_sigma'),
      l10n.t`ggpo_sigma and ggpo_beta add noise that depends on the norms of weights and gradients. The gradients grow with the scaling and the weights do not, so no plan keeps the run.`,
      {
        when: (root) =>
          /^networks\.lora_(?:flux|hunyuan_image)$/.test(wordAt(root, 'network_module')) &&
          ['ggpo_sigma', 'ggpo_beta'].every((name) => stands(root, argument(name))),
        limits: 'approximate',
      },
    ),
    unclear(
      'scale_weight_norms',
      l10n.t`scale_weight_norms computes the norms with the alpha of network_weights, which stays. So another alpha in this file clips at other norms.`,
      {
        when: (root) => stands(root, 'network_weights') && Number(valueAt(root, 'scale_weight_norms') ?? 0) > 0,
        limits: 'approximate',
      },
    ),
    unclear(
      argument('use_scalar'),
      l10n.t`use_scalar trains a scalar that multiplies B·A and starts at zero, while B starts at random. The plan follows the rules of two factors, so the run will not be the same.`,
      { when: lycoris('use_scalar'), limits: 'approximate' },
    ),
    unscaled(argument('train_norm'), l10n.t('the norms'), { when: lycoris('train_norm') }),
    // A third trained factor between A and B of every convolution, which does not change with the scaling.
    ...TUCKER.map((name) => unscaled(argument(name), l10n.t('the Tucker cores'), { when: lycoris(name) })),
  ];
}

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
  stops(
    'unet_lr',
    l10n.t`Prodigy and D-Adaptation stop at the first step if parts of the network have different learning rates. Set one learning rate for all parts.`,
    {
      when: (root) =>
        /^(?:prodigy|dadapt)/i.test(String(valueAt(root, 'optimizer_type') ?? valueAt(root, 'optimizer'))) &&
        ratesOf(root).size > 1,
    },
  ),
  on(
    'learning_rate',
    'rate-overridden',
    l10n.t`The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder if it is trained.`,
    {
      // Two equal rates do no harm.
      when: (root) =>
        differ(root, 'learning_rate', 'unet_lr') &&
        (stands(root, 'text_encoder_lr') || isOn(root, 'network_train_unet_only')),
    },
  ),
  on(
    'unet_lr',
    'lr-groups',
    l10n.t`unet_lr is set, but text_encoder_lr and learning_rate are not, so the text encoder trains with the default of 2e-6. Set text_encoder_lr, so that a plan can change it.`,
    {
      severity: 'warning',
      limits: 'approximate',
      when: (root) =>
        stands(root, 'unet_lr') &&
        !stands(root, 'text_encoder_lr') &&
        !stands(root, 'learning_rate') &&
        !isOn(root, 'network_train_unet_only'),
    },
  ),
  {
    code: 'lr-groups',
    message: l10n.t`network_args gives only one of U-Net and text encoder a LoRA+ ratio. The other has a ratio of 1 and would need one too: set both loraplus_unet_lr_ratio and loraplus_text_encoder_lr_ratio, so that both change.`,
    applies: (root: MapNode): boolean => {
      const has = (name: string): boolean => stands(root, `network_args.${name}`);
      const [unet, text] = [has('loraplus_unet_lr_ratio'), has('loraplus_text_encoder_lr_ratio')];
      return unet !== text && !has('loraplus_lr_ratio') && !isOn(root, 'network_train_unet_only');
    },
    limits: 'approximate',
    plans: ['keep-init', 'keep-b'],
  },
];
