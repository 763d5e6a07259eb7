import { dimensionsIn } from '../../sweep/space';
import { rolesOf } from '../../sweep/roles';
import { nodeAt, type MapNode } from '../../syntax/tree';
import type { Layout, Trainer } from '../trainer';

/** A search describes many runs, so it has findings but no recipe. */
const search = (id: string, isOurs: (root: MapNode) => boolean): Layout => ({
  id,
  recognise: (root) => isOurs(root) && rolesOf(dimensionsIn(root)) !== null,
  fields: {},
  optimizers: {},
  traps: [],
  // There is no plan for a search.
  initCode: () => '',
});

const SWEEP_KEYS = ['method', 'program', 'metric', 'command', 'early_terminate', 'run_cap', 'project'];
const isSweep = (root: MapNode): boolean =>
  nodeAt(root, ['parameters'])?.kind === 'map' && SWEEP_KEYS.some((name) => nodeAt(root, [name]) !== null);

/** @see https://docs.wandb.ai/models/sweeps/sweep-config-keys; the schema is that of the package sweeps 0.3.0 */
export const wandb: Trainer = {
  id: 'wandb',
  specificity: 1,
  name: 'W&B sweep',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\bparameters\b/,
  // The client reads a file of any name as YAML; one of JSON's syntax is read here as JSON.
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  interpolates: false,
  layouts: [search('wandb', isSweep)],
};

/** @see https://optuna.readthedocs.io/en/stable/reference/trial.html (v5.0.0), https://hydra.cc/docs/plugins/optuna_sweeper/ */
export const optuna: Trainer = {
  id: 'optuna',
  specificity: 1,
  name: 'Optuna search',
  syntaxes: ['yaml', 'json', 'toml', 'python'],
  hint: /\bsuggest_(?:categorical|float|int|uniform|loguniform)|\b(?:search_space|sweeper|distributions|hp_space|param_space)\b/,
  textNumbers: 'converts',
  interpolates: false,
  layouts: [search('optuna', () => true)],
};
