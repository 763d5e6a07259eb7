import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fieldAt } from '../../../../src/extension/documents/places';
import { AXOLOTL } from '../../../support/axolotl';

const READING = readConfig(AXOLOTL, 'train.yml');
const at = (words: string, more: number): string | undefined => fieldAt(READING, AXOLOTL.indexOf(words) + more)?.field;

describe('the field at an offset', () => {
  it.each([
    ['lora_alpha', 0, 'alpha'],
    ['lora_alpha', 4, 'alpha'],
    ['16  # as', 0, 'alpha'],
    ['16  # as', 2, 'alpha'],
    ['learning_rate', 0, 'learningRate'],
    ['adamw_torch', 3, 'optimizer'],
    ['# as in', 0, undefined],
    ['base_model', 0, undefined],
    ['one GPU', 0, undefined],
  ])('at %s + %i is %s', (words, more, field) => expect(at(words, more)).toBe(field));

  it('tells values on one line apart', () => {
    const text = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}';
    const reading = readConfig(text, 'adapter_config.json');
    expect(fieldAt(reading, text.indexOf('"r"') + 1)?.field).toBe('rank');
    expect(fieldAt(reading, text.indexOf('16'))?.field).toBe('alpha');
    expect(fieldAt(reading, text.indexOf('LORA'))).toBeNull();
  });
});
