import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import { parsePowershell } from '../../../../../src/config/syntax/shell/powershell';
import type { Parsed, ScalarNode } from '../../../../../src/config/syntax/tree';
import { growthOf, TOO_MUCH } from '../../../../support/growth';
import { rows } from '../../../../support/pieces';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from '../trees';

const PARSERS: readonly [string, (text: string) => Parsed][] = [
  ['bash', parseShell],
  ['PowerShell', parsePowershell],
];

/** A row for each shell that has such a line: of a line of bash, one of PowerShell with the same meaning, and the rest. */
function casesOf<Rest extends readonly unknown[]>(
  all: readonly (readonly [bash: string, powershell: string, ...Rest])[],
): [string, string, (text: string) => Parsed, ...Rest][] {
  return all.flatMap(([bash, powershell, ...rest]) =>
    PARSERS.flatMap(([shell, parse], i): [string, string, (text: string) => Parsed, ...Rest][] => {
      const text = [bash, powershell][i];
      return text ? [[shell, text, parse, ...rest]] : [];
    }),
  );
}

const table = (text: TemplateStringsArray) =>
  rows(text).map(([bash = '', powershell = '']) => [bash, powershell] as const);
const reasons = (text: TemplateStringsArray) =>
  rows(text).map(([bash = '', powershell = '', why = '']) => [bash, powershell, why] as const);
const scalar = (parsed: Parsed): ScalarNode => scalarIn(parsed, 'a');

describe('a command line', () => {
  it.each(
    casesOf<[object]>([
      ['x --a 16', 'x --a 16', { $command: 'x', a: 16 }],
      ['x --a=2e-4', 'x --a=2e-4', { a: 2e-4 }],
      ['x --b "x y" --c=""', 'x --b "x y" --c=""', { b: 'x y', c: null }],
      ["x --b 'x $y'", "x --b 'x $y'", { b: 'x $y' }],
      ['x --b --a 16', 'x --b --a 16', { b: true, a: 16 }],
      ['x \\\r\n  --a 16 \\\r\n  --b 2\r\n', 'x `\r\n  --a 16 `\r\n  --b 2\r\n', { a: 16, b: 2 }],
      ['# x --a 1\nx --a 3 # --a 4', '# x --a 1\n<# x --a 2 #>\nx --a 3 # --a 4', { $command: 'x', a: 3 }],
      ['x --a 1 > log 2>&1 &', 'x --a 1 2>&1 > log', { $command: 'x', a: 1 }],
      ['x --a 1 | tee log', 'x --a 1 | Tee-Object log', { $command: 'x', a: 1 }],
      ['x --a 8 "$@"', 'x --a 8 @args', { a: 8, $further: [expect.any(String)] }],
      ['. ./a.sh; x --a 8 "$@"', '', { a: 8, $further: ['<$@>'] }],
      ['', '& .\\venv\\python.exe "t.py" --a 16 --c', { a: 16, c: true }],
      ['', 'x --a b=0.9,0.99 --c=q,v 16', { a: 'b=0.9,0.99', c: 'q,v' }],
      ['', 'x --a 0.9, 0.99', { a: [0.9, 0.99] }],
      ['', 'x --a "q","v"', { a: ['q', 'v'] }],
      ['', 'x --a 8 (Get-Extra) @("--b", 1)', { a: 8, $further: ['<(Get-Extra)>', expect.anything()] }],
      ['', '$t = @"\n--z 1\n"@\n"it`"s --z 2" | y\nx --a 8', { $command: 'x', a: 8 }],
    ]),
  )('%s: %j', (_, text, parse, wanted) => {
    expect(plainTrees(parse(text))[0]).toMatchObject(wanted);
  });

  it.each(
    casesOf(table`
      x --a=16 → x --a=16
      x --a 16 → x --a 16
      x --a "16" → x --a "16"
      x '--a=16' → x '--a=16'
      x \\\r\n --a \\\r\n 16\r\n → x \u0060\r\n--a \u0060\r\n16\r\n
      \uFEFFx --a=16 → \uFEFFx --a=16
      F="--a 16"\nx $F → ∅
      F=(--a 16)\nx "\u0024{F[@]}" → ∅
    `),
  )('of %s has the exact place: %j', (_, text, parse) => {
    const { inner, lock } = scalar(parse(text));
    expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
  });
});

describe('a variable', () => {
  it.each(
    casesOf(table`
      R=16; x --a $R → $r = 16\nx --a $r
      R="16"\nx --a="\u0024{R}" → $r = "16"\nx --a \u0024{r}
      R=16 \nx --a "$R" → $R = 16\nx "--a=$r"
      R=16; S=$R; x --a $S → $r = 16\n$s = $r\nx --a $s
      export R=16; x --a $R → ∅
      R=16; S=2\nx --a $R → $r = 16; $s = 2\nx --a $r --b $s
      R=16\nif [ $1 ]; then\nx --a $R\nfi → $r = 16\nif ($s) { x --a $r }
      R=16\nfor i in 1 2; do\nx --a $R\ndone → $r = 16\nforeach ($i in 1, 2) { x --a $r }
      R=16; f() { x --a $R; }; f → ∅
      if [ $1 ]; then\nR=16\nx --a $R\nfi → ∅
      f() {\nR=16\nx --a $R\n} → ∅
      source venv/bin/activate\neval "$(conda shell.bash hook)"\nR=16\nx --a $R → . .\\venv\\Scripts\\activate.ps1\n$r = 16\nx --a $r
    `),
  )('of %s is followed: %j', (_, text, parse) => {
    const node = scalar(parse(text));
    expect(node.value).toBe(16);
    expect(node.lock?.code ?? node.origin?.node?.raw).toEqual(expect.any(String));
  });

  it.each(
    casesOf([
      ...reasons`
        x --a $R → x --a $r → this file does not set
        x --a $1 → ∅ → an argument
        R=8; x --a $((2 * R)) → ∅ → computed
        ∅ → $r = 2 * 8\nx --a $r → Line 1 may set
        ∅ → $s = 8\n$r = $s + 8\nx --a $r → Line 2 may set
        ∅ → $r = 2*8\nx --a $r → Line 1 may set
        ∅ → $r = $s+8\nx --a $r → Line 1 may set
        ∅ → $r = "8" + 8\nx --a $r → Line 1 may set
        ∅ → $r = 8KB\nx --a $r → Line 1 may set
        ∅ → $env:R = 16\nx --a $env:R → computed
        ∅ → $r = "8 9"\nx --a $r → Line 1 may set
        ∅ → $r = ""\nx --a $r → Line 1 may set
        ∅ → x --a $r.Count → computed
        ∅ → x --a "$($r)" → computed
        R=8; x --a $(( ($R + 8) / 2 )) → ∅ → computed
        R=\u0024{Q/a/b}; x --a $R → ∅ → computed
        ∅ → $r = & { 16 }\nx --a $r → Line 1 may set
        ∅ → $h = @{ r = 16 }\nx --a $h → Line 1 may set
        ∅ → [int]$r = 16\nx --a $r → Line 1 may set
        R=16; x --a \u0024{R:0:1} → $r = 16\nx --a $r[0] → ∅
        x --a $(cat rank) → x --a $(Get-Rank) → computed
        R=1\nR=2\nx --a $R → $r = 1\n$r = 2\nx --a $r → Lines 1 and 2 may set
        R=1\nx --a $R\nR=2 → $r = 1\nx --a $r\n$r = 2 → Lines 1 and 3 may set
        if [ $1 ]; then R=2; fi\nx --a $R → if ($s) { $r = 2 }\nx --a $r → Line 1 may set
        R=1\nif [ $1 ]; then R=2; fi\nx --a $R → $r = 1\nif ($s) { $r = 2 }\nx --a $r → Lines 1 and 2 may set
        if [ $1 ]; then :\nelse R=2; fi\nx --a $R → if ($s) { $t = 1\n} else { $r = 2 }\nx --a $r → Line 2 may set
        y && R=2\nx --a $R → ∅ → Line 1 may set
        R=8\n((R *= 2))\nx --a $R → $r = 8\n$r *= 2\nx --a $r → Lines 1 and 2 may set
        read R; x --a $R → $r = Read-Host\nx --a $r → ∅
        for R in 16 32; do x --a $R; done → ∅ → Line 1 may set
        ∅ → $r = 16\nfunction f { x --a $r }\nf → Line 2 may set any variable
        ∅ → foreach ($r in 16, 32) { x --a $r } → Line 1 may set
        for i in 1 2; do\nx --a \u0024{R:-3}\nR=2\ndone → foreach ($i in 1, 2) {\nx --a $r\n$r = 2\n} → Line 3 may set
        f() { R=2; }\nf\nx --a $R → function f { $r = 2 }\nf\nx --a $r → may set
        f() { local R=8; x --a $R; } → function f($r = 8) { x --a $r } → Line 1 may set
        R=2; f() { R=$1; }\nx --a $R → param([int]$r = 16)\nx --a $r → Line 1 may set
        R=8\nsource ./settings.sh\nx --a $R → $r = 8\n. .\\settings.ps1\nx --a $r → Line 2 may set any variable
        R=8\neval "R=9"\nx --a $R → $r = 8\nInvoke-Expression "\u0060$r = 9"\nx --a $r → Line 2 may set any
        R=8\ndeclare -n S=R\nx --a $R → $r = 8\nf ([ref]$r)\nx --a $r → Line 2 may set any
        R=8\nexport $N=9\nx --a $R → $r = 8\nsv r 9\nx --a $r → Line 2 may set any
        f() { x --a $R; }\nR=8\nf → function f { x --a $r }\n$r = 8\nf → may set
        R=8\nx --a $R\n. ./more.sh → ∅ → Line 3 may set any variable
        ∅ → $r = 8\n& { $script:r = 9 }\nx --a $r → Lines 1 and 2 may set
        ∅ → $r = 8\n$s, $r = 3, 4\nx --a $r → Lines 1 and 2 may set
        R=8; ((R++)); x --a $R → $r = 8\n$r++\nx --a $r → may set
        R=8; y | R=9; x --a $R → $r = 8\n1, 2 | ForEach-Object { $r = $_ }\nx --a $r → may set
      `,
      [
        `A0=${'1'.repeat(64)}\n${doubled('A#="$A@$A@"')}\nx --a $A20`,
        `$A0 = "${'1'.repeat(64)}"\n${doubled('$A# = "$A@$A@"')}\nx --a $A20`,
        'may set',
      ],
    ]),
  )('of %s is unknown, with the reason: %j', (_, text, parse, why) => {
    const node = scalar(parse(text));
    expect(node).toMatchObject({ value: null, unresolved: expect.any(String) as string });
    expect(node.lock?.message).toContain(why);
  });

  it.each(
    casesOf(table`
      ARGS="--lora_rank 8 --a 16"\nx $ARGS --z 1 → ∅
      ARGS="--lora_rank 8 \\\n  --a 16 \\\n"\nx $ARGS --z 1 → ∅
      ARGS=(--lora_rank 8)\nx \u0024{ARGS[@]} --a 16 --z 1 → ∅
      ARGS=(--lora_rank 8\n  --a 16 # why\n)\nx "\u0024{ARGS[@]}" --z 1 → ∅
      R=16; A=(--lora_rank 8 --a=$R)\nx "\u0024{A[@]}" --z 1 → ∅
    `),
  )('of %s gives its words: %j', (_, text, parse) => {
    const parsed = parse(text);
    expect(plainTrees(parsed)[0]).toMatchObject({ lora_rank: 8, a: 16, z: 1 });
    const { inner, lock, origin } = scalar(parsed);
    expect([text.slice(inner.start, inner.end), origin ? null : lock]).toEqual([
      origin ? expect.anything() : '16',
      null,
    ]);
  });

  it.each(
    casesOf(table`
      A=(--b=2)\nA+=(--c --b 3)\nx --a 1 --z 1 "\u0024{A[@]}" → $l = @("--b=2")\n$l += "--c"\nx --a 1 --z 1 $l
      ∅ → $l = "--b", "2"\nx --a 1 --z 1 $l
      ∅ → $l = [System.Collections.ArrayList]::new()\n[void]$l.Add("--b=" + $o)\nx --a 1 --z 1 $l
      A=()\nif [ "$1" ]; then A+=(--b 2 --c); fi\nx --a 1 --z 1 "\u0024{A[@]}" → $l = @()\nif ($s) { $l += @("--b", 2, "--c") }\nx --a 1 --z 1 $l
      if [ "$1" ]; then A="--b 2"; else A="--c"; fi\nx --a 1 --z 1 $A → if ($s) { $l = @("--b", 2) } else { $l = @("--c") }\nx --a 1 --z 1 @l
    `),
  )('of %s that may hold flags is no value of the flag before it, and its lines are named: %j', (_, text, parse) => {
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
    casesOf(table`
      A="$A $A"\n → $a = "$a $a"\n
      A=("\u0024{A[@]}" "\u0024{A[@]}" x)\n → $a += $a\n
      A=$((A + A))\n → $a = $a + $a\n
      if [ $A ]; then A=1; fi\n → if ($a) {
      $( → @(
      { (␣ → {
      cat <<A\n → "$(
      A="\n → @"\n
      for i in 1; do A=1; done\n → $a = @{ a =␣
      x |␣ → $(
    `),
  )('of %s is read in time proportional to its size: %j', (_, line, parse) => {
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
