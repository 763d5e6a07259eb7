/** The codes of findings. docs/findings.md explains each under a heading of its own, findings.de.md in German. */
export const FINDING_CODES = [
  // How a file is written
  ...['arguments-added', 'branch-not-taken', 'config-file', 'default-may-change', 'flags-cut-off'],
  ...['format-not-read', 'key-twice', 'not-understood', 'number-as-text', 'other-adapter'],
  ...['syntax', 'too-large', 'value-elsewhere', 'value-invalid'],
  // Alpha and rank
  ...['alpha-from-weights', 'alpha-implied', 'alpha-missing', 'alpha-not-whole', 'continues-adapter'],
  ...['half-precision-weights', 'rank-missing', 'trained-adapter'],
  // Learning rates
  ...['eps-by-type', 'loraplus-drops-decay', 'loraplus-embeddings', 'loraplus-one-part', 'lr-groups'],
  ...['no-optimizer-flags', 'peft-variant', 'schedule-rounds', 'text-encoder-default', 'trained-biases'],
  ...['unscaled-parameters', 'value-head'],
  // The optimizer
  ...['key-ignored', 'lion-decay-by-version', 'never-learns', 'optimizer-overruled', 'optimizer-renamed'],
  ...['optimizer-stops', 'optimizer-unknown', 'optimizer-without-rule'],
  // What one trainer makes of a file
  ...['argument-gone', 'clip-key-by-version', 'layout-removed', 'numbers-in-name', 'rank-per-expert'],
  ...['rate-groups', 'redrawn-factors', 'scaling-in-bf16'],
  // Trainers of image models
  ...['additional-parameters', 'alpha-ignored', 'alpha-rejected', 'clip-not-off', 'key-rejected'],
  ...['max-norm-by-file', 'merges-and-restarts', 'perturbed-weights', 'rate-forced', 'rate-overridden'],
  ...['rate-scaled', 'rate-stays-small', 'rates-refused', 'text-encoder-decay', 'trained-scalar'],
  // Runs that go on
  ...['adapter-differs', 'run-resumes'],
  // Files of an unknown trainer
  ...['guess-unsure', 'guessed'],
  // Searches
  ...['alpha-swept', 'swept-together'],
  // Trainers of language models
  ...['adapts-nothing', 'alpha-by-version', 'clip-null-clips', 'key-missing', 'key-not-read', 'null-as-text'],
  ...['scale-missing', 'second-rate'],
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];
