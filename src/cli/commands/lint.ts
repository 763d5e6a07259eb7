import { appendFile } from 'node:fs/promises';
import { oneLine } from '../../recipe/visible';
import { EXIT, type ExitCode } from '../failure';
import { findConfigs } from '../files/find-configs';
import { versioned } from '../files/several';
import { baseOf } from '../lint/base';
import { annotations, summary } from '../lint/github';
import { lintFile, type LintedFile } from '../lint/lint';
import { countsWords, resultsOf } from '../lint/results';
import { sarif } from '../lint/sarif';
import { comparisonJson, findingJson, json, notUnderstoodJson } from '../../messages/answers';
import type { FORMATS } from '../options';
import { paint, wrap } from '../output/text';
import { out, print } from '../terminal';

interface LintOptions {
  base?: string;
  format: (typeof FORMATS)[number];
}

/** `lint PATH… [--base REF]`: findings, and for every config that a change touches whether it is still the same run. */
export async function lintCommand(paths: readonly string[], options: LintOptions): Promise<ExitCode> {
  const base = options.base === undefined ? null : await baseOf(options.base);
  const files: LintedFile[] = [];
  for (const found of await findConfigs(paths)) {
    const file = await lintFile(found, base);
    if (file) files.push(file);
  }
  const commit = base?.commit ?? null;
  (options.format === 'text' ? out : print)(PRINTED[options.format](files, commit));
  const page = process.env['GITHUB_STEP_SUMMARY'];
  if (options.format === 'github' && page) await appendFile(page, summary(files, commit));
  const results = resultsOf(files);
  if (results.some(({ severity }) => severity === 'error')) return EXIT.different;
  return results.some(({ code }) => code === 'run-unknown') ? EXIT.nothing : EXIT.done;
}

const PRINTED: Readonly<Record<LintOptions['format'], (files: readonly LintedFile[], base: string | null) => string>> =
  {
    text: lintText,
    json: (files, base) => json(versioned({ base, files: files.map(fileJson) })),
    sarif: (files) => json(sarif(files)),
    github: (files) => `${annotations(files)}${countsWords(files)}\n`,
  };

function lintText(files: readonly LintedFile[]): string {
  const blocks = files.flatMap((file) => {
    const same = file.runs.filter(({ code }) => code === 'same-run' || code === 'new-run');
    const said = [...same.map((run) => ({ ...run, file })), ...resultsOf([file])];
    if (said.length === 0) return [];
    const lines = said.map(({ severity, code, message, line }) => {
      const style = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'dim';
      const where = line === null ? '' : `line ${line}: `;
      return wrap(`${paint(style, severity)} ${code}: ${where}${message}`, 78, '  ');
    });
    return [`${paint('bold', oneLine(file.path))}\n${lines.join('\n')}\n`];
  });
  return `${[...blocks, countsWords(files)].join('\n')}\n`;
}

function fileJson({ path, reading, runs }: LintedFile): object {
  return {
    file: path,
    runs: runs.map(({ recipe, code, message, line, compared }) => {
      return {
        recipe,
        code,
        message,
        line,
        comparison: compared && comparisonJson(compared.comparison, compared.readings),
      };
    }),
    findings: reading.findings.map(findingJson),
    notUnderstood: reading.notUnderstood.map(notUnderstoodJson),
  };
}
