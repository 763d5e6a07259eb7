import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';

const SWEEP = 'method: grid\nparameters:\n  lora_alpha: {values: [16, 64]}\n  learning_rate: {values: [1e-4, 2e-4]}\n';

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
    ["Windows' cmd (batch files)", 'train.bat', 'python t.py ^\r\n --lora_r 8 --lora_alpha 16 --lr 1e-4\r\n'],
    ["Windows' cmd (batch files)", 'C:\\run.CMD', 'train --network_module networks.lora --network_dim 8\r\n'],
    [
      'litgpt before May 2024',
      'lora.yaml',
      'checkpoint_dir: c\nlora_r: 16\nlora_query: true\ntrain:\n  micro_batch_size: 4\n  learning_rate: 1e-4\n',
    ],
    [
      "Automodel's older diffusion recipe",
      'wan.yaml',
      'peft:\n  _target_: nemo_automodel.components._peft.lora.PeftConfig\n  dim: 8\noptim:\n  learning_rate: 5e-5\n',
    ],
    ['the first versions of OneTrainer', 'a.json', '{"training_method": "LORA", "unet_learning_rate": 2e-4}'],
    ["SimpleTuner's config.env", 'config.env', "export MODEL_TYPE='lora'\nexport LEARNING_RATE=1e-4\n"],
    ['loralib (Python scripts)', 'a.py', 'import loralib as lora\nlora.Linear(8, 8, r=4, lora_alpha=8)\n'],
    ['W&B sweeps', 'sweep.yaml', SWEEP],
    ['W&B sweeps', 'sweep.json', '{"method": "bayes", "parameters": {"lora.alpha": {"min": 8}}}'],
  ])('says so in one sentence: %s', (format, path, text) => {
    const { isLora, recipes, findings } = readConfig(text, path);
    const message = `LoRA Alpha does not read files of ${format}.`;
    expect([isLora, recipes]).toEqual([false, []]);
    expect(planConfig(text, readConfig(text, path), 0, 64).refusal?.message).toContain(message);
    expect(findings).toMatchObject([{ code: 'format-not-read', severity: 'info', message }]);
  });

  it.each([
    ['a batch file without LoRA', 'train.bat', 'set EXPLORATION=1\r\npython t.py --lr 1e-4\r\n'],
    ['a file of another kind', 'notes.txt', 'python t.py --lora_r 8 --lora_alpha 16'],
    ['a search for another model', 'ridge.yaml', `# lora comes later\n${SWEEP.replace('lora_alpha', 'l1')}`],
    ['settings with a method', 'a.yaml', 'method: grid\nlora: {rank: 8}\n'],
  ])('is not %s', (_, path, text) => {
    expect(readConfig(text, path)).toMatchObject({ isLora: false, findings: [] });
  });

  it('is told from a file that only has some of its words', () => {
    const text = '# training_args: none\npeft_type: LORA\nlora: {r: 8, lora_alpha: 16}\nlr: 1e-4\n';
    expect(readConfig(text, 'a.yaml').findings.map(({ code }) => code)).not.toContain('format-not-read');
  });
});
