import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';
import { fixture } from '../fixture';

describe('Unsloth', () => {
  it('reads get_peft_model, with the defaults that Unsloth gives TRL’s configs', () => {
    const { recipe, reading, codes } = fixture('unsloth/sft.py');
    expect([reading.trainer, codes]).toEqual(['unsloth', []]);
    expect(recipe()).toMatchObject({ rank: 32, alpha: 64, learningRate: 2e-4, warmup: 0.1, scheduler: 'linear' });
    expect(recipe().optimizer).toMatchObject({ name: 'adamw_8bit', quantized: true, weightDecay: 1e-3 });
    expect(fixture('unsloth/sft.py', [' learning_rate = 2e-4,', '']).recipe().learningRate).toBe(5e-5);
  });

  it('has Hugging Face’s defaults with Hugging Face’s arguments', () => {
    const { recipe } = fixture('unsloth/sft.py', ['args = SFTConfig', 'args = TrainingArguments']);
    expect(recipe().optimizer).toMatchObject({ name: 'adamw_torch_fused', weightDecay: 0 });
    expect(recipe().warmup).toBe(0);
  });

  it('takes 16 and 16 where nobody says', () => {
    const { recipe } = fixture('unsloth/sft.py', [/ +r = .*\n/, ''], [/ +lora_alpha.*\n/, '']);
    expect(recipe()).toMatchObject({ rank: 16, alpha: 16, scaling: 1 });
  });

  it.each([
    ['', []],
    ['random_state=1, finetune_vision_layers=False, layers_to_transform=[0]', []],
    ['qat_scheme="int4"', ['qat_scheme="int4"']],
    ['lora_b_rate=3', ['lora_b_rate=3']],
  ])('names arguments that nobody knows: %s', (given, sources) => {
    const made = `model = FastLanguageModel.get_peft_model(model, r=8, lora_alpha=8, ${given})\n`;
    const text = `from unsloth import FastLanguageModel, add_new_tokens\n${made}`;
    const unread = (of: string): string[] =>
      readConfig(of, 'a.py').notUnderstood.flatMap(({ source }) => (source === 'no optimizer' ? [] : [source]));
    expect(unread(text)).toEqual(sources);
    const added = 'add_new_tokens(model, tokenizer, new_tokens=["<a>"])';
    expect(unread(text.replace('model =', `${added}\nmodel =`))).toEqual([added, ...sources]);
  });

  it('writes with the spaces that stand there', () => {
    expect(fixture('unsloth/sft.py').written(256)).toEqual([
      'lora_alpha = 256,',
      'learning_rate = 1e-4, # Reduce to 2e-5 for long training runs',
      'weight_decay = 0.002,',
      'max_grad_norm = 2.0,',
      'adam_epsilon = 2e-8,',
    ]);
    expect(fixture('unsloth/sft.py', ['use_rslora = False', 'use_rslora = True']).recipe().scalingRule).toBe('rslora');
  });

  it('has LoRA+ in its own training arguments only', () => {
    const { recipe, written } = fixture('unsloth/loraplus.py');
    expect(recipe()).toMatchObject({ loraplusLrRatio: 4, optimizer: { weightDecay: 0.01 } });
    expect(written(64, 'keep-init')).toHaveLength(2);
    expect(fixture('unsloth/sft.py').written(256, 'keep-init')).toEqual([expect.stringContaining('lora_alpha')]);
  });

  it.each(['"embed_tokens"', '"lm_head"', '"model.embed_tokens"'])(
    'says that %s, a target, is trained whole',
    (name) => {
      const embeddings = ['"down_proj",]', `"down_proj", ${name}]`] as const;
      const { reading } = fixture('unsloth/sft.py', embeddings);
      expect(reading.findings).toMatchObject([{ code: 'unscaled-parameters', line: 10 }]);
      expect(reading.findings[0]?.message).toContain('with the same learning rate');
      const { codes } = fixture('unsloth/sft.py', embeddings, [/FastLanguageModel/g, 'FastVisionModel']);
      expect(codes).toEqual(['unscaled-parameters']);
    },
  );

  it('says what a rate of their own leaves to do', () => {
    const edits = [
      ['"down_proj",]', '"down_proj", "embed_tokens"]'],
      ['learning_rate = 2e-4,', 'learning_rate = 2e-4, embedding_learning_rate = 2e-5,'],
    ] as const;
    const message = (...more: (readonly [string, string])[]): string | undefined =>
      fixture('unsloth/sft.py', ...edits, ...more).reading.findings[0]?.message;
    expect(message(['args = SFTConfig', 'args = UnslothTrainingArguments'])).toContain(
      'use embedding_learning_rate, which stays',
    );
    // SFTConfig has no such argument.
    expect(message()).toContain('with the same learning rate');
  });

  it('leaves a full fine-tune alone', () => {
    const text =
      'from unsloth import FastLanguageModel\nm = FastLanguageModel.from_pretrained("x", full_finetuning=True) # lora\n';
    expect(readConfig(text, 'full.py')).toMatchObject({ isLora: false, findings: [] });
  });
});
