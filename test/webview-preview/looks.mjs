/** Every state of the panel's page that is looked at (states.ts). */
export const PANEL_STATES = [
  ...['equivalent', 'before-first-run', 'running', 'stopped', 'identical', 'nearly', 'different', 'seeds', 'undecided'],
  ...['failed', 'stale', 'not-understood', 'asked', 'applied', 'cycles', 'trained', 'broken', 'foreign', 'gone'],
  ...['refusal', 'nothing-to-change', 'sgd', 'networks', 'hostile'],
];

/** Of the page that compares two configs (comparison-states.ts). */
export const COMPARISON_STATES = [
  ...['different', 'same', 'nearly', 'unknown', 'blocked', 'networks', 'broken', 'hostile'],
  ...['train-same', 'train-different', 'train-untrained', 'train-running', 'train-failed', 'train-stale'],
].map((state) => `comparison-${state}`);
