import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { askedAlpha } from '../../../../src/extension/actions/refactorings';
import { alphaError, parsePositive } from '../../../../src/recipe/target';
import { AXOLOTL } from '../../../support/axolotl';

const asked = (input: string, text = AXOLOTL, name = 'train.yml') =>
  askedAlpha({ text, reading: readConfig(text, name) }, 0, input);

const PEFT = `from peft import LoraConfig, get_peft_model
import torch
model = get_peft_model(base, LoraConfig(r=16, lora_alpha=16))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
`;

describe('the box that asks for an alpha', () => {
  it.each([
    ['64', 'learning_rate 0.0002 → 0.0001 · 4 other changes · exact · k = 4'],
    [' 8 ', 'learning_rate 0.0002 → 0.000282843 · 4 other changes · exact · k = 0.5'],
    ['16', 'Alpha is 16 already: nothing changes.'],
  ])('says what %j changes', (input, changes) => {
    expect(asked(input)).toEqual({ alpha: Number(input), changes });
  });

  it('takes the fraction that the trainer takes', () => {
    expect(asked('2.5', PEFT, 'train.py')).toMatchObject({ alpha: 2.5 });
  });

  it.each(['', '3,5', '-4'])('refuses %j in the words of the panel', (input) => {
    expect(asked(input)).toEqual(parsePositive(input, 64));
  });

  it.each(['2000000', '48.5'])('refuses %j by the bounds of the panel', (input) => {
    expect(asked(input)).toEqual({ error: alphaError(Number(input), 'Axolotl') });
  });
});
