/**
 * Files of other kinds that speak of LoRA or LoRa, of a rank, of an alpha, or of all of them, and are no LoRA config.
 * Written for these tests.
 */
export const NEGATIVES: Readonly<Record<string, { path: string; text: string }>> = {
  'a Kubernetes deployment that serves adapters': {
    path: 'deploy.yaml',
    text: `apiVersion: apps/v1
kind: Deployment
metadata: {name: lora-server, labels: {track: alpha, rank: "1"}}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: vllm
          args: [--enable-lora, --max-lora-rank, "16"]
`,
  },
  'a LoRA that is switched off': {
    path: 'off.yaml',
    text: 'is_peft: false\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 1e-4\n',
  },
  'a block of LoRA beside its switch': {
    path: 'off-beside.yaml',
    text: 'is_peft: false\npeft: {lora_r: 16, lora_alpha: 32}\nlearning_rate: 1e-4\n',
  },
  'what a run says of itself': {
    path: 'manifest.json',
    text: '{"lora_r": 16, "lora_alpha": 32, "learning_rate": 1e-4, "final_loss": 0.31, "wall_time": 33}',
  },
  'a summary of a run': {
    path: 'run_summary.json',
    text: '{"config": {"lora_r": 16, "lora_alpha": 32, "lr": 1e-4}, "created_at": "2026-01-01", "best_loss": 0.3}',
  },
  'a docker-compose file': {
    path: 'docker-compose.yml',
    text: `services:
  trainer:
    image: lora-trainer:alpha
    environment: {LORA_RANK: "16", TRACK: alpha}
`,
  },
  'a GitHub workflow with a matrix': {
    path: 'ci.yml',
    text: `name: lora
on: [push]
jobs:
  test:
    strategy:
      matrix: {rank: [8, 16], alpha: [16, 32]}
    steps: [{run: pytest -k lora}]
`,
  },
  'an ESLint config': {
    path: '.eslintrc.json',
    text: '{"rules": {"lora/alpha": 2, "sort-keys": [2, "asc"]}, "settings": {"r": 1}}',
  },
  'a package.json': {
    path: 'package.json',
    text: '{"name": "lora-alpha", "version": "0.1.0", "rank": 8, "keywords": ["lora", "alpha"]}',
  },
  'a pyproject.toml': {
    path: 'pyproject.toml',
    text: `[project]
name = "lora-tools"
version = "1.0.0a1"
[tool.mytool.lora]
rank = 8
[tool.mytool.mixup]
alpha = 0.2
`,
  },
  'mixup in an image pipeline': {
    path: 'augment.yaml',
    text: `# used with our lora runs
augmentation:
  mixup: {alpha: 0.2, rank: 1}
  cutmix: {alpha: 1.0}
`,
  },
  'PPO with a rank of processes': {
    path: 'ppo.yaml',
    text: `# not lora
ppo: {rank: 4, alpha: 0.99, epsilon: 0.2, beta: 0.01}
lr: 3e-4
`,
  },
  'LoRaWAN radio': {
    path: 'gateway.yaml',
    text: `lora:
  frequency: 868100000
  spreading_factor: 7
  bandwidth: 125
  r: 3
  alpha: 0.5
`,
  },
  'LoRa channel model': {
    path: 'channel.json',
    text: '{"lora": {"sf": 9, "coding_rate": 5, "path_loss": {"alpha": 2.7, "sigma": 3}, "tx_power": 14}}',
  },
  'an ESP32 LoRa board': {
    path: 'board.toml',
    text: `[lora]
rank = 1
dev_eui = "0011"
alpha = 0.9
`,
  },
  'DeepSeek attention': {
    path: 'config.json',
    text: '{"model_type": "deepseek_v3", "kv_lora_rank": 512, "q_lora_rank": 1536, "alpha": 1.0, "rope_scaling": {"alpha": 1000}}',
  },
  'a vLLM server': {
    path: 'serve.yaml',
    text: `enable_lora: true
max_lora_rank: 64
lora_modules: [{name: a, path: b}]
rope_scaling: {alpha: 4}
`,
  },
  'a focal loss beside a low-rank head': {
    path: 'detector.yaml',
    text: `# lora is for later
head: {rank: 16}
loss: {alpha: 0.25, gamma: 2.0}
`,
  },
  'a distillation of a LoRA teacher': {
    path: 'distill.yaml',
    text: `teacher: lora-merged
distillation: {alpha: 0.5, rank: 8, temperature: 2}
`,
  },
  'LoRA that is switched off': {
    path: 'train.yaml',
    text: `lora: {enabled: false, rank: 16, alpha: 32}
lr: 1e-4
`,
  },
  'LoRA that is switched off beside its block': {
    path: 'train.yaml',
    text: `use_lora: false
lora: {rank: 16, alpha: 32}
lr: 1e-4
`,
  },
  "a trainer's full fine-tune with LoRA left over": {
    path: 'full.yaml',
    text: 'base_model: m\nadapter:\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-5\n',
  },
  'another method above the block': {
    path: 'train.json',
    text: '{"train_type": "full", "lora": {"rank": 8, "alpha": 16}, "lr": 1e-5}',
  },
  'LoRA of rank 0': { path: 'train.toml', text: 'lora_r = 0\nlora_alpha = 16\nlr = 1e-4\n' },
  'a rank without an alpha': { path: 'train.yaml', text: 'lora: {rank: 16}\nmixup_alpha: 0.2\n' },
  'an alpha without a rank': { path: 'train.json', text: '{"lora": {"alpha": 16}, "lr": 1e-4}' },
  'LoKr with a rank and an alpha': {
    path: 'lokr.yaml',
    text: 'adapter: {type: lokr, rank: 16, alpha: 32, lora_dropout: 0}\n',
  },
  'AdaLoRA by its block': { path: 'ada.json', text: '{"adalora": {"r": 8, "lora_alpha": 16}}' },
  'a block of LoHa': { path: 'loha.toml', text: '[loha]\nlora_rank = 8\nlora_alpha = 4\n' },
  'a stylesheet of colours': {
    path: 'theme.json',
    text: '{"font": "Lora", "colors": {"shadow": {"r": 10, "g": 20, "b": 30, "alpha": 0.5}}}',
  },
  'a colour without a block': { path: 'ink.yaml', text: 'font: Lora\nink: {r: 10, g: 20, b: 30, alpha: 1}\n' },
  'a ranking of papers': {
    path: 'papers.json',
    text: '[{"title": "LoRA", "rank": 1, "alpha": 0.9}, {"title": "DoRA", "rank": 2, "alpha": 0.8}]',
  },
  'a statistics table': {
    path: 'tests.yaml',
    text: `study: lora-vs-full
tests: {r: 12, alpha: 0.05, n_components: 3}
`,
  },
  'a tensor decomposition': {
    path: 'cp.toml',
    text: `# compare with lora
[decomposition]
rank = 12
alpha = 0.1
`,
  },
  'metrics of a finished run': {
    path: 'metrics.json',
    text: '{"run": "lora-r16", "alpha": 32, "loss": 0.7, "rank": 0}',
  },
  'a Prometheus rule': {
    path: 'rules.yaml',
    text: `groups:
  - name: lora
    rules: [{alert: Alpha, expr: rank > 4, labels: {rank: "3", alpha: "x"}}]
`,
  },
  'texts where numbers would be': {
    path: 'doc.yaml',
    text: `lora:
  rank: the size of the bottleneck
  alpha: what the product is scaled by
`,
  },
  'a JSON schema of LoRA': {
    path: 'schema.json',
    text: '{"properties": {"lora": {"properties": {"rank": {"type": "integer", "default": 8}, "alpha": {"type": "number"}}}}}',
  },
  'lines of JSON that speak of parameters and flora': {
    path: 'questions.json',
    text: '{"q": "Which parameters of flora have distributions?", "a": "alpha"}\n{"q": "search_space", "a": "r"}\n',
  },
  'another kind of adapter, by PEFT’s word for it': {
    path: 'results.json',
    text: '{"peft_config": {"peft_type": "GRALORA", "r": 32, "alpha": 64, "target_modules": ["q_proj"]}, "lr": 1e-4}',
  },
  'a full fine-tune beside settings of LoRA': {
    path: 'full.yaml',
    text: `training:
  training_type: full
  learning_rate: 2.0e-5
lora:
  lora_r: 64
  lora_alpha: 16
`,
  },
  'a full fine-tune, by its mode': {
    path: 'full.json',
    text: '{"train_mode": "full", "lora_rank": 64, "lora_alpha": 16, "learning_rate": 5e-7}',
  },
  'settings of LoRA that a switch in another section turns off': {
    path: 'off.yaml',
    text: `model:
  use_lora: false
lora:
  r: 8
  alpha: 16
`,
  },
  'two keys for the rank': { path: 'two.yaml', text: 'lora_r: 8\nlora_rank: 16\nlora_alpha: 16\nlr: 1e-4\n' },
  'a further alpha of LoRA': {
    path: 'text.json',
    text: '{"lora_r": 16, "lora_alpha": 32, "lora_text_encoder_alpha": 8, "lr": 1e-4}',
  },
  'a clear block of LoRA beside an unclear one': {
    path: 'unclear.yaml',
    text: 'a: {lora: {r: 8, rank: 4, alpha: 8}}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
  },
  'two blocks of LoRA at one rate': {
    path: 'parts.yaml',
    text: 'lora: {unet: {rank: 8, alpha: 8}, text: {rank: 4, alpha: 4}}\nlr: 1e-4\n',
  },
  'two blocks of LoRA with rates of their own': {
    path: 'stages.yaml',
    text: 'a: {lora: {r: 8, alpha: 8}, lr: 1e-4}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
  },
  'AdaLoRA by the method beside the block': {
    path: 'method.yaml',
    text: 'peft_method: AdaLoRA\npeft: {r: 8, lora_alpha: 16}\nlr: 1e-4\n',
  },
  'a broken file': { path: 'half.yaml', text: 'lora: {rank: 8, alpha: [\n' },
};
