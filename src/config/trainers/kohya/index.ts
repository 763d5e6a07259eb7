import * as l10n from '@vscode/l10n';
import { KOHYA_FAMILY, KOHYA_SCHEDULE, kohyaFields, kohyaModule, SD_SCRIPTS, stands } from './family';
import { commandOf, flagged } from '../shared/command';
import { KOHYA_NAMES, MUSUBI_NAMES } from './optimizers';
import type { MapNode } from '../../syntax/tree';
import { flattened, kohyaRuns } from './tree';
import { kohyaTraps, TWO_PARTS } from './traps';
import type { Layout, Trainer } from '../trainer';
import { field, fixedAt, has, valueAt, wordAt } from '../shared/fields';

function recognise(root: MapNode): boolean | { not: string } {
  const hasRate = ['learning_rate', 'unet_lr'].some((name) => stands(root, name));
  return kohyaModule(root) ?? (hasRate && stands(root, 'network_dim'));
}

/** @see https://github.com/kohya-ss/sd-scripts (train_network.py, library/train_util.py, networks/lora.py, 48d368fa) */
const layout: Layout = {
  id: 'kohya',
  owner: 'sd-scripts',
  recognise,
  fields: kohyaFields(['unet_lr', 'learning_rate']),
  optimizers: KOHYA_NAMES,
  ...KOHYA_FAMILY,
  traps: [...TWO_PARTS, ...kohyaTraps('network_args')],
};

/** The text encoder alone: its rate is the run's. Of several, one for each text encoder, the first is taken. */
const textEncoderOnly: Layout = {
  ...layout,
  id: 'kohya-text-encoder',
  recognise: (root) => valueAt(root, 'network_train_text_encoder_only') === true && recognise(root),
  fields: {
    ...kohyaFields(['text_encoder_lr', 'text_encoder_lr.0', 'learning_rate']),
    targetModules: fixedAt({
      value: 'q_proj,k_proj,v_proj,out_proj,fc1,fc2',
      inWords: l10n.t("CLIP's attention and MLPs"),
    }),
  },
  traps: kohyaTraps('network_args'),
};

export const kohya: Trainer = {
  id: 'kohya',
  name: 'kohya sd-scripts',
  syntaxes: ['toml', 'python', 'shell', 'powershell'],
  hint: /\bnetwork_(?:module|dim)\b/,
  loaders: { toml: 'toml.load' },
  textNumbers: 'fails',
  interpolates: false,
  runs: kohyaRuns,
  source: { repository: 'kohya-ss/sd-scripts', commit: '48d368fa5577', date: '2026-02-16' },
  commandLine: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  owns: /(?:^|[ /\\])(?:sdxl|sd3|flux|lumina)_train\.py\b/,
  layouts: [textEncoderOnly, layout],
};

/** FluxGym writes its script and `dataset.toml` to `outputs/<name>/`. Hand-written scripts rarely use this path. */
const DATA_SET = /[\\/]outputs[\\/][^\\/]+[\\/]dataset\.toml$|^outputs[\\/][^\\/]+[\\/]dataset\.toml$/;

/**
 * The train.sh or train.bat that FluxGym writes for sd-scripts. It sets no alpha unless the user adds one in the
 * advanced options.
 * @see https://github.com/cocktailpeanut/fluxgym (app.py: gen_sh, 678add2)
 */
export const fluxGym: Trainer = {
  id: 'fluxgym',
  specificity: 3,
  name: 'FluxGym',
  syntaxes: ['shell'],
  hint: /\bnetwork_module\b/,
  textNumbers: 'fails',
  interpolates: false,
  runs: (root) => [{ root: flattened(root) }],
  source: { repository: 'cocktailpeanut/fluxgym', commit: '678add2', date: '2026-03-30' },
  commandLine: { program: /\bflux_train_network\.py\b/, hint: /\bflux_train_network\b/ },
  layouts: [
    {
      ...layout,
      id: 'fluxgym',
      recognise: (root) =>
        /\bflux_train_network\b/.test(commandOf(root)) &&
        DATA_SET.test(wordAt(root, 'dataset_config')) &&
        recognise(root),
    },
  ],
};

/** Network modules that sd-scripts does not have. */
const MUSUBI_MODULES =
  /^networks\.lora_(?:wan|framepack|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky|krea2|hidream_o1)$/;

/** musubi-tuner's scripts, of which sd-scripts has none by that name. */
const MUSUBI_SCRIPTS =
  /\b(?:hv|wan|fpack|flux_kontext|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky5|krea2|hidream_o1)_train_network\b/;

/** A config names no trainer; `dit` is musubi-tuner's key for the model, where sd-scripts has others. */
const isMusubi = (root: MapNode): boolean =>
  MUSUBI_MODULES.test(wordAt(root, 'network_module')) || MUSUBI_SCRIPTS.test(commandOf(root)) || has(root, 'dit');

/** @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/parser_common.py, networks/lora.py, 30c658c) */
const musubiLayout: Layout = {
  id: 'musubi',
  recognise: (root) => isMusubi(root) && (kohyaModule(root) ?? false),
  fields: {
    ...kohyaFields(['learning_rate']),
    // There is no text encoder to train, and no older names of switches.
    loraplusLrRatio: field('network_args.loraplus_lr_ratio'),
    // Nothing is not AdamW here, as it is for sd-scripts: the run stops.
    optimizer: field('optimizer_type'),
  },
  optimizers: MUSUBI_NAMES,
  ...KOHYA_FAMILY,
  // modules/lr_schedulers.py: RexLR warms up to learning_rate, whatever the rate of the group.
  schedule: { ...KOHYA_SCHEDULE, schedules: { ...KOHYA_SCHEDULE.schedules, rex: { rates: {}, forAllGroups: true } } },
  traps: kohyaTraps('network_args'),
};

export const musubi: Trainer = {
  id: 'musubi',
  specificity: 3,
  name: 'musubi-tuner',
  syntaxes: ['toml', 'python', 'shell', 'powershell'],
  hint: /\bnetwork_module\b/,
  loaders: { toml: 'toml.load' },
  textNumbers: 'fails',
  interpolates: false,
  runs: kohyaRuns,
  source: { repository: 'kohya-ss/musubi-tuner', commit: '30c658c', date: '2026-06-24' },
  commandLine: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  layouts: [musubiLayout],
};
