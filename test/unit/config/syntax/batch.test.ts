import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, TOO_MUCH } from '../../../support/growth';
import { parseBatch } from '../../../../src/config/syntax/batch';
import type { ScalarNode } from '../../../../src/config/syntax/tree';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from './trees';

const trees = (text: string): unknown[] => plainTrees(parseBatch(text));
const scalar = (text: string, path: string): ScalarNode => scalarIn(parseBatch(text), path);

describe('a batch file', () => {
  it.each([
    ['carets', 'python t.py ^\r\n  --a=16 ^\r\n  --b "x y"\r\n', { $command: 'python t.py', a: 16, b: 'x y' }],
    [
      'one line',
      '@echo off & accelerate launch t.py --a=16 --b 2',
      { $command: 'accelerate launch t.py', a: 16, b: 2 },
    ],
    ['paths', 'venv\\Scripts\\python.exe "C:\\my files\\t.py" --a 16', { a: 16 }],
    ['comments', 'rem x --a 1\r\n:: x --a 2\r\nx --a 3', { $command: 'x', a: 3 }],
    ['redirections', 'x --a 1 > log.txt 2>&1', { $command: 'x', a: 1 }],
    ['call', 'call venv\\activate.bat\ncall x --a 1', { a: 1 }],
    ['escapes', 'x --a ^& --b "q\\"r"', { $command: 'x', a: '&', b: 'q"r' }],
  ])('with %s', (_, text, wanted) => {
    expect(trees(text)[0]).toMatchObject(wanted);
  });

  it.each([
    ['set R=16\nx --a %R%', 16],
    ['set "R=16"\r\nx --a=%r%\r\n', 16],
    ['set R=16 \nx --a "%R%"', 16],
    ['set R=16\nx --a !R!', 16],
    ['set /a R=2*8\nx --a %R%', 16],
    ['set S=8\nset /a R=%S% * 2\nx --a %R%', 16],
  ])('follows variables: %s', (text, value) => {
    expect(scalar(text, 'a')).toMatchObject({ value, lock: { code: expect.any(String) as string } });
  });

  it.each([
    ['x --a %1', '%1', 'an argument'],
    ['x --a %R%', '%R%', 'not set'],
    ['for %%r in (16 32) do x --a %%r', '%%r', 'r = 16 and 32'],
    ['for %%r in (16 32) do (\n x --a %%r\n)', '%%r', 'r = 16 and 32'],
    ['set R=1\nif "%2"=="" set R=2\nx --a %R%', '%R%', 'lines 1, 2'],
    ['set R=1\nif exist f (\nset R=2\n) else (\nset R=3\n)\nx --a %R%', '%R%', 'several places'],
    ['set /p R=which?\nx --a %R%', '%R%', 'not set'],
    ['set R=1\nx --a %R:1=2%', '%R:1=2%', 'not set'],
  ])('does not know %s', (text, elsewhere, why) => {
    const node = scalar(text, 'a');
    expect(node).toMatchObject({ value: null, elsewhere });
    expect(node.lock?.message).toContain(why);
  });

  it('takes the words of a variable for its own', () => {
    const text = 'set ARGS=--lora_rank 8 ^\r\n --a 16\r\npython t.py %ARGS% --z 1\r\n';
    expect(trees(text)[0]).toMatchObject({ lora_rank: 8, a: 16, z: 1 });
    const { inner, lock } = scalar(text, 'a');
    expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
  });

  it('has the exact place of every value', () => {
    for (const text of [
      'x --a=16',
      'x --a 16',
      'x --a "16"',
      'x "--a=16"',
      'x ^\r\n--a ^\r\n16\r\n',
      '\uFEFFx --a=16',
    ]) {
      const { inner, lock } = scalar(text, 'a');
      expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
    }
  });

  it('holds its assignments', () => {
    expect(trees('set A=1\r\nset "B=two"\r\nset C=')).toEqual([{ A: 1, B: 'two', C: null }]);
  });

  it.each(['set A=%A% %A%\n', 'if a==b (', 'for %%a in (1) do ', '^'])('is read in no time: %j', (line) => {
    const parse = (letters: number): unknown =>
      parseBatch(`set A=1\n${line.repeat(letters / line.length)}\nx --a %A%\n`);
    expect(growthOf(parse, 25_000)).toBeLessThan(TOO_MUCH);
  });

  it('takes any text', () => {
    const piece = fc.constantFrom(
      '--a',
      '=',
      '%A%',
      '%',
      '!',
      '"',
      '^',
      '\r\n',
      '\n',
      ' ',
      '16',
      '(',
      ')',
      '&',
      '|',
      '>',
      'set A=1',
      'if',
      'for %%a in (',
      'do',
      'x',
      'rem',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        valuesStandWhereTheySay(text, parseBatch(text));
      }),
      { numRuns: 2000 },
    );
  });
});
