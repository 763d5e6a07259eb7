import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fieldAt } from '../../../../src/extension/documents/places';
import { hoverWords } from '../../../../src/extension/hover/hover-words';
import { AXOLOTL } from '../../../support/axolotl';

/** The hover over the first place where `words` stand, as one text. */
function hover(words: string, text = AXOLOTL, name = 'train.yml', usual?: number): string {
  const reading = readConfig(text, name);
  const at = fieldAt(reading, text.indexOf(words));
  return at ? hoverWords(text, reading, at, usual).join('\n\n') : 'nothing';
}

const LLAMAFACTORY = 'stage: sft\nmodel_name_or_path: m\nfinetuning_type: lora\nlora_rank: 8\nlora_target: all\n';
const FLUX = `job: extension
config:
  process:
    - network: {type: lora, linear: 16, linear_alpha: 8}
      train: {lr: 1e-4}
      model: {is_flux: true}
`;
const MLX = `model: m
fine_tune_type: lora
learning_rate: 1e-5
lora_parameters:
  rank: 8
  scale: 20.0
  dropout: 0
`;
const CLIPPED = `${AXOLOTL}max_grad_norm: 1.0\nadam_epsilon: 1.0e-8\nadam_beta1: 0.9\nadam_beta2: 0.99\n`;
const eps = (optimizer: string): string => `${AXOLOTL.replace('adamw_torch', optimizer)}adam_epsilon: 1.0e-9\n`;
const kohya = (optimizer: string): string =>
  `network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 4\nlearning_rate = 1e-3\noptimizer_type = "${optimizer}"\noptimizer_args = ["eps=1e-9"]\n`;
const LORA_PLUS = `import torch
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
optimizer = create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=1e-4, loraplus_lr_ratio=16, loraplus_weight_decay=0.1)
`;

type Case = [title: string, words: string, text?: string, name?: string, usual?: number];
const CASES: readonly Case[] = [
  ['alpha: the scaling, the numbers of another alpha, and why', 'lora_alpha'],
  ['the rank where nobody wrote an alpha', 'lora_rank', LLAMAFACTORY, 'lf.yaml'],
  ['an alpha without effect', 'linear_alpha', FLUX, 'flux.yaml'],
  ['the rank of an alpha without effect', 'linear: 16', FLUX, 'flux.yaml'],
  ['the rank with rsLoRA', 'lora_r', AXOLOTL.replace('lora_dropout', 'peft_use_rslora: true\nlora_dropout')],
  ['the rank', 'lora_r'],
  ['the rate of SGD', 'learning_rate', AXOLOTL.replace('adamw_torch', 'sgd')],
  ['the rate beside another alpha', 'learning_rate', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64')],
  ['weight decay', 'weight_decay'],
  ['the LoRA+ ratio', 'loraplus', AXOLOTL.replace('weight_decay: 0.01', 'loraplus_lr_ratio: 16')],
  ['max grad norm', 'max_grad_norm', CLIPPED],
  ['max grad norm where clipping is off', 'max_grad_norm', `${AXOLOTL}max_grad_norm: 0\n`],
  ['eps', 'adam_epsilon', CLIPPED],
  ['a beta', 'adam_beta1', CLIPPED],
  ['alpha with another usual one', 'lora_alpha', AXOLOTL, 'x.yml', 32],
  ['alpha with a usual one that it has already', 'lora_alpha', AXOLOTL, 'x.yml', 16],
  ['alpha beside what is not understood', 'lora_alpha', `${AXOLOTL}lora_weight_exotic: 3\n`],
  ['weight decay that LoRA+ drops', 'weight_decay', AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\n$&')],
  ['the eps of CAME', 'adam_epsilon', eps('came_pytorch')],
  ['the eps of AdamW', 'adam_epsilon', eps('adamw_torch')],
  ['the eps of Adadelta', 'eps', kohya('torch.optim.Adadelta'), 'a.toml'],
  ['the eps of Shampoo, which has no unit of its own', 'eps', kohya('pytorch_optimizer.Shampoo'), 'a.toml'],
  ['weight decay where B has its own rate', 'loraplus_weight_decay', LORA_PLUS, 'a.py'],
  ['the optimizer: its rule, and the defaults with their reasons', 'optimizer:'],
  ['a scaling that stands there itself, without a word of alpha', 'scale', MLX, 'mlx.yaml'],
  ['what is no hyperparameter', 'base_model'],
  ['the dropout', 'lora_dropout'],
];

describe('the hover', () => {
  it('says the rule of each field', async () => {
    const told = CASES.map(([title, ...asked]) => `#### ${title}\n\n${hover(...asked)}\n`);
    await expect(told.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'hover-words.txt'));
  });

  it('over an optimizer nobody knows says so, in plain words', () => {
    const said = hover('optimizer:', AXOLOTL.replace('adamw_torch', '"[x](command:evil)"'));
    expect(said.replaceAll(/`[^`]*`/g, '')).not.toMatch(/(?<!\\)[[\]()]/);
    expect(said).toContain('Unknown optimizer: ');
  });
});
