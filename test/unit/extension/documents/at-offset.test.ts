import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fieldAt } from '../../../../src/extension/documents/places';
import { AXOLOTL } from '../../../support/axolotl';

const READING = readConfig(AXOLOTL, 'train.yml');
const at = (words: string, more = 0): string | undefined => fieldAt(READING, AXOLOTL.indexOf(words) + more)?.field;

describe('the field at an offset', () => {
  it('is found on its key and on its value', () => {
    expect(at('lora_alpha')).toBe('alpha');
    expect(at('lora_alpha', 4)).toBe('alpha');
    expect(at('16  # as')).toBe('alpha');
    expect(at('16  # as', 2)).toBe('alpha');
    expect(at('learning_rate')).toBe('learningRate');
    expect(at('adamw_torch', 3)).toBe('optimizer');
  });

  it('is none in comments, between key and value, and on other keys', () => {
    expect(at('# as in')).toBeUndefined();
    expect(at('base_model')).toBeUndefined();
    expect(at('one GPU')).toBeUndefined();
  });

  it('tells values on one line apart', () => {
    const text = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}';
    const reading = readConfig(text, 'adapter_config.json');
    expect(fieldAt(reading, text.indexOf('"r"') + 1)?.field).toBe('rank');
    expect(fieldAt(reading, text.indexOf('16'))?.field).toBe('alpha');
    expect(fieldAt(reading, text.indexOf('LORA'))).toBeNull();
  });
});
