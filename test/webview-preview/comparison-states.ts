import type { ConfigReading } from '../../src/config/read';
import { readConfig } from '../../src/config/read';
import type { RunResult } from '../../src/experiment/spec';
import { comparedOf, comparisonViewOf, namesOf, trainingOf } from '../../src/extension/comparison/comparison-view';
import type { SideContents } from '../../src/extension/comparison/comparison-view';
import { failedRun, finishedRun, noRun, startedRun, withPoints } from '../../src/extension/runs/runs';
import type { ComparisonView } from '../../src/messages/comparison';
import type { RunWithCurves } from '../../src/messages/run';
import { shaped, unknownState } from './curves';

/** States of the comparison, made by the host's own code from small configs. */

const AXOLOTL = `base_model: NousResearch/Meta-Llama-3.1-8B
adapter: lora
lora_r: 16
lora_alpha: 16
lora_dropout: 0.05
lora_target_linear: true
optimizer: adamw_torch
lr_scheduler: cosine
learning_rate: 2e-4
weight_decay: 0.01
`;
const KOHYA = `network_module = "lycoris.kohya"
network_dim = 32
network_alpha = 16
network_args = ["conv_dim=8", "conv_alpha=4"]
learning_rate = 1e-4
optimizer_type = "AdamW8bit"
`;
const PEFT = '{ "peft_type": "LORA", "r": 16, "lora_alpha": 64, "target_modules": ["q_proj", "v_proj"] }';

/** The same run as {@link AXOLOTL} with PiSSA, at four times the scaling. */
const PISSA = `${AXOLOTL}peft_init_lora_weights: pissa\nadam_epsilon: 1e-8\nmax_grad_norm: 1\n`;
const AT_64 = PISSA.replace('alpha: 16', 'alpha: 64')
  .replace('rate: 2e-4', 'rate: 1e-4')
  .replace('decay: 0.01', 'decay: 0.02')
  .replace('1e-8', '2e-8')
  .replace('norm: 1', 'norm: 2');

export interface ComparisonPreview {
  view: ComparisonView;
  /** Curves so far; empty before a training. */
  losses: number[][];
}

const TRAININGS: Readonly<Record<string, () => ComparisonPreview>> = {
  'train-same': () => trained(PISSA, AT_64, { speed: 1 / 55 }),
  'train-different': () => trained(AXOLOTL, AXOLOTL.replace('alpha: 16', 'alpha: 64'), { speed: 1 / 32 }),
  'train-untrained': () => trained(PISSA, AT_64.replace('cosine', 'linear'), { speed: 1 / 55 }),
  'train-running': () => trained(PISSA, AT_64, { speed: 1 / 55 }, 'running'),
  'train-failed': () => trained(PISSA, AT_64, { speed: 1 / 55 }, 'failed'),
  'train-stale': () => trained(PISSA, AT_64, { speed: 1 / 55 }, 'stale'),
};

const STATES: Readonly<Record<string, () => ComparisonView>> = {
  different: () => compared(AXOLOTL, AXOLOTL.replace('alpha: 16', 'alpha: 64').replace('cosine', 'linear')),
  same: () => compared(AXOLOTL, AXOLOTL, 'the-same-in-another-place.yml'),
  nearly: () => compared(AXOLOTL, `${AXOLOTL}adam_epsilon: 2e-8\n`),
  unknown: () => compared(AXOLOTL, PEFT, 'adapter_config.json'),
  blocked: () => compared(AXOLOTL, AXOLOTL.replace('r: 16', 'r: 64').replace('adamw_torch', 'sgd')),
  networks: () => compared(KOHYA, KOHYA.replace('alpha = 16', 'alpha = 32'), 'sdxl-style-b.toml', 'sdxl-style-a.toml'),
  broken: () => {
    const view = compared(AXOLOTL, AXOLOTL.replace('alpha: 16', 'alpha: 64'));
    const message = 'lora_alpha is "abc"; it must be a number above 0, from 1e-6 to 1e6';
    return { ...view, second: { ...view.second, file: { ...view.second.file, state: 'broken', message, line: 4 } } };
  },
  hostile: () => {
    const name = `<img src=x onerror=alert(1)>_${'very_long_name_'.repeat(8)}.yml`;
    const text = AXOLOTL.replace('adamw_torch', '"<script>alert(1)</script>"');
    return compared(text, text.replace('alpha: 16', 'alpha: 64'), name);
  },
};

export function comparisonStateOf(name: string): ComparisonPreview {
  const training = TRAININGS[name];
  if (training) return training();
  return { view: (STATES[name] ?? unknownState(name))(), losses: [] };
}

function compared(first: string, second: string, name = 'house-rule.yml', own = 'llama3-lora.yml'): ComparisonView {
  const scenes = [sceneOf(first, own), sceneOf(second, name)] as const;
  const both = comparedOf(...scenes);
  const isCompared = both !== null && typeof both !== 'string';
  const training = isCompared ? trainingOf(both, namesOf(...scenes), { backend: 'auto', task: 'linear' }) : null;
  return { ...comparisonViewOf(...scenes, both, ''), training: training && { ...training, run: noRun().view } };
}

/** A training whose second run has this shape; alpha alone learns faster, and the controls drift a little. */
function trained(
  first: string,
  second: string,
  shape: Parameters<typeof shaped>[0],
  state: 'done' | 'running' | 'failed' | 'stale' = 'done',
): ComparisonPreview {
  const view = compared(first, second);
  const scenes = [sceneOf(first, 'llama3-lora.yml'), sceneOf(second, 'house-rule.yml')] as const;
  const both = comparedOf(...scenes);
  if (both === null || typeof both === 'string') throw new Error('both can be compared');
  const { experiment } = trainingOf(both, namesOf(...scenes), { backend: 'wasm', task: 'linear', steps: 200 });
  if (!experiment || !view.training) throw new Error('both can be trained');
  const losses = experiment.spec.variants.map(({ role, number = 1 }) => {
    if (role === 'control')
      return shaped({ speed: 1 / 55, rounding: { amount: 3e-6, from: 90 + number, seed: number } });
    return shaped(role === 'rescaled' ? shape : { speed: role === 'base' || role === 'proof' ? 1 / 55 : 1 / 32 });
  });
  const started = startedRun(1, experiment);
  const end = (): RunWithCurves => {
    const early = losses.map((curve) => curve.slice(0, 80));
    if (state === 'running') return withPoints(started, 0, early);
    if (state === 'failed') return failedRun(started, 'The training worker has crashed.');
    const result: RunResult = { backend: 'wasm', losses, stopped: false, ms: 410 };
    return finishedRun(withPoints(started, 0, losses), experiment, result);
  };
  const run = end();
  const training = { ...view.training, run: { ...run.view, stale: state === 'stale' } };
  return { view: { ...view, training }, losses: run.losses };
}

function sceneOf(text: string, name: string): SideContents<ConfigReading> {
  const file = { name, path: `/home/me/recipes/${name}`, state: 'ok', message: null, line: null } as const;
  return { file, source: { text, reading: readConfig(text, name) }, network: 0 };
}
