import { fixesOf } from '../../../../src/config/write/fixes';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import type { Finding, Fix } from '../../../../src/config/reading';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2.0e-4\n';
const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 16\nunet_lr = 1e-4\n';

function found(text: string, path: string, code: string): Finding {
  const finding = readConfig(text, path).findings.find((one) => one.code === code);
  if (!finding) throw new Error(`no ${code}`);
  return finding;
}
const fixes = (text: string, path: string, code: string): readonly Fix[] =>
  fixesOf(readConfig(text, path), found(text, path, code));
const fixed = (text: string, path: string, code: string): string[] =>
  fixes(text, path, code).map(({ edits }) => applyEdits(text, edits));

describe('fixes', () => {
  it('write an alpha down that makes an unusual scaling, and only that', () => {
    const finding = found(KOHYA, 'a.toml', 'alpha-implied');
    expect(finding).toMatchObject({ severity: 'warning', line: 2 });
    expect(finding.message).toMatch(/network_alpha is not set.*s = α\/r = 1\/16 = 0.0625/);
    expect(fixes(KOHYA, 'a.toml', 'alpha-implied')).toMatchObject([
      { title: 'Set network_alpha = 1', preferred: true },
    ]);
    const [text = ''] = fixed(KOHYA, 'a.toml', 'alpha-implied');
    expect(text).toBe(KOHYA.replace('network_dim = 16\n', 'network_dim = 16\nnetwork_alpha = 1\n'));
    expect(readConfig(text, 'a.toml').findings).not.toContainEqual(expect.objectContaining({ code: 'alpha-implied' }));
  });

  it('do not speak of an alpha that makes a usual scaling', () => {
    const peft = readConfig('{"peft_type": "LORA", "r": 8}', 'a.json');
    expect(peft.recipes[0]?.assumed.alpha).toBeDefined();
    expect(peft.findings).toEqual([]);
    expect(readConfig('{"peft_type": "LORA", "r": 64}', 'a.json').findings).toMatchObject([{ code: 'alpha-implied' }]);
  });

  it('take the quotes from a number that reaches its trainer as text', () => {
    const text = KOHYA.replace('1e-4', '"1e-4"');
    expect(fixed(text, 'a.toml', 'number-as-text')).toEqual([KOHYA]);
  });

  it('take a key out that has no effect, or stands twice', () => {
    const text = `${AXOLOTL}weight_decay: 0.1 # none\nloraplus_lr_ratio: 4\n`;
    expect(fixed(text, 'a.yml', 'loraplus-drops-decay')).toEqual([text.replace('weight_decay: 0.1 # none\n', '')]);
    expect(fixed(`${AXOLOTL}lora_r: 8\n`, 'a.yml', 'key-twice')).toEqual([
      `${AXOLOTL}lora_r: 8\n`.replace('lora_r: 16\n', ''),
    ]);
  });

  it('are not offered where nothing may be written', () => {
    const text = '{"peft_type": "LORA", "r": 64}';
    expect(fixed(text, 'a.json', 'alpha-implied')).toEqual(['{"peft_type": "LORA", "r": 64, "lora_alpha": 8}']);
    const away = 'model:\n  _component_: torchtune.models.llama3.lora_llama3_8b\n  lora_rank: ${rank}\n';
    expect(readConfig(away, 'a.yaml').findings).toMatchObject([{ code: 'value-elsewhere', severity: 'info' }]);
  });
});
