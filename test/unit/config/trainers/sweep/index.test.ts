import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { fixture } from '../fixture';

const said = (path: string, ...edits: readonly (readonly [string, string])[]): (readonly [string, string])[] =>
  fixture(path, ...edits).reading.findings.map(({ code, message }) => [code, message] as const);

describe('W&B sweeps', () => {
  it('names the pairs of a grid that are the same run', () => {
    const [[code, message] = []] = said('wandb/grid.yaml');
    expect(code).toBe('swept-together');
    expect(message).toContain('under AdamW alpha × 4 is the learning rate × 2');
    expect(message).toContain('4 runs that differ ((16, 2e-4) = (64, 1e-4), (16, 4e-4) = (64, 2e-4))');
    expect(fixture('wandb/grid.yaml').reading).toMatchObject({ trainer: 'wandb', isLora: true, recipes: [] });
  });

  it('goes by the optimizer that the sweep holds', () => {
    const [[, message] = []] = said('wandb/grid.yaml', ['adamw_torch', 'sgd']);
    expect(message).toContain('under SGD alpha × 4 is the learning rate × 4');
    expect(message).toContain('5 runs that differ ((16, 4e-4) = (64, 1e-4))');
    const [[, both] = []] = said('wandb/grid.yaml', ['  optimizer: {value: adamw_torch}\n', '']);
    expect(both).toMatch(/under AdamW.*under SGD/);
  });

  it('says what ranges add, and that ranks are told apart', () => {
    const [[, message] = []] = said('wandb/nested.json');
    expect(message).toContain('the range of learning rates wider: by 4 under AdamW, by 16 under SGD');
    const [[, perRank] = []] = said('wandb/grid.yaml', ['lora_r: {value: 16}', 'lora_r: {values: [8, 16]}']);
    expect(perRank).toContain('The 6 pairs of alpha and learning rate at each rank');
  });

  it('says what alpha alone amounts to, and nothing of a rate alone', () => {
    expect(said('wandb/alone.yaml').map(([code]) => code)).toEqual(['alpha-swept']);
    expect(fixture('wandb/rate.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });

  it('has nothing to plan, and says why', () => {
    const { text, reading } = fixture('wandb/grid.yaml');
    expect(planConfig(text, reading, 0, 64).refusal?.code).toBe('swept-together');
  });

  it('is silent on an alpha that is not of LoRA', () => {
    const text =
      '# lora comes later\nmethod: grid\nparameters:\n  alpha: {values: [0.1, 0.2]}\n  lr: {values: [1, 2]}\n';
    expect(readConfig(text, 'ridge.yaml')).toMatchObject({ isLora: false, findings: [] });
  });
});

describe('Optuna', () => {
  it("reads suggestions in Python, Hydra's sweeper and search spaces", () => {
    for (const path of ['optuna/objective.py', 'optuna/hydra.yaml', 'optuna/space.toml']) {
      expect([path, fixture(path).reading.trainer, said(path).map(([code]) => code)]).toEqual([
        path,
        'optuna',
        ['swept-together'],
      ]);
    }
    expect(said('optuna/space.toml')[0]?.[1]).toContain('under SGD: 3 runs that differ ((8, 0.004) = (32, 0.001))');
  });

  it('leaves a script with a LoRA config to its trainer, and says it there', () => {
    const text = `from peft import LoraConfig
alpha = trial.suggest_categorical("lora_alpha", [16, 64])
lr = trial.suggest_float("lr", 1e-5, 1e-3)
config = LoraConfig(r=8, lora_alpha=16)
`;
    const reading = readConfig(text, 'train.py');
    expect(reading.trainer).toBe('peft');
    expect(reading.recipes).toHaveLength(1);
    expect(reading.findings.map(({ code }) => code)).toContain('swept-together');
  });
});
