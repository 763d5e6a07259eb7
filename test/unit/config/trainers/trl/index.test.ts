import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { fixture } from '../fixture';

describe('TRL', () => {
  it('reads LoRA beside the keys of Hugging Face', () => {
    const { reading, recipe, codes } = fixture('trl/sft.yaml');
    expect([reading.trainer, codes]).toEqual(['trl', []]);
    expect(recipe()).toMatchObject({ rank: 32, alpha: 16, scaling: 0.5, learningRate: 2e-4, dropout: 0.05 });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] });
    expect(recipe().targetModules).toEqual(['q_proj', 'v_proj']);
  });

  it('has a rank of 16 and an alpha of 32, whatever the rank', () => {
    expect(fixture('trl/sft.yaml', [/lora_(r|alpha).*\n/g, '']).recipe()).toMatchObject({ rank: 16, alpha: 32 });
    const { recipe } = fixture('trl/dpo.yaml');
    expect(recipe()).toMatchObject({ rank: 64, alpha: 32, scalingRule: 'rslora', scaling: 4 });
    expect(recipe().assumed.alpha).toMatch(/32, whatever the rank/);
  });

  it.each([
    ['beta: 0.1', 1e-6, /beta suggests TRL's DPOConfig/],
    ['num_generations: 8', 1e-6, /GRPOConfig/],
    ['packing: true', 2e-5, /SFTConfig/],
    ['center_rewards_coefficient: 0.01', 1e-4, /RewardConfig/],
  ])('takes the rate of the trainer that %s suggests', (line, rate, why) => {
    const { learningRate, assumed } = fixture('trl/dpo.yaml', ['beta: 0.1', line]).recipe();
    expect(learningRate).toBe(rate);
    expect(assumed.learningRate).toMatch(why);
  });

  it('does not guess a rate where nothing tells the trainer, and takes beta for none of Adam’s', () => {
    const { learningRate, assumed } = fixture('trl/dpo.yaml', ['beta: 0.1\n', '']).recipe();
    expect([learningRate, assumed.learningRate]).toEqual([null, undefined]);
    expect(fixture('trl/dpo.yaml').recipe().optimizer.betas).toEqual([0.9, 0.95]);
  });

  it('says what trains besides, and that trained factors meet another alpha', () => {
    const { recipe, codes } = fixture('trl/resume.yaml');
    expect(codes).toEqual(['unscaled-parameters', 'run-resumes']);
    // argparse converts the text.
    expect(recipe()).toMatchObject({ learningRate: 1e-4, optimizer: { row: 'sgd', momentum: 0.9 } });
  });

  it.each([
    ['org/model', ['the tokens of chat_template_path']],
    ['template.jinja', undefined],
    ['null', undefined],
  ])('says that tokens train which chat_template_path adds: %s', (from, unscaled) => {
    const config = fixture('trl/sft.yaml', ['lora_alpha', `chat_template_path: ${from}\nlora_alpha`]);
    expect(config.recipe().unscaled).toEqual(unscaled);
    const script = `from peft import LoraConfig
from trl import SFTConfig, SFTTrainer
args = SFTConfig("out", learning_rate=1e-4, chat_template_path=${from === 'null' ? 'None' : `"${from}"`})
SFTTrainer("m", args=args, train_dataset=rows, peft_config=LoraConfig(r=8, lora_alpha=16)).train()
`;
    expect(readConfig(script, 'a.py').recipes[0]?.unscaled).toEqual(unscaled);
  });

  it.each([
    ['PPOConfig', ['the value model']],
    ['GRPOConfig', undefined],
  ])('says what %s trains beside the policy', (name, unscaled) => {
    const script = `from peft import LoraConfig
from trl import ${name}, Some
args = ${name}(output_dir="o", learning_rate=1e-5)
trainer = Some(args=args, model=policy, train_dataset=rows, peft_config=LoraConfig(r=8, lora_alpha=16))
`;
    expect(readConfig(script, 'a.py').recipes[0]?.unscaled).toEqual(unscaled);
    const command = `python examples/${name.slice(0, -6).toLowerCase()}.py --use_peft --lora_r 8 --lora_alpha 16 --learning_rate 1e-5\n`;
    expect(readConfig(command, 'a.sh').recipes[0]?.unscaled).toEqual(unscaled);
  });

  it('divides the factors of trainer.model after the trainer is created', () => {
    const script = `from peft import LoraConfig
from trl import SFTConfig, SFTTrainer
trainer = SFTTrainer("m", args=SFTConfig("out", learning_rate=1e-4), peft_config=LoraConfig(r=8, lora_alpha=16))
trainer.train()
`;
    const [plan] = planConfig(script, readConfig(script, 'a.py'), 0, 64).plans;
    expect(plan?.code).toMatch(/^# After trainer = Trainer\(.*before trainer\.train\(\):\nmodel = trainer\.model\n/);
  });

  it('writes into the file what moves, in its own notation', () => {
    expect(fixture('trl/sft.yaml').written(64)).toEqual([
      'lora_alpha: 64   # half the rank',
      'learning_rate: 1e-4',
      'weight_decay: 0.02',
      'max_grad_norm: 2.0',
      'adam_epsilon: 2e-8',
    ]);
    expect(fixture('trl/sft.yaml').written(64, 'lr-only')).toEqual([
      'lora_alpha: 64   # half the rank',
      'learning_rate: 5e-5',
    ]);
    // There is no key for a LoRA+ ratio.
    expect(fixture('trl/sft.yaml').written(64, 'keep-b')).toBe('no-such-plan');
  });

  it('is silent where PEFT is not used', () => {
    expect(fixture('trl/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(fixture('trl/sft.yaml', ['use_peft: true', 'use_peft: false']).reading.isLora).toBe(false);
  });
});
