import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../../src/config/syntax/batch/batch';
import { parsePowershell } from '../../../../src/config/syntax/powershell/powershell';
import { parseShell } from '../../../../src/config/syntax/shell/shell';
import type { Parsed, ScalarNode } from '../../../../src/config/syntax/tree';
import { growthOf, TOO_MUCH } from '../../../support/growth';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from './trees';

/** What bash, cmd and PowerShell scripts have in common. */
const SHELLS: readonly [string, (text: string) => Parsed][] = [
  ['bash', parseShell],
  ['batch', parseBatch],
  ['PowerShell', parsePowershell],
];

/** One line for every notation, in which it stands for the same; null if the notation has nothing like it. */
type Row = readonly [what: string, bash: string | null, batch: string | null, powershell: string | null];

/** The cases of a table, one a notation. */
function casesOf<Rest extends readonly unknown[]>(
  rows: readonly (readonly [...Row, ...Rest])[],
): [string, string, (text: string) => Parsed, ...Rest][] {
  return rows.flatMap(([what, bash, batch, powershell, ...rest]) =>
    [bash, batch, powershell].flatMap((text, i) => {
      const [shell, parse] = SHELLS[i] ?? ['', parseShell];
      return text === null
        ? []
        : ([[`${what} (${shell})`, text, parse, ...rest]] as [string, string, typeof parse, ...Rest][]);
    }),
  );
}

const scalar = (parsed: Parsed): ScalarNode => scalarIn(parsed, 'a');

describe('a command line', () => {
  it.each(
    casesOf<[object]>([
      ['--key value', 'x --a 16', 'x --a 16', 'x --a 16', { $command: 'x', a: 16 }],
      ['--key=value', 'x --a=2e-4', 'x --a=2e-4', 'x --a=2e-4', { a: 2e-4 }],
      ['quotes', 'x --b "x y" --c=""', 'x --b "x y" --c=""', 'x --b "x y" --c=""', { b: 'x y', c: null }],
      ['a switch', 'x --b --a 16', 'x --b --a 16', 'x --b --a 16', { b: true, a: 16 }],
      [
        'lines',
        'x \\\r\n  --a 16 \\\r\n  --b 2\r\n',
        'x ^\r\n  --a 16 ^\r\n  --b 2\r\n',
        'x `\r\n  --a 16 `\r\n  --b 2\r\n',
        { a: 16, b: 2 },
      ],
      [
        'comments',
        '# x --a 1\nx --a 3 # --a 4',
        'rem x --a 1\n:: x --a 2\nx --a 3',
        '# x --a 1\n<# x --a 2 #>\nx --a 3 # --a 4',
        { a: 3 },
      ],
      ['redirections', 'x --a 1 > log 2>&1 &', 'x --a 1 > log 2>&1', 'x --a 1 2>&1 > log', { $command: 'x', a: 1 }],
      ['pipes', 'x --a 1 | tee log', 'x --a 1 | find "a"', 'x --a 1 | Tee-Object log', { $command: 'x', a: 1 }],
      ['further arguments', 'x --a 8 "$@"', 'x --a 8 %*', 'x --a 8 @args', { a: 8, $further: [expect.any(String)] }],
    ]),
  )('with %s', (_, text, parse, wanted) => {
    expect(plainTrees(parse(text))[0]).toMatchObject(wanted);
  });

  it.each(
    casesOf([
      ['a value', 'x --a=16', 'x --a=16', 'x --a=16'],
      ['a value between blanks', 'x --a 16', 'x --a 16', 'x --a 16'],
      ['a quoted value', 'x --a "16"', 'x --a "16"', 'x --a "16"'],
      ['a quoted word', "x '--a=16'", 'x "--a=16"', "x '--a=16'"],
      ['a line of its own', 'x \\\r\n --a \\\r\n 16\r\n', 'x ^\r\n--a ^\r\n16\r\n', 'x `\r\n--a `\r\n16\r\n'],
      ['a byte order mark', '\uFEFFx --a=16', '\uFEFFx --a=16', '\uFEFFx --a=16'],
      ['a variable with flags', 'F="--a 16"\nx $F', 'set "F=--a "16""\nx %F%', '$l = @("--a", "16")\nx $l'],
      ['a list with flags', 'F=(--a 16)\nx "${F[@]}"', null, null],
    ]),
  )('has the exact place of %s', (_, text, parse) => {
    const { inner, lock } = scalar(parse(text));
    expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
  });
});

describe('a variable', () => {
  it.each(
    casesOf([
      ['set', 'R=16; x --a $R', 'set R=16\nx --a %R%', '$r = 16\nx --a $r'],
      ['set in quotes', 'R="16"\nx --a="${R}"', 'set "R=16"\r\nx --a=%r%\r\n', '$r = "16"\nx --a ${r}'],
      ['in quotes', 'R=16 \nx --a "$R"', 'set R=16 \nx --a "%R%"', '[int]$r = 16\nx "--a=$r"'],
      ['of a variable', 'R=16; S=$R; x --a $S', 'set R=16\nset S=%R%\nx --a %S%', '$r = 16\n$s = $r\nx --a $s'],
      ['handed on', 'export R=16; x --a $R', null, '$env:R = 16\nx --a $env:R'],
      [
        'before a branch',
        'R=16\nif [ $1 ]; then\nx --a $R\nfi',
        'set R=16\nif exist f (\nx --a %R%\n)',
        '$r = 16\nif ($s) { x --a $r }',
      ],
      [
        'before a loop',
        'R=16\nfor i in 1 2; do\nx --a $R\ndone',
        'set R=16\nfor %%i in (1 2) do x --a %R%',
        '$r = 16\nforeach ($i in 1, 2) { x --a $r }',
      ],
      [
        'before a function',
        'R=16; f() { x --a $R; }; f',
        'set R=16\ncall :f\nexit /b\n:f\nx --a %R%',
        '$r = 16\nfunction f { x --a $r }\nf',
      ],
      ['within its branch', 'if [ $1 ]; then\nR=16\nx --a $R\nfi', null, null],
      ['within a function', 'f() {\nR=16\nx --a $R\n}', ':f\nset R=16\nx --a %R%\nexit /b', null],
      [
        'beside an environment',
        'source venv/bin/activate\nR=16\nx --a $R',
        'call venv\\Scripts\\activate.bat\nset R=16\nx --a %R%',
        '. .\\venv\\Scripts\\activate.ps1\n$r = 16\nx --a $r',
      ],
    ]),
  )('is followed: %s', (_, text, parse) => {
    const node = scalar(parse(text));
    expect(node.value).toBe(16);
    expect(node.lock?.code ?? node.origin?.node?.raw).toEqual(expect.any(String));
  });

  it.each(
    casesOf<[string]>([
      ['not set', 'x --a $R', 'x --a %R%', 'x --a $r', 'this file does not set'],
      ['an argument', 'x --a $1', 'x --a %1', null, 'an argument'],
      [
        'computed',
        'R=8; x --a $((2 * R))',
        'setlocal enabledelayedexpansion\nx --a !R!',
        '$r = 2 * 8\nx --a $r',
        'computed',
      ],
      ['a part', 'R=16; x --a ${R:0:1}', 'set R=16\nx --a %R:~0,1%', '$r = 16\nx --a $r[0]', 'computed'],
      ['what a program prints', 'x --a $(cat rank)', null, 'x --a $(Get-Rank)', 'computed'],
      [
        'set twice',
        'R=1\nR=2\nx --a $R',
        'set R=1\nset R=2\nx --a %R%',
        '$r = 1\n$r = 2\nx --a $r',
        'Lines 1 and 2 may set',
      ],
      [
        'set again later',
        'R=1\nx --a $R\nR=2',
        'set R=1\nx --a %R%\nset R=2',
        '$r = 1\nx --a $r\n$r = 2',
        'Lines 1 and 3 may set',
      ],
      [
        'set in a branch',
        'if [ $1 ]; then R=2; fi\nx --a $R',
        'if exist f set R=2\nx --a %R%',
        'if ($s) { $r = 2 }\nx --a $r',
        'Line 1 may set',
      ],
      [
        'set in one of two',
        'R=1\nif [ $1 ]; then R=2; fi\nx --a $R',
        'set R=1\nif "%2"=="" set R=2\nx --a %R%',
        '$r = 1\nif ($s) { $r = 2 }\nx --a $r',
        'Lines 1 and 2 may set',
      ],
      [
        'set in an else',
        'if [ $1 ]; then :\nelse R=2; fi\nx --a $R',
        'if exist f (\nset S=1\n) else set R=2\nx --a %R%',
        'if ($s) { $t = 1\n} else { $r = 2 }\nx --a $r',
        'Line',
      ],
      ['set by what may fail', 'y && R=2\nx --a $R', 'y && set R=2\nx --a %R%', null, 'Line 1 may set'],
      [
        'counted',
        'R=8\n((R *= 2))\nx --a $R',
        'set R=8\nset /a R*=2\nx --a %R%',
        '$r = 8\n$r *= 2\nx --a $r',
        'Lines 1 and 2 may set',
      ],
      ['asked for', 'read R; x --a $R', 'set /p R=which?\nx --a %R%', '$r = Read-Host\nx --a $r', ''],
      ['of a loop', 'for R in 16 32; do x --a $R; done', null, null, '= 16 and 32; each is a separate run'],
      [
        'of a loop that is not followed',
        null,
        'for %%r in (16 32) do (\n x --a %%r\n)',
        'foreach ($r in 16, 32) { x --a $r }',
        '',
      ],
      [
        'set in a loop',
        'for i in 1 2; do\nx --a ${R:-3}\nR=2\ndone',
        'for %%i in (1 2) do (\nx --a %R%\nset R=2\n)',
        'foreach ($i in 1, 2) {\nx --a $r\n$r = 2\n}',
        'Line 3 may set',
      ],
      [
        'set in a function',
        'f() { R=2; }\nf\nx --a $R',
        'call :f\nx --a %R%\nexit /b\n:f\nset R=2',
        'function f { $r = 2 }\nf\nx --a $r',
        'may set',
      ],
      [
        'set by another script',
        'R=8\nsource ./settings.sh\nx --a $R',
        'set R=8\ncall settings.bat\nx --a %R%',
        '$r = 8\n. .\\settings.ps1\nx --a $r',
        'may set',
      ],
      [
        'that doubles',
        `A0=${'1'.repeat(64)}\n${doubled('A#="$A@$A@"')}\nx --a $A20`,
        `set A0=${'1'.repeat(64)}\n${doubled('set A#=%A@%%A@%')}\nx --a %A20%`,
        `$A0 = "${'1'.repeat(64)}"\n${doubled('$A# = "$A@$A@"')}\nx --a $A20`,
        'may set',
      ],
    ]),
  )('is unknown, with the reason: %s', (_, text, parse, why) => {
    const node = scalar(parse(text));
    expect(node).toMatchObject({ value: null, unresolved: expect.any(String) as string });
    expect(node.lock?.message).toContain(why);
  });

  it.each(
    casesOf([
      [
        'flags',
        'ARGS="--lora_rank 8 --a 16"\nx $ARGS --z 1',
        'set ARGS=--lora_rank 8 ^\r\n --a 16\r\nx %ARGS% --z 1\r\n',
        '$l = "--lora_rank=8", "--a=16"\nx $l --z 1',
      ],
      [
        'a list',
        'ARGS=(--lora_rank 8\n  --a 16 # why\n)\nx "${ARGS[@]}" --z 1',
        null,
        '$l = @(\n "--lora_rank", 8\n "--a=16"\n)\nx @l --z 1',
      ],
    ]),
  )('that holds %s gives its words', (_, text, parse) => {
    expect(plainTrees(parse(text))[0]).toMatchObject({ lora_rank: 8, a: 16, z: 1 });
  });

  it.each(
    casesOf([
      [
        'appended to',
        'A=(--b=2)\nA+=(--c --b 3)\nx --a 1 --z 1 "${A[@]}"',
        'set A=--b=2\nset A=%A% --c --b 3\nx --a 1 --z 1 %A%',
        '$l = @("--b=2")\n$l += "--c"\nx --a 1 --z 1 $l',
      ],
      [
        'a list that is added to',
        null,
        null,
        '$l = [System.Collections.ArrayList]::new()\n[void]$l.Add("--b=" + $o)\n$l.Add("--c") | Out-Null\nx --a 1 --z 1 $l',
      ],
      [
        'appended to in a branch',
        'A=()\nif [ "$1" ]; then A+=(--b 2 --c); fi\nx --a 1 --z 1 "${A[@]}"',
        'if exist f set A=--b 2 --c\nx --a 1 --z 1 %A%',
        '$l = @()\nif ($s) { $l += @("--b", 2, "--c") }\nx --a 1 --z 1 $l',
      ],
      [
        'another in each branch',
        'if [ "$1" ]; then A="--b 2"; else A="--c"; fi\nx --a 1 --z 1 $A',
        'if exist f (set A=--b 2) else set A=--c\nx --a 1 --z 1 %A%',
        'if ($s) { $l = @("--b", 2) } else { $l = @("--c") }\nx --a 1 --z 1 @l',
      ],
    ]),
  )('that may hold flags says which, and nothing of their values: %s', (_, text, parse) => {
    const parsed = parse(text);
    expect(plainTrees(parsed)[0]).toMatchObject({ a: 1, z: 1, $further: [expect.any(String)] });
    for (const key of ['b', 'c']) {
      const node = scalarIn(parsed, key);
      expect([node.value, typeof node.unresolved]).toEqual([null, 'string']);
      expect(node.lock?.message).toMatch(/ may set the variable /);
    }
  });
});

/** Twenty lines of which each doubles what the one before holds. */
function doubled(line: string): string {
  return Array.from({ length: 20 }, (_, i) => line.replaceAll('#', String(i + 1)).replaceAll('@', String(i))).join(
    '\n',
  );
}

describe('a script', () => {
  it.each(
    casesOf([
      ['texts that double', 'A="$A $A"\n', 'set A=%A% %A%\n', '$a = "$a $a"\n'],
      ['lists that double', 'A=("${A[@]}" "${A[@]}" x)\n', null, '$a += $a\n'],
      ['sums', 'A=$((A + A))\n', 'set /a A=A+A\n', '$a = $a + $a\n'],
      ['conditions', 'if [ $A ]; then A=1; fi\n', 'if a==b (', 'if ($a) {'],
      ['open brackets', '$(', '(', '@('],
      ['open blocks', '{ ( ', 'for %%a in (1) do ', '{'],
      ['open texts', 'cat <<A\n', '^', '"$('],
      ['loops', 'for i in 1; do A=1; done\n', ':a\ngoto a\n', '$a = @{ a = '],
      ['commands', 'x | ', 'a & ', '$('],
    ]),
  )('is read in no time, whatever its size: %s', (_, line, parse) => {
    const read = (letters: number): unknown => parse(`A=1\n${line.repeat(letters / line.length)}\nx --a $A\n`);
    expect(growthOf(read, 25_000)).toBeLessThan(TOO_MUCH);
  });

  it.each<[string, (text: string) => Parsed, string[]]>([
    [
      'bash',
      parseShell,
      [
        '$A',
        "'",
        '\\',
        '{',
        '}',
        '<<E',
        'E',
        ';',
        '#',
        '$((',
        '`',
        'A=1',
        '|',
        '&&',
        'if',
        'fi',
        'do',
        'done',
        'for i in',
      ],
    ],
    [
      'batch',
      parseBatch,
      [
        '%A%',
        '%',
        '!',
        '^',
        '&',
        '|',
        '>',
        'set A=1',
        'if',
        'for %%a in (',
        'do',
        'rem',
        ':a',
        'goto a',
        'call :a',
        'else',
        '&&',
        'exit',
      ],
    ],
    [
      'PowerShell',
      parsePowershell,
      [
        '$a',
        '$',
        "'",
        '`',
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
        '#',
        '<#',
        '[int]',
        '.Add',
      ],
    ],
  ])('may be any text: %s', (_, parse, own) => {
    const piece = fc.constantFrom('--a', '=', '"', '\r\n', '\n', ' ', '16', '(', ')', 'x', ...own);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        valuesStandWhereTheySay(text, parse(text));
      }),
      { numRuns: 2000 },
    );
  });
});
