import { commandOf } from '../shared/command-line';
import { scalarAt, type MapNode } from '../../syntax/tree';
import { kohyaLayout } from './index';
import { flattened } from './tree';
import type { Layout, Trainer } from '../trainer';

/** FluxGym writes its script and `dataset.toml` to `outputs/<name>/`. Hand-written scripts rarely use this path. */
const DATA_SET = /[\\/]outputs[\\/][^\\/]+[\\/]dataset\.toml$|^outputs[\\/][^\\/]+[\\/]dataset\.toml$/;

function isFluxGym(root: MapNode): boolean {
  const data = scalarAt(root, ['dataset_config']);
  return /\bflux_train_network\b/.test(commandOf(root)) && DATA_SET.test(String(data ?? ''));
}

/**
 * The train.sh or train.bat that FluxGym writes for sd-scripts. It sets no alpha unless the user adds one in the
 * advanced options.
 * @see https://github.com/cocktailpeanut/fluxgym (app.py: gen_sh, 678add2)
 */
const layout: Layout = {
  ...kohyaLayout,
  id: 'fluxgym',
  recognise: (root) => isFluxGym(root) && kohyaLayout.recognise(root),
};

export const fluxGym: Trainer = {
  id: 'fluxgym',
  specificity: 3,
  name: 'FluxGym',
  syntaxes: ['shell', 'batch'],
  hint: /\bnetwork_module\b/,
  textNumbers: 'fails',
  interpolates: false,
  runs: (root) => [{ root: flattened(root) }],
  source: { repository: 'cocktailpeanut/fluxgym', commit: '678add2', date: '2026-03-30' },
  commandLine: { program: /\bflux_train_network\.py\b/, hint: /\bflux_train_network\b/ },
  layouts: [layout],
};
