import { readFile, stat } from 'node:fs/promises';
import { mayHoldLora } from '../../config/hint';
import { errorLine, EXIT, type ExitCode, Failure, nothing, usage } from '../failure';
import { json, versioned } from '../../messages/answers';
import { complain, print } from '../terminal';
import { findConfigs, isGlob } from './find-configs';

/** What a command says of one file: its exit status, and its document where JSON is asked for. */
export interface Ended {
  exitCode: ExitCode;
  document?: object | undefined;
}

/** Prints the document, if there is one. */
export function printed({ exitCode, document }: Ended): ExitCode {
  if (document) print(json(versioned(document)));
  return exitCode;
}

/** A document in place of one that a failure has prevented. */
export const failed = ({ exitCode, message }: Failure, file?: string): object =>
  versioned({ ...(file !== undefined && { file }), error: { exitCode, message } });

/**
 * Runs a command for one file after the other: folders stand for their configs, globs for the files they match. One file
 * that fails does not hide the others; the worst exit status counts.
 */
export async function forEach(
  given: readonly string[],
  { json: isJson, report }: { json?: boolean; report?: string },
  run: (path: string) => Promise<Ended>,
): Promise<ExitCode> {
  const { paths, isSearched } = await filesOf(given);
  const [first] = paths;
  if (first !== undefined && paths.length === 1 && !isSearched) {
    return printed(await run(first));
  }
  if (report !== undefined) throw usage('--report writes one file, so it takes one config');
  const documents: object[] = [];
  const codes = new Set<ExitCode>();
  for (const path of paths) {
    try {
      const { exitCode, document } = await run(path);
      codes.add(exitCode);
      if (document) documents.push(versioned({ file: path, ...document }));
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
  const paths = new Set<string>();
  let isSearched = false;
  for (const path of given) {
    const info = await stat(path).catch(() => null);
    if (info ? !info.isDirectory() : !isGlob(path)) {
      paths.add(path);
      continue;
    }
    isSearched = true;
    for (const { path: file } of await findConfigs([path])) if (await mayBeConfig(file)) paths.add(file);
    if (paths.size > MOST) throw nothing(`${path}: names more than ${MOST} files`);
  }
  return { paths: [...paths], isSearched };
}

/** So large a file is no config, nor is one without a word of LoRA. */
async function mayBeConfig(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && info.size <= 1024 * 1024 && mayHoldLora(await readFile(path, 'utf8').catch(() => ''));
}
