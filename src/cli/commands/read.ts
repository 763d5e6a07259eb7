import { dirname, resolve } from 'node:path';
import { adapterConfigAt, adapterDiffers } from '../../config/compare/adapter-differs';
import { readConfig, type ConfigReading } from '../../config/read';
import type { Finding } from '../../config/reading';
import { SYNTAX_ERROR } from '../../config/syntax/python/syntax-error';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import { errorLine, EXIT, type ExitCode, Failure } from '../failure';
import { agreementOf, located, readingOf } from '../files/config-file';
import { type Ended, forEach } from '../files/several';
import { readText, STDIN, textOfNeighbour } from '../files/files';
import { readingJson } from '../../messages/answers';
import { signaturesOf } from '../output/signature';
import { readingText } from '../output/reading-text';
import { complain } from '../terminal';

export interface ReadFile {
  file: string;
  text: string;
  reading: ConfigReading;
  failure?: Failure;
}

/** `read FILE…`: what each config says to its trainer. */
export function readCommand(given: readonly string[], options: { json?: boolean; run?: string }): Promise<ExitCode> {
  const run = async (path: string): Promise<Ended> => {
    const { file, reading, text, failure } = await readOne(path, options.run);
    const document = readingJson(file, reading, signaturesOf(text, reading));
    const isBroken = failure !== undefined && !failure.isNoConfig;
    const errors = isBroken ? [failure.message] : failure ? [] : errorsIn(reading).map((each) => located(file, each));
    for (const error of errors) complain(errorLine(error));
    const exitCode = isBroken ? failure.exitCode : errors.length > 0 ? EXIT.nothing : EXIT.done;
    return { exitCode, document, text: isBroken ? '' : readingText(file, reading) };
  };
  return forEach(given, options, run, true);
}

/** What stops the trainer. What looks like a syntax error in a script is one here, but no finding: it may be a doubt. */
function errorsIn({ findings, notUnderstood }: ConfigReading): Pick<Finding, 'line' | 'message'>[] {
  const broken = notUnderstood.filter(({ why }) => why === SYNTAX_ERROR);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return [...errors, ...broken.map(({ line, why: message }) => ({ line, message }))];
}

/** A file as `read` shows it; one that cannot be read has a finding that says why. @param run its recording */
export async function readOne(path: string, run?: string): Promise<ReadFile> {
  try {
    const file = await readText(path);
    const reading = await readingOf(file, path);
    const ran = (await agreementOf({ file, reading }, run))?.findings ?? [];
    const folders = [...(path === STDIN ? [] : [dirname(path)]), '.'];
    const adapters = await adapterFindings(folders, file.text, reading, textOfNeighbour);
    const findings = [...reading.findings, ...adapters, ...ran];
    return { file: file.path, text: file.text, reading: { ...reading, findings } };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const code = failure.exitCode === EXIT.usage ? 'unreadable' : 'not-text';
    const message = failure.message.replace(`${path}: `, '');
    const findings: Finding[] = [{ code, severity: 'error', message, line: null, range: null }];
    const unread = { isLora: false, trainer: null, trainerName: null, syntax: null, recipes: [], notUnderstood: [] };
    return { file: path, text: '', reading: { ...unread, findings, runs: [] }, failure };
  }
}

/**
 * What is wrong with the trained adapters that the runs of a file go on from, as far as they lie where the file says:
 * seen from one of these folders.
 * @param textAt the text of a file that may be opened
 */
export async function adapterFindings(
  folders: readonly string[],
  text: string,
  reading: ConfigReading,
  textAt: (path: string) => Promise<string | null>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const finding of reading.findings) {
    const config = finding.goesOn && adapterConfigAt(finding.goesOn);
    for (const folder of config ? folders : []) {
      const there = config && (await textAt(resolve(folder, config)));
      const [adapter] = there ? readConfig(there, ADAPTER_CONFIG).recipes : [];
      if (!adapter) continue;
      const differs = adapterDiffers(text, reading, finding, adapter);
      if (differs) found.push(differs);
      break;
    }
  }
  return found;
}
