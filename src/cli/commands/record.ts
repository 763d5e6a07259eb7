import { aboutRun } from '../../run/read-against-ran';
import { emptyWords, runReading } from '../../run/recipe-of-run';
import { errorLine, EXIT, type ExitCode, Failure } from '../failure';
import { readingText } from '../output/reading-text';
import { assertProgram, endLike, makeRoom, recordingAt, recorderEnvironment, run, type Recipe } from '../run/program';
import { note, out as print, tell } from '../terminal';

export interface RecordOptions {
  steps: number;
  keepGoing?: boolean;
  out?: string;
  printEnv?: boolean;
}

/** `record -- COMMAND…`: starts the user's own training, and writes down what really trained. */
export async function recordCommand(options: RecordOptions, command: readonly string[]): Promise<ExitCode> {
  const { steps, keepGoing = false, out = 'run.json', printEnv } = options;
  const recipe: Recipe = { out, steps, keepGoing, plan: null, noise: null };
  if (printEnv) {
    const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    for (const [name, value] of Object.entries(recorderEnvironment(recipe))) print(`export ${name}=${quoted(value)}\n`);
    return EXIT.done;
  }
  assertProgram(command);
  await makeRoom(out);
  const ended = await run(command, recipe);
  const found = await recordingAt(out, ended, 'the program').catch((error: unknown) => {
    if (ended.status === 0 || !(error instanceof Failure)) throw error;
    note(errorLine(error.message));
    return null;
  });
  const empty = found && emptyWords(found.recording);
  if (found && empty === null) {
    tell(`Recorded in ${out}: ${aboutRun(found.recording)}`);
    note(readingText(out, runReading(found.text, found.recording)));
  } else if (empty !== null) {
    note(errorLine(`${out}: ${empty}`));
    if (ended.status === 0) return EXIT.nothing;
  }
  // The status of the program is the status of the command.
  return endLike(ended) as ExitCode;
}
