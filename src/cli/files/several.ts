import { readFile, stat } from 'node:fs/promises';
import { mayHoldLora } from '../../config/hint';
import { errorLine, EXIT, type ExitCode, Failure, nothing, usage } from '../failure';
import { json, versioned } from '../../messages/answers';
import { complain, out, print } from '../terminal';
import { findConfigs } from './find-configs';

/** What a command says of one file: its exit status, its document (or several) for `--json`, and its text for people. */
export interface Ended {
  exitCode: ExitCode;
  document?: object | readonly object[] | undefined;
  text?: string;
}

/** Prints the document or the text. */
export function printed({ exitCode, document, text = '' }: Ended, isJson = document !== undefined): ExitCode {
  if (document && isJson) print(json(versioned(document)));
  else out(text);
  return exitCode;
}

/** A document in place of one that a failure has prevented. */
export const failed = ({ exitCode, message }: Failure, file?: string): object =>
  versioned({ ...(file !== undefined && { file }), error: { exitCode, message } });

/**
 * Runs a command for one file after the other: folders stand for their configs, globs for the files they match. One file
 * that fails does not hide the others; the worst exit status counts.
 * @param isList whether the document is a list also for one file
 */
export async function forEach(
  given: readonly string[],
  { json: isJson = false, report }: { json?: boolean; report?: string },
  run: (path: string) => Promise<Ended>,
  isList = false,
): Promise<ExitCode> {
  const { paths, isSearched } = await filesOf(given);
  const [first] = paths;
  if (first !== undefined && paths.length === 1 && !isSearched && !isList) return printed(await run(first), isJson);
  if (report !== undefined) throw usage('--report writes one file, so it takes one config');
  const documents: object[] = [];
  const codes = new Set<ExitCode>();
  for (const path of paths) {
    try {
      const { exitCode, document = [], text } = await run(path);
      if (!isJson && text) out(codes.size === 0 ? text : `\n${text}`);
      codes.add(exitCode);
      for (const each of [document].flat()) documents.push(versioned({ file: path, ...each }));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (isSearched && error.isNoConfig) continue;
      codes.add(error.exitCode);
      documents.push(failed(error, path));
      complain(errorLine(error.message));
    }
  }
  if (isJson) print(json(documents));
  if (codes.size === 0) throw nothing(`${given.join(', ')}: holds no LoRA config of a known trainer`);
  const worst = [EXIT.usage, EXIT.different, EXIT.nothing];
  return worst.find((code) => codes.has(code)) ?? EXIT.done;
}

/** More files than this are no folder of configs. */
const MOST = 10_000;

/** The files that arguments name, and whether some of them were looked for. */
export async function filesOf(given: readonly string[]): Promise<{ paths: string[]; isSearched: boolean }> {
  const paths: string[] = [];
  for (const { path, isNamed } of await findConfigs(given)) if (isNamed || (await mayBeConfig(path))) paths.push(path);
  if (paths.length > MOST) throw nothing(`${given.join(', ')}: more than ${MOST} files`);
  return { paths, isSearched: given.some((path) => !paths.includes(path)) };
}

/** So large a file is no config, nor is one without a word of LoRA. */
async function mayBeConfig(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && info.size <= 1024 * 1024 && mayHoldLora(await readFile(path, 'utf8').catch(() => ''));
}
