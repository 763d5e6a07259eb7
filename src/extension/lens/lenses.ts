import * as vscode from 'vscode';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import type { Range } from '../../config/reading';
import { filesBeside } from '../adapter/adapters';
import { askFor, isConfigDocument, offsetIn, rangeIn } from '../documents/read-document';
import { COMMANDS } from '../ids';
import { defaultTarget } from '../settings';
import type { LensWords } from './lens-words';

type Placed = [at: Range, command: vscode.Command];

/** Above every alpha: the scaling, and the way to the panel. Above every rate: the one that another alpha needs. */
export async function provideCodeLenses(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<vscode.CodeLens[]> {
  if (!isConfigDocument(document)) return [];
  const isAdapter = document.uri.path.endsWith(`/${ADAPTER_CONFIG}`);
  const files = isAdapter ? await filesBeside(document.uri) : [];
  const weights = 'wrong' in files ? undefined : files[0];
  const lenses = await askFor(document, token, 'lenses', defaultTarget());
  if (!lenses) return [];
  const { alpha, rate, runs } = lenses;
  const checking = ({ place, network }: LensWords, title: string, tooltip: string): Placed => [
    place.range,
    { title, tooltip, command: COMMANDS.check, arguments: [document.uri, network] },
  ];
  const scaling = vscode.l10n.t('The scaling in front of B·A. Click to see what another alpha would change.');
  const check = vscode.l10n.t('Check alpha equivalence');
  const proof = vscode.l10n.t(
    'Compute the learning rate and init that make another alpha the same run, and train to prove it.',
  );
  const click = vscode.l10n.t('Click to see what another alpha would change.');
  const several = runs && { title: runs.title, tooltip: runs.claim, command: COMMANDS.showRuns };
  const all: Placed[] = [
    ...alpha.flatMap((words) => [checking(words, words.title, words.why || scaling), checking(words, check, proof)]),
    ...(weights ? [[alpha[0]?.place.range ?? { start: 0, end: 0 }, engines(weights)] satisfies Placed] : []),
    // Above the first alpha of a file with several runs: how many of them differ.
    ...(several ? [[runs.range, { ...several, arguments: [document.uri] }] satisfies Placed] : []),
    ...rate.map((words) => checking(words, words.title, words.why || click)),
  ];
  return all.flatMap(([at, command]) => {
    // None where the place is in another cell of the notebook.
    const range = rangeIn(document, at);
    return range ? [new vscode.CodeLens(range, command)] : [];
  });
}

const engines = (weights: vscode.Uri): vscode.Command => ({
  title: vscode.l10n.t('What engines make of it'),
  tooltip: vscode.l10n.t('Open the trained adapter: which engines apply its scaling, and which do not.'),
  ...{ command: COMMANDS.openAdapter, arguments: [weights] },
});

/** Commands that a hover may run; all of its other text is not trusted. */
const ENABLED = [COMMANDS.check, COMMANDS.rescale, COMMANDS.showRules];

/** What the hyperparameter under the mouse does in its run: numbers first, links last. */
export async function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<vscode.Hover | undefined> {
  if (!isConfigDocument(document)) return undefined;
  const asked = { offset: offsetIn(document, position), usual: defaultTarget() };
  const said = await askFor(document, token, 'hover', asked);
  if (!said) return undefined;
  const { words, range, network } = said;
  const markdown = new vscode.MarkdownString([...words, linksOf(document.uri, network)].join('\n\n'));
  markdown.isTrusted = { enabledCommands: ENABLED };
  return new vscode.Hover(markdown, rangeIn(document, range) ?? undefined);
}

/** Links that run commands, for Markdown that is trusted to. */
function linksOf(uri: vscode.Uri, network: number): string {
  const link = (words: string, path: string, ...args: unknown[]): string =>
    `[${words}](${vscode.Uri.from({ scheme: 'command', path, query: JSON.stringify(args) }).toString()})`;
  return [
    link(vscode.l10n.t('Check another alpha'), COMMANDS.check, uri, network),
    link(vscode.l10n.t('Rescale to alpha = …'), COMMANDS.rescale, uri, network),
    link(vscode.l10n.t('Rules of all optimizers'), COMMANDS.showRules),
  ].join(' · ');
}
