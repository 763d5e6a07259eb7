import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { invertedEdits } from '../../../../src/extension/apply/inverted-edits';

describe('invertedEdits', () => {
  it('takes back whatever was written', () => {
    const pieces = fc.array(fc.record({ gap: fc.nat(5), length: fc.nat(5), text: fc.string() }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ minLength: 60, maxLength: 80 }), pieces, (text, of) => {
        let at = 0;
        const edits = of.map(({ gap, length, text: replacement }) => {
          const start = at + gap;
          at = start + length;
          return { range: { start, end: at }, text: replacement };
        });
        const after = applyEdits(text, edits);
        expect(applyEdits(after, invertedEdits(text, edits))).toBe(text);
      }),
    );
  });
});
