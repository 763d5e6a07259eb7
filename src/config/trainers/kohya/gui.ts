import * as l10n from '@vscode/l10n';
import { argumentWords, flagWords } from '../../syntax/shell/arguments';
import { under } from '../../syntax/table';
import { scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { field, key, keys, onlyIf, otherKind, valueAt } from '../shared/fields';
import type { AdapterSources, Default, DefaultOf, Fields, Key, Source } from '../shared/fields';
import { isAmong } from '../shared/known';
import { on, unclear } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';
import { KOHYA_FAMILY, KOHYA_NUMBERS } from './index';
import { convNetwork, lycorisSwitch, GUI_KEYS, lycorisPreset, stands, TEXT_ENCODER } from './networks';
import { KOHYA_NAMES } from './optimizers';
import { kohyaTraps } from './traps';

const NAME = 'kohya_ss';

/** The module that a LoRA_type trains, and the keys of the file that the interface passes on for it. */
type LoraType = readonly [module: string, passes: string];

const BLOCKS = 'block_dims block_alphas conv_block_dims conv_block_alphas';
const CONV = 'conv_dim conv_alpha';
const FLUX = `ggpo_sigma ggpo_beta img_attn_dim txt_attn_dim img_mlp_dim txt_mlp_dim img_mod_dim txt_mod_dim single_dim
  single_mod_dim in_dims`;
const LOCON: LoraType = ['lycoris.kohya', `${CONV} dora_wd use_scalar train_norm use_tucker`];

/** The types whose scaling is alpha/dim. @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py: train_model) */
const TYPES: Readonly<Record<string, LoraType>> = {
  Standard: ['networks.lora', BLOCKS],
  'Kohya LoCon': ['networks.lora', `${CONV} ${BLOCKS}`],
  LoCon: LOCON,
  'LyCORIS/LoCon': LOCON,
  Flux1: ['networks.lora_flux', FLUX],
  'HunyuanImage-2.1': ['networks.lora_hunyuan_image', ''],
  Anima: ['networks.lora_anima', ''],
  Lumina: ['networks.lora_lumina', ''],
};
const EVERY_PASSED = `${BLOCKS} ${FLUX} ${LOCON[1]}`;

/** What the file's LoRA_type trains; undefined for types of another kind. */
const loraTypeOf = (root: MapNode): LoraType | undefined => under(TYPES, String(scalarAt(root, ['LoRA_type'])));

/**
 * The interface's settings as sd-scripts gets them: without the keys that this LoRA_type does not pass on, with its
 * network module, with strings of arguments as maps.
 */
function asPassed(root: MapNode): MapNode {
  const [module, passes] = loraTypeOf(root) ?? [undefined, ''];
  const passed = (entry: Entry): Entry[] => {
    const { key: name, value } = entry;
    if (value.kind !== 'scalar') return [entry];
    if (name === 'LoRA_type' && module !== undefined) {
      const isSd3 = module === 'networks.lora' && scalarAt(root, ['sd3_checkbox']) === true;
      const trained = { ...value, value: isSd3 ? 'networks.lora_sd3' : module };
      return [entry, { ...entry, key: 'network_module', home: undefined, value: trained }];
    }
    if (name === 'optimizer_args' || name === 'lr_scheduler_args') return [{ ...entry, value: argumentWords(value) }];
    if (name === 'additional_parameters') return [{ ...entry, value: flagWords(value) }];
    if (name.startsWith('ggpo_') && scalarAt(root, ['train_lora_ggpo']) !== true) return [];
    if (!isAmong(EVERY_PASSED, name)) return [entry];
    // A switch that is off is passed on for every type; an empty value and a 0 never are.
    const isPassed = value.value === false || (isAmong(passes, name) && Number(value.value) !== 0);
    return isPassed ? [entry] : [];
  };
  return { ...root, entries: root.entries.flatMap(passed) };
}

/** additional_parameters comes last on the command line, so it overrides the rest. */
const both = (name: string, read?: Key['read']): Key[] => [key(`additional_parameters.${name}`), key(name, read)];

/** The interface leaves out every setting that is 0, false or empty (`value not in ["", False, None]`). */
const unlessZero: NonNullable<Key['read']> = (value) =>
  value === '' || value === false || Number(value) === 0 ? undefined : value;

const passed = (name: string, fallback: Default['value'] | Default | DefaultOf): Source => ({
  ...field(both(name, unlessZero), fallback),
  write: key(name),
});

const number = (root: MapNode, name: string): number => Number(valueAt(root, name) ?? 0);

const SAYS = {
  alpha: l10n.t`${NAME} passes no setting that is 0, and sd-scripts defaults network_alpha to 1.`,
  clip: l10n.t`max_grad_norm is 0, and kohya_ss does not pass it on: sd-scripts then clips at 1.0. To train without clipping, write --max_grad_norm=0 into additional_parameters.`,
  additional: l10n.t`additional_parameters replaces the whole list of arguments, so sd-scripts ignores the fields of the interface for it. Write those arguments into the fields.`,
  rate: l10n.t`The trainer ignores learning_rate: it uses unet_lr for the U-Net or transformer, and text_encoder_lr for the text encoder, which it does not train at 0.`,
};

const own: Pick<AdapterSources, 'rank' | 'alpha'> = {
  rank: passed('network_dim', 8),
  alpha: passed('network_alpha', ({ root }) => ({
    value: 1,
    ...(stands(root, 'network_alpha') && { why: SAYS.alpha }),
  })),
};

const fields: Fields = {
  ...KOHYA_NUMBERS,
  ...own,
  useDora: field(key('dora_wd', lycorisSwitch)),
  learningRate: {
    ...field([...both('unet_lr', unlessZero), ...both('learning_rate', unlessZero)], 1e-4),
    write: key('learning_rate'),
  },
  loraplusLrRatio: field([key('loraplus_unet_lr_ratio', unlessZero), key('loraplus_lr_ratio', unlessZero)]),
  optimizer: field(
    [...both('optimizer_type'), key('optimizer', unlessZero), key('use_8bit_adam', onlyIf(true, 'AdamW8bit'))],
    'AdamW',
  ),
  // sd-scripts clips by default, also where the interface has a 0.
  maxGradNorm: passed('max_grad_norm', ({ root }) => ({
    value: 1,
    ...(valueAt(root, 'max_grad_norm') === undefined ? { who: 'sd-scripts' } : { why: SAYS.clip }),
  })),
  scheduler: field([...both('lr_scheduler_type', unlessZero), ...both('lr_scheduler')], 'cosine'),
  // An absolute number counts where there is one, else the percentage.
  warmup: field([...both('lr_warmup_steps', unlessZero), key('lr_warmup', (value) => Number(value) / 100)], 0.1),
  dropout: field(both('network_dropout'), 0),
};

const recognise = (root: MapNode): boolean | { not: string } => {
  const type = valueAt(root, 'LoRA_type');
  // resolve_network_train_flags
  const isText = number(root, 'text_encoder_lr') !== 0 && Number(valueAt(root, 'unet_lr')) === 0;
  if (type !== undefined && isText) return TEXT_ENCODER;
  return type !== undefined && (loraTypeOf(root) !== undefined || otherKind(String(type)));
};

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py, class_basic_training.py, 45088f04) */
const layout: Layout = {
  ...KOHYA_FAMILY,
  id: 'kohya-gui',
  recognise,
  fields,
  adapters: (root) => convNetwork(root, '', own),
  optimizers: KOHYA_NAMES,
  argumentLists: ['lr_scheduler_args'],
  argumentsAs: 'words',
  linked: {
    learningRate: ['learning_rate', 'unet_lr', 'text_encoder_lr', 't5xxl_lr'].flatMap((name) => both(name)),
    loraplusLrRatio: keys('loraplus_lr_ratio loraplus_text_encoder_lr_ratio'),
  },
  known: GUI_KEYS,
  unread: (root) => lycorisPreset(root, ['LyCORIS_preset']),
  // The interface has no field for rank stabilisation.
  canSwitchRslora: () => false,
  traps: [
    ...['additional_parameters.optimizer_args', 'additional_parameters.network_args'].map((list) =>
      unclear(list, SAYS.additional, { when: (root) => stands(root, list), blocksEdits: true }),
    ),
    ...kohyaTraps(''),
    on('learning_rate', 'rate-overridden', SAYS.rate, {
      when: (root) => {
        const [unet, whole] = [number(root, 'unet_lr'), number(root, 'learning_rate')];
        return unet !== 0 && whole !== 0 && unet !== whole;
      },
    }),
  ],
};

export const kohyaGui: Trainer = {
  id: 'kohya-gui',
  name: 'kohya_ss GUI',
  syntaxes: ['json'],
  hint: /"LoRA_type"/,
  loaders: { json: 'json.load' },
  textNumbers: 'converts',
  runs: (root) => [{ root: asPassed(root) }],
  source: { repository: 'bmaltais/kohya_ss', commit: '45088f04af78', date: '2026-07-10' },
  layouts: [layout],
};
