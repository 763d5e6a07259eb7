import { oneLine } from '../recipe/visible';
import { isColoured, shown } from './output/text';

const write = (stream: NodeJS.WriteStream, text: string, spell?: (text: string) => string): void =>
  void stream.write(shown(text, isColoured(stream, process.env), spell));

let isQuiet = false;

/** From now on, only documents, diffs, exported files and errors are written (`--quiet`). */
export const beQuiet = (): void => {
  isQuiet = true;
};

/** Writes a result for people. */
export const out = (text: string): void => {
  if (!isQuiet) print(text);
};

/** Writes a document, whatever else is not to be said. */
export const print = (text: string): void => write(process.stdout, text);

/** Writes a result for another program: byte for byte, unless a terminal shows it. */
export const exact = (text: string): void =>
  write(process.stdout, text, process.stdout.isTTY ? undefined : (bytes) => bytes);

/** Writes a line of what is worth knowing; the name of a file in it begins no other. */
export const tell = (line: string): void => note(`${oneLine(line)}\n`);

/** Writes what is worth knowing about the way there. */
export const note = (text: string): void => {
  if (!isQuiet) complain(text);
};

/** Writes an error. */
export const complain = (text: string): void => write(process.stderr, text);
