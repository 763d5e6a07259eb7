/** The codes of findings. docs/findings.md explains each under a heading of its own, findings.de.md in German. */
export const FINDING_CODES = [
  // How a file is written
  ...['arguments-added', 'config-file', 'default-may-change'],
  ...['format-not-read', 'key-twice', 'not-understood', 'number-as-text', 'other-adapter'],
  ...['syntax', 'too-large', 'trainer-unknown', 'value-elsewhere', 'value-invalid'],
  // Alpha and rank
  ...['alpha-implied', 'alpha-missing', 'alpha-not-whole', 'continues-adapter'],
  ...['half-precision-weights', 'loss-scale', 'rank-missing', 'adapter-fault', 'trained-adapter'],
  // Learning rates
  ...['lr-groups', 'peft-variant', 'rate-overridden', 'rate-scaled', 'schedule-rounds', 'unscaled-parameters'],
  // The optimizer
  ...['key-ignored', 'never-learns', 'optimizer-unknown', 'optimizer-without-rule'],
  // What one trainer makes of a file
  ...['alpha-ignored', 'argument-gone', 'numbers-in-name', 'rank-per-expert', 'redrawn-factors'],
  ...['trainer-stops'],
  // Runs that go on
  ...['adapter-differs', 'run-differs', 'run-empty', 'run-resumes'],
  // Files of an unknown trainer
  ...['guess-unsure', 'guessed'],
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];
