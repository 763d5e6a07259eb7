import { comparisonHostContract, comparisonPageContract, type ComparisonView } from '../../messages/comparison';
import { connect } from '../../messages/rpc';
import { setAttribute } from '../page/dom';
import { useToolkit } from '../page/toolkit';
import { openVsCode, reportFaults } from '../page/vscode-api';
import { liveRun } from '../runs/live-run';
import { comparisonPage } from './comparison-page';

/** The page that compares two configs: draws what the host says, tells the host what the user does. */
export function startComparison(): void {
  useToolkit();
  let view: ComparisonView | null = null;
  const { vscode, port } = openVsCode();
  const live = liveRun({
    askAll: () => host.notify('ready', undefined),
    started: (start) => host.notify('hereStarted', start),
    points: (points) => host.notify('herePoints', points),
    draw: () => draw(),
  });
  const host = connect(
    port,
    comparisonPageContract,
    {
      view(next) {
        view = next.view;
        draw();
        vscode.setState(next.state);
        setAttribute(document.body, 'data-ready', 'true');
      },
      ...live.handlers,
    },
    comparisonHostContract,
    { onFault: (message) => host.notify('fault', { message }) },
  );
  reportFaults((message) => host.notify('fault', { message }));
  const page = comparisonPage(host);
  function draw(): void {
    if (view) page.draw(view, live.curves());
  }
  document.body.append(page.element);
  host.notify('ready', undefined);
}
