/** Every state of the panel's page that is looked at (states.ts). */
export const PANEL_STATES = [
  ...['equivalent', 'before-first-run', 'running', 'stopped', 'identical', 'nearly', 'different', 'seeds', 'undecided'],
  ...['failed', 'stale', 'not-understood', 'asked', 'applied', 'cycles', 'trained', 'broken', 'foreign', 'gone'],
  ...['refusal', 'nothing-to-change', 'sgd', 'networks', 'hostile'],
];
