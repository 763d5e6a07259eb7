import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import { parsePowershell } from '../../../../../src/config/syntax/shell/powershell';
import type { Parsed, ScalarNode } from '../../../../../src/config/syntax/tree';
import { growthOf, TOO_MUCH } from '../../../../support/growth';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from '../trees';

const PARSERS: readonly [string, (text: string) => Parsed][] = [
  ['bash', parseShell],
  ['PowerShell', parsePowershell],
];

/** A line of bash, and one of PowerShell with the same meaning; null if that shell has nothing like it. */
type Row<Rest extends readonly unknown[]> = readonly [
  what: string,
  bash: string | null,
  powershell: string | null,
  ...Rest,
];
type Case<Rest extends readonly unknown[]> = [string, string, (text: string) => Parsed, ...Rest];

function casesOf<Rest extends readonly unknown[]>(rows: readonly Row<Rest>[]): Case<Rest>[] {
  return rows.flatMap(([what, bash, powershell, ...rest]) =>
    PARSERS.flatMap(([shell, parse], i): Case<Rest>[] => {
      const text = [bash, powershell][i];
      return text ? [[`${what} (${shell})`, text, parse, ...rest]] : [];
    }),
  );
}

const scalar = (parsed: Parsed): ScalarNode => scalarIn(parsed, 'a');

describe('a command line', () => {
  it.each(
    casesOf<[object]>([
      ['--key value', 'x --a 16', 'x --a 16', { $command: 'x', a: 16 }],
      ['--key=value', 'x --a=2e-4', 'x --a=2e-4', { a: 2e-4 }],
      ['quotes', 'x --b "x y" --c=""', 'x --b "x y" --c=""', { b: 'x y', c: null }],
      ['single quotes', "x --b 'x $y'", "x --b 'x $y'", { b: 'x $y' }],
      ['a switch', 'x --b --a 16', 'x --b --a 16', { b: true, a: 16 }],
      ['lines', 'x \\\r\n  --a 16 \\\r\n  --b 2\r\n', 'x `\r\n  --a 16 `\r\n  --b 2\r\n', { a: 16, b: 2 }],
      ['comments', '# x --a 1\nx --a 3 # --a 4', '# x --a 1\n<# x --a 2 #>\nx --a 3 # --a 4', { $command: 'x', a: 3 }],
      ['redirections', 'x --a 1 > log 2>&1 &', 'x --a 1 2>&1 > log', { $command: 'x', a: 1 }],
      ['pipes', 'x --a 1 | tee log', 'x --a 1 | Tee-Object log', { $command: 'x', a: 1 }],
      ['arguments of the script', 'x --a 8 "$@"', 'x --a 8 @args', { a: 8, $further: [expect.any(String)] }],
      ['arguments that another script may set', '. ./a.sh; x --a 8 "$@"', null, { a: 8, $further: ['<$@>'] }],
      ['the call operator', null, '& .\\venv\\python.exe "t.py" --a 16 --c', { a: 16, c: true }],
      ['commas within a plain word', null, 'x --a b=0.9,0.99 --c=q,v 16', { a: 'b=0.9,0.99', c: 'q,v' }],
      ['a comma and a space', null, 'x --a 0.9, 0.99', { a: [0.9, 0.99] }],
      ['commas between texts', null, 'x --a "q","v"', { a: ['q', 'v'] }],
      [
        'words in brackets',
        null,
        'x --a 8 (Get-Extra) @("--b", 1)',
        { a: 8, $further: ['<(Get-Extra)>', expect.anything()] },
      ],
      ['a text before it', null, '$t = @"\n--z 1\n"@\n"it`"s --z 2" | y\nx --a 8', { $command: 'x', a: 8 }],
    ]),
  )('with %s', (_, text, parse, wanted) => {
    expect(plainTrees(parse(text))[0]).toMatchObject(wanted);
  });

  it.each(
    casesOf([
      ['a value', 'x --a=16', 'x --a=16'],
      ['a value between blanks', 'x --a 16', 'x --a 16'],
      ['a quoted value', 'x --a "16"', 'x --a "16"'],
      ['a quoted word', "x '--a=16'", "x '--a=16'"],
      ['a line of its own', 'x \\\r\n --a \\\r\n 16\r\n', 'x `\r\n--a `\r\n16\r\n'],
      ['a byte order mark', '\uFEFFx --a=16', '\uFEFFx --a=16'],
      ['a variable with flags', 'F="--a 16"\nx $F', null],
      ['a list with flags', 'F=(--a 16)\nx "${F[@]}"', null],
    ]),
  )('has the exact place of %s', (_, text, parse) => {
    const { inner, lock } = scalar(parse(text));
    expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
  });
});

describe('a variable', () => {
  it.each(
    casesOf([
      ['set', 'R=16; x --a $R', '$r = 16\nx --a $r'],
      ['set in quotes', 'R="16"\nx --a="${R}"', '$r = "16"\nx --a ${r}'],
      ['in quotes', 'R=16 \nx --a "$R"', '$R = 16\nx "--a=$r"'],
      ['of a variable', 'R=16; S=$R; x --a $S', '$r = 16\n$s = $r\nx --a $s'],
      ['handed on', 'export R=16; x --a $R', '$env:R = 16\nx --a $env:R'],
      ['on a line with another', 'R=16; S=2\nx --a $R', '$r = 16; $s = 2\nx --a $r --b $s'],
      ['before a branch', 'R=16\nif [ $1 ]; then\nx --a $R\nfi', '$r = 16\nif ($s) { x --a $r }'],
      ['before a loop', 'R=16\nfor i in 1 2; do\nx --a $R\ndone', '$r = 16\nforeach ($i in 1, 2) { x --a $r }'],
      ['before a function', 'R=16; f() { x --a $R; }; f', null],
      ['within its branch', 'if [ $1 ]; then\nR=16\nx --a $R\nfi', null],
      ['within a function', 'f() {\nR=16\nx --a $R\n}', null],
      [
        'beside an environment',
        'source venv/bin/activate\neval "$(conda shell.bash hook)"\nR=16\nx --a $R',
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
      ['not set', 'x --a $R', 'x --a $r', 'this file does not set'],
      ['an argument', 'x --a $1', null, 'an argument'],
      ['computed', 'R=8; x --a $((2 * R))', '$r = 2 * 8\nx --a $r', 'computed'],
      ['a sum', 'R=8; x --a $(( ($R + 8) / 2 ))', '$s = 8\n$r = $s + 8\nx --a $r', 'computed'],
      ['negated', 'R=${Q/a/b}; x --a $R', null, 'computed'],
      ['of a block', null, '$r = & { 16 }\nx --a $r', 'computed'],
      ['of a table', null, '$h = @{ r = 16 }\nx --a $h', 'computed'],
      ['with a type', null, '[int]$r = 16\nx --a $r', 'Line 1 may set'],
      ['a part', 'R=16; x --a ${R:0:1}', '$r = 16\nx --a $r[0]', ''],
      ['what a program prints', 'x --a $(cat rank)', 'x --a $(Get-Rank)', 'computed'],
      ['set twice', 'R=1\nR=2\nx --a $R', '$r = 1\n$r = 2\nx --a $r', 'Lines 1 and 2 may set'],
      ['set again later', 'R=1\nx --a $R\nR=2', '$r = 1\nx --a $r\n$r = 2', 'Lines 1 and 3 may set'],
      ['set in a branch', 'if [ $1 ]; then R=2; fi\nx --a $R', 'if ($s) { $r = 2 }\nx --a $r', 'Line 1 may set'],
      [
        'set in one of two',
        'R=1\nif [ $1 ]; then R=2; fi\nx --a $R',
        '$r = 1\nif ($s) { $r = 2 }\nx --a $r',
        'Lines 1 and 2 may set',
      ],
      [
        'set in an else',
        'if [ $1 ]; then :\nelse R=2; fi\nx --a $R',
        'if ($s) { $t = 1\n} else { $r = 2 }\nx --a $r',
        'Line 2 may set',
      ],
      ['set by what may fail', 'y && R=2\nx --a $R', null, 'Line 1 may set'],
      ['counted', 'R=8\n((R *= 2))\nx --a $R', '$r = 8\n$r *= 2\nx --a $r', 'Lines 1 and 2 may set'],
      ['asked for', 'read R; x --a $R', '$r = Read-Host\nx --a $r', ''],
      ['of a loop', 'for R in 16 32; do x --a $R; done', null, 'Line 1 may set'],
      ['beside a function', null, '$r = 16\nfunction f { x --a $r }\nf', 'Line 2 may set any variable'],
      ['of a loop that is not followed', null, 'foreach ($r in 16, 32) { x --a $r }', 'Line 1 may set'],
      [
        'set in a loop',
        'for i in 1 2; do\nx --a ${R:-3}\nR=2\ndone',
        'foreach ($i in 1, 2) {\nx --a $r\n$r = 2\n}',
        'Line 3 may set',
      ],
      ['set in a function', 'f() { R=2; }\nf\nx --a $R', 'function f { $r = 2 }\nf\nx --a $r', 'may set'],
      ['of a function', 'f() { local R=8; x --a $R; }', 'function f($r = 8) { x --a $r }', 'Line 1 may set'],
      ['a parameter', 'R=2; f() { R=$1; }\nx --a $R', 'param([int]$r = 16)\nx --a $r', 'Line 1 may set'],
      [
        'set by another script',
        'R=8\nsource ./settings.sh\nx --a $R',
        '$r = 8\n. .\\settings.ps1\nx --a $r',
        'Line 2 may set any variable',
      ],
      [
        'set by a text',
        'R=8\neval "R=9"\nx --a $R',
        '$r = 8\nInvoke-Expression "`$r = 9"\nx --a $r',
        'Line 2 may set any',
      ],
      ['set by a reference', 'R=8\ndeclare -n S=R\nx --a $R', '$r = 8\nf ([ref]$r)\nx --a $r', 'Line 2 may set any'],
      ['set by a command', 'R=8\nexport $N=9\nx --a $R', '$r = 8\nsv r 9\nx --a $r', 'Line 2 may set any'],
      [
        'set behind a use that comes later',
        'f() { x --a $R; }\nR=8\nf',
        'function f { x --a $r }\n$r = 8\nf',
        'may set',
      ],
      ['set in a later script', 'R=8\nx --a $R\n. ./more.sh', null, 'Line 3 may set any variable'],
      ['set in another scope', null, '$r = 8\n& { $script:r = 9 }\nx --a $r', 'Lines 1 and 2 may set'],
      ['set with another', null, '$r = 8\n$s, $r = 3, 4\nx --a $r', 'Lines 1 and 2 may set'],
      ['counted up', 'R=8; ((R++)); x --a $R', '$r = 8\n$r++\nx --a $r', 'may set'],
      ['set in a pipe', 'R=8; y | R=9; x --a $R', '$r = 8\n1, 2 | ForEach-Object { $r = $_ }\nx --a $r', 'may set'],
      [
        'that doubles',
        `A0=${'1'.repeat(64)}\n${doubled('A#="$A@$A@"')}\nx --a $A20`,
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
      ['flags', 'ARGS="--lora_rank 8 --a 16"\nx $ARGS --z 1', null],
      ['lines of flags', 'ARGS="--lora_rank 8 \\\n  --a 16 \\\n"\nx $ARGS --z 1', null],
      ['a list without quotes', 'ARGS=(--lora_rank 8)\nx ${ARGS[@]} --a 16 --z 1', null],
      ['a list', 'ARGS=(--lora_rank 8\n  --a 16 # why\n)\nx "${ARGS[@]}" --z 1', null],
      ['a list with a variable', 'R=16; A=(--lora_rank 8 --a=$R)\nx "${A[@]}" --z 1', null],
    ]),
  )('that holds %s gives its words', (_, text, parse) => {
    const parsed = parse(text);
    expect(plainTrees(parsed)[0]).toMatchObject({ lora_rank: 8, a: 16, z: 1 });
    const { inner, lock, origin } = scalar(parsed);
    expect([text.slice(inner.start, inner.end), origin ? null : lock]).toEqual([
      origin ? expect.anything() : '16',
      null,
    ]);
  });

  it.each(
    casesOf([
      [
        'appended to',
        'A=(--b=2)\nA+=(--c --b 3)\nx --a 1 --z 1 "${A[@]}"',
        '$l = @("--b=2")\n$l += "--c"\nx --a 1 --z 1 $l',
      ],
      ['a list of PowerShell', null, '$l = "--b", "2"\nx --a 1 --z 1 $l'],
      [
        'that is added to',
        null,
        '$l = [System.Collections.ArrayList]::new()\n[void]$l.Add("--b=" + $o)\nx --a 1 --z 1 $l',
      ],
      [
        'appended to in a branch',
        'A=()\nif [ "$1" ]; then A+=(--b 2 --c); fi\nx --a 1 --z 1 "${A[@]}"',
        '$l = @()\nif ($s) { $l += @("--b", 2, "--c") }\nx --a 1 --z 1 $l',
      ],
      [
        'another in each branch',
        'if [ "$1" ]; then A="--b 2"; else A="--c"; fi\nx --a 1 --z 1 $A',
        'if ($s) { $l = @("--b", 2) } else { $l = @("--c") }\nx --a 1 --z 1 @l',
      ],
    ]),
  )('that may hold flags is no value of the flag before it, and its lines are named: %s', (_, text, parse) => {
    const parsed = parse(text);
    expect(plainTrees(parsed)[0]).toEqual({ $command: 'x', a: 1, z: 1, $further: [expect.any(String)] });
    const { tag } = (parsed.ok && parsed.roots[0]?.node.kind === 'map' && parsed.roots[0].node) || {};
    expect(tag).toMatchObject({
      further: [{ lock: { code: 'maybe-flags', message: expect.stringMatching(/ may set the variable /) as string } }],
    });
  });
});

/** Twenty lines of which each doubles the value of the one before. */
function doubled(line: string): string {
  return Array.from({ length: 20 }, (_, i) => line.replaceAll('#', String(i + 1)).replaceAll('@', String(i))).join(
    '\n',
  );
}

describe('a script', () => {
  it('of PowerShell holds its assignments', () => {
    expect(plainTrees(parsePowershell('$a = 1\r\n$b = "two"\r\n$c=3'))).toEqual([{ a: 1, b: 'two', c: 3 }]);
  });

  it.each(
    casesOf([
      ['texts that double', 'A="$A $A"\n', '$a = "$a $a"\n'],
      ['lists that double', 'A=("${A[@]}" "${A[@]}" x)\n', '$a += $a\n'],
      ['sums', 'A=$((A + A))\n', '$a = $a + $a\n'],
      ['conditions', 'if [ $A ]; then A=1; fi\n', 'if ($a) {'],
      ['open brackets', '$(', '@('],
      ['open blocks', '{ ( ', '{'],
      ['open texts', 'cat <<A\n', '"$('],
      ['texts on several lines', 'A="\n', '@"\n'],
      ['loops', 'for i in 1; do A=1; done\n', '$a = @{ a = '],
      ['commands', 'x | ', '$('],
    ]),
  )('is read in time proportional to its size: %s', (_, line, parse) => {
    const read = (letters: number): unknown => parse(`A=1\n${line.repeat(letters / line.length)}\nx --a $A\n`);
    expect(growthOf(read, 25_000)).toBeLessThan(TOO_MUCH);
  });

  const COMMON = ['--a', '=', '"', '\r\n', '\n', ' ', '16', '(', ')', 'x', "'", '`', '{', '}', ';', '|', '#'];
  it.each<[string, (text: string) => Parsed, string]>([
    ['bash', parseShell, '$A~\\~<<E~E~$((~A=1~&&~if~fi~do~done~for i in'],
    ['PowerShell', parsePowershell, '$a~$~@(~@{~@"~"@~,~$a = ~if~else~foreach~function~<#~[int]~.Add~@a~${a}'],
  ])('may be any text: %s', (_, parse, own) => {
    const piece = fc.constantFrom(...COMMON, ...own.split('~'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        valuesStandWhereTheySay(text, parse(text));
      }),
      { numRuns: 2000 },
    );
  });
});
