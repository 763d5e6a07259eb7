import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../messages/rpc';
import { numberLabel } from '../../recipe/notation';
import { resultsOf } from '../../run/results-of-trial';
import { tryPlan } from '../../run/trial';
import type { ChosenPlan } from '../apply/apply-plan';
import { writeText } from '../documents/files';
import { fileNameOf } from '../documents/places';
import type { OnResults } from '../export/export-check';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import { refuse } from '../refuse';
import { askForProgram, STEPS, type Program } from './program';

/** The user's own programs, and what was recorded of them last. */
export interface OwnRuns extends vscode.Disposable {
  onDidChange: vscode.Event<void>;
  /** The text of the last recording of a config; null where there is none. */
  of(config: vscode.Uri): string | null;
  /** "Record the run…" */
  record(uri: vscode.Uri, source: SourceText): Promise<void>;
  /** "Try in your run…": the plan is applied while the program runs, so config and script stay. */
  try(chosen: ChosenPlan): Promise<void>;
}

/**
 * The user's own program with the recorder in it: once to see what trains, or several times to try a plan. The last
 * recording of a config is kept, and its problems say what differs.
 */
export function createOwnRuns(extensionUri: vscode.Uri, onResults: OnResults): OwnRuns {
  const recordings = new Map<string, string>();
  const changed = new vscode.EventEmitter<void>();
  const keep = (config: vscode.Uri, recording: string): void => {
    recordings.set(config.toString(), recording);
    changed.fire();
  };

  return {
    dispose: () => changed.dispose(),
    onDidChange: changed.event,
    of: (config) => recordings.get(config.toString()) ?? null,

    async record(uri, source) {
      const title = l10n.t('Record the run');
      const prompt = l10n.t`The command that trains. It ends after ${STEPS} steps and saves nothing after them.`;
      const program = await askForProgram(extensionUri, uri, source.reading.trainer, { title, prompt });
      const recorded = program && (await inProgress(program, title, ({ run }) => run(ONCE)));
      if (!recorded) return;
      keep(uri, recorded.text);
      const findings = (await ask('ran', source, recorded.text))?.findings ?? [];
      const file = vscode.Uri.joinPath(program.folder, `${ONCE.name}.json`);
      onResults(file, uri, source.text, findings.at(-1)?.message);
    },

    async try({ uri, source, network, target, plan }) {
      const plans = await ask('plans', source, { network, target: target.alpha });
      const recipe = source.reading.recipes[network];
      if (typeof plans === 'string' || !recipe) return;
      if (plan.id === 'lr-only') return refuse(l10n.t('This plan is never the same run. Choose another plan to try.'));
      const { id } = plan;
      const title = l10n.t`Try alpha ${numberLabel(target.alpha)} in your run`;
      const prompt = l10n.t`The command that trains. It runs four to nine times for ${STEPS} steps; config and script stay.`;
      const program = await askForProgram(extensionUri, uri, source.reading.trainer, { title, prompt });
      const trial = program && (await inProgress(program, title, ({ run }) => tryPlan(run, () => plans.k, id)));
      if (!trial) return;
      keep(uri, trial.recorded);
      const findings = (await ask('ran', source, trial.recorded))?.findings ?? [];
      const subject = { config: fileNameOf(uri), trainer: source.reading.trainerName ?? '', findings };
      const results = resultsOf(trial, { ...subject, alpha: [recipe.alpha, target.alpha] });
      const file = vscode.Uri.joinPath(program.folder, 'results.json');
      await writeText(file, JSON.stringify(results, null, 1));
      onResults(file, uri, source.text);
    },
  };
}

const ONCE = { role: 'base', name: 'run', plan: null, noise: null } as const;

/** Shows that the program runs, and lets the user stop it. A fault is one message. */
async function inProgress<T>(
  program: Program,
  title: string,
  act: (program: Program) => Promise<T>,
): Promise<T | null> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(program.stop);
    program.tell((message) => progress.report({ message }));
    try {
      return await act(program);
    } catch (error) {
      if (!token.isCancellationRequested) refuse(`${title}: ${messageOf(error)}`);
      return null;
    }
  });
}
