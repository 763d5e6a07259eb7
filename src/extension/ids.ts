/** Every id that package.json and the code share; a test holds the two against each other. */
const COMMAND_NAMES = [
  ...(['recordRun', 'tryRun'] as const),
  ...(['check', 'rescale', 'exportCheck', 'openResults', 'explain', 'showRules', 'showLog', 'openSample'] as const),
  ...(['openAdapter', 'compare', 'compareSelected', 'showRuns', 'applyPreview', 'discardPreview'] as const),
  ...(['refreshRecipes', 'stopScan', 'openRecipesTable', 'sortRecipes', 'filterRecipes'] as const),
  'clearRecipesFilter',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export const COMMANDS = Object.fromEntries(COMMAND_NAMES.map((name) => [name, `loraAlpha.${name}`])) as {
  readonly [Name in CommandName]: `loraAlpha.${Name}`;
};

export const SETTINGS = {
  section: 'loraAlpha',
  backend: 'backend',
  codeLens: 'codeLens',
  defaultTarget: 'defaultTarget',
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
/** The editor of adapters' weights, as package.json declares it. */
export const ADAPTER_EDITOR = 'loraAlpha.adapter';
export type PageName = keyof typeof PAGES;

export const RECIPES_VIEW = 'loraAlpha.recipes';

/** Set while the workspace is looked through: menus and welcome texts ask for it. */
export const SCANNING_CONTEXT = 'loraAlpha.scanning';
export const FILTERED_CONTEXT = 'loraAlpha.recipesFiltered';
/** What a menu's `when` asks: whether the active editor shows a LoRA config. */
export const ON_CONFIG = 'loraAlpha.onConfig';
/** Contexts that tick a step of the walkthrough: the editor does not see a lens, or the panel, run a command. */
export const DONE = { check: 'loraAlpha.checked', apply: 'loraAlpha.applied' } as const;

/** Scheme of the documents that show a config as it would be after Apply. */
export const PREVIEW_SCHEME = 'lora-alpha-preview';
/** Scheme of the documents that explain a finding; package.json has them shown as they read. */
export const FINDING_SCHEME = 'lora-alpha-finding';

/** The tools of language models, as package.json declares them. */
export const TOOLS = {
  read: 'read_lora',
  plan: 'plan_lora_alpha',
  compare: 'compare_lora',
  check: 'check_lora_alpha',
  adapter: 'read_lora_adapter',
  rank: 'plan_lora_rank',
  diff: 'show_lora_diff',
} as const;
export type ToolName = keyof typeof TOOLS;

/** What tells the editor of our MCP server. */
export const MCP_SERVERS = 'loraAlpha.mcp';

/** The name under which findings stand in the list of problems. */
export const DIAGNOSTICS = 'LoRA Alpha';

/** Languages in which configs are written. package.json activates for the same ones, which a test checks. */
export const CONFIG_LANGUAGES = 'yaml json jsonc toml python shellscript bat powershell dotenv properties'.split(' ');
