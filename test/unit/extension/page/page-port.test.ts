import { expect, test } from 'vitest';
import { pagePort } from '../../../../src/extension/page/page-html';

type Panel = Parameters<typeof pagePort>[0];

/** A panel that writes down what its page is sent. */
function panelOf(sent: unknown[]): { -readonly [key in keyof Panel]: Panel[key] } {
  const webview = {
    options: {},
    html: '',
    cspSource: '',
    asWebviewUri: <T>(uri: T): T => uri,
    postMessage: (message: unknown) => Promise.resolve(sent.push(message) > 0),
    onDidReceiveMessage: () => ({ dispose: () => undefined }),
  };
  return { visible: true, webview };
}

test('a page is sent nothing while it is hidden', () => {
  const sent: unknown[] = [];
  const panel = panelOf(sent);
  const { post } = pagePort(panel);
  post('first');
  panel.visible = false;
  post('lost');
  panel.visible = true;
  post('second');
  expect(sent).toEqual(['first', 'second']);
});
