/** What the process says to whoever called it. Part of the contract with scripts and CI. */
export const EXIT = {
  /** Identical, equivalent, the same, or simply done. */
  done: 0,
  /** The runs differ. */
  different: 1,
  /** Undecided, nothing to do, or a rewrite that must leave the learning rate to the user. */
  nothing: 2,
  /** Wrong usage: an unknown option, a value that is not a number, a file that cannot be read. */
  usage: 64,
  /** A fault of the program itself (EX_SOFTWARE). */
  fault: 70,
  /** Stopped by Ctrl-C, as shells say it; elsewhere than on Windows the process ends by the signal itself. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The end of a command, told in one line: what is wrong, where, and what would be right. */
export class Failure extends Error {
  /** @param isNoConfig whether the file that it is about just holds no LoRA config */
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly isNoConfig = false,
  ) {
    super(message);
  }
}

/** The command was called in a way it cannot be. */
export const usage = (message: string): Failure => new Failure(EXIT.usage, message);

/** The command was called well, but there is nothing it could do. */
export const nothing = (message: string): Failure => new Failure(EXIT.nothing, message);

/** The file holds no LoRA config. */
export const noConfig = (message: string): Failure => new Failure(EXIT.nothing, message, true);

/** `message` as the one line on stderr it must be. */
export function errorLine(message: string): string {
  return `lora-alpha: ${message.trim().replace(/\s*[\r\n]+\s*/g, ' ')}\n`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  ELOOP: 'its symbolic links run in a circle',
};

/** Why a file or stream could not be read or written, in words that continue a sentence. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
