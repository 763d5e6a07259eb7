import * as vscode from 'vscode';
import type { Reading } from '../../config/reading';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { areOneText } from '../documents/cells';
import { isLikely } from '../documents/config-documents';
import { isConfigDocument, sourceOf } from '../documents/read-document';
import { COMMANDS, ON_CONFIG, SETTINGS } from '../ids';
import { statusWords } from '../lens/lens-words';
import { isOn, onSetting } from '../settings';
import { activeDocument, networkAtCursor } from '../subject';

/** Typing and moving pause this long before the item follows. */
const SETTLE_MS = 150;

/**
 * The scaling of the config in the active editor, in the status bar; not there on any other file. What menus ask for
 * in their `when` (`loraAlpha.onConfig`) is kept here too, because it is the same question.
 */
export function createStatusBar(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('loraAlpha.scaling', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('LoRA scaling');
  // Without arguments: the editor forgets those of an item that is drawn anew, and a click at that moment is lost. The
  // command takes what the item is about, the active editor and the network at its cursor.
  item.command = COMMANDS.check;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let wasOnConfig: boolean | undefined;
  let latest: object = {};

  const follow = async (): Promise<void> => {
    const mine = (latest = {});
    const document = activeDocument();
    const isRead = document && isConfigDocument(document) && isLikely(document);
    const reading = isRead ? (await sourceOf(document).catch(() => undefined))?.reading : undefined;
    // Something else is looked at, or it says something else, by now.
    if (mine !== latest) return;
    const isOnConfig = reading?.isLora ?? false;
    if (document && reading && isOn('statusBar') && describe(item, document, reading)) item.show();
    else item.hide();
    if (isOnConfig !== wasOnConfig) void vscode.commands.executeCommand('setContext', ON_CONFIG, isOnConfig);
    wasOnConfig = isOnConfig;
  };
  const followNow = (): void => void follow();
  const followSoon = (document: vscode.TextDocument): void => {
    // What one cell of a notebook says can be about the value of another.
    const active = activeDocument();
    if (!active || !areOneText(document, active)) return;
    clearTimeout(settling);
    settling = setTimeout(followNow, SETTLE_MS);
  };

  const listening = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(followNow),
    vscode.window.onDidChangeActiveNotebookEditor(followNow),
    vscode.window.onDidChangeNotebookEditorSelection(followNow),
    vscode.workspace.onDidChangeTextDocument(({ document }) => followSoon(document)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => followSoon(textEditor.document)),
    onSetting(SETTINGS.statusBar, followNow),
    item,
  );
  followNow();
  return new vscode.Disposable(() => {
    latest = {};
    clearTimeout(settling);
    listening.dispose();
  });
}

/** Fills the item with what a document says. @returns false where it says nothing */
function describe(item: vscode.StatusBarItem, document: vscode.TextDocument, reading: Reading): boolean {
  const { recipes, trainerName } = reading;
  const recipe = recipes[networkAtCursor(document, reading)];
  if (!recipe) return false;
  item.text = statusWords(recipe);
  const several = vscode.l10n.t('{0} adapters in this file. At the cursor: {1}.', recipes.length, recipe.name);
  const lines = [
    vscode.l10n.t('{0}: the scaling in front of B·A is {1}.', trainerName ?? 'LoRA', scalingEquation(recipe)),
    recipe.stated.alpha ? '' : (recipe.assumed.alpha ?? ''),
    recipes.length < 2 ? '' : several,
    vscode.l10n.t('Click to see what another alpha would change.'),
  ];
  item.tooltip = lines.filter((line) => line !== '').join('\n');
  const label = vscode.l10n.t('LoRA scaling {0}. Check alpha equivalence', numberLabel(recipe.scaling));
  item.accessibilityInformation = { label, role: 'button' };
  return true;
}
