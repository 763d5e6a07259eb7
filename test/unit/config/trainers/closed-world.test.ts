import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const FACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const SWIFT = 'model: m\ndataset: d\ntuner_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const TRL = 'model_name_or_path: m\nuse_peft: true\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const SHELL = 'llamafactory-cli train --stage sft --finetuning_type lora --lora_rank 8 --lora_alpha 16';

const TORCHTUNE = 'model: {_component_: torchtune.models.llama3.lora_llama3_8b, lora_rank: 8, lora_alpha: 16}\n';
const LITGPT = 'checkpoint_dir: c\nlora_r: 8\nlora_alpha: 16\nlora_query: true\n';
const NEMO_2 = (optim: string): string =>
  `model: {peft: {_target_: nemo.collections.llm.peft.LoRA, dim: 8, alpha: 16}}\noptim: {config: {optimizer: adam, lr: 1.0e-4${optim}}}\n`;
const AUTOMODEL = (schedule: string): string =>
  `peft: {_target_: nemo_automodel.components._peft.lora.PeftConfig, dim: 8, alpha: 16}\nstep_scheduler: {}\noptimizer: {_target_: torch.optim.AdamW, lr: 1.0e-4}\nlr_scheduler: {lr_decay_style: cosine${schedule}}\n`;
const VERL = (optim: string): string =>
  `actor_rollout_ref:\n  model: {lora_rank: 8, lora_alpha: 16}\n  actor: {optim: {lr: 1.0e-4, clip_grad: 1.0${optim}}}\n`;
const PRIME = (optim: string): string =>
  `max_steps = 9\n[model]\nname = "m"\n[model.lora]\nrank = 8\nalpha = 16\n[optim]\ntype = "adamw"\nlr = 1e-4\n${optim}`;
const LUDWIG = (adapter: string, optim: string): string =>
  `model_type: llm\nadapter: {type: lora, r: 8, alpha: 16${adapter}}\ntrainer: {type: finetune, learning_rate: 1.0e-4, optimizer: {type: adamw${optim}}}\n`;
const H2O = (training: string): string =>
  `problem_type: text_causal_language_modeling\nllm_backbone: m\ntraining: {lora: true, lora_r: 8, lora_alpha: 16${training}}\n`;
const MLX = (lora: string): string =>
  `model: m\nfine_tune_type: lora\nlora_parameters: {rank: 8, scale: 2.0, dropout: 0.0${lora}}\n`;
const FACTORY_V1 = (rest: string): string =>
  `model: m\npeft_config: {name: lora, r: 8, lora_alpha: 16}\nlearning_rate: 1.0e-4\n${rest}`;

const ONETRAINER = (rest: string): string =>
  `{"training_method": "LORA", "lora_rank": 8, "lora_alpha": 2, "optimizer": "ADAMW", "learning_rate": 0.0001, ${rest}}`;
const GLUE = 'python run_glue.py --do_train --learning_rate 4e-4 --apply_lora --lora_r 8 --lora_alpha 16';

/** A line that is not understood: the text of it, and whether it may hold a number that has to move. */
type Named = readonly [source: string, mayMove: boolean] | null;

// prettier-ignore
const CASES: readonly (readonly [name: string, path: string, text: string, named: Named])[] = [
  ['an argument of a later LLaMA-Factory', 'f.yaml', `${FACTORY}use_soap: true\n`, ['use_soap: true', false]],
  ['the same, switched off', 'f.yaml', `${FACTORY}use_soap: false\n`, null],
  ['a rate that LLaMA-Factory does not have', 'f.yaml', `${FACTORY}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['an old switch of the optimizer', 'f.yaml', `${FACTORY}adafactor: true\n`, ['adafactor: true', false]],
  ["another trainer's backend", 'f.yaml', `${FACTORY}use_mca: true\n`, ['use_mca: true', false]],
  ['arguments of the data', 'f.yaml', `${FACTORY}dataset: a\ncutoff_len: 64\npacking: true\nreport_to: none\n`, null],
  ['an unknown flag', 'f.sh', `${SHELL} --learning_rate 1e-4 --lora_b_lr 1e-3\n`, ['--lora_b_lr 1e-3', true]],
  ['known flags', 'f.sh', `${SHELL} --learning_rate 1e-4 --bf16 --logging_steps 10\n`, null],
  ['an argument of a later ms-swift', 's.yaml', `${SWIFT}lora_b_decay: 0.1\n`, ['lora_b_decay: 0.1', true]],
  ["ms-swift's own LoRA layers", 's.yaml', `${SWIFT}use_swift_lora: true\n`, ['use_swift_lora: true', false]],
  ['a callback', 's.yaml', `${SWIFT}callbacks: my_callback\n`, ['callbacks: my_callback', false]],
  ["the callback of a plan's own code", 's.yaml', `${SWIFT}external_plugins: rescale_init.py\ncallbacks: rescale_init\n`, null],
  ['data and rewards of ms-swift', 's.yaml', `${SWIFT}torch_dtype: bfloat16\nnum_generations: 4\nreward_funcs: accuracy\n`, null],
  ['a key of a later Axolotl', 'a.yml', `${AXOLOTL}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['a trainer of a plugin', 'a.yml', `${AXOLOTL}trainer_cls: my.Trainer\n`, ['trainer_cls: my.Trainer', false]],
  ['a plugin', 'a.yml', `${AXOLOTL}plugins: [my.plugin.Optimizer]\n`, ['plugins: [my.plugin.Optimizer]', false]],
  ["the plugin of a plan's own code", 'a.yml', `${AXOLOTL}plugins: [rescale_init.RescaleInit]\n`, null],
  ['kernels', 'a.yml', `${AXOLOTL}plugins:\n  - axolotl.integrations.liger.LigerPlugin\nliger_rope: true\n`, null],
  ['Grokfast', 'a.yml', `${AXOLOTL}plugins: [axolotl.integrations.grokfast.GrokfastPlugin]\ngrokfast_alpha: 0.98\n`, ['plugins: [axolotl.integrations.grokfast.GrokfastPlugin]', false]],
  ['unfrozen weights', 'a.yml', `${AXOLOTL}unfrozen_parameters: [lm_head]\n`, ['unfrozen_parameters: [lm_head]', false]],
  ["Axolotl's data", 'a.yml', `${AXOLOTL}sequence_len: 64\nmy_note: hello\nwandb_project: p\n`, null],
  ['a key of a later TRL', 't.yaml', `${TRL}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ["a script's own key", 't.yaml', `${TRL}system_prompt: hello\nreward_scale: 2\n`, null],
  ["a DeepSpeed file of one's own", 'f.yaml', `${FACTORY}deepspeed: my/ds.json\n`, ['deepspeed: my/ds.json', false]],
  ["LLaMA-Factory's DeepSpeed file", 'f.yaml', `${FACTORY}deepspeed: examples/deepspeed/ds_z3_config.json\n`, null],
  ["Axolotl's DeepSpeed file", 'a.yml', `${AXOLOTL}deepspeed: deepspeed_configs/zero2.json\n`, null],
  ["ms-swift's DeepSpeed by its word", 's.yaml', `${SWIFT}deepspeed: zero3\n`, null],
  ['an optimizer of DeepSpeed', 'a.yml', `${AXOLOTL}deepspeed: {zero_optimization: {stage: 1}, optimizer: {type: Lamb, params: {lr: 1.0e-3}}}\n`, ['optimizer: {type: Lamb, params: {lr: 1.0e-3}}', true]],
  ['a clip threshold of DeepSpeed', 'a.yml', `${AXOLOTL}deepspeed: {gradient_clipping: 0.3}\n`, ['gradient_clipping: 0.3', true]],
  ['DeepSpeed that takes the numbers over', 'a.yml', `${AXOLOTL}deepspeed: {gradient_clipping: auto, zero_optimization: {stage: 2}}\n`, null],
  ["torchtune's numbers", 't.yaml', `${TORCHTUNE}optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4, fused: true}\n`, null],
  ['an argument of an optimizer', 't.yaml', `${TORCHTUNE}optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4, lr_b: 1.0e-3}\n`, ['lr_b: 1.0e-3', true]],
  ["an argument of torchtune's model", 't.yaml', `${TORCHTUNE.replace('}', ', lora_b_lr: 1.0e-3}')}optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4}\n`, ['lora_b_lr: 1.0e-3', true]],
  ["litgpt's numbers", 'l.yaml', `${LITGPT}optimizer: {class_path: torch.optim.AdamW, init_args: {lr: 1.0e-4, amsgrad: true}}\ntrain: {min_lr: 6.0e-5}\n`, null],
  ['a key of a later litgpt', 'l.yaml', `${LITGPT}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['an argument behind init_args', 'l.yaml', `${LITGPT}optimizer: {class_path: torch.optim.AdamW, init_args: {lr: 1.0e-4, scale: 2}}\n`, ['scale: 2', true]],
  ['a second rate of Megatron', 'n.yaml', NEMO_2(', decoupled_lr: 1.0e-5'), ['decoupled_lr: 1.0e-5', true]],
  ["Megatron's coupled decay", 'n.yaml', NEMO_2(', decoupled_weight_decay: false'), ['decoupled_weight_decay: false', false]],
  ["a threshold on the gradient's norm", 'n.yaml', NEMO_2(', grad_norm_skip_threshold: 10'), ['grad_norm_skip_threshold: 10', true]],
  ["Automodel's schedule of the rate", 'a.yaml', AUTOMODEL(', min_lr: 1.0e-6'), null],
  ["Automodel's schedule of the decay", 'a.yaml', AUTOMODEL(', end_wd: 0.1'), ['end_wd: 0.1', true]],
  ["verl's numbers", 'v.yaml', VERL(', lr_scheduler_type: cosine, min_lr_ratio: 0.1, override_optimizer_config: {eps: 1.0e-6}'), null],
  ['a rate of a later verl', 'v.yaml', VERL(', lr_b: 1.0e-3'), ['lr_b: 1.0e-3', true]],
  ["prime-rl's numbers", 'p.toml', PRIME('betas1 = 0.9\n'), null],
  ['a rate of a later prime-rl', 'p.toml', PRIME('lr_b = 1e-3\n'), ['lr_b = 1e-3', true]],
  ["Ludwig's numbers", 'l.yaml', LUDWIG(', dropout: 0.1', ', betas: [0.9, 0.98]'), null],
  ["a number of Ludwig's adapter", 'l.yaml', LUDWIG(', scale: 2', ''), ['scale: 2', true]],
  ["H2O's numbers", 'h.yaml', H2O(', schedule: Cosine, warmup_epochs: 0.1'), null],
  ['a number of a later H2O', 'h.yaml', H2O(', lora_b_lr: 1.0e-3'), ['lora_b_lr: 1.0e-3', true]],
  ["a number of mlx-lm's LoRA", 'm.yaml', MLX(', lr_b: 1.0e-3'), ['lr_b: 1.0e-3', true]],
  ["a schedule of mlx-lm's", 'm.yaml', `${MLX('')}lr_schedule: {name: zigzag, arguments: [1.0e-4, 9]}\n`, ['name: zigzag', true]],
  ["LLaMA-Factory v1's schedule", 'f.yaml', FACTORY_V1('lr_scheduler_config: {name: mine, floor: 1.0e-6}\n'), ['lr_scheduler_config: {name: mine, floor: 1.0e-6}', true]],
  ['a number of LLaMA-Factory v1', 'f.yaml', FACTORY_V1('optim_config: {name: muon, lr_b: 1.0e-3}\n'), ['lr_b: 1.0e-3', true]],
  ['a rate beside the blocks of torchtune', 't.yaml', `${TORCHTUNE}optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4}\nlora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['what stands beside the blocks of torchtune', 't.yaml', `${TORCHTUNE}optimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4}\noptimizer_in_bwd: false\nsave_adapter_weights_only: true\n`, null],
  ['a rate beside the blocks of mlx-lm', 'm.yaml', `${MLX('')}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['a penalty on the weights in Ludwig', 'l.yaml', LUDWIG('', '').replace('trainer: {', 'trainer: {regularization_lambda: 0.1, '), ['regularization_lambda: 0.1', true]],
  ['no penalty on the weights in Ludwig', 'l.yaml', LUDWIG('', '').replace('trainer: {', 'trainer: {regularization_type: l2, regularization_lambda: 0, '), null],
  ["a rate beside Automodel's blocks", 'a.yaml', `${AUTOMODEL('')}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ["a flag of a later OpenRLHF", 'o.sh', 'python -m openrlhf.cli.train_sft --ds.lora.rank 8 --adam.lr 1e-5 --adam.lr_b 1e-3\n', ['--adam.lr_b 1e-3', true]],
  ["a plain flag that OpenRLHF did not have", 'o.sh', 'python -m openrlhf.cli.train_sft --lora_rank 8 --learning_rate 1e-5 --lora_b_lr 1e-3\n', ['--lora_b_lr 1e-3', true]],
  ["OpenRLHF's flags", 'o.sh', 'python -m openrlhf.cli.train_ppo_ray --ds.lora.rank 8 --actor.adam.lr 1e-6 --critic.adam.lr 9e-6 --actor.eps_clip 0.2 --ds.adam_offload\n', null],
  ["a rate of an old OneTrainer file", 'config.json', ONETRAINER('"lora_b_lr": 0.001'), ['"lora_b_lr": 0.001', true]],
  ["an argument of its optimizer", 'config.json', ONETRAINER('"optimizer_d0": 1e-6'), ['"optimizer_d0": 1e-6', true]],
  ["OneTrainer's old numbers", 'config.json', ONETRAINER('"unet_learning_rate": 0.0002, "optimizer_weight_decay": 0.01'), null],
  ["trained factors of the GLUE examples", 'g.sh', `${GLUE} --lora_path factors.bin\n`, ['--lora_path factors.bin', false]],
  ["a flag that the GLUE examples do not have", 'g.sh', `${GLUE} --lora_b_lr 1e-3\n`, ['--lora_b_lr 1e-3', true]],
  ["flags of the GLUE examples", 'g.sh', `${GLUE} --warmup_ratio 0.06 --weight_decay 0.1 --max_seq_length 512\n`, null],
  ['an unknown flag alone', 'f.sh', `${SHELL} --learning_rate 1e-4 --use_soap --bf16\n`, ['--use_soap', false]],
];

describe('what a config holds that its trainer may not have', () => {
  it.each(CASES)('%s', (_, path, text, named) => {
    const { recipes, notUnderstood } = readConfig(text, path);
    expect(recipes).toHaveLength(1);
    const found = notUnderstood.map(({ source, mayMove }) => [source, mayMove]);
    if (named === null) expect(found).toEqual([]);
    else expect(found).toContainEqual([...named]);
  });
});
