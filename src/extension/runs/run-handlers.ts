import type * as vscode from 'vscode';
import type { Handlers } from '../../messages/rpc';
import type { runHostContract } from '../../messages/run';
import type { Runs } from './runs';

/** What every page that shows a run asks of its host. */
export function runHandlers(runs: () => Runs, log: vscode.LogOutputChannel): Handlers<typeof runHostContract> {
  return {
    run: () => runs().start(),
    stop: () => runs().stop(),
    openLog: () => log.show(),
    hereStarted: (start) => runs().fromPage.started(start),
    herePoints: (points) => runs().fromPage.points(points),
  };
}
