import { describe, expect, it } from 'vitest';
import { trainerSupport } from '../../../../src/config/plan/as-trained';
import { interpretText } from '../../../../src/config/read';
import { fixedAt } from '../../../../src/config/trainers/shared/fields';

describe('the fields that a plan may change', () => {
  it('have a key', () => {
    const [file] = interpretText('use_peft: true\nlora_r: 8\nlora_alpha: 16\n', 'yaml');
    const network = file?.networks[0];
    if (!file || !network) throw new Error('this is a config of TRL');
    expect([...trainerSupport(file, network).settable]).toEqual(
      expect.arrayContaining(['alpha', 'learningRate', 'weightDecay', 'maxGradNorm', 'eps']),
    );
    const without = { ...network, fields: { ...network.fields, eps: fixedAt({ value: 1e-8 }) } };
    expect([...trainerSupport(file, without).settable]).not.toContain('eps');
  });
});
