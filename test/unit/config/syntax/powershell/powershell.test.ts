import { describe, expect, it } from 'vitest';
import { parsePowershell } from '../../../../../src/config/syntax/powershell/powershell';
import type { ScalarNode } from '../../../../../src/config/syntax/tree';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from '../trees';

const trees = (text: string): unknown[] => plainTrees(parsePowershell(text));
const scalar = (text: string, path: string): ScalarNode => scalarIn(parsePowershell(text), path);

describe('a PowerShell script', () => {
  it.each([
    ['the call operator', '& .\\venv\\python.exe "t.py" --a 16 --c', { a: 16, c: true }],
    ['arrays', '$list = @("--a", "16",\n "--b=2")\npython t.py @list --c 3', { a: 16, b: 2, c: 3 }],
    ['arrays in arrays', '$l = @(@("--a", 16), @("--b=2"))\nx $l', { a: 16, b: 2 }],
    ['lines of an array', '$l = @(\n\n "--a"\n 16\n)\nx $l', { a: 16 }],
    ['what ends a value', '$r = 16; $s = 2\nx --a $r --b $s', { a: 16, b: 2 }],
    ['an array and a comma behind a text', '$r = 16\n$l = "--a=$r", "--b=2"\nx $l', { a: 16, b: 2 }],
    ['commas within a plain word', 'x --a b=0.9,0.99 --c=q,v 16', { a: 'b=0.9,0.99', c: 'q,v' }],
    ['a comma and a space', 'x --a 0.9, 0.99', { a: [0.9, 0.99] }],
    ['commas between texts', 'x --a "q","v"', { a: ['q', 'v'] }],
  ])('with %s', (_, text, wanted) => {
    expect(trees(text)[0]).toMatchObject(wanted);
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
    ['param([int]$r = 16)\nx --a $r', '$r', 'Line 1 may set'],
    ['$l = 16, 32\nforeach ($r in $l) {\n x --a $r\n}', '$r', 'Line 2 may set'],
    ['$h = @{ r = 16 }\nx --a $h', '$h', 'computed'],
  ])('does not know %s', (text, unresolved, why) => {
    const node = scalar(text, 'a');
    expect(node).toMatchObject({ value: null, unresolved });
    expect(node.lock?.message).toContain(why);
  });

  it('has the exact place of every value', () => {
    const texts = ['x --a=16', 'x --a 16', 'x --a "16"', "x '--a=16'", 'x `\r\n--a `\r\n16\r\n', '\uFEFFx --a=16'];
    for (const text of [...texts, '$l = @("--a", "16")\nx $l']) {
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

  it.each(['x --a 1\n-b"', "x --a 1\n-b'", 'x --a 1\n-b"`', 'x --a "1`', 'x --a @"\n`'])(
    'that ends within a text has no place behind its end: %j',
    (text) => {
      valuesStandWhereTheySay(text, parsePowershell(text));
    },
  );
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
});
