import { stripVTControlCharacters } from 'node:util';
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { paintDiff, unifiedDiff } from '../../../../src/cli/output/diff';
import { json } from '../../../../src/messages/answers';
import { shown } from '../../../../src/cli/output/text';

const before = 'rank: 16\nalpha: 16\n# end';
const after = 'rank: 16\nalpha: 64\n# end';

describe('unifiedDiff', () => {
  it('is a patch with the names git uses', () => {
    const diff = unifiedDiff('./examples/x.yml', before, after);
    expect(diff).toBe(
      '--- a/examples/x.yml\n+++ b/examples/x.yml\n@@ -1,3 +1,3 @@\n rank: 16\n-alpha: 16\n+alpha: 64\n # end\n\\ No newline at end of file\n',
    );
    expect(applyPatch(before, diff)).toBe(after);
  });

  it('names a file below the current folder from there, another one without its leading slash', () => {
    expect(unifiedDiff(`${process.cwd()}/x.yml`, 'a', 'b')).toContain('--- a/x.yml\n');
    expect(unifiedDiff('/elsewhere/x.yml', 'a', 'b')).toContain('--- a/elsewhere/x.yml\n');
    expect(unifiedDiff('-', 'a', 'b')).toContain('--- a/stdin\n');
  });

  it('keeps its text under its colours', () => {
    const diff = unifiedDiff('x.yml', before, after);
    const painted = paintDiff(diff);
    expect(painted).not.toBe(diff);
    expect(stripVTControlCharacters(shown(painted, true))).toBe(diff);
  });
});

describe('json', () => {
  it('puts a list of numbers on one line and keeps every value', () => {
    const value = { a: [1, null, -2.5e-8], text: '[\n  1,\n  2\n]', nested: [[1], [2]], empty: [], words: ['a', 'b'] };
    const text = json(value);
    expect(text).toContain('"a": [1, null, -2.5e-8]');
    expect(JSON.parse(text)).toEqual(value);
    expect(JSON.parse(json({ loss: [NaN, Infinity, 1] }))).toEqual({ loss: [null, null, 1] });
  });
});
