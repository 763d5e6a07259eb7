import { recipesHostContract, recipesPageContract } from '../../messages/recipes';
import { connect } from '../../messages/rpc';
import { setAttribute } from '../page/dom';
import { useToolkit } from '../page/toolkit';
import { openVsCode, reportFaults } from '../page/vscode-api';
import { recipesPage } from './recipes-page';
import { stateFrom } from './table-state';

/** The page with the table of recipes: draws what the host says, tells the host what the user does. */
export function startRecipes(): void {
  useToolkit();
  const { vscode, port } = openVsCode();
  let hadKeyboard = false;
  const host = connect(
    port,
    recipesPageContract,
    {
      view(view) {
        page.draw(view);
        setAttribute(document.body, 'data-ready', 'true');
        setAttribute(document.body, 'data-scan', view.scan.state);
        takeKeyboard();
      },
    },
    recipesHostContract,
    { onFault: (message) => host.notify('fault', { message }) },
  );
  /**
   * Once, as soon as there is something to give it to, and only where the editor has given it to the page: a page that
   * comes back beside a file must not take it.
   */
  const takeKeyboard = (): void => {
    if (hadKeyboard || !document.hasFocus()) return;
    if (document.activeElement === document.body) page.focus();
    hadKeyboard = document.activeElement !== document.body;
  };
  reportFaults((message) => host.notify('fault', { message }));
  const page = recipesPage(host, stateFrom(vscode.getState()), (state) => vscode.setState(state));
  document.body.append(page.element);
  window.addEventListener('focus', takeKeyboard);
  host.notify('ready', undefined);
}
