import '../page/localise';
import { comparisonHostContract, comparisonPageContract } from '../../messages/comparison';
import { connect } from '../../messages/rpc';
import { setAttribute } from '../page/dom';
import { useToolkit } from '../page/toolkit';
import { openVsCode, reportFaults } from '../page/vscode-api';
import { comparisonPage } from './comparison-page';

/** The page that compares two configs: draws what the host says, tells the host what the user does. */
function start(): void {
  useToolkit();
  const { vscode, port } = openVsCode();
  const host = connect(
    port,
    comparisonPageContract,
    {
      view({ view, state }) {
        page.draw(view);
        vscode.setState(state);
        setAttribute(document.body, 'data-ready', 'true');
      },
    },
    comparisonHostContract,
    { onFault: (message) => host.notify('fault', { message }) },
  );
  reportFaults((message) => host.notify('fault', { message }));
  const page = comparisonPage(host);
  document.body.append(page.element);
  host.notify('ready', undefined);
}

start();
