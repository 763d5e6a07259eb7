import { recipeList, rowsOf, type ScannedFile } from '../../src/extension/recipes/recipe-list';
import type { RecipesView } from '../../src/messages/recipes';
import { createGrouper } from '../../src/scan/same-run-groups';
import { unknownState } from './curves';
import { summaryOf } from '../../src/scan/summary';

/** States of the table of recipes, made by the host's own code from small configs. */

const axolotl = (alpha: number, rate: string, more = ''): string =>
  `base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: ${alpha}\noptimizer: adamw_torch\nlearning_rate: ${rate}\n${more}`;
const kohya = (alpha: number, rank = 32): string =>
  `network_module = "networks.lora"\nnetwork_dim = ${rank}\nnetwork_alpha = ${alpha}\nlearning_rate = 1e-4\noptimizer_type = "AdamW8bit"\n`;
const TWO = kohya(16).replace('networks.lora', 'lycoris.kohya') + 'network_args = ["conv_dim=8", "conv_alpha=4"]\n';
const PEFT = '{ "peft_type": "LORA", "r": 64, "lora_alpha": 16, "use_rslora": true, "target_modules": ["q_proj"] }';
const OWN = 'python mine.py --lora_r 8 --lora_alpha 16 --lr 1e-4\n';

const FILES: Readonly<Record<string, string>> = {
  'configs/llama/alpha-16.yml': axolotl(16, '2e-4'),
  'configs/llama/alpha-16-copy.yml': axolotl(16, '0.0002'),
  'configs/llama/alpha-64.yml': axolotl(64, '5e-5'),
  'configs/llama/alpha-64-plus.yml': axolotl(64, '2e-4', 'loraplus_lr_ratio: 16\n'),
  'configs/llama/broken.yml': axolotl(16, '2e-4').replace('alpha: 16', 'alpha: sixteen'),
  'sdxl/style-a.toml': kohya(16),
  'sdxl/style-b.toml': kohya(16),
  'sdxl/style-conv.toml': TWO,
  'adapter_config.json': PEFT,
  'train.sh': OWN,
  'train-again.sh': OWN,
};
const LONG = `<img src=x onerror=alert(1)>/${'very_long_name_'.repeat(8)}.yml`;
const HOSTILE: Readonly<Record<string, string>> = {
  [LONG]: axolotl(16, '1.23456e-5', 'loraplus_lr_ratio: 7\n'),
  '=cmd|calc.yml': axolotl(1e6, '2e-4'),
  'a\u202elmy.exe.yml': axolotl(16, '2e-4'),
};

const DONE: RecipesView['scan'] = { state: 'done', looked: 214, total: 214, hitLimit: false };

const STATES: Readonly<Record<string, () => RecipesView>> = {
  table: () => viewOf(FILES),
  scanning: () => ({ ...viewOf(FILES), scan: { ...DONE, state: 'running', looked: 120, total: 940 } }),
  stopped: () => ({ ...viewOf(FILES), scan: { ...DONE, state: 'stopped', looked: 120, total: 940 } }),
  limited: () => ({ ...viewOf(FILES), scan: { ...DONE, total: 20000, hitLimit: true } }),
  fewer: () => viewOf(Object.fromEntries(Object.entries(FILES).filter(([path]) => !path.endsWith('alpha-64.yml')))),
  empty: () => viewOf({}),
  'empty-scanning': () => ({ ...viewOf({}), scan: { state: 'running', looked: 0, total: 0, hitLimit: false } }),
  'no-folder': () => ({ ...viewOf({}), hasFolder: false }),
  hostile: () => viewOf(HOSTILE),
  many: () => viewOf(Object.fromEntries(Array.from({ length: 1200 }, (_, i) => manyth(i)))),
};

function manyth(i: number): [path: string, text: string] {
  return [`sweep/${i % 40}/run-${i}.yml`, axolotl(1 + (i % 24), `${1 + (i % 25)}e-5`)];
}

export function recipesStateOf(name: string): RecipesView {
  return (STATES[name] ?? unknownState(name))();
}

function viewOf(files: Readonly<Record<string, string>>): RecipesView {
  const listed = Object.entries(files).flatMap(([path, text]): ScannedFile[] => {
    const summary = summaryOf(text, path);
    return summary ? [{ uri: { path, toString: () => `file:///${path}` } as ScannedFile['uri'], summary }] : [];
  });
  return { rows: rowsOf(recipeList(listed, createGrouper()), ({ path }) => path), scan: DONE, hasFolder: true };
}
