import type * as vscode from 'vscode';

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

/** Endings of files that hold configs, for editors that do not know the language. */
const CONFIG_FILES = '**/*.{yml,yaml,json,jsonc,toml,py,ipynb,sh,bash,bat,cmd,ps1,env}';

/** The documents that can hold a config: by language, by name where no extension knows the language, and cells of notebooks. */
export const CONFIG_DOCUMENTS: vscode.DocumentSelector = [
  ...CONFIG_LANGUAGES.map((language) => ({ language })),
  { pattern: CONFIG_FILES },
  { notebookType: 'jupyter-notebook' },
];
