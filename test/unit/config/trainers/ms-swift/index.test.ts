import { fixesOf } from '../../../../../src/config/write/fixes';
import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('ms-swift', () => {
  it('has numbers of its own where nobody says', () => {
    const { reading, recipe, codes } = fixture('ms-swift/sft.yaml');
    expect([reading.trainer, reading.layout, codes]).toEqual(['ms-swift', 'ms-swift', ['alpha-implied']]);
    expect(recipe()).toMatchObject({
      rank: 8,
      alpha: 32,
      scaling: 4,
      dropout: 0.05,
      scheduler: 'cosine',
      maxGradNorm: 1,
    });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.1, betas: [0.9, 0.95], eps: 1e-8 });
    expect(fixture('ms-swift/sft.yaml', [/learning_rate.*\n/, '']).recipe().learningRate).toBe(1e-4);
  });

  it('reads JSON, LoRA+ and inits as texts', () => {
    const { recipe, codes } = fixture('ms-swift/loraplus.json');
    expect(codes).toEqual([]);
    expect(recipe()).toMatchObject({ learningRate: 2e-4, loraplusLrRatio: 16, lrB: 2e-4 * 16, init: 'gaussian' });
    expect(fixture('ms-swift/loraplus.json', ['gaussian', 'true']).recipe().init).toBe('kaiming-uniform');
  });

  it('reads the arguments that a script makes', () => {
    const path = 'ms-swift-script/sft.py';
    const { reading, recipe, codes, written } = fixture(path);
    expect([reading.trainer, reading.layout, codes]).toEqual(['ms-swift', 'ms-swift', []]);
    expect(recipe()).toMatchObject({ rank: 16, alpha: 32, learningRate: 2e-4, dropout: 0.05, maxGradNorm: 1 });
    expect(written(128)).toEqual([
      'lora_alpha=128,',
      'learning_rate=1e-4,',
      'weight_decay=0.02,',
      'max_grad_norm=2.0,',
      'adam_epsilon=2e-8,',
    ]);
    const tuner = '        train_type="lora",\n';
    // LoRA is its default, but not that of another program's class of this name.
    expect(fixture(path, [tuner, '']).recipe()).toMatchObject({ rank: 16, alpha: 32 });
    expect(fixture(path, [tuner, ''], ['swift.llm', 'mine']).reading.isLora).toBe(false);
    expect(fixture(path, [tuner, ''], [/from .*\n/, 'class TrainArguments: pass\n']).reading.isLora).toBe(false);
  });

  it('takes nothing in a script for a default that may stand elsewhere', () => {
    const path = 'ms-swift-script/sft.py';
    expect(fixture(path, ['"lora"', '"full"']).reading.isLora).toBe(false);
    expect(fixture(path, ['train_type="lora"', 'train_type=args.tuner'], [/ +lora_\w+=.*\n/g, '']).reading.isLora).toBe(
      false,
    );
    expect(fixture(path, ['train_type="lora"', '**config'], [/ +lora_\w+=.*\n/g, '']).reading.isLora).toBe(false);
    const spread = fixture(path, ['weight_decay=0.01', '**config']);
    expect(spread.recipe()).toMatchObject({ rank: 16, alpha: 32, optimizer: { weightDecay: null } });
    expect(fixture(path, ['weight_decay=0.01', 'weight_decay=None']).recipe().optimizer.weightDecay).toBe(0.1);
    expect(fixture(path, ['weight_decay=0.01', 'weight_decay=None']).codes).toEqual([]);
  });

  it('keeps the decay of LoRA+, and gives B alone the new scaling', () => {
    expect(fixture('ms-swift/loraplus.json').written(128, 'keep-init')).toEqual([
      '"lora_alpha": 128,',
      '"lorap_lr_ratio": 4.0,',
    ]);
    expect(
      fixture('ms-swift/loraplus.json', ['"weight_decay"', '"vit_lr": 1e-5, "weight_decay"']).written(128, 'keep-b'),
    ).toBe('no-such-plan');
  });

  it('leaves the rates of parts alone that lora_llm trains whole', () => {
    const parts = ['learning_rate: 1e-4', 'learning_rate: 1e-4\nvit_lr: 1e-5\naligner_lr: 2e-5'] as const;
    const llm = ['tuner_type: lora', 'tuner_type: lora_llm\nuse_rslora: true\nlora_dropout: 0.1'] as const;
    // With LoRA on all parts, their rates are LoRA's.
    expect(fixture('ms-swift/sft.yaml', parts).written(128)).toContain('vit_lr: 5e-6');
    const { reading, recipe, written } = fixture('ms-swift/sft.yaml', parts, llm);
    expect(reading.layout).toBe('ms-swift-llm');
    expect(recipe()).toMatchObject({ rank: 8, scalingRule: 'standard', dropout: 0, unscaled: [expect.any(String)] });
    expect(reading.findings.map(({ code, message }) => [code, message.includes('which stay')])).toContainEqual([
      'unscaled-parameters',
      true,
    ]);
    expect(written(128)).toEqual([
      'lora_alpha: 128',
      'learning_rate: 5e-5',
      'weight_decay: 0.2',
      'max_grad_norm: 2.0',
      'adam_epsilon: 2e-8',
    ]);
    const shared = fixture('ms-swift/sft.yaml', llm).reading.findings;
    expect(shared.map(({ message }) => message).join()).toContain('with the same learning rate');
  });

  it('has LoRA+ with lora only', () => {
    const { recipe, written } = fixture('ms-swift/loraplus.json', [/"tuner_type": "lora"/, '"tuner_type": "lora_llm"']);
    expect(recipe().loraplusLrRatio).toBeNull();
    expect(written(128, 'keep-init')).toBe('no-such-plan');
  });

  it('says that an empty number becomes the word None, and takes it out', () => {
    const { codes, reading, text } = fixture('ms-swift/empty-value.yaml');
    expect(codes).toEqual(['null-as-text']);
    const [fix] = reading.findings.slice(0, 1).flatMap((finding) => fixesOf(reading, finding));
    expect(fix?.edits.map(({ range }) => text.slice(range.start, range.end).trim())).toEqual(['learning_rate:']);
  });

  it('reads Megatron, whose keys are others, and moves the floor of its schedule', () => {
    const { reading, recipe, written } = fixture('ms-swift/megatron.yaml');
    expect(reading.layout).toBe('ms-swift-megatron');
    expect(recipe()).toMatchObject({ rank: 8, alpha: 32, learningRate: 1e-4, maxGradNorm: 0.5, warmup: 0.05 });
    expect(recipe().optimizer).toMatchObject({ name: 'adam', row: 'adamw', weightDecay: 0.1, betas: [0.9, 0.95] });
    expect(written(128)).toEqual([
      'lora_alpha: 128',
      'lr: 5e-5',
      'weight_decay: 0.2',
      'adam_eps: 2e-8',
      'min_lr: 5e-6',
      'clip_grad: 1.0',
    ]);
  });

  it('lets the group that trains beat the top level, and takes GRPO’s beta and epsilon for none of Adam’s', () => {
    const { reading, recipe, written } = fixture('ms-swift/ray-grpo.yaml');
    expect(reading.layout).toBe('ms-swift-megatron');
    expect(recipe()).toMatchObject({ rank: 8, alpha: 32, learningRate: 5e-5, optimizer: { eps: 1e-8 } });
    expect(recipe().stated.rank?.path).toBe('train.lora_rank');
    expect(written(128)).toContain('lora_alpha: 128');
    expect(fixture('ms-swift/ray-grpo.yaml', [/ {2}lora_rank.*\n/, '']).recipe().rank).toBe(32);
  });

  it('takes whole numbers for alpha', () => {
    expect(fixture('ms-swift/sft.yaml').written(24.5)).toBe('alpha-not-whole');
  });

  it('leaves rank and alpha to the adapter a run goes on from', () => {
    for (const line of ['adapters: [out/checkpoint-100]', 'resume_from_checkpoint: out/checkpoint-100']) {
      const { codes, written } = fixture('ms-swift/sft.yaml', ['output_dir: output', line]);
      expect(codes).toContain('continues-adapter');
      expect(written(64)).toBe('continues-adapter');
    }
  });

  it('knows no rule for its own Muon', () => {
    expect(fixture('ms-swift/sft.yaml', ['output_dir: output', 'optimizer: muon']).recipe().optimizer.row).toBeNull();
    expect(fixture('ms-swift/sft.yaml', ['output_dir: output', 'optimizer: lorap']).recipe().optimizer.row).toBe(
      'adamw',
    );
  });

  it('is silent where all weights are trained', () => {
    expect(fixture('ms-swift/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
