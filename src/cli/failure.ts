import { EXIT, type ExitCode } from './exit-codes';

/** The end of a command, told in one line: what is wrong, where, and what would be right. */
export class Failure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** The command was called in a way it cannot be. */
export function usage(message: string): Failure {
  return new Failure(EXIT.usage, message);
}

/** The command was called well, but there is nothing it could do. */
export function nothing(message: string): Failure {
  return new Failure(EXIT.nothing, message);
}

/** `message` as the one line on stderr it must be. */
export function errorLine(message: string): string {
  return `lora-alpha: ${message.trim().replace(/\s*[\r\n]+\s*/g, ' ')}\n`;
}
