import * as l10n from '@vscode/l10n';
import { SD_SCRIPTS, KOHYA_FAMILY, kohyaFields, kohyaModule, stands } from './family';
import { flagged } from '../shared/command-line';
import { KOHYA_NAMES } from './optimizers';
import { scalarAt, type MapNode } from '../../syntax/tree';
import { kohyaRuns } from './tree';
import { kohyaTraps, TWO_PARTS } from './traps';
import type { Layout, Trainer } from '../trainer';
import { fixedAt } from '../shared/fields';

function recognise(root: MapNode): boolean | { not: string } {
  const hasRate = ['learning_rate', 'unet_lr'].some((name) => stands(root, name));
  return kohyaModule(root) ?? (hasRate && stands(root, 'network_dim'));
}

/** @see https://github.com/kohya-ss/sd-scripts (train_network.py, library/train_util.py, networks/lora.py, 48d368fa) */
export const kohyaLayout: Layout = {
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
  ...kohyaLayout,
  id: 'kohya-text-encoder',
  recognise: (root) => scalarAt(root, ['network_train_text_encoder_only']) === true && recognise(root),
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
  syntaxes: ['toml', 'python', 'shell', 'batch', 'powershell'],
  hint: /\bnetwork_(?:module|dim)\b/,
  loaders: { toml: 'toml.load' },
  textNumbers: 'fails',
  interpolates: false,
  runs: kohyaRuns,
  source: { repository: 'kohya-ss/sd-scripts', commit: '48d368fa5577', date: '2026-02-16' },
  commandLine: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  owns: /(?:^|[ /\\])(?:sdxl|sd3|flux|lumina)_train\.py\b/,
  layouts: [textEncoderOnly, kohyaLayout],
};
