import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('the layout of ChatGLM3', () => {
  it('reads peft_config and training_args', () => {
    const { reading, recipe, codes } = fixture('chatglm3/lora.yaml');
    expect([reading.trainer, codes]).toEqual(['chatglm3', []]);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 32, dropout: 0.1, learningRate: 5e-5, maxGradNorm: 1 });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', eps: 1e-8, weightDecay: 0 });
  });

  it('writes into both blocks', () => {
    expect(fixture('chatglm3/lora.yaml').written(128)).toEqual([
      'learning_rate: 2.5e-5',
      'max_grad_norm: 2.0',
      'adam_epsilon: 2e-8',
      'lora_alpha: 128',
    ]);
  });

  it("knows PEFT's and Hugging Face's defaults", () => {
    const { recipe, codes, written } = fixture('chatglm3/implied.yaml');
    expect(recipe()).toMatchObject({ rank: 16, alpha: 8, scalingRule: 'rslora', scaling: 2, learningRate: 5e-5 });
    expect(codes).toEqual(['unscaled-parameters']);
    expect(written(32)).toContain(
      'peft_config: {peft_type: LORA, r: 16, lora_alpha: 32, use_rslora: true, modules_to_save: [embed_tokens]}',
    );
  });

  it('says where another adapter is trained, and nothing of a full fine-tune', () => {
    expect(fixture('chatglm3/prefix.yaml').reading).toMatchObject({
      isLora: false,
      findings: [{ code: 'other-adapter' }],
    });
    expect(fixture('chatglm3/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
