import { describe, expect, it } from 'vitest';
import { claimHeadline, claimOf, claimWords } from '../../../../src/config/plan/claim';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';

const LLAMAFACTORY = `finetuning_type: lora
lora_rank: 8
lora_alpha: 16
learning_rate: 1.0e-4
`;
const AUTOMAGIC = `job: extension
config:
  process:
    - type: sd_trainer
      network: { type: lora, linear: 8, linear_alpha: 4 }
      train: { optimizer: automagic, lr: 0.0008, max_grad_norm: 1.0 }
      model: { arch: sdxl }
`;
const SCRIPT = (args: string): string => `from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments

model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16))
args = TrainingArguments(output_dir="out", learning_rate=1e-4, max_grad_norm=0.0, ${args})
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
`;

describe('a claim', () => {
  it('is exact where everything was understood', () => {
    const reading = readConfig(LLAMAFACTORY, 'run.yaml');
    const [best] = planConfig(LLAMAFACTORY, reading, 0, 64).plans;
    expect(best).toMatchObject({ exactness: 'exact', claim: { asRead: 'exact', limit: null, notUnderstood: [] } });
    expect(best && claimHeadline(best.claim)).toBeNull();
  });

  it('says what was read, and what was not understood', () => {
    const text = SCRIPT('optim=cli.optim');
    const [best] = planConfig(text, readConfig(text, 'train.py'), 0, 64).plans;
    expect(best).toMatchObject({ exactness: 'approximate', claim: { asRead: 'exact' } });
    expect(best && claimWords(best.claim)).toBe('exact for what was read');
    expect(best && claimHeadline(best.claim)).toBe(
      'Exact for what was read. Not understood: line 5, `optim=cli.optim`',
    );
    expect(best?.caveats[0]).toMatchObject({ code: 'not-understood', limits: 'approximate' });
  });

  it('is held against the numbers that a plan writes, too', () => {
    // A rate above 1e-3 is replaced: half the scaling needs one of 1.13e-3, twice the scaling one of 5.7e-4.
    const [half, twice] = [2, 8].map(
      (alpha) => planConfig(AUTOMAGIC, readConfig(AUTOMAGIC, 'a.yaml'), 0, alpha).plans[0],
    );
    expect(twice).toMatchObject({ exactness: 'exact' });
    expect(half).toMatchObject({ exactness: 'approximate' });
    expect(half?.caveats[0]).toMatchObject({ code: 'rate-overridden', limits: 'approximate' });
  });

  it('names the heaviest limit', () => {
    const caveats = [
      { code: 'a', message: 'A whole module trains.', limits: 'approximate' as const },
      { code: 'b', message: 'eps stays.', limits: 'nearly' as const },
    ];
    expect(claimOf('exact', caveats, [])).toMatchObject({ asRead: 'approximate', limit: 'A whole module trains.' });
    expect(claimOf('exact', caveats.slice(1), [])).toMatchObject({ asRead: 'nearly', limit: 'eps stays.' });
  });
});
