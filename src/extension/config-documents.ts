import type * as vscode from 'vscode';

/** The documents that can hold a config: by language, and by name where no extension knows the language. */
export const CONFIG_DOCUMENTS: vscode.DocumentSelector = [
  { language: 'yaml' },
  { language: 'json' },
  { language: 'jsonc' },
  { language: 'toml' },
  { pattern: '**/*.{yml,yaml,json,jsonc,toml}' },
];
