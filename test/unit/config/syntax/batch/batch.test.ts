import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../../../src/config/syntax/batch/batch';
import type { ScalarNode } from '../../../../../src/config/syntax/tree';
import { plainTrees, scalarIn } from '../trees';

const trees = (text: string): unknown[] => plainTrees(parseBatch(text));
const scalar = (text: string, path: string): ScalarNode => scalarIn(parseBatch(text), path);

describe('a batch file', () => {
  it.each([
    ['paths', 'venv\\Scripts\\python.exe "C:\\my files\\t.py" --a 16', { a: 16 }],
    ['call', 'call venv\\activate.bat\ncall x --a 1', { a: 1 }],
    ['escapes', 'x --a ^& --b "q\\"r"', { $command: 'x', a: '&', b: 'q"r' }],
  ])('with %s', (_, text, wanted) => {
    expect(trees(text)[0]).toMatchObject(wanted);
  });

  it.each([
    ['set R="16"\nx --a %R%', 16],
    ['set R=16\nset R =4\nx --a %R%', 16],
  ])('follows variables: %s', (text, value) => {
    expect(scalar(text, 'a').value).toBe(value);
  });

  it('says that a blank before the sign belongs to the name', () => {
    expect(scalar('set R =1\nx --a %R%', 'a').lock?.message).toContain('a blank before the =');
  });

  it.each([
    'if "%K%"=="a" set R=8',
    'if "%K%" == "a b" (set R=8) else (set R=4)',
    'if %K%==a (set R=8) else if %K%==b (set R=4) else (set R=2)',
    'if /i not "%K%"=="FLUX" set R=8',
    'if %K%== a set R=8',
    'if %K% ==b set R=8',
    'if %K% geq 9 set R=8',
    'if not defined R set R=8',
    'if not exist f set R=8',
    'if errorlevel 1 set R=8',
    'if %K%==b set N=1 & set R=8',
  ])('does not decide %s', (line) => {
    const node = scalar(`set K=a\nset R=16\n${line}\nx --a %R%`, 'a');
    expect(node).toMatchObject({
      value: null,
      lock: { message: expect.stringContaining('may set the variable R') as string },
    });
  });

  it.each([
    ['a variable set before all jumps', 'set R=16\nif exist f goto train\nset S=8\n:train\nx --a %R%', 16],
    ['a variable set behind the last label', 'if exist f goto train\n:train\nset R=16\nx --a %R%', 16],
    ['a variable set between jumps', 'if exist f goto end\nset R=16\nx --a %R%\n:end', 16],
    ['a loop of its own', 'set R=16\n:again\nset N=1\nx --a %R%\ngoto again', 16],
    ['a subroutine', 'set R=16\ncall :say\nx --a %R%\nexit /b\n:say\nset N=1\ngoto :eof', 16],
    ['what runs if something fails', 'set R=16\ndir f || set N=8\nx --a %R%', 16],
  ])('follows %s', (_, text, value) => {
    expect(scalar(text, 'a').value).toBe(value);
  });

  it.each([
    ['a way around', 'set R=16\ngoto train\nset R=8\n:train\nx --a %R%', 'Lines 1 and 3 may set'],
    [
      'a way that does not come back',
      'set R=16\nif exist f (\n set R=8\n exit /b 1\n)\nx --a %R%',
      'Lines 1 and 3 may set',
    ],
    ['one jump', 'if exist f goto b\nset R=2\n:b\nx --a %R%', 'Line 2 may set'],
    ['a choice', 'set R=1\nif "%1"=="b" goto b\nset R=2\n:b\nx --a %R%', 'Lines 1 and 3 may set'],
    ['a menu', 'set R=1\ngoto %1\n:a\nset R=2\n:b\nx --a %R%', 'Lines 1 and 4 may set'],
    ['a way back', 'set R=1\n:again\nx --a %R%\nset /a R=R*2\ngoto again', 'Lines 1 and 4 may set'],
    [
      'a subroutine that sets it',
      'set R=1\ncall :own\nx --a %R%\nexit /b\n:own\nif exist f exit /b\nset R=2\ngoto :eof',
      'Lines 1 and 7 may set',
    ],
    [
      'what a subroutine sees',
      'set R=1\ncall :own\nset R=2\ncall :own\nexit /b\n:own\nx --a %R%\ngoto :eof',
      'Lines 1 and 3 may set',
    ],
    ['what its block sets', 'if exist f (\n set R=16\n x --a %R%\n)', 'Line 2 may set'],
    ['what its line sets', 'set R=16& x --a %R%', 'before it runs this line or block'],
  ])('does not guess what depends on %s', (_, text, why) => {
    expect(scalar(text, 'a')).toMatchObject({ value: null, lock: { message: expect.stringContaining(why) as string } });
  });

  it('leaves exclamation marks as they stand where nobody asks for them', () => {
    expect(trees('set R=16\nx --a !R!')[0]).toMatchObject({ a: '!R!' });
  });

  it('has the exact place of every value', () => {
    for (const text of ['set "F=--a "16""\nx %F%', 'x --b "C:\\\\" --a 16']) {
      const { inner, lock } = scalar(text, 'a');
      expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
    }
  });

  it('holds its assignments', () => {
    expect(trees('set A=1\r\nset "B=two"\r\nset C=')).toEqual([{ A: 1, B: 'two', C: null }]);
  });
});

describe('what may set a batch variable', () => {
  it.each([
    ['an answer', 'set /p A=alpha?'],
    ['an answer in quotes', 'set /p "A=alpha?"'],
    ['several sums', 'set /a B=3, A=32'],
    ['sums of sums', 'set /a B=A=32'],
    ['a script', 'call settings.bat'],
    ['a subroutine', 'call :s\ntrain --a %A%\nexit /b\n:s\nset A=32\nexit /b'],
    ['a subroutine of one', 'call :s\ntrain --a %A%\nexit /b\n:s\ncall :t\nexit /b\n:t\nset A=32\nexit /b'],
    ['a loop', 'for %%i in (1 2) do set A=%%i'],
    ['what comes around again', 'for %%i in (1 2) do (\ntrain --a !A!\nset A=32\n)'],
    ['the end of its place', 'setlocal\nset A=32\nendlocal'],
    ['an octal number', 'set A=016\nset /a A=%A%*2'],
  ])('makes it unknown: %s', (_, lines) => {
    const text = `setlocal enabledelayedexpansion\nset A=2\n${lines}\ntrain --a %A%`;
    expect(scalar(text, 'a').value).toBeNull();
  });
});
