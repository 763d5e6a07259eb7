import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { under } from '../../../../src/config/syntax/table';
import { syntaxOf } from '../../../../src/config/syntax/parse';

const OF_EVERY_OBJECT = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

describe('a table of words', () => {
  it('has its own words, and none that every object has', () => {
    expect(under({ a: 1 }, 'a')).toBe(1);
    for (const word of OF_EVERY_OBJECT) expect(under({ a: 1 }, word)).toBeUndefined();
  });

  it.each(OF_EVERY_OBJECT)('takes %s in a file for what it is', (word) => {
    expect(syntaxOf(`lora.${word}`)).toBeNull();
    const gui = {
      LoRA_type: word,
      network_dim: 8,
      network_alpha: 4,
      pretrained_model_name_or_path: 'm',
      unet_lr: 1e-4,
    };
    expect(readConfig(JSON.stringify({ ...gui, train_data_dir: 'd' }), 'gui.json').recipes).toEqual([]);
    const peft = { peft_type: 'LORA', r: 8, lora_alpha: 16, init_lora_weights: word };
    expect(readConfig(JSON.stringify(peft), 'adapter_config.json').recipes[0]?.init).toBe(word.toLowerCase());
    const script = `python train.py --lora_r $(expr 2 ${word} 4) --lora_alpha 8 --learning_rate 1e-4`;
    expect(() => readConfig(script, 'run.sh')).not.toThrow();
    expect(() =>
      readConfig(`if (1 -${word} 1) { $A = $${word} }\npython t.py --lora_alpha $A`, 'run.ps1'),
    ).not.toThrow();
    expect(() =>
      readConfig(
        `lr_schedule: {name: ${word}, arguments: [1e-4, 10]}\nmodel: m\nfine_tune_type: lora\ndata: d\nlora_parameters: {rank: 8, scale: 20}\n`,
        'm.yaml',
      ),
    ).not.toThrow();
  });
});
