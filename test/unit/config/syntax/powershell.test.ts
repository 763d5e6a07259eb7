import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, TOO_MUCH } from '../../../support/growth';
import { parsePowershell } from '../../../../src/config/syntax/powershell';
import type { ScalarNode } from '../../../../src/config/syntax/tree';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from './trees';

const trees = (text: string): unknown[] => plainTrees(parsePowershell(text));
const scalar = (text: string, path: string): ScalarNode => scalarIn(parsePowershell(text), path);

describe('a PowerShell script', () => {
  it.each([
    ['backticks', 'python t.py `\r\n  --a=16 `\r\n  --b "x y"\r\n', { $command: 'python t.py', a: 16, b: 'x y' }],
    ['the call operator', '& .\\venv\\python.exe "t.py" --a 16 --c', { a: 16, c: true }],
    ['comments', '# x --a 1\n<# x --a 2 #>\nx --a 3 # --a 4', { $command: 'x', a: 3 }],
    ['redirections', 'x --a 1 2>&1 > log.txt', { $command: 'x', a: 1 }],
    ['pipes', 'x --a 1 | Tee-Object log', { $command: 'x', a: 1 }],
    ['arrays', '$list = @("--a", "16",\n "--b=2")\npython t.py @list --c 3', { a: 16, b: 2, c: 3 }],
    ['arrays that grow', '$l = @()\n$l += "--a=16"\n$l += @("--b", 2)\npython t.py $l', { a: 16, b: 2 }],
    ['hashtables', '$h = @{ a = 16\n b = "x" }\nTrain @h', { $command: 'Train', a: 16, b: 'x' }],
    [
      'array lists',
      '$a = [System.Collections.ArrayList]::new()\n[void]$a.Add("--a=16")\n$a.Add("--b=2") | Out-Null\npython t.py $a --c 3',
      { a: 16, b: 2, c: 3 },
    ],
    [
      'texts that are put together',
      '$r = 16\n$o = "Lion"\n$l = [System.Collections.ArrayList]::new()\n[void]$l.Add("--a=" + $r)\n[void]$l.Add("--b=" + $o + "8bit")\n$l += "--c=" +\n "3"\npython t.py $l',
      { a: 16, b: 'Lion8bit', c: 3 },
    ],
    ['arrays that are put together', '$l = @("--a", 16) + @("--b", 2)\npython t.py $l', { a: 16, b: 2 }],
    ['texts put together in an array', '$r = 16\n$l = @(\n "--a=" + $r\n "--b=2"\n)\npython t.py $l', { a: 16, b: 2 }],
    ['arrays in arrays', '$l = @(@("--a", 16), @("--b=2"))\nx $l', { a: 16, b: 2 }],
    ['an array of one', '$l = @("--a=16")\n$l += "--b=2"\nx $l', { a: 16, b: 2 }],
    ['a text in brackets', '$t = ("--a=" + "16")\nx $t', { a: 16 }],
    ['lines of an array', '$l = @(\n\n "--a"\n 16\n)\nx $l', { a: 16 }],
    ['what ends a value', '$r = 16; $s = 2\nx --a $r --b $s', { a: 16, b: 2 }],
    ['an array and a comma behind a text', '$r = 16\n$l = "--a=$r", "--b=2"\nx $l', { a: 16, b: 2 }],
    ['lists in tables', '$h = @{ a = @(1, 2)\n b = "x" }\nx @h', { a: [1, 2], b: 'x' }],
    ['commas within a plain word', 'x --a b=0.9,0.99 --c=q,v 16', { a: 'b=0.9,0.99', c: 'q,v' }],
    ['a comma and a space', 'x --a 0.9, 0.99', { a: [0.9, 0.99] }],
    ['commas between texts', 'x --a "q","v"', { a: ['q', 'v'] }],
  ])('with %s', (_, text, wanted) => {
    expect(trees(text)[0]).toMatchObject(wanted);
  });

  it.each([
    ['$r = 16\nx --a $r', 16],
    ['$R=16\r\nx --a=$r\r\n', 16],
    ['[int]$r = 16\nx "--a=$r"', 16],
    ['$r = "16"\nx --a ${r}', 16],
    ['$r = 8\n$r = 16\nx --a $r', 16],
    ['$env:R = 16\nx --a $env:R', 16],
    ['$r = 16\nif ($true) { x --a $r }', 16],
  ])('follows variables: %s', (text, value) => {
    const node = scalar(text, 'a');
    expect(node.value).toBe(value);
    expect(node.lock?.code ?? node.origin?.node?.raw).toEqual(expect.any(String));
  });

  it.each([
    ['x --a $r', '$r', 'not set'],
    ['x --a $args[0]', '$args[0]', 'computed'],
    ['x --a $(Get-Rank)', '$(Get-Rank)', 'computed'],
    ['$r = 2 * 8\nx --a $r', '$r', 'computed'],
    ['$r = 8 + 8\nx --a $r', '$r', 'computed'],
    ['$s = 8\n$r = $s + 8\nx --a $r', '$r', 'computed'],
    ['$r = -not $s\nx --a $r', '$r', 'computed'],
    ['$r = & { 16 }\nx --a $r', '$r', 'computed'],
    ['param([int]$r = 16)\nx --a $r', '$r', 'parameter'],
    ['foreach ($r in 16, 32) { x --a $r }', '$r', '$r = 16 and 32'],
    ['$l = 16, 32\nforeach ($r in $l) {\n x --a $r\n}', '$r', '$r = 16 and 32'],
    ['$r = 1\nif (Test-Path f) { $r = 2 }\nx --a $r', '$r', 'lines 1, 2'],
    ['$r = 1\nif ($r -eq 1) { $r = 2 } else { $r = 3 }\nx --a $r', '$r', 'lines 1, 2'],
  ])('does not know %s', (text, elsewhere, why) => {
    const node = scalar(text, 'a');
    expect(node).toMatchObject({ value: null, elsewhere });
    expect(node.lock?.message).toContain(why);
  });

  it('has the exact place of every value', () => {
    const texts = ['x --a=16', 'x --a 16', 'x --a "16"', "x '--a=16'", 'x `\r\n--a `\r\n16\r\n', '\uFEFFx --a=16'];
    for (const text of [
      ...texts,
      '$l = @("--a", "16")\nx $l',
      '$l = @()\n[void]$l.Add("--a=16")\nx $l',
      '$h = @{a = 16}\nx @h',
    ]) {
      const { inner, lock } = scalar(text, 'a');
      expect([text, text.slice(inner.start, inner.end), lock]).toEqual([text, '16', null]);
    }
  });

  it('reads here-strings', () => {
    expect(trees('$t = @"\r\none\r\ntwo\r\n"@\n$u = @\'\n--a 1\n\'@')).toEqual([{ t: 'one\r\ntwo', u: '--a 1' }]);
  });

  it('holds its assignments', () => {
    expect(trees('$a = 1\r\n$b = "two"\r\n$c=3')).toEqual([{ a: 1, b: 'two', c: 3 }]);
  });

  it.each(['$a = "$a $a"\n', '$a += $a\n', '@(', '{', '$(', '"$(', '$a = @{ a = '])(
    'is read in no time: %j',
    (line) => {
      const parse = (letters: number): unknown =>
        parsePowershell(`$a = @(1)\n${line.repeat(letters / line.length)}\nx --a $a\n`);
      expect(growthOf(parse, 25_000)).toBeLessThan(TOO_MUCH);
    },
  );

  it.each(['x --a 1\n-b"', "x --a 1\n-b'", 'x --a 1\n-b"`', 'x --a "1`', 'x --a @"\n`'])(
    'that ends within a text has no place behind its end: %j',
    (text) => {
      valuesStandWhereTheySay(text, parsePowershell(text));
    },
  );

  it('takes any text', () => {
    const piece = fc.constantFrom(
      '--a',
      '=',
      '$a',
      '$',
      '"',
      "'",
      '`',
      '\r\n',
      '\n',
      ' ',
      '16',
      '(',
      ')',
      '{',
      '}',
      '@(',
      '@{',
      '@"',
      '"@',
      ',',
      ';',
      '|',
      '$a = ',
      'if',
      'else',
      'foreach',
      'function',
      'x',
      '#',
      '<#',
      '[int]',
      '.Add',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        valuesStandWhereTheySay(text, parsePowershell(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what may set a PowerShell variable', () => {
  it.each([
    ['a part of it', '$A *= 16'],
    ['counting', '$A++'],
    ['another scope', 'function f { $script:A = 32 }\nf'],
    ['several at once', '$B, $A = 3, 4'],
    ['a script', '. .\\settings.ps1'],
    ['a text', 'Invoke-Expression "`$A = 32"'],
    ['a command', 'sv A 32'],
    ['a reference', 'f ([ref]$A)'],
    ['a loop', 'foreach ($i in 1, 2) { $A = $i }'],
    ['a pipe', '1, 2 | ForEach-Object { $A = $_ }'],
    ['an answer', '$A = Read-Host'],
  ])('makes it unknown: %s', (_, line) => {
    expect(scalar(`$A = 2\n${line}\ntrain --a $A`, 'a').value).toBeNull();
  });

  it.each([
    ['a loop comes around', '$A = 2\nforeach ($i in 1, 2) {\n  train --a $A\n  $A = 32\n}'],
    ['a function is called later', '$A = 2\nfunction f { train --a $A }\n$A = 32\nf'],
  ])('makes it unknown where %s', (_, text) => {
    expect(scalar(text, 'a').value).toBeNull();
  });

  it('leaves it known beside an environment that is set up', () => {
    expect(scalar('$A = 2\n. .\\venv\\Scripts\\activate.ps1\ntrain --a $A', 'a').value).toBe(2);
  });
});
