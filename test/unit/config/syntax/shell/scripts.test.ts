import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import { parsePowershell } from '../../../../../src/config/syntax/shell/powershell';
import type { Parsed } from '../../../../../src/config/syntax/tree';
import { growthOf, TOO_MUCH } from '../../../../support/growth';
import { rows } from '../../../../support/pieces';
import { valuesStandWhereTheySay } from '../trees';

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
describe('a script', () => {
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
