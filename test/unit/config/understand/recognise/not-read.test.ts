import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

describe('a format that is not read', () => {
  it.each([
    [
      'ChatGLM3',
      'lora.yaml',
      'training_args:\n  learning_rate: 5.0e-5\npeft_config:\n  peft_type: LORA\n  r: 8\n  lora_alpha: 32\n',
    ],
    ['NeMo 1', 'gpt.yaml', 'model: {peft: {peft_scheme: lora, lora_tuning: {adapter_dim: 8, alpha: 16}}}\n'],
    ['NeMo 1', 'run.sh', 'python megatron_gpt_finetuning.py model.peft.lora_tuning.adapter_dim=16\n'],
    [
      "diffusers' script for Cosmos",
      'run.sh',
      'accelerate launch train_cosmos_predict25_lora.py --lora_rank 16 --lora_alpha 32 --learning_rate=1e-4\n',
    ],
  ])('says so in one sentence: %s', (format, path, text) => {
    const { isLora, recipes, findings } = readConfig(text, path);
    const message = `LoRA Alpha does not read files of ${format}.`;
    expect([isLora, recipes]).toEqual([false, []]);
    expect(findings).toMatchObject([{ code: 'format-not-read', severity: 'info', message }]);
  });

  it('is told from a file that only has some of its words', () => {
    const text = '# training_args: none\npeft_type: LORA\nlora: {r: 8, lora_alpha: 16}\nlr: 1e-4\n';
    expect(readConfig(text, 'a.yaml').findings.map(({ code }) => code)).not.toContain('format-not-read');
  });
});
