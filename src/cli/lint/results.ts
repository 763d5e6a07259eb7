import type { Finding } from '../../config/reading';
import type { LintedFile } from './lint';

/** One thing to show at one place: a finding of a file, or what became of a run. */
export interface LintResult extends Pick<Finding, 'code' | 'severity' | 'message' | 'line'> {
  file: LintedFile;
}

/** Everything that lint has to say of its files, runs first. */
export function resultsOf(files: readonly LintedFile[]): LintResult[] {
  return files.flatMap((file) => {
    const runs = file.runs.filter(({ code }) => code !== 'same-run' && code !== 'new-run');
    return [...runs, ...file.reading.findings].map(({ code, severity, message, line }) => {
      return { code, severity, message, line, file };
    });
  });
}

/** `2 configs, 1 changed: 1 another run. 1 error, 0 warnings.` */
export function countsWords(files: readonly LintedFile[]): string {
  const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
  const changed = files.filter(({ runs }) => runs.length > 0).length;
  const runs = files.flatMap((file) => file.runs);
  const codes = [...new Set(runs.map(({ code }) => code))];
  const said = codes.map((code) => `${runs.filter((run) => run.code === code).length} ${code.replaceAll('-', ' ')}`);
  const results = resultsOf(files);
  const of = (severity: Finding['severity']): number => results.filter((each) => each.severity === severity).length;
  const change = changed === 0 ? '' : `, ${changed} changed: ${said.join(', ')}`;
  return `${count(files.length, 'config')}${change}. ${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}.`;
}
