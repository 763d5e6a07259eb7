import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { type LintedFile, type LintResult, resultsOf } from './lint';

/** GitHub shows that many of a run. */
const MOST_RESULTS = 4_999;

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * Results as SARIF 2.1.0, in the subset that GitHub reads.
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function sarif(files: readonly LintedFile[]): object {
  const all = resultsOf(files);
  const of = (level: string): LintResult[] => all.filter(({ severity }) => severity === level);
  // Errors are the last to be left out.
  const results = ['error', 'warning', 'info'].flatMap(of).slice(0, MOST_RESULTS);
  const codes = [...new Set(results.map(({ code }) => code))].sort();
  const seen = new Map<string, number>();
  const left = all.length - results.length;
  const notice = { level: 'warning', message: { text: `${left} more results are left out.` } };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'LoRA Alpha', semanticVersion: version, rules: codes.map(ruleOf) } },
        ...(left > 0 && { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [notice] }] }),
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => resultOf(result, codes.indexOf(result.code), seen)),
      },
    ],
  };
}

function ruleOf(code: string): object {
  const text = `LoRA Alpha: ${code.replaceAll('-', ' ')}`;
  return {
    ...{ id: code, shortDescription: { text }, fullDescription: { text } },
    help: { text: `docs/findings.md and docs/review.md of LoRA Alpha explain "${code}".` },
    properties: { tags: ['lora'] },
  };
}

function resultOf(
  { code, severity, message, line, file }: LintResult,
  ruleIndex: number,
  seen: Map<string, number>,
): object {
  const startLine = line ?? 1;
  const text = file.text.split(/\r\n|\r|\n/)[startLine - 1] ?? '';
  const hash = createHash('sha256')
    .update(`${code}\n${text.replace(/\s+/g, '')}`)
    .digest('hex')
    .slice(0, 16);
  const times = (seen.get(`${file.path}\n${hash}`) ?? 0) + 1;
  seen.set(`${file.path}\n${hash}`, times);
  const artifactLocation = { uri: file.path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
  return {
    ...{ ruleId: code, ruleIndex, level: LEVELS[severity], message: { text: message } },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine } } }],
    // The line's own text, so that a result stays the same where lines are added above it.
    partialFingerprints: { primaryLocationLineHash: `${hash}:${times}` },
  };
}
