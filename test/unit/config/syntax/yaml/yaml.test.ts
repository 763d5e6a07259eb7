import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../../../../support/growth';
import { LOADERS } from '../../../../../src/config/syntax/loaders';
import { nodeAt, scalarAt } from '../../../../../src/config/syntax/tree';
import { parseYaml } from '../../../../../src/config/syntax/yaml/yaml';

// What other texts give is in cases/yaml*.txt.
describe('parseYaml', () => {
  it('lets the last of two equal keys count', () => {
    const parsed = parseYaml('a: 1\na: 2\n');
    expect(parsed.ok && scalarAt(parsed.roots[0]?.node ?? null, ['a'])).toBe(2);
  });

  it.each([
    ["''''", "''"],
    ["'''b'''", "''b''"],
    ["''", ''],
    ['"b"', 'b'],
  ])('knows where the text in the quotes of %s is', (written, inner) => {
    const text = `a: ${written}\n`;
    const parsed = parseYaml(text);
    const node = parsed.ok ? nodeAt(parsed.roots[0]?.node ?? null, ['a']) : null;
    const range = node?.kind === 'scalar' ? node.inner : { start: 0, end: -1 };
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(text.slice(range.start, range.end)).toBe(inner);
  });

  it('ends with aliases of aliases', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const text = `l0: &l0 x\n${levels.join('\n')}\n`;
    expect(processorTimeOf(() => parseYaml(text))).toBeLessThan(1000);
  });

  it('stops at a key of more than 1024 letters', () => {
    const key = 'a'.repeat(1025);
    expect(parseYaml(`{${key}: 1}\n`)).toMatchObject({
      message: `LoRA Alpha does not read this YAML: ${key.slice(0, 40)}. Write it in a plainer way.`,
    });
    expect(parseYaml(`${key}: 1\n`, LOADERS['yaml.safe_load'])).toMatchObject({
      offset: 0,
      message: expect.stringMatching(/^PyYAML stops here: The : indicator must be at most 1024 chars/) as string,
    });
  });
});
