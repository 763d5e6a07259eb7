/** Every id that package.json and the code share; a test holds the two against each other. */
export const COMMANDS = {
  check: 'loraAlpha.check',
  applyPreview: 'loraAlpha.applyPreview',
  discardPreview: 'loraAlpha.discardPreview',
  showLog: 'loraAlpha.showLog',
} as const;

export const SETTINGS = {
  section: 'loraAlpha',
  backend: 'backend',
  codeLens: 'codeLens',
  runOnChange: 'runOnChange',
  seeds: 'seeds',
  task: 'task',
} as const;

/** View type of the panel, under which VS Code brings it back after a reload. */
export const PANEL_VIEW = 'loraAlpha.panel';

/** Scheme of the documents that show a config as it would be after Apply. */
export const PREVIEW_SCHEME = 'lora-alpha-preview';
