import { fixesOf } from '../../../../src/extension/actions/fixes';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import type { Finding, Fix } from '../../../../src/config/reading';

const RATIO = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2.0e-4\n';
const NO_ALPHA = 'network_module = "networks.lora"\nnetwork_dim = 16\nunet_lr = 1e-4\n';

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
    const finding = found(NO_ALPHA, 'a.toml', 'alpha-implied');
    expect(finding).toMatchObject({ severity: 'warning', line: 2 });
    expect(finding.message).toMatch(/network_alpha is not set.*s = α\/r = 1\/16 = 0.0625/);
    expect(fixes(NO_ALPHA, 'a.toml', 'alpha-implied')).toMatchObject([
      { title: 'Set network_alpha = 1', preferred: true },
    ]);
    const [text = ''] = fixed(NO_ALPHA, 'a.toml', 'alpha-implied');
    expect(text).toBe(NO_ALPHA.replace('network_dim = 16\n', 'network_dim = 16\nnetwork_alpha = 1\n'));
    expect(readConfig(text, 'a.toml').findings).not.toContainEqual(expect.objectContaining({ code: 'alpha-implied' }));
  });

  it('do not speak of an alpha that makes a usual scaling', () => {
    const peft = readConfig('{"peft_type": "LORA", "r": 8}', 'a.json');
    expect(peft.recipes[0]?.assumed.alpha).toBeDefined();
    expect(peft.findings).toEqual([]);
    expect(readConfig('{"peft_type": "LORA", "r": 64}', 'a.json').findings).toMatchObject([{ code: 'alpha-implied' }]);
  });

  it('take the quotes from a number that reaches its trainer as text', () => {
    const text = NO_ALPHA.replace('1e-4', '"1e-4"');
    expect(fixed(text, 'a.toml', 'number-as-text')).toEqual([NO_ALPHA]);
  });

  it('take a key out that has no effect', () => {
    const network = '    - network:\n        type: lora\n        linear: 16\n        linear_alpha: 8 # none\n';
    const text = `config:\n  process:\n${network}      train: { lr: 1.0e-4 }\n      model: { is_flux: true }\n`;
    expect(fixed(text, 'a.yml', 'alpha-ignored')).toEqual([text.replace('        linear_alpha: 8 # none\n', '')]);
    expect(fixes(`${RATIO}lora_r: 8\n`, 'a.yml', 'key-twice')).toEqual([]);
  });

  it('are not offered where nothing may be written', () => {
    const text = '{"peft_type": "LORA", "r": 64}';
    expect(fixed(text, 'a.json', 'alpha-implied')).toEqual(['{"peft_type": "LORA", "r": 64, "lora_alpha": 8}']);
    const away = 'model:\n  _component_: torchtune.models.llama3.lora_llama3_8b\n  lora_rank: ${rank}\n';
    expect(readConfig(away, 'a.yaml').findings).toMatchObject([{ code: 'value-elsewhere', severity: 'info' }]);
  });
});
