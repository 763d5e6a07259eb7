import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

const command = (flags: string, script = 'train_dreambooth_lora_flux'): string =>
  `accelerate launch ${script}.py --rank=16 --lora_alpha=4 --learning_rate=1e-4 ${flags}`;

function symmetric(text: string) {
  const reading = readConfig(text, 'a.sh');
  const plan = planConfig(text, reading, 0, 16).plans.find(({ id }) => id === 'symmetric');
  const result = rewriteConfig(text, reading, 0, 16, 'symmetric');
  if (!plan || 'refusal' in result) throw new Error('no symmetric plan');
  return { plan, written: applyEdits(text, result.edits), reading };
}

describe("diffusers' scripts", () => {
  it('move the rate, the decay and the init of the text encoder, written or not', () => {
    const { plan, written } = symmetric(command('--train_text_encoder'));
    expect(plan.exactness).toBe('exact');
    expect(written).toContain('--text_encoder_lr=2.5e-6');
    expect(written).toContain('--adam_weight_decay_text_encoder=0.002');
    expect(plan.code).toContain('for model in (transformer, text_encoder_one):');
    const stated = symmetric(command('--train_text_encoder --text_encoder_lr=1e-5 --adam_weight_decay_text_encoder=0'));
    expect(stated.written).toContain('--text_encoder_lr=5e-6 ');
    expect(stated.written).toContain('--adam_weight_decay_text_encoder=0');
  });

  it('leave the text encoder alone where it does not train', () => {
    const { plan, written } = symmetric(command('--text_encoder_lr=1e-5'));
    expect(written).toContain('--text_encoder_lr=1e-5');
    expect(plan.code).not.toContain('text_encoder_one');
  });

  it('do not move the rate of token embeddings, and say that they train', () => {
    const flags = '--train_text_encoder_ti --text_encoder_lr=1e-3';
    const { plan, written } = symmetric(command(flags, 'train_dreambooth_lora_flux_advanced'));
    expect(written).toContain('--text_encoder_lr=1e-3');
    expect(plan.exactness).toBe('approximate');
    expect(plan.caveats.map(({ code }) => code)).toContain('unscaled-parameters');
  });

  it('are approximate where only the text encoder has a decay', () => {
    const { plan } = symmetric(command('--train_text_encoder --adam_weight_decay=0'));
    expect(plan.caveats.map(({ code }) => code)).toContain('text-encoder-decay');
  });

  it('have a U-Net where they distil', () => {
    const text = 'python train_lcm_distill_lora_sd_wds.py --lora_rank=16 --lora_alpha=4 --learning_rate=1e-4';
    expect(symmetric(text).plan.code).toContain('in unet.named_parameters()');
  });

  it('keep A and B in bfloat16, which k = 3 rounds', () => {
    const exactness = (flags: string, alpha: number): string | undefined => {
      const text = command(flags);
      return planConfig(text, readConfig(text, 'a.sh'), 0, alpha).plans[0]?.exactness;
    };
    expect([16, 12].map((alpha) => exactness('--mixed_precision="bf16"', alpha))).toEqual(['exact', 'approximate']);
    expect([16, 12].map((alpha) => exactness('--mixed_precision="fp16"', alpha))).toEqual(['exact', 'exact']);
  });

  it('name flags that nobody knows', () => {
    expect(symmetric(command('--lora_plus')).reading.notUnderstood.map(({ source }) => source)).toEqual([
      '--lora_plus',
    ]);
    expect(symmetric(command('--resume_from_checkpoint=latest')).plan.exactness).toBe('approximate');
  });
});
