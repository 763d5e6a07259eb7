/** What the process says to whoever called it. Part of the contract with scripts and CI. */
export const EXIT = {
  /** Identical, equivalent, the same, or simply done. */
  done: 0,
  /** The runs differ. */
  different: 1,
  /** Undecided, nothing to plan, check, rewrite or compare, or a rewrite that leaves the learning rate to be moved elsewhere. */
  nothing: 2,
  /** Wrong usage: an unknown option, a number that is none, a file that cannot be read. */
  usage: 64,
  /** A fault of the program itself (EX_SOFTWARE). */
  fault: 70,
  /** Stopped by Ctrl-C, as shells say it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
