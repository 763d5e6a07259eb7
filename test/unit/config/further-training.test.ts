import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';

const SFT = `from peft import LoraConfig
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

lora = LoraConfig(r=16, lora_alpha=32)
sft = SFTTrainer(model=name, args=SFTConfig(learning_rate=2e-4, optim="adamw_torch"), peft_config=lora)
sft.train()
`;
const THEN_GRPO = `${SFT}grpo = GRPOTrainer(model=sft.model, args=GRPOConfig(learning_rate=1e-5), reward_funcs=reward)
grpo.train()
`;
const kohya = (more: string): string =>
  `accelerate launch train_network.py --network_module networks.lora --network_dim 16 --network_alpha 8 --learning_rate 1e-4 --optimizer_type AdamW ${more}\n`;
const PROFILES = `lora:
  r: 16
  alpha: 32
  dropout: 0.05
training:
  optimizer: adamw
  lr: 2e-4
profiles:
  slow:
    lr: 5e-5
`;

/** The code of the refusal to rewrite recipe 0 at four times its alpha; null where it is written. */
function refusal(text: string, path: string): string | null {
  const reading = readConfig(text, path);
  const alpha = (reading.recipes[0]?.alpha ?? Number.NaN) * 4;
  const written = rewriteConfig(text, reading, 0, alpha, 'symmetric');
  return 'refusal' in written ? written.refusal.code : null;
}

describe('a rewrite that would leave a further training at the old alpha', () => {
  it.each([
    ['SFT alone', SFT, 'train.py', null],
    ['SFT, then GRPO', THEN_GRPO, 'train.py', 'not-understood'],
    ['two commands', kohya('--output_name a') + kohya('--output_name b'), 'run.sh', null],
    [
      'a command that goes on',
      kohya('--output_name a') + kohya('--network_weights a.safetensors'),
      'run.sh',
      'further-training',
    ],
    ['one rate', PROFILES.slice(0, PROFILES.indexOf('profiles')), 'run.yaml', null],
    ['a rate in a profile', PROFILES, 'run.yaml', 'guess-unsure'],
  ])('%s', (_, text, path, code) => {
    expect(refusal(text, path)).toBe(code);
  });

  it('names the line of the second training', () => {
    const reading = readConfig(THEN_GRPO, 'train.py');
    expect(reading.notUnderstood.map(({ line, source, mayMove }) => [line, source.slice(0, 12), mayMove])).toEqual([
      [7, 'GRPOTrainer(', false],
      [7, 'GRPOConfig(l', true],
    ]);
  });
});

it('sees modules_to_save in a home-made config', () => {
  const text = PROFILES.slice(0, PROFILES.indexOf('profiles')).replace(
    '  dropout',
    '  modules_to_save: [lm_head]\n  dropout',
  );
  const reading = readConfig(text, 'run.yaml');
  expect(reading.findings.map(({ code }) => code)).toContain('not-understood');
  const [best] = planConfig(text, reading, 0, 128).plans;
  expect(best).toMatchObject({ exactness: expect.not.stringMatching(/^exact$/) as string });
});
