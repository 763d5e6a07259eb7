import * as vscode from 'vscode';
import { notebookAround } from './documents/cells';
import { CONFIG_DOCUMENTS, isLikely } from './documents/config-documents';
import { explanationIn } from '../messages/explanation';
import type { Features } from './features';
import { FINDING_SCHEME, RECIPES_VIEW, SETTINGS, type ToolName, TOOLS } from './ids';
import type { Node } from './recipes/recipe-list';
import type { RecipesTreeView } from './recipes/recipes-tree';
import { isOn, onSetting } from './settings';

/**
 * What the editor asks of a text. The parsers are loaded only for a text that may be a LoRA config, so that everybody
 * else's files cost one search through the text.
 */
export function registerTextProviders(features: () => Promise<Features>): vscode.Disposable {
  // The editor asks anew for the text that changed; what stands in one cell of a notebook moves the lenses of others.
  const elsewhere = new vscode.EventEmitter<void>();
  const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;
  return vscode.Disposable.from(
    elsewhere,
    ...[SETTINGS.codeLens, SETTINGS.defaultTarget].map((name) => onSetting(name, () => elsewhere.fire())),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (notebookAround(document)) elsewhere.fire();
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
      if (contentChanges.length > 0) elsewhere.fire();
    }),
    vscode.languages.registerCodeLensProvider(CONFIG_DOCUMENTS, {
      onDidChangeCodeLenses: elsewhere.event,
      provideCodeLenses: async (document, ...asked) =>
        isOn('codeLens') && isLikely(document) ? (await features()).provideCodeLenses(document, ...asked) : [],
    }),
    vscode.languages.registerHoverProvider(CONFIG_DOCUMENTS, {
      provideHover: async (document, ...asked) =>
        isLikely(document) ? (await features()).provideHover(document, ...asked) : undefined,
    }),
    vscode.languages.registerCodeActionsProvider(
      CONFIG_DOCUMENTS,
      {
        provideCodeActions: async (document, ...asked) =>
          isLikely(document) ? (await features()).provideCodeActions(document, ...asked) : [],
      },
      { providedCodeActionKinds: [QuickFix, RefactorRewrite] },
    ),
  );
}

/** The texts behind the links of findings: one section of docs/findings.md, or of the German page. */
export function registerExplanationProvider({ extensionUri }: vscode.ExtensionContext): vscode.Disposable {
  const page = vscode.env.language.startsWith('de') ? 'docs/findings.de.md' : 'docs/findings.md';
  return vscode.workspace.registerTextDocumentContentProvider(FINDING_SCHEME, {
    async provideTextDocumentContent({ path }): Promise<string> {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, page));
      const code = /^\/(.*)\.md$/.exec(path)?.[1] ?? '';
      const found = explanationIn(new TextDecoder().decode(bytes), code);
      if (!found) return vscode.l10n.t('There is no finding called {0}.', code);
      return `# ${found.title}\n\n${found.text}\n\n\`${code}\`\n`;
    },
  });
}

/** What a language model is about to do, in the words of the user's question. */
const ABOUT: Readonly<Record<ToolName, (file: string, other: string) => string>> = {
  read: (file) => vscode.l10n.t('Read {0}', file),
  plan: (file) => vscode.l10n.t('Plan another LoRA alpha for {0}', file),
  compare: (file, other) => vscode.l10n.t('Compare {0} with {1}', file, other),
  check: (file) => vscode.l10n.t('Check another LoRA alpha for {0} by training', file),
  adapter: (file) => vscode.l10n.t('Open the adapter {0}', file),
  rank: (file) => vscode.l10n.t('Plan another LoRA rank for {0}', file),
  diff: (file) => vscode.l10n.t('Show the diff of another LoRA alpha for {0}', file),
};

/** The tools that a language model asks. */
export function registerTools(features: () => Promise<Features>): vscode.Disposable {
  const register = (name: ToolName): vscode.Disposable =>
    vscode.lm.registerTool<Record<string, unknown>>(TOOLS[name], {
      prepareInvocation({ input }) {
        const { path, first = path, second } = input;
        const title = ABOUT[name](String(first), String(second));
        const asks = vscode.l10n.t('It is written only if you choose Apply.');
        const message = name === 'diff' ? asks : vscode.l10n.t('Nothing is written.');
        return { invocationMessage: title, confirmationMessages: { title, message } };
      },
      invoke: async ({ input }, token) => {
        const answer = await (await features()).answerTool(name, input, token);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answer)]);
      },
    });
  return vscode.Disposable.from(...Object.keys(TOOLS).map((name) => register(name as ToolName)));
}

/** Registers the view "LoRA recipes". Nothing is loaded or looked for before it is visible. */
export function registerRecipesView(features: () => Promise<Features>): RecipesTreeView & vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<Node>(RECIPES_VIEW, {
    canSelectMany: true,
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await features()).recipes.children(node),
      getTreeItem: async (node) => (await features()).recipes.item(node),
      resolveTreeItem: async (item, node) => (await features()).recipes.resolve(item, node),
      getParent: async (node) => (await features()).recipes.parent(node),
    },
  });
  return { view, changed, dispose: () => vscode.Disposable.from(view, changed).dispose() };
}
