import { fixesOf } from '../../../../../src/config/write/fixes';
import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('litgpt', () => {
  it('reads the class of the optimizer and its arguments', () => {
    const { reading, recipe, codes } = fixture('litgpt/lora.yaml');
    expect([reading.trainer, codes]).toEqual(['litgpt', []]);
    expect(recipe()).toMatchObject({
      rank: 8,
      alpha: 16,
      learningRate: 2e-4,
      maxGradNorm: 0,
      warmup: 10,
      scheduler: 'cosine',
    });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.1, betas: [0.9, 0.95], eps: 1e-8 });
    expect(recipe().targetModules).toEqual(['query', 'value']);
  });

  it('takes torch’s own numbers where the optimizer is a name', () => {
    const { recipe } = fixture('litgpt/name-only.yaml');
    expect(recipe()).toMatchObject({ learningRate: 1e-3, optimizer: { name: 'torch.optim.AdamW', weightDecay: 0.01 } });
    expect(fixture('litgpt/name-only.yaml', [/optimizer.*\n/, '']).recipe().learningRate).toBe(1e-3);
    expect(fixture('litgpt/name-only.yaml', [/lora_(r|alpha).*\n/g, '']).recipe()).toMatchObject({
      rank: 8,
      alpha: 16,
    });
  });

  it('makes a class and its arguments of a name, once there is a number to write', () => {
    expect(fixture('litgpt/name-only.yaml').written(128)).toEqual([
      'lora_alpha: 128',
      'optimizer:',
      'class_path: torch.optim.AdamW',
      'init_args:',
      expect.stringMatching(/^lr: (0\.0005|5\.0e-4)$/),
      'weight_decay: 0.02',
      'eps: 2.0e-8',
    ]);
    const none = fixture('litgpt/name-only.yaml', [/optimizer.*\n/, '']).written(128);
    expect(none).toContain('class_path: torch.optim.AdamW');
  });

  it('finds the optimizer’s numbers under train in files of before May 2024', () => {
    const { reading, recipe, codes, written } = fixture('litgpt/old.yaml');
    expect([reading.layout, codes]).toEqual(['litgpt-old', ['layout-removed']]);
    expect(recipe()).toMatchObject({ rank: 16, alpha: 32, learningRate: 1e-4, warmup: 20, maxGradNorm: 0 });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.05, betas: [0.9, 0.98], eps: 1e-8 });
    expect(written(128)).toEqual(['lora_alpha: 128', 'learning_rate: 5e-5', 'weight_decay: 0.1']);
    const silent = fixture('litgpt/old.yaml', [/ *learning_rate.*\n/, ''], [/ *beta1.*\n/, '']).recipe();
    expect([silent.learningRate, silent.optimizer.betas]).toEqual([3e-4, [0.9, 0.98]]);
    const { optimizer } = fixture('litgpt/old.yaml', [/ *(?:weight_decay|beta\d).*\n/g, '']).recipe();
    expect(optimizer).toMatchObject({ weightDecay: 0.02, betas: [0.9, 0.95] });
    expect(fixture('litgpt/old.yaml', ['train:', 'optimizer: AdamW\ntrain:']).reading.layout).toBe('litgpt');
  });

  it('writes no clip threshold', () => {
    const written = fixture('litgpt/lora.yaml').written(64);
    expect(written).toEqual(['lora_alpha: 64', 'lr: 0.0001', 'weight_decay: 0.2', 'eps: 2.0e-8']);
    expect(fixture('litgpt/lora.yaml').written(64, 'lr-only')).toEqual(['lora_alpha: 64', 'lr: 0.00005']);
  });

  it('says which keys it stops on, and takes them out', () => {
    const { codes, reading, recipe, text } = fixture('litgpt/clipped.yaml');
    expect(codes).toEqual(['key-rejected']);
    const [finding] = reading.findings;
    expect(finding?.message).toMatch(/never clips the gradient, and stops if train\.max_norm/);
    expect(
      finding && fixesOf(reading, finding)[0]?.edits.map(({ range }) => text.slice(range.start, range.end).trim()),
    ).toEqual(['max_norm: 1.0']);
    expect(recipe()).toMatchObject({ maxGradNorm: 0, optimizer: { row: 'sgd', momentum: 0.9 } });
  });

  it('takes whole numbers for alpha', () => {
    expect(fixture('litgpt/lora.yaml').written(5.5)).toBe('alpha-not-whole');
  });

  it('says that nothing is adapted where every switch is off', () => {
    expect(fixture('litgpt/lora.yaml', ['query: true', 'query: false'], ['value: true', 'value: false']).codes).toEqual(
      ['adapts-nothing'],
    );
  });

  it('is silent where all weights are trained, or the rank is 0', () => {
    expect(fixture('litgpt/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(fixture('litgpt/lora.yaml', ['lora_r: 8', 'lora_r: 0']).reading).toMatchObject({
      isLora: false,
      findings: [],
    });
  });
});
