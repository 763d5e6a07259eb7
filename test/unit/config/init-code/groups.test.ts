import { describe, expect, it } from 'vitest';
import { planConfig, type ConfigPlan } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';

function plan(optimizer: string, id: 'keep-init' | 'keep-b', lora = ''): ConfigPlan | undefined {
  const text = [
    'import torch',
    'from peft import LoraConfig, get_peft_model',
    'from transformers import Trainer, TrainingArguments',
    `config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"], ${lora})`,
    'model = get_peft_model(base, config)',
    optimizer,
    '',
  ].join('\n');
  return planConfig(text, readConfig(text, 'train.py'), 0, 64).plans.find((one) => one.id === id);
}
const trainer = (more: string): string =>
  `args = TrainingArguments("out", learning_rate=2e-3, max_grad_norm=0.0, ${more})\nTrainer(model, args)`;

describe('a group of its own for one factor', () => {
  it('is split off the optimizer that the Trainer makes', () => {
    const { code, exactness } = plan(trainer('weight_decay=0.1'), 'keep-init') ?? {};
    expect(exactness).toBe('exact');
    expect(code).toBe(`# After trainer = Trainer(...), of whatever class, and before trainer.train():
model = trainer.model
optimizer = trainer.create_optimizer()
# Give B its own parameter groups in the same optimizer; all other numbers stay:
ends = (".lora_B.default.weight", ".lora_embedding_B.default", ".lora_B.default.bias")
moving = {p for name, p in model.named_parameters() if name.endswith(ends)}
assert moving, "these LoRA factors are not in the model"
for group in list(optimizer.param_groups):
    assert "initial_lr" not in group, "the scheduler must be made after these lines"
    own = [p for p in group["params"] if p in moving]
    if own:
        group["params"] = [p for p in group["params"] if p not in moving]
        group = {**group, "params": own}
        group["lr"] = group["lr"] * 0.25
        group["weight_decay"] = group["weight_decay"] * 4.0
        group["eps"] = group["eps"] * 4.0
        optimizer.param_groups.append(group)
`);
  });

  it.each([
    ['torch.optim.SGD(model.parameters(), lr=0.1)', ['group["lr"] * 0.0625']],
    ['torch.optim.RMSprop(model.parameters(), lr=0.1)', ['group["lr"] * 0.25', 'group["eps"] * 4.0']],
    [
      'torch.optim.Rprop(model.parameters(), lr=1e-3)',
      [
        '(group["step_sizes"][0] * 0.25, group["step_sizes"][1])',
        '(group["step_sizes"][0], group["step_sizes"][1] * 0.25)',
      ],
    ],
    ['torch.optim.ASGD(model.parameters(), lr=0.1)', ['group["lambd"] * 16.0']],
  ])('multiplies what the class has: %s', (optimizer, lines) => {
    const code = plan(`optimizer = ${optimizer}`, 'keep-init')?.code ?? '';
    for (const line of lines) expect(code).toContain(line);
    expect(code).toMatch(/^# After your optimizer is made/);
    expect(code).not.toContain('AdamW');
  });

  it('divides A where B is kept, and B where it does not start at zero', () => {
    expect(plan(trainer(''), 'keep-b')?.code).toContain(
      '.lora_A.default.weight", ".lora_embedding_A.default")\nfactors',
    );
    expect(plan(trainer(''), 'keep-init')?.code).not.toContain('div_');
    expect(plan(trainer(''), 'keep-init', 'init_lora_weights=False')?.code).toContain('div_(4.0)');
  });

  it.each(['use_dora=True', 'modules_to_save=["lm_head"]', 'task_type="SEQ_CLS"', 'lora_bias=True', 'bias="all"'])(
    'leaves everything else as it is: %s',
    (lora) => {
      expect(plan(trainer(''), 'keep-init', lora)?.exactness).toBe('exact');
      expect(plan(trainer(''), 'keep-b', lora)?.exactness).toBe('exact');
    },
  );

  it('is not exact where gradients are clipped together', () => {
    const clipped = plan('args = TrainingArguments("out", learning_rate=2e-3)\nTrainer(model, args)', 'keep-init');
    expect(clipped?.exactness).toBe('approximate');
    expect(clipped?.caveats.map(({ code }) => code)).toEqual(['clip-split']);
  });

  it.each(['lomo', 'adalomo', 'galore_adamw_layerwise', 'grokadamw'])('is not offered where %s steps', (optim) => {
    expect(plan(trainer(`optim="${optim}"`), 'keep-init')?.grouped ?? false).toBe(false);
  });

  it.each([
    ['get_peft_model(base, config)', 'default'],
    ['get_peft_model(base, config, adapter_name="style")', 'style'],
    ['get_peft_model(base, config, "style")', 'style'],
    ['base.add_adapter("second", config)', 'second'],
    ['base.add_adapter(config)', 'default'],
    // A Trainer is given the model by its place, and names no adapter.
    ['SFTTrainer("gpt2", peft_config=config)', 'default'],
  ])('names the adapter of the script: %s', (makes, name) => {
    const text = [
      'from peft import LoraConfig, get_peft_model\nfrom trl import SFTTrainer',
      'config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])',
      `model = ${makes}`,
      'args = TrainingArguments("out", learning_rate=2e-3, max_grad_norm=0.0)',
      '',
    ].join('\n');
    for (const { id, code } of planConfig(text, readConfig(text, 'train.py'), 0, 64).plans) {
      if (id !== 'lr-only') expect(code).toMatch(new RegExp(`\\.lora_[AB]\\.${name}\\.weight`));
    }
  });
});
