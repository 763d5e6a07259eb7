import * as vscode from 'vscode';
import { readConfig } from '../config/read';
import { scalingEquation } from '../recipe/notation';

/** A workspace can hold thousands of YAML and JSON files; a config worth training with is small. */
const MOST_FILES = 400;
const MOST_BYTES = 256 * 1024;

interface ConfigItem extends vscode.QuickPickItem {
  uri: vscode.Uri;
}

/** Looks for LoRA configs in the workspace and lets the user pick one; says so where there is none. */
export async function pickConfig(tried: vscode.TextDocument | undefined): Promise<vscode.Uri | undefined> {
  const items = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking for LoRA configs') },
    findConfigs,
  );
  if (items.length === 0) {
    const known = 'PEFT, Axolotl, LLaMA-Factory, torchtune, kohya sd-scripts';
    void vscode.window.showInformationMessage(
      tried
        ? vscode.l10n.t(
            '{0} holds no LoRA config that is known here ({1}), and no other file of the workspace does.',
            tried.fileName,
            known,
          )
        : vscode.l10n.t('Open a LoRA config first: {0}. No file of the workspace holds one.', known),
    );
    return undefined;
  }
  const placeHolder = vscode.l10n.t('Which config is to be checked?');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.uri;
}

async function findConfigs(): Promise<ConfigItem[]> {
  const exclude = '**/{node_modules,.git,.venv,venv,dist,out}/**';
  const uris = await vscode.workspace.findFiles('**/*.{yml,yaml,json,toml}', exclude, MOST_FILES);
  const items = await Promise.all(uris.map(itemOf));
  return items.filter((item) => item !== undefined).sort((a, b) => a.label.localeCompare(b.label));
}

async function itemOf(uri: vscode.Uri): Promise<ConfigItem | undefined> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MOST_BYTES) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const { recipes, trainerName } = readConfig(text, uri.path);
    const recipe = recipes[0];
    if (!recipe) return undefined;
    return {
      uri,
      label: vscode.workspace.asRelativePath(uri),
      description: `${trainerName ?? ''} · s = ${scalingEquation(recipe)}`,
    };
  } catch {
    // A file that vanished or may not be read is no candidate.
    return undefined;
  }
}
