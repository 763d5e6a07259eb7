import { SD_SCRIPTS, KOHYA_FAMILY, KOHYA_SCHEDULE, kohyaFields, kohyaModule } from './family';
import { commandOf, flagged } from '../shared/command-line';
import { MUSUBI_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { kohyaRuns } from './tree';
import { kohyaTraps } from './traps';
import type { Layout, Trainer } from '../trainer';
import { key } from '../shared/fields';

/** Network modules that sd-scripts does not have. */
const MODULES =
  /^networks\.lora_(?:wan|framepack|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky|krea2|hidream_o1)$/;

/** Its scripts, of which sd-scripts has none by that name. */
const SCRIPTS =
  /\b(?:hv|wan|fpack|flux_kontext|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky5|krea2|hidream_o1)_train_network\b/;

/** A config names no trainer; `dit` is musubi-tuner's key for the model, where sd-scripts has others. */
function isMusubi(root: MapNode): boolean {
  const module = scalarAt(root, ['network_module']);
  return MODULES.test(String(module)) || SCRIPTS.test(commandOf(root)) || nodeAt(root, ['dit']) !== null;
}

const { learningRate, loraplusLrRatio, optimizer, ...fields } = kohyaFields(['learning_rate']);

/** @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/parser_common.py, networks/lora.py, 30c658c) */
const layout: Layout = {
  id: 'musubi',
  recognise: (root) => isMusubi(root) && (kohyaModule(root) ?? false),
  fields: {
    ...fields,
    ...(learningRate ? { learningRate } : {}),
    // There is no text encoder to train, and no older names of switches.
    loraplusLrRatio: { ...loraplusLrRatio, keys: [key('network_args.loraplus_lr_ratio')] },
    // Nothing is not AdamW here, as it is for sd-scripts: the run stops.
    optimizer: { keys: [key('optimizer_type')], beside: optimizer?.beside ?? [] },
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
  syntaxes: ['toml', 'python', 'shell', 'batch', 'powershell'],
  hint: /\bnetwork_module\b/,
  loaders: { toml: 'toml.load' },
  textNumbers: 'fails',
  interpolates: false,
  runs: kohyaRuns,
  source: { repository: 'kohya-ss/musubi-tuner', commit: '30c658c', date: '2026-06-24' },
  commandLine: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  layouts: [layout],
};
