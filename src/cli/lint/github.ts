import type { ComparedRow } from '../../config/compare/compare-configs';
import { visible } from '../../recipe/visible';
import { countsWords, type LintedFile, type LintedRun, resultsOf } from './lint';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Commands that make GitHub annotate the lines of a change.
 * @see https://github.com/actions/toolkit (packages/core/src/command.ts: escapeData, escapeProperty)
 */
export function annotations(files: readonly LintedFile[]): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const shown = resultsOf(files).filter(({ severity }) => severity !== 'info');
  const lines = shown.map(({ code, severity, message, line, file }) => {
    const where = `file=${property(file.path)},line=${line ?? 1},title=${property(`LoRA Alpha: ${code}`)}`;
    return `::${COMMANDS[severity]} ${where}::${data(message)}\n`;
  });
  return lines.join('');
}

const MARKS = {
  'same-run': '✅ the same run',
  'nearly-same-run': '≈ nearly the same run',
  'another-run': '❌ another run',
  'run-unknown': '❓ unknown',
  'new-run': '🆕 a new run',
} as const;

/** The summary of a run in Markdown. Text of files is text in it, never markup. */
export function summary(files: readonly LintedFile[], base: string | null): string {
  const changed = files.flatMap((file) => file.runs.map((run) => ({ file, run })));
  const against = base === null ? '' : ` Held against \`${base.slice(0, 12)}\`.`;
  const rows = changed.map(({ file, run }) => {
    const name = file.reading.recipes.length > 1 ? ` (${inline(run.recipe)})` : '';
    return `| ${code(file.path)}${name} | ${MARKS[run.code]} | ${inline(run.message)} |`;
  });
  const isRun = (code: string): boolean => code in MARKS;
  const findings = resultsOf(files).filter(({ severity, code }) => severity !== 'info' && !isRun(code));
  const said = findings.map(
    ({ severity, code: id, message, line, file }) =>
      `- ${severity} ${code(`${file.path}${line === null ? '' : `:${line}`}`)} (${id}): ${inline(message)}`,
  );
  const parts = [
    `## LoRA Alpha\n\n${countsWords(files)}${against}`,
    ...(rows.length === 0 ? [] : [['| config | run | |', '| --- | --- | --- |', ...rows].join('\n')]),
    ...changed.flatMap(({ file, run }) => differences(file, run)),
    ...(said.length === 0 ? [] : [said.join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What differs, folded. */
function differences(file: LintedFile, { compared }: LintedRun): string[] {
  const differing = compared?.rows.filter(({ same }) => same === false) ?? [];
  if (differing.length === 0) return [];
  const row = ({ name, formula, first, second, ratio }: ComparedRow): string =>
    `| ${[name, formula, first, second, ratio].map(inline).join(' | ')} |`;
  const head = ['| | | base | change | ratio |', '| --- | --- | --- | --- | --- |'];
  const table = [...head, ...differing.map(row)].join('\n');
  return [`<details><summary>What differs in ${inline(file.path)}</summary>\n\n${table}\n\n</details>`];
}

/** Text between the marks of Markdown and HTML, on one line. */
const inline = (text: string): string =>
  visible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#~&]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** A path as code; a backtick would end it. */
const code = (text: string): string => `<code>${inline(text)}</code>`;
