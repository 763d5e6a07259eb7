import { readConfig } from '../../src/config/read';
import { comparedOf, comparisonViewOf, type SideContents } from '../../src/extension/comparison/comparison-view';
import type { ComparisonView } from '../../src/messages/comparison';

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

export function comparisonStateOf(name: string): ComparisonView {
  const state = STATES[name];
  if (!state) throw new Error(`there is no state "${name}"`);
  return state();
}

function compared(first: string, second: string, name = 'house-rule.yml', own = 'llama3-lora.yml'): ComparisonView {
  const scenes = [sceneOf(first, own), sceneOf(second, name)] as const;
  return comparisonViewOf(...scenes, comparedOf(...scenes), '');
}

function sceneOf(text: string, name: string): SideContents {
  const file = { name, path: `/home/me/recipes/${name}`, state: 'ok', message: null, line: null } as const;
  return { file, source: { text, reading: readConfig(text, name) }, network: 0 };
}
