import * as l10n from '@vscode/l10n';
import { KOHYA_NAMES } from '../optimizers';
import { scalarAt, type MapNode } from '../../../syntax/tree';
import { KOHYA_FAMILY, kohyaFields, stands } from '../family';
import { asPassed, loraTypeOf } from './tree';
import { argumentNetworks } from '../networks';
import { unreadOfGui } from '../known';
import { lycorisSwitch } from '../lycoris';
import { kohyaTraps } from '../traps';
import type { Layout, Trainer } from '../../trainer';
import type { Trap } from '../../shared/trap';
import { key, type Fields, type Key, type NetworkSources } from '../../shared/fields';

const NAME = 'kohya_ss';

/** additional_parameters comes last on the command line, so it overrides the rest. */
const both = (name: string, read?: Key['read']): Key[] => [key(`additional_parameters.${name}`), key(name, read)];

/** The interface leaves out every setting that is 0, false or empty (`value not in ["", False, None]`). */
const unlessZero: NonNullable<Key['read']> = (value) =>
  value === '' || value === false || Number(value) === 0 ? undefined : value;

const percent: NonNullable<Key['read']> = (value) => Number(value) / 100;

const number = (root: MapNode, name: string): number => Number(scalarAt(root, [name]) ?? 0);

const BESIDE = [key('optimizer_args'), key('optimizer'), key('learning_rate')];

const own: Pick<NetworkSources, 'rank' | 'alpha'> = {
  rank: {
    keys: both('network_dim', unlessZero),
    write: key('network_dim'),
    default: { value: 8 },
  },
  alpha: {
    keys: both('network_alpha', unlessZero),
    write: key('network_alpha'),
    default: ({ root }) => ({
      value: 1,
      ...(stands(root, 'network_alpha')
        ? { why: l10n.t`${NAME} passes no setting that is 0, and sd-scripts defaults network_alpha to 1.` }
        : {}),
    }),
    beside: [key('network_dim'), key('LoRA_type')],
  },
};

function fieldsOf(rates: readonly Key[]): Fields {
  const { init, targetModules, weightDecay, eps, betas, momentum, nesterov } = kohyaFields([]);
  const inherited = Object.fromEntries(
    Object.entries({ init, targetModules, weightDecay, eps, betas, momentum, nesterov }).filter(([, source]) => source),
  ) as Fields;
  return {
    ...inherited,
    ...(weightDecay ? { weightDecay: { ...weightDecay, beside: BESIDE } } : {}),
    ...(eps ? { eps: { ...eps, beside: BESIDE } } : {}),
    ...own,
    useDora: { keys: [key('dora_wd', lycorisSwitch)] },
    learningRate: {
      keys: rates,
      write: key('learning_rate'),
      default: { value: 1e-4 },
      beside: [key('optimizer')],
    },
    loraplusLrRatio: {
      keys: [key('loraplus_unet_lr_ratio', unlessZero), key('loraplus_lr_ratio', unlessZero)],
      beside: [key('learning_rate'), key('network_dim')],
    },
    optimizer: {
      keys: [
        ...both('optimizer_type'),
        key('optimizer', unlessZero),
        key('use_8bit_adam', (value) => (value === true ? 'AdamW8bit' : undefined)),
      ],
      default: { value: 'AdamW' },
    },
    maxGradNorm: {
      keys: both('max_grad_norm', unlessZero),
      write: key('max_grad_norm'),
      default: { value: 1, who: 'sd-scripts' },
      beside: [key('optimizer'), key('learning_rate')],
    },
    scheduler: {
      keys: [...both('lr_scheduler_type', unlessZero), ...both('lr_scheduler')],
      default: { value: 'cosine' },
    },
    warmup: {
      // An absolute number counts where there is one, else the percentage.
      keys: [...both('lr_warmup_steps', unlessZero), key('lr_warmup', percent)],
      default: { value: 0.1 },
    },
    dropout: { keys: both('network_dropout'), default: { value: 0 } },
  };
}

/** Lists of arguments in additional_parameters, which replace those of the interface. */
const REPLACED = ['optimizer_args', 'network_args'].map((name) => `additional_parameters.${name}`);

const TRAPS: readonly Trap[] = [
  {
    code: 'additional-parameters',
    severity: 'warning',
    message: l10n.t(
      'additional_parameters replaces the whole list of arguments, so sd-scripts ignores the fields of the interface for it. Write those arguments into the fields.',
    ),
    applies: (root) => REPLACED.some((label) => stands(root, label)),
    at: key('additional_parameters'),
    blocksEdits: true,
  },
  {
    code: 'clip-not-off',
    severity: 'warning',
    message: l10n.t(
      'max_grad_norm is 0, and kohya_ss does not pass it on: sd-scripts then clips at 1.0. To train without clipping, write --max_grad_norm=0 into additional_parameters.',
    ),
    applies: (root) =>
      scalarAt(root, ['max_grad_norm']) !== undefined &&
      number(root, 'max_grad_norm') === 0 &&
      !stands(root, 'additional_parameters.max_grad_norm'),
    at: key('max_grad_norm'),
  },
  ...kohyaTraps(''),
];

const recognise = (root: MapNode): boolean | { not: string } => {
  const type = scalarAt(root, ['LoRA_type']);
  if (type === undefined) return false;
  return (
    loraTypeOf(root) !== undefined || {
      not: l10n.t`This trains ${String(type)}, which has no alpha that scales as LoRA's does.`,
    }
  );
};

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py, class_basic_training.py, 45088f04) */
const layout: Layout = {
  ...KOHYA_FAMILY,
  id: 'kohya-gui',
  recognise,
  fields: fieldsOf([...both('unet_lr', unlessZero), ...both('learning_rate', unlessZero)]),
  networks: (root) => argumentNetworks(root, '', own),
  optimizers: KOHYA_NAMES,
  argumentLists: ['lr_scheduler_args'],
  argumentsAs: 'words',
  linkedRates: ['learning_rate', 'unet_lr', 'text_encoder_lr', 't5xxl_lr'].flatMap((name) => both(name)),
  notUnderstood: unreadOfGui,
  linkedRatios: [key('loraplus_lr_ratio'), key('loraplus_text_encoder_lr_ratio')],
  // The interface has no field for rank stabilisation.
  canSwitchRslora: () => false,
  traps: [
    ...TRAPS,
    {
      code: 'rate-overridden',
      severity: 'info',
      message: l10n.t(
        'The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder, which it does not train at 0.',
      ),
      applies: (root) =>
        number(root, 'unet_lr') !== 0 &&
        number(root, 'learning_rate') !== 0 &&
        number(root, 'unet_lr') !== number(root, 'learning_rate'),
      at: key('learning_rate'),
    },
  ],
};

/** A unet_lr of 0 with a text_encoder_lr trains the text encoder alone (resolve_network_train_flags). */
const textEncoderOnly: Layout = {
  ...layout,
  id: 'kohya-gui-text-encoder',
  recognise: (root) =>
    scalarAt(root, ['unet_lr']) !== undefined &&
    number(root, 'unet_lr') === 0 &&
    number(root, 'text_encoder_lr') !== 0 &&
    recognise(root),
  fields: fieldsOf([...both('text_encoder_lr', unlessZero), ...both('learning_rate', unlessZero)]),
  traps: TRAPS,
};

export const kohyaGui: Trainer = {
  id: 'kohya-gui',
  name: 'kohya_ss GUI',
  syntaxes: ['json'],
  hint: /"LoRA_type"/,
  loaders: { json: 'json.load' },
  textNumbers: 'converts',
  interpolates: false,
  runs: (root) => [{ root: asPassed(root) }],
  source: { repository: 'bmaltais/kohya_ss', commit: '45088f04af78', date: '2026-07-10' },
  layouts: [textEncoderOnly, layout],
};
