import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const FACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 8\nlearning_rate = 1e-4\n';
const TORCHTUNE = `model:
  _component_: torchtune.models.llama3.lora_llama3_8b
  lora_rank: 8
  lora_alpha: 16
optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4}
`;
const TOOLKIT = `job: extension
config:
  process:
    - type: sd_trainer
      network: {type: lora, linear: 16, linear_alpha: 16, pretrained_lora_path: first.safetensors}
      train: {lr: 1.0e-4, optimizer: adamw8bit}
      model: {name_or_path: stabilityai/sdxl}
`;
const PIPE =
  '[model]\ntype = "flux"\n[adapter]\ntype = "lora"\nrank = 16\ninit_from_existing = "first"\n[optimizer]\ntype = "adamw"\nlr = 1e-4\n';
const VERL = 'model: {path: m, lora: {rank: 8, alpha: 16, adapter_path: first}}\nengine: {}\noptim: {lr: 1.0e-4}\n';

/** A file, and what is said of where its run goes on from: whose alpha counts (docs/resume.md). */
const CASES: readonly (readonly [name: string, path: string, text: string, said: string | null])[] = [
  ["Axolotl's adapter brings its alpha", 'a.yml', `${AXOLOTL}lora_model_dir: ./first\n`, 'continues-adapter'],
  ["Axolotl's checkpoint does not", 'a.yml', `${AXOLOTL}resume_from_checkpoint: ./out/checkpoint-1\n`, 'run-resumes'],
  [
    "LLaMA-Factory's adapter brings its alpha",
    'f.yaml',
    `${FACTORY}adapter_name_or_path: first\n`,
    'continues-adapter',
  ],
  [
    'LLaMA-Factory begins another adapter',
    'f.yaml',
    `${FACTORY}adapter_name_or_path: first\ncreate_new_adapter: true\n`,
    null,
  ],
  [
    "LLaMA-Factory's checkpoint brings none",
    'f.yaml',
    `${FACTORY}resume_from_checkpoint: out/checkpoint-1\n`,
    'run-resumes',
  ],
  [
    "kohya's weights are trained at the file's alpha",
    'k.toml',
    `${KOHYA}network_weights = "a.safetensors"\n`,
    'run-resumes',
  ],
  [
    "kohya's weights bring rank and alpha where asked to",
    'k.toml',
    `${KOHYA}network_weights = "a.safetensors"\ndim_from_weights = true\n`,
    'alpha-from-weights',
  ],
  [
    'a variable that holds a path',
    'a.sh',
    'FIRST=out\nswift sft --tuner_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4 --adapters $FIRST\n',
    'continues-adapter',
  ],
  [
    'a variable that is empty',
    'a.sh',
    'FIRST=\nswift sft --tuner_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4 --adapters $FIRST\n',
    null,
  ],
  [
    'OpenRLHF loads its checkpoint',
    'a.sh',
    'python -m openrlhf.cli.train_sft --ds.lora.rank 8 --adam.lr 1e-5 --ckpt.load_enable\n',
    'run-resumes',
  ],
  ['torchtune goes on', 't.yaml', `${TORCHTUNE}resume_from_checkpoint: True\n`, 'run-resumes'],
  ['torchtune does not', 't.yaml', `${TORCHTUNE}resume_from_checkpoint: False\n`, null],
  ['ai-toolkit begins with a LoRA', 'o.yaml', TOOLKIT, 'run-resumes'],
  ['diffusion-pipe begins with a LoRA', 'd.toml', PIPE, 'run-resumes'],
  ["verl under Megatron fills what the file's alpha scales", 'v.yaml', VERL, 'run-resumes'],
];

const ABOUT = ['continues-adapter', 'run-resumes', 'alpha-from-weights'];

describe('runs that go on', () => {
  it.each(CASES)('%s', (_, path, text, said) => {
    const { isLora, findings } = readConfig(text, path);
    expect(isLora).toBe(true);
    expect(findings.map(({ code }) => code).filter((code) => ABOUT.includes(code))).toEqual(
      said === null ? [] : [said],
    );
  });

  it('says that kohya saves the old alpha', () => {
    const { findings } = readConfig(`${KOHYA}network_weights = "a.safetensors"\n`, 'k.toml');
    expect(findings.find(({ code }) => code === 'run-resumes')?.message).toContain(
      'contains the alpha of network_weights',
    );
  });
});
