import { appendFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { syntaxOf } from '../../config/syntax/parse';
import { oneLine } from '../../recipe/visible';
import { EXIT, type ExitCode } from '../failure';
import { textOfNeighbour } from '../files/files';
import { findConfigs, type FoundFile } from '../files/find-configs';
import { baseOf } from '../lint/base';
import { annotations, summary } from '../lint/github';
import { countsWords, lintFile, type LintedFile, resultsOf } from '../lint/lint';
import { sarif } from '../lint/sarif';
import { comparisonJson, findingJson, json, notUnderstoodJson, versioned } from '../../messages/answers';
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
  for (const found of await withConfigs(await findConfigs(paths))) {
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

/** A commit may change only the code of a plan. It changes the run of every config in the folder that names it. */
async function withConfigs(found: readonly FoundFile[]): Promise<FoundFile[]> {
  const paths = new Map(found.map((file) => [join(file.path), file]));
  for (const folder of found.filter(({ path }) => basename(path) === CODE_FILE).map(({ path }) => dirname(path))) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (paths.has(path) || syntaxOf(name) === null) continue;
      if (namesCode((await textOfNeighbour(path)) ?? '')) paths.set(path, { path, isNamed: false });
    }
  }
  return [...paths.values()];
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
    runs: runs.map(({ compared, ...run }) => {
      return { ...run, comparison: compared && comparisonJson(compared, compared.readings) };
    }),
    findings: reading.findings.map(findingJson),
    notUnderstood: reading.notUnderstood.map(notUnderstoodJson),
  };
}
