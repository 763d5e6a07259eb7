import { oneLine } from '../recipe/visible';
import { isColoured, shown } from './output/text';

type Stream = NodeJS.WriteStream;

const write = (stream: Stream, text: string, spell?: (text: string) => string): void =>
  void stream.write(shown(text, isColoured(stream, process.env), spell));

/** Writes a result. */
export const out = (text: string): void => write(process.stdout, text);

/** Writes a result for another program: byte for byte, unless a terminal shows it. */
export const exact = (text: string): void =>
  write(process.stdout, text, process.stdout.isTTY ? undefined : (bytes) => bytes);

/** Writes a line of what is worth knowing; the name of a file in it begins no other. */
export const tell = (line: string): void => note(`${oneLine(line)}\n`);

/** Writes what is worth knowing about the way there. */
export const note = (text: string): void => write(process.stderr, text);
