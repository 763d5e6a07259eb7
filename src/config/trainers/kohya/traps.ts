import * as l10n from '@vscode/l10n';
import type { MapNode } from '../../syntax/tree';
import { valueAt, wordAt } from '../shared/fields';
import { continues, halfWeights, on, resumes, stops, unclear, unscaled, type Trap } from '../shared/trap';
import { isLycoris, lycorisSwitch, stands } from './networks';
import { ARGUMENT_LISTS } from './tree';

const isOn = (root: MapNode, label: string): boolean => valueAt(root, label) === true;

const SAYS = {
  dim: l10n.t('dim_from_weights takes rank and alpha from network_weights and ignores those in this file.'),
  weights: l10n.t`The saved file contains the alpha of network_weights, not this one, so using the saved file undoes the change of alpha.`,
  schedule: l10n.t`With relative_step=False the schedule adafactor replaces learning_rate by its own learning rate, which no plan can change. Choose another schedule.`,
  norms: l10n.t`scale_weight_norms computes the norms with the alpha of network_weights, which stays. So another alpha in this file clips at other norms.`,
  rates: l10n.t`Prodigy and D-Adaptation stop at the first step if parts of the network have different learning rates. Set one learning rate for all parts.`,
  overridden: l10n.t`The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder if it is trained.`,
  textEncoder: l10n.t`unet_lr is set, but text_encoder_lr and learning_rate are not, so the text encoder trains with the default of 2e-6. Set text_encoder_lr, so that a plan can change it.`,
  ratios: l10n.t`network_args gives only one of U-Net and text encoder a LoRA+ ratio. The other has a ratio of 1 and would need one too: set both loraplus_unet_lr_ratio and loraplus_text_encoder_lr_ratio, so that both change.`,
};

/** One string where sd-scripts wants a list (library/train_util.py: get_optimizer; train_network.py: net_kwargs). */
const ONE_STRING = ARGUMENT_LISTS.map((name) => {
  const why = l10n.t`${name} is one string. The trainer reads every letter as an argument, and stops. Make it a list with one string for each argument.`;
  return stops(name, why, {
    when: (root) => typeof valueAt(root, name) === 'string' && valueAt(root, name) !== '',
    blocksEdits: true,
  });
});

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
    ...ONE_STRING,
    ...['rs_lora', 'dora_wd'].map((name) =>
      unclear(argument(name), l10n.t`Only LyCORIS has ${name}; other network modules ignore it.`, {
        when: (root) => !isLycoris(root) && lycorisSwitch(valueAt(root, argument(name)) ?? false),
      }),
    ),
    continues('dim_from_weights', { message: SAYS.dim, when: [true] }),
    // sd-scripts computes the scale from alpha when it builds a module. Loading weights sets only the buffer `alpha`.
    resumes(
      'network_weights',
      (root) => stands(root, 'network_weights') && !isOn(root, 'dim_from_weights'),
      SAYS.weights,
    ),
    resumes('resume'),
    ...['full_fp16', 'full_bf16'].map((name) => ({ ...halfWeights(name, [true]), severity: 'info' as const })),
    on('lr_scheduler', 'rate-overridden', SAYS.schedule, {
      severity: 'warning',
      when: (root) =>
        /^adafactor:/.test(wordAt(root, 'lr_scheduler')) && valueAt(root, 'optimizer_args.relative_step') === false,
      limits: 'approximate',
      blocksEdits: true,
    }),
    unclear('scale_weight_norms', SAYS.norms, {
      when: (root) => stands(root, 'network_weights') && Number(valueAt(root, 'scale_weight_norms') ?? 0) > 0,
    }),
    unscaled(argument('train_norm'), l10n.t('the norms'), { when: lycoris('train_norm') }),
    // A third trained factor between A and B of every convolution, which does not change with the scaling. The older names
    // of the switch are copied to the first (lycoris/kohya.py: create_network).
    ...['use_tucker', 'use_cp', 'use_conv_cp', 'disable_conv_cp'].map((name) =>
      unscaled(argument(name), l10n.t('the Tucker cores'), { when: lycoris(name) }),
    ),
  ];
}

/** Whether U-Net and text encoder train at different rates; a rate of 0 leaves its part out. */
function trainsAtTwoRates(root: MapNode): boolean {
  if (isOn(root, 'network_train_unet_only')) return false;
  const [unet = 0, text = 0] = ['unet_lr', 'text_encoder_lr'].map((name) =>
    Number(valueAt(root, stands(root, name) ? name : 'learning_rate')),
  );
  return unet > 0 && text > 0 && unet !== text;
}

/** What concerns the two parts that sd-scripts trains, U-Net (or transformer) and text encoder. */
export const TWO_PARTS: readonly Trap[] = [
  stops('unet_lr', SAYS.rates, {
    when: (root) =>
      /^(?:prodigy|dadapt)/i.test(String(valueAt(root, 'optimizer_type') ?? valueAt(root, 'optimizer'))) &&
      trainsAtTwoRates(root),
  }),
  on('learning_rate', 'rate-overridden', SAYS.overridden, {
    // Two equal rates do no harm.
    when: (root) =>
      ['learning_rate', 'unet_lr'].every((name) => stands(root, name)) &&
      Number(valueAt(root, 'learning_rate')) !== Number(valueAt(root, 'unet_lr')) &&
      (stands(root, 'text_encoder_lr') || isOn(root, 'network_train_unet_only')),
  }),
  on('unet_lr', 'lr-groups', SAYS.textEncoder, {
    severity: 'warning',
    limits: 'approximate',
    when: (root) =>
      stands(root, 'unet_lr') &&
      !['text_encoder_lr', 'learning_rate'].some((name) => stands(root, name)) &&
      !isOn(root, 'network_train_unet_only'),
  }),
  {
    code: 'lr-groups',
    message: SAYS.ratios,
    applies: (root: MapNode): boolean => {
      const has = (name: string): boolean => stands(root, `network_args.${name}`);
      const isOfOne = has('loraplus_unet_lr_ratio') !== has('loraplus_text_encoder_lr_ratio');
      return isOfOne && !has('loraplus_lr_ratio') && !isOn(root, 'network_train_unet_only');
    },
    limits: 'approximate',
    plans: ['keep-init', 'keep-b'],
  },
];
