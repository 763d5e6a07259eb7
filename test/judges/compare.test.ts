import { describe, expect, it } from 'vitest';
import { casesOf, type Case } from './cases';
import { faultsOf, type Seen } from './compare';

const TEXT =
  'base_model: some/model\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 0.001\nmax_grad_norm: 0.5\n';
const cases = casesOf('lora.yml', TEXT);
const BEFORE = {
  rank: 8,
  alpha: 16,
  learningRate: 0.001,
  maxGradNorm: 0.5,
  eps: 1e-8,
  rest: { adapter: 'lora', seeds: [1, 2] },
};

function caseNamed(part: string): Case {
  const found = cases.find(({ label }) => label.includes(part));
  if (!found) throw new Error(`no case ${part} among ${cases.map(({ label }) => label).join('; ')}`);
  return found;
}
const asItIs = caseNamed('lora.yml');
const quadrupled = caseNamed('alpha 64, symmetric');
const AFTER = { ...BEFORE, alpha: 64, learningRate: 0.0005, maxGradNorm: 1, eps: 2e-8 };
const faults = (of: Case, seen: Seen): string => faultsOf(of, BEFORE, seen).join('; ');

describe('holding a judge against the reading', () => {
  it('is content with what was read and asked for', () => {
    expect(faults(asItIs, BEFORE)).toBe('');
    expect(faults(quadrupled, AFTER)).toBe('');
  });

  it('notices a value that is read otherwise, or named as nothing here is', () => {
    expect(faults(asItIs, { ...BEFORE, alpha: 8 })).toBe('alpha: the trainer reads 8, we 16');
    expect(faults(asItIs, { ...BEFORE, learningRate: '0.001' })).toMatch(/the trainer reads "0.001"/);
    expect(faults(asItIs, { ...BEFORE, alpha: null })).toMatch(/alpha is stated as 16/);
    expect(faults(asItIs, { ...BEFORE, lr: 1 })).toMatch(/"lr", which is not a field/);
  });

  it('notices a number that was not written, or that no judge looks at', () => {
    expect(faults(quadrupled, { ...AFTER, learningRate: 0.001 })).toMatch(/the plan asks for 0.0005/);
    const unnamed = Object.fromEntries(Object.entries(AFTER).filter(([name]) => name !== 'maxGradNorm'));
    expect(faults(quadrupled, unnamed)).toMatch(/the plan writes maxGradNorm/);
  });

  it('notices anything else that changed', () => {
    expect(faults(quadrupled, { ...AFTER, rank: 16 })).toMatch(/rank went from 8 to 16/);
    expect(faults(quadrupled, { ...AFTER, rest: { ...BEFORE.rest, seeds: [1, 3] } })).toBe('seeds.1 went from 2 to 3');
    expect(faults(quadrupled, { ...AFTER, rest: { adapter: 'lora' } })).toMatch(/seeds.0 went from 1 to undefined/);
  });

  it('wants a finding where the trainer stops, and as many networks as it sees', () => {
    expect(faults(asItIs, { refused: 'ValueError' })).toMatch(/no finding says so/);
    expect(faults(quadrupled, { refused: 'ValueError' })).toMatch(/no finding says so/);
    expect(faults(asItIs, [BEFORE, BEFORE])).toMatch(/2 networks, the reading 1/);
  });
});
