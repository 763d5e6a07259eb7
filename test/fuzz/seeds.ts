import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntaxId } from '../../src/config/reading';
import { syntaxOf } from '../../src/config/syntax/parse';

/** A text to start from. */
export interface Seed {
  path: string;
  text: string;
}

/** What no fixture shows: traps of the syntaxes themselves. */
const OWN: readonly Seed[] = [
  {
    path: 'anchors.yaml',
    text: 'defaults: &d\n  seed: 1\nbase_model: m\nadapter: lora\nlora_r: &r 16\nlora_alpha: 16\nlearning_rate: 2e-4\nlist: [*r, *d]\n',
  },
  {
    path: 'documents.yaml',
    text: '---\nbase_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.e-4\n...\n---\n# second\nbase_model: m\nadapter: qlora\nlora_r: 0x10\nlora_alpha: 1_6\nlearning_rate: .5e-3\n',
  },
  {
    path: 'omegaconf.yaml',
    text: 'model:\n  _component_: torchtune.models.llama3.lora_llama3_8b\n  lora_rank: ${rank}\n  lora_alpha: ${.lora_rank}\n  other: ${..rank}\nrank: 8\noptimizer: {_component_: torch.optim.AdamW, lr: "${oc.env:LR,1e-4}", eps: ???}\nclip_grad_norm: null\n',
  },
  {
    path: 'odd.yaml',
    text: '\uFEFF        base_model: m\r\n        adapter: "lora"\r\n        lora_r:   8   # lora_r: 99\n        lora_alpha: \'16\'\r\n        lora_target_modules:\r\n        - q_proj\n        - v_proj\n        prompt: |\n          lora_alpha: 3\n        learning_rate: +2E-04\n        lora_alpha: 32 # 学習率\n',
  },
  {
    path: 'comments.jsonc',
    text: '// PEFT\n{\n  "peft_type": "LORA", /* "r": 1 */\n  "r": 8,\n  "lora_alpha": 1.6e1, "use_rslora": false,\n  "alpha_pattern": {"a.b": 32,},\n  "rank_pattern": {},\n}\n',
  },
  {
    path: 'trained.json',
    text: '{"peft_type": "LORA", "best_metric": NaN, "r": 8, "log": [-Infinity,Infinity], /* NaN */ "lora_alpha": 16, "NaN": "a\\"NaN", "lora_dropout": 0.0}\n',
  },
  {
    path: 'tables.toml',
    text: '# kohya\ntitle = """\nx"""\n[network.inner]\nx = {y = [1, 2 # two\n, 3,]}\n[network]\nnetwork_module = \'networks.lora\'\nnetwork_dim = 3_2\nnetwork_alpha = 16.0\n"network_args" = [\n  "conv_dim=8", # eight\n  "conv_alpha=4",\n]\n[[run]]\nlr_scheduler = "cosine"\n[[run]]\n[optimizer]\noptimizer_type = "AdamW"\nlearning_rate = 1e-4\noptimizer_args = ["weight_decay=1e-2", "betas=(0.9, 0.99)", "eps = 1e-8"]\nwhen = 1979-05-27T07:32:00Z\nhex = 0xDEADBEEF\n',
  },
  {
    path: 'dotted.toml',
    text: 'network_module = "networks.lora"\nnetwork_dim = 8\na.b.c = 1\na."b".d = 2\nunet_lr = 5e-5\n',
  },
  {
    path: 'train.py',
    text: '# -*- coding: utf-8 -*-\nfrom peft import LoraConfig\nR = 16\nlr = 2e-4\nbase = dict(r=R, lora_alpha=2 * R)\nconfig = LoraConfig(\n    r=R,  # rank\n    lora_alpha=32,\n    lora_dropout=0.05,\n    target_modules=["q_proj", "v_proj"],\n    **base,\n)\nother = LoraConfig(r=8, lora_alpha=16)\nargs = TrainingArguments(output_dir="x", learning_rate=lr, weight_decay=0.01, max_grad_norm=args.clip)\nopt = torch.optim.AdamW(model.parameters(), lr=lr, eps=1e-8)\n',
  },
  {
    path: 'run.sh',
    text: '#!/bin/bash\nset -e\nDIM=32\nexport LR="1e-4" # rate\naccelerate launch --num_processes 1 \\\n  train_network.py \\\n  --network_module=networks.lora --network_dim=$DIM \\\n  --network_alpha 16 --learning_rate "$LR" \\\n  --optimizer_args "weight_decay=0.01" "betas=0.9,0.99"\ncat > x.yaml <<EOF\nbase_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 2e-4\nEOF\npython -m verl.trainer.main_ppo actor_rollout_ref.model.lora_rank=32 +actor_rollout_ref.model.lora_alpha=64\n',
  },
  {
    path: 'run.ps1',
    text: '$dim = 32\n$ext_args = [System.Collections.ArrayList]::new()\n[void]$ext_args.Add("--network_alpha=16")\naccelerate launch train_network.py `\n  --network_module="networks.lora" `\n  --network_dim=$dim `\n  --unet_lr=1e-4 $ext_args\n',
  },
  {
    path: 'notebook.ipynb',
    text: JSON.stringify(
      {
        cells: [
          { cell_type: 'code', metadata: {}, outputs: [], source: ['lr = 2e-4\n', '!pip install peft\n'] },
          { cell_type: 'markdown', metadata: {}, source: ['# LoraConfig(r=1)'] },
          {
            cell_type: 'code',
            metadata: {},
            outputs: [],
            source: [
              'config = LoraConfig(r=16, lora_alpha=32)\n',
              'args = SFTConfig(learning_rate=lr, weight_decay=0.01)',
            ],
          },
          {
            cell_type: 'code',
            metadata: {},
            outputs: [],
            source: ['%%writefile a.yaml\n', 'base_model: m\n', 'adapter: lora\n', 'lora_r: 8\n', 'lora_alpha: 16\n'],
          },
        ],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      },
      null,
      1,
    ),
  },
];

/** Fixtures, examples and own seeds, by syntax. `root` is the project's folder. */
export function seedsIn(root: string): ReadonlyMap<SyntaxId, readonly Seed[]> {
  const files = ['test/fixtures', 'examples'].flatMap((folder) => filesIn(join(root, folder)));
  const read = files.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const seeds = new Map<SyntaxId, Seed[]>();
  for (const seed of [...OWN, ...read]) {
    const syntax = syntaxOf(seed.path);
    if (syntax) seeds.set(syntax, [...(seeds.get(syntax) ?? []), seed]);
  }
  return seeds;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));
}
