import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fixture } from './fixture';

describe('XTuner', () => {
  it('reads the variables of a config, and what they are handed to', () => {
    const { recipe, reading, codes } = fixture('xtuner/qlora.py');
    expect([reading.trainer, codes]).toEqual(['xtuner', []]);
    expect(recipe()).toMatchObject({
      rank: 64,
      alpha: 16,
      learningRate: 2e-4,
      dropout: 0.1,
      maxGradNorm: 1,
      warmup: 0.03,
    });
    expect(recipe().optimizer).toMatchObject({ name: 'torch.optim.AdamW', weightDecay: 0.01, betas: [0.9, 0.999] });
    expect(recipe().stated.learningRate).toMatchObject({ line: 12, path: 'lr' });
  });

  it('writes into the variables, and what is implied beside the optimizer’s arguments', () => {
    expect(fixture('xtuner/qlora.py').written(64)).toEqual([
      'lr = 1e-4',
      'weight_decay = 0.02',
      'max_norm = 2  # grad clip',
      'lora_alpha=64,',
      'type=optim_type, eps=2e-8, lr=lr, betas=betas, weight_decay=weight_decay),',
    ]);
  });

  it('takes PEFT’s defaults for what nobody says', () => {
    const { recipe } = fixture('xtuner/qlora.py', [/ +lora_alpha=16,\n/, ''], [/ +r=64,\n/, '']);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 8 });
  });

  it('does not take a variable for what is set twice', () => {
    const { written } = fixture('xtuner/qlora.py', ['lr = 2e-4', 'lr = 2e-4\nif fast:\n    lr = 4e-4']);
    expect(written(64)).toBe('rate-elsewhere');
  });

  it('leaves a full fine-tune alone', () => {
    const full =
      'model = dict(type=SupervisedFinetune, llm=dict(a=1), lora=None)\nother = dict(lora=dict(type=Net, r=8))\nlora = dict(a=1)\n';
    expect(readConfig(full, 'full.py')).toMatchObject({ isLora: false, findings: [] });
  });
});

describe('dicts of other trainers', () => {
  it('are read in Axolotl’s DictDefault', () => {
    const { recipe, reading, written } = fixture('dicts/axolotl.py');
    expect(reading).toMatchObject({ trainer: 'axolotl', findings: [] });
    expect(recipe()).toMatchObject({ rank: 32, alpha: 64, learningRate: 2e-4 });
    expect(written(256, 'keep-init')).toEqual(['lora_alpha=256,', 'loraplus_lr_ratio=0.25,']);
  });

  it('are read in LLaMA-Factory’s notebooks, where 1e-4 is a number', () => {
    const { recipe, reading, written } = fixture('dicts/llamafactory.py');
    expect(reading).toMatchObject({ trainer: 'llamafactory', findings: [] });
    expect(recipe()).toMatchObject({ rank: 8, alpha: 16, loraplusLrRatio: 16 });
    expect(written(64, 'lr-only')).toEqual(['lora_alpha=64,', 'learning_rate=1.25e-5,']);
  });
});
