import { describe, expect, it } from 'vitest';
import { codeOf } from '../../../../src/export/export-check';

const plan = (by: string, eps: string): string => `ends = ("lora_A.0",)\np.data.div_(${by})\ngroup["eps"] *= ${eps}\n`;

describe('the code of the runs', () => {
  it('is empty for a plan without code', () => {
    expect(codeOf([])).toBe('CODE = {}');
  });

  it('keeps the numbers of one run', () => {
    expect(codeOf([{ name: 'rescaled', code: plan('2.0', '2.0') }])).toBe(`CODE = {"rescaled": []}


def rescale(model, optimizer, by):
    """What the plan does when the optimizer is made."""
    ends = ("lora_A.0",)
    p.data.div_(2.0)
    group["eps"] *= 2.0`);
  });

  it('takes the numbers in which runs differ from a list', () => {
    const runs = [
      { name: 'rescaled', code: plan('1.7', '3e-5') },
      { name: 'proof', code: plan('2.0', '4.0') },
    ];
    const text = codeOf(runs);
    expect(text).toContain('CODE = {"rescaled": [1.7, 3e-5], "proof": [2.0, 4.0]}');
    expect(text).toContain('p.data.div_(by[0])\n    group["eps"] *= by[1]');
    expect(text).toContain('"lora_A.0"');
  });
});
