import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';

function script(imports: string, optimizer: string): string {
  return [
    imports,
    'from peft import LoraConfig, get_peft_model',
    'model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"]))',
    `optimizer = ${optimizer}`,
    '',
  ].join('\n');
}

describe('optimizers of small packages, as scripts import them', () => {
  it.each([
    [
      'from transformers import Adafactor',
      'Adafactor(ps, lr=1e-3, scale_parameter=False, relative_step=False)',
      'adafactor-hf',
    ],
    [
      'from transformers.optimization import Adafactor',
      'Adafactor(ps, lr=1e-3, relative_step=False)',
      'adafactor-hf-scale',
    ],
    ['import transformers', 'transformers.Adafactor(ps)', 'adafactor-hf-scale-relative'],
    ['from prodigyopt import Prodigy', 'Prodigy(ps, lr=1.0, weight_decay=0.01)', 'prodigy'],
    ['from prodigyopt import Prodigy', 'Prodigy(ps, weight_decay=0.01, decouple=False)', 'prodigy-coupled'],
    ['from lion_pytorch import Lion', 'Lion(ps, lr=1e-4)', 'lion'],
    ['from optimi import AdamW', 'AdamW(ps, lr=1e-3, kahan_sum=True)', 'adamw'],
    ['import optimi', 'optimi.StableAdamW(ps, lr=1e-3)', 'stable-adamw'],
    ['from optimi import Lion', 'Lion(ps, lr=1e-4)', 'lion'],
    ['from apex.optimizers import FusedAdam', 'FusedAdam(ps, lr=1e-4, weight_decay=0.1)', 'adamw'],
    ['from deepspeed.ops.adam import FusedAdam', 'FusedAdam(ps, weight_decay=0.1, adam_w_mode=False)', 'adam'],
    ['from pytorch_optimizer import CAME', 'CAME(ps, lr=1e-4, betas=(0.9, 0.999, 0.9999))', 'came'],
    ['import schedulefree', 'schedulefree.AdamWScheduleFree(ps, lr=1e-3)', 'schedule-free-adamw'],
    ['from schedulefree import SGDScheduleFree', 'SGDScheduleFree(ps, lr=1e-1)', 'schedule-free-sgd'],
  ])('%s, %s: %s', (imports, optimizer, row) => {
    const { recipes } = readConfig(script(imports, optimizer), 'a.py');
    expect(recipes[0]?.optimizer).toMatchObject({ row });
  });

  it('reads the eps of Adafactor as a pair', () => {
    const text = script(
      'from transformers import Adafactor',
      'Adafactor(ps, lr=1e-3, eps=(1e-28, 1e-4), relative_step=False)',
    );
    expect(readConfig(text, 'a.py').recipes[0]?.optimizer).toMatchObject({ eps: 1e-28, constants: { epsRms: 1e-4 } });
  });
});

describe('runs that stop', () => {
  const kohya = (lines: string): readonly string[] => {
    const text = `network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 8\n${lines}\n`;
    const reading = readConfig(text, 'a.toml');
    const plan = planConfig(text, reading, 0, 32).plans.find(({ id }) => id === 'symmetric');
    return [plan?.exactness ?? 'none', ...(plan?.caveats ?? []).flatMap(({ code, limits }) => (limits ? [code] : []))];
  };
  const FREE = 'max_grad_norm = 0.0\nlearning_rate = 1.0';

  it.each([
    [`optimizer_type = "Prodigy"\n${FREE}\nunet_lr = 1.0\ntext_encoder_lr = 0.5`, 'optimizer-stops'],
    [`optimizer_type = "DAdaptAdam"\n${FREE}\nunet_lr = 1.0\ntext_encoder_lr = 0.5`, 'optimizer-stops'],
    [`optimizer_type = "Prodigy"\n${FREE}\nnetwork_args = ["loraplus_lr_ratio=4"]`, 'one-rate-only'],
    [`optimizer_type = "torch.optim.Muon"\n${FREE}\nnetwork_args = ["conv_dim=4", "conv_alpha=4"]`, 'optimizer-stops'],
  ])('are not called exact: %s', (lines, code) => {
    expect(kohya(lines)).toEqual(expect.arrayContaining(['approximate', code]));
  });

  it('do not include the AdaGrad of D-Adaptation, whose sum starts from a fixed number', () => {
    expect(kohya(`optimizer_type = "DAdaptAdaGrad"\n${FREE}`)).toEqual(['approximate', 'fixed-accumulator']);
  });

  it('are not suspected where one rate holds, or 0', () => {
    expect(kohya(`optimizer_type = "Prodigy"\n${FREE}\nunet_lr = 1.0\ntext_encoder_lr = 0`)[0]).toBe('exact');
    expect(kohya(`optimizer_type = "Prodigy"\n${FREE}`)[0]).toBe('exact');
  });
});
