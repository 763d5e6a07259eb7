import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { applyEdits } from '../../../../src/config/write/edits';
import type { ImpliedField } from '../../../../src/extension/actions/fixes';
import { impliedNumbers, writeDown } from '../../../../src/extension/actions/implied-numbers';
import { AXOLOTL, KOHYA, LLAMAFACTORY, PEFT, type Sample, TORCHTUNE } from '../../config/samples';

function written({ text, path }: Sample, field: ImpliedField): string {
  const result = writeDown(text, readConfig(text, path), 0, field);
  return 'refusal' in result ? result.refusal.code : applyEdits(text, result.edits);
}

describe('writeDown', () => {
  it.each([
    [LLAMAFACTORY, 'alpha', /^lora_rank: 8\nlora_alpha: 16$/m],
    [AXOLOTL, 'maxGradNorm', /^max_grad_norm: 1.0$/m],
    [AXOLOTL, 'eps', /^adam_epsilon: 1.0e-8$/m],
    [TORCHTUNE, 'weightDecay', /^ {2}weight_decay: 0.01$/m],
  ] as const)('writes what the trainer takes by itself, where a person would put it (%#)', (sample, field, line) => {
    const text = written(sample, field);
    expect(text).toMatch(line);
    const [was, is] = [sample.text, text].map((one) => readConfig(one, sample.path).recipes[0]);
    expect(is).toEqual({ ...was, stated: is?.stated, assumed: is?.assumed });
    expect(is?.stated[field]).toBeDefined();
    expect(written({ ...sample, text }, field)).toBe('not-implied');
  });

  it('refuses what stands there already, and what is no key of the trainer', () => {
    expect(written(AXOLOTL, 'alpha')).toBe('not-implied');
    expect(written(PEFT, 'weightDecay')).toBe('not-implied');
    expect(written({ text: 'a: 1\n', path: 'a.yml' }, 'alpha')).toBe('nothing-to-write');
    expect(written(KOHYA, 'rank')).toBe('not-implied');
  });

  it('writes several at once, each in its place', () => {
    const { text, path } = LLAMAFACTORY;
    const implied = impliedNumbers(text, readConfig(text, path), 0);
    expect(implied.find(({ field }) => field === 'alpha')).toEqual({
      field: 'alpha',
      key: 'lora_alpha',
      literal: '16',
    });
    const result = writeDown(text, readConfig(text, path), 0, ...implied.map(({ field }) => field));
    const after = 'edits' in result ? applyEdits(text, result.edits) : result.refusal.message;
    for (const { key, literal } of implied) expect(after.split('\n')).toContain(`${key}: ${literal}`);
    expect(after.split('\n').filter((line) => !text.split('\n').includes(line))).toHaveLength(implied.length);
    expect(impliedNumbers(after, readConfig(after, path), 0)).toEqual([]);
  });
});
