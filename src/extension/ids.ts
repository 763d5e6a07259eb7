/** Every id that package.json and the code share; a test holds the two against each other. */
export const COMMANDS = {
  check: 'loraAlpha.check',
  rescale: 'loraAlpha.rescale',
  exportCheck: 'loraAlpha.exportCheck',
  openResults: 'loraAlpha.openResults',
  explain: 'loraAlpha.explain',
  showRules: 'loraAlpha.showRules',
  compare: 'loraAlpha.compare',
  compareSelected: 'loraAlpha.compareSelected',
  showRuns: 'loraAlpha.showRuns',
  refreshRecipes: 'loraAlpha.refreshRecipes',
  stopScan: 'loraAlpha.stopScan',
  openRecipesTable: 'loraAlpha.openRecipesTable',
  sortRecipes: 'loraAlpha.sortRecipes',
  filterRecipes: 'loraAlpha.filterRecipes',
  clearRecipesFilter: 'loraAlpha.clearRecipesFilter',
  applyPreview: 'loraAlpha.applyPreview',
  discardPreview: 'loraAlpha.discardPreview',
  openSample: 'loraAlpha.openSample',
  showLog: 'loraAlpha.showLog',
} as const;
export type CommandName = keyof typeof COMMANDS;

export const SETTINGS = {
  section: 'loraAlpha',
  backend: 'backend',
  codeLens: 'codeLens',
  diagnostics: 'diagnostics',
  runOnChange: 'runOnChange',
  seeds: 'seeds',
  statusBar: 'statusBar',
  task: 'task',
  workers: 'workers',
  recipesExclude: 'recipes.exclude',
  recipesMaxFiles: 'recipes.maxFiles',
} as const;

/** View types of our pages, under which VS Code brings them back after a reload. */
export const PAGES = {
  panel: 'loraAlpha.panel',
  comparison: 'loraAlpha.comparison',
  recipesTable: 'loraAlpha.recipesTable',
} as const;
export type PageName = keyof typeof PAGES;

export const RECIPES_VIEW = 'loraAlpha.recipes';

/** Set while the workspace is looked through: menus and welcome texts ask for it. */
export const SCANNING_CONTEXT = 'loraAlpha.scanning';

export const FILTERED_CONTEXT = 'loraAlpha.recipesFiltered';

/** Scheme of the documents that show a config as it would be after Apply. */
export const PREVIEW_SCHEME = 'lora-alpha-preview';

/** Scheme of the documents that explain a finding; package.json has them shown as they read. */
export const FINDING_SCHEME = 'lora-alpha-finding';

/** The tool of language models, as package.json declares it. */
export const PLAN_TOOL = 'plan_lora_alpha';

/** What a menu's `when` asks: whether the active editor shows a LoRA config. */
export const ON_CONFIG = 'loraAlpha.onConfig';

/** The name under which findings stand in the list of problems. */
export const DIAGNOSTICS = 'LoRA Alpha';

/** Languages in which configs are written. package.json activates for the same ones, which a test checks. */
export const CONFIG_LANGUAGES = [
  'yaml',
  'json',
  'jsonc',
  'toml',
  'python',
  'shellscript',
  'bat',
  'powershell',
  'dotenv',
  'properties',
] as const;
