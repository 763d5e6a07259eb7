import type { Finding, Reading } from '../../config/reading';
import { errorLine, EXIT, type ExitCode, Failure } from '../failure';
import { adapterFindings } from '../files/adapters';
import { located, readingOf } from '../files/config-file';
import { readText } from '../files/files';
import { json, readingJson } from '../output/json';
import { readingText } from '../output/reading-text';
import type { Terminal } from '../terminal';

interface ReadOptions {
  json?: boolean;
}

/** `read FILE…`: what each config says, as its trainer would understand it. One file that fails does not hide the others. */
export async function readCommand(
  paths: readonly string[],
  options: ReadOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const documents: unknown[] = [];
  for (const path of paths) {
    const { file, reading, failure } = await readOne(path);
    if (failure?.exitCode === EXIT.usage) {
      exitCode = EXIT.usage;
      terminal.note(errorLine(failure.message));
    }
    if (options.json) documents.push(readingJson(file, reading));
    else if (failure?.exitCode !== EXIT.usage) terminal.out(readingText(file, reading, terminal.paint));
    for (const finding of reading.findings) {
      if (!failure && finding.severity === 'error') terminal.note(errorLine(located(file, finding)));
    }
  }
  if (options.json) terminal.out(json(documents));
  return exitCode;
}

async function readOne(path: string): Promise<{ file: string; reading: Reading; failure?: Failure }> {
  try {
    const file = await readText(path);
    const reading = await readingOf(file, path);
    const findings = [...reading.findings, ...(await adapterFindings(path, file, reading))];
    return { file: file.path, reading: { ...reading, findings } };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const code = failure.exitCode === EXIT.usage ? 'unreadable' : 'not-text';
    return { file: path, reading: unread(code, failure.message.replace(`${path}: `, '')), failure };
  }
}

/** The reading of a file whose text nobody has seen. */
function unread(code: string, message: string): Reading {
  const finding: Finding = { code, severity: 'error', message, line: null, range: null };
  return {
    isLora: false,
    trainer: null,
    trainerName: null,
    syntax: null,
    recipes: [],
    findings: [finding],
    notUnderstood: [],
  };
}
