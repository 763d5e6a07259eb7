import * as l10n from '@vscode/l10n';
import { KOHYA_NAMES } from './optimizers';
import type { MapNode } from '../../syntax/tree';
import { KOHYA_FAMILY, KOHYA_NUMBERS, lycorisSwitch, stands } from './family';
import { asPassed, loraTypeOf } from './gui-tree';
import { argumentNetworks } from './networks';
import { unreadOfGui } from './known';
import { kohyaTraps } from './traps';
import type { Layout, Trainer } from '../trainer';
import { on, unclear, type Trap } from '../shared/trap';
import { field, key, onlyIf, valueAt, type Default, type DefaultOf } from '../shared/fields';
import type { Fields, Key, AdapterSources, Source } from '../shared/fields';

const NAME = 'kohya_ss';

/** additional_parameters comes last on the command line, so it overrides the rest. */
const both = (name: string, read?: Key['read']): Key[] => [key(`additional_parameters.${name}`), key(name, read)];

/** The interface leaves out every setting that is 0, false or empty (`value not in ["", False, None]`). */
const unlessZero: NonNullable<Key['read']> = (value) =>
  value === '' || value === false || Number(value) === 0 ? undefined : value;

/** A number that is passed on unless it is 0. */
const passed = (name: string, fallback: Default['value'] | Default | DefaultOf): Source => ({
  ...field(both(name, unlessZero), fallback),
  write: key(name),
});

const number = (root: MapNode, name: string): number => Number(valueAt(root, name) ?? 0);

const own: Pick<AdapterSources, 'rank' | 'alpha'> = {
  rank: passed('network_dim', 8),
  alpha: passed('network_alpha', ({ root }) => ({
    value: 1,
    ...(stands(root, 'network_alpha')
      ? { why: l10n.t`${NAME} passes no setting that is 0, and sd-scripts defaults network_alpha to 1.` }
      : {}),
  })),
};

/** sd-scripts clips by default, also where the interface has a 0. */
const clipOf: DefaultOf = ({ root }) => {
  const why = l10n.t`max_grad_norm is 0, and kohya_ss does not pass it on: sd-scripts then clips at 1.0. To train without clipping, write --max_grad_norm=0 into additional_parameters.`;
  return valueAt(root, 'max_grad_norm') === undefined ? { value: 1, who: 'sd-scripts' } : { value: 1, why };
};

const fieldsOf = (rate: string): Fields => ({
  ...KOHYA_NUMBERS,
  ...own,
  useDora: field(key('dora_wd', lycorisSwitch)),
  learningRate: {
    ...field([...both(rate, unlessZero), ...both('learning_rate', unlessZero)], 1e-4),
    write: key('learning_rate'),
  },
  loraplusLrRatio: field([key('loraplus_unet_lr_ratio', unlessZero), key('loraplus_lr_ratio', unlessZero)]),
  optimizer: field(
    [...both('optimizer_type'), key('optimizer', unlessZero), key('use_8bit_adam', onlyIf(true, 'AdamW8bit'))],
    'AdamW',
  ),
  maxGradNorm: passed('max_grad_norm', clipOf),
  scheduler: field([...both('lr_scheduler_type', unlessZero), ...both('lr_scheduler')], 'cosine'),
  // An absolute number counts where there is one, else the percentage.
  warmup: field([...both('lr_warmup_steps', unlessZero), key('lr_warmup', (value) => Number(value) / 100)], 0.1),
  dropout: field(both('network_dropout'), 0),
});

const TRAPS: readonly Trap[] = [
  ...['optimizer_args', 'network_args'].map((list) =>
    unclear(
      `additional_parameters.${list}`,
      l10n.t`additional_parameters replaces the whole list of arguments, so sd-scripts ignores the fields of the interface for it. Write those arguments into the fields.`,
      { when: (root) => stands(root, `additional_parameters.${list}`), blocksEdits: true },
    ),
  ),
  ...kohyaTraps(''),
];

const recognise = (root: MapNode): boolean | { not: string } => {
  const type = valueAt(root, 'LoRA_type');
  if (type === undefined || loraTypeOf(root) !== undefined) return type !== undefined;
  return { not: l10n.t`This trains ${String(type)}, which has no alpha that scales as LoRA's does.` };
};

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py, class_basic_training.py, 45088f04) */
const layout: Layout = {
  ...KOHYA_FAMILY,
  id: 'kohya-gui',
  recognise,
  fields: fieldsOf('unet_lr'),
  adapters: (root) => argumentNetworks(root, '', own),
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
    on(
      'learning_rate',
      'rate-overridden',
      l10n.t`The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder, which it does not train at 0.`,
      {
        when: (root) =>
          number(root, 'unet_lr') !== 0 &&
          number(root, 'learning_rate') !== 0 &&
          number(root, 'unet_lr') !== number(root, 'learning_rate'),
      },
    ),
  ],
};

/** A unet_lr of 0 with a text_encoder_lr trains the text encoder alone (resolve_network_train_flags). */
const textEncoderOnly: Layout = {
  ...layout,
  id: 'kohya-gui-text-encoder',
  recognise: (root) =>
    valueAt(root, 'unet_lr') !== undefined &&
    number(root, 'unet_lr') === 0 &&
    number(root, 'text_encoder_lr') !== 0 &&
    recognise(root),
  fields: fieldsOf('text_encoder_lr'),
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
