import fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import { parsePowershell } from '../../../../../src/config/syntax/shell/powershell';
import type { Parsed } from '../../../../../src/config/syntax/tree';
import { valuesStandWhereTheySay } from '../trees';

// How the time to read a script grows with its size is in test/fuzz/growth.
describe('a script', () => {
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
