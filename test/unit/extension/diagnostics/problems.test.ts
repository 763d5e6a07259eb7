import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { problemsOf } from '../../../../src/extension/diagnostics/problems';
import { AXOLOTL } from '../../../support/axolotl';

function problems(text: string, name: string): string[] {
  return problemsOf(text, readConfig(text, name)).map(
    ({ finding: { severity, code }, range }) => `${severity} ${code}: ${text.slice(range.start, range.end)}`,
  );
}

describe('the problems of a config', () => {
  it('are its findings, each on its value', () => {
    const text = AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
    expect(problems(text, 'train.yml')).toEqual(['warning key-ignored: 0.01']);
  });

  it('stand on alpha where they are about the whole file', () => {
    const text = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "modules_to_save": ["lm_head"]}';
    const reading = readConfig(text, 'adapter_config.json');
    const whole = reading.findings.map((finding) => ({ ...finding, range: null }));
    const [problem] = problemsOf(text, { ...reading, findings: whole });
    expect(text.slice(problem?.range.start, problem?.range.end)).toBe('16');
  });

  const LORA = 'adapter: lora\nlora_r: 8\nlora_alpha: 16\n';
  it.each([
    ['other-adapter', '{"peft_type": "LOHA", "r": 8}', 'adapter_config.json'],
    ['format-not-read', 'python t.py --lora_r 8 --lora_alpha 16', 'train.bat'],
    ['too-large', `${LORA}${'# x\n'.repeat(3_000_000)}`, 'train.yml'],
    ['too-large', `${LORA}a: ${'['.repeat(2000)}${']'.repeat(2000)}\n`, 'train.yml'],
  ])('say why a file is not read, on its first line: %s', (code, text, name) => {
    const [problem, ...others] = problems(text, name);
    expect(problem).toBe(`info ${code}: ${text.split('\n', 1).join('')}`);
    expect(others).toEqual([]);
  });

  it('stand on the alpha of an unknown trainer', () => {
    const text = 'model: m\nlora_rank: 8\nlora_alpha: 16\n';
    expect(problems(text, 'mine.yaml')).toEqual(['info trainer-unknown: lora_alpha: 16']);
  });

  it('are none where the file is no LoRA config', () => {
    expect(problems('services:\n  lora: {image: nginx}\n', 'compose.yml')).toEqual([]);
    expect(problems('name: [unclosed # lora\n', 'ci.yml')).toEqual([]);
  });

  it('name a syntax error in YAML, and leave one in JSON to the editor', () => {
    expect(problems(AXOLOTL.replace('16  #', '[16  #'), 'train.yml')).toEqual([
      expect.stringMatching(/^error syntax: /),
    ]);
    expect(problems('{"peft_type": "LORA", "r": }', 'adapter_config.json')).toEqual([]);
  });
});
