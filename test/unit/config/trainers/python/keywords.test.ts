import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

const script = (optimizer: string): string => `import torch
from peft import LoraConfig, get_peft_model
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"]))
optimizer = ${optimizer}
for batch in data:
    model(**batch).loss.backward()
    optimizer.step()
    optimizer.zero_grad()
`;

describe('arguments of an optimizer without a name', () => {
  it.each([
    ['torch.optim.AdamW(model.parameters(), 1e-3)', []],
    ['torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.5, 0.6))', []],
    ['torch.optim.AdamW(model.parameters(), 1e-3, (0.5, 0.6), 1e-4, 0.3)', ['(0.5, 0.6)', '1e-4', '0.3']],
    ['torch.optim.SGD(model.parameters(), 0.1, 0.9, 0, 0.1)', ['0.9', '0', '0.1']],
    ['bnb.optim.AdamW8bit(model.parameters(), 1e-3, (0.9, 0.99))', ['(0.9, 0.99)']],
  ])('%s', (optimizer, unread) => {
    const { notUnderstood } = readConfig(script(optimizer), 'train.py');
    expect(notUnderstood.map(({ source }) => source)).toEqual(unread);
    expect(notUnderstood.every(({ mayMove }) => mayMove)).toBe(true);
  });
});
