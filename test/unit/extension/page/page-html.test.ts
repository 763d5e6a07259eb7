import { expect, test } from 'vitest';
import { type PageOptions, pageHtml, pagePort } from '../../../../src/extension/page/page-html';

const options: PageOptions = {
  page: 'panel',
  cspSource: 'https://*.vscode-cdn.net',
  nonce: 'AbC123',
  script: 'start()',
  style: 'p { margin: 0 }',
  workerUri: 'https://x.vscode-cdn.net/dist/worker-web.js',
  assetsUri: 'https://x.vscode-cdn.net/dist',
  title: 'LoRA Alpha',
  language: 'en',
  strings: '',
};

const policyOf = (html: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

test('the policy starts from nothing and has no unsafe word but for WebAssembly', () => {
  const policy = policyOf(pageHtml(options)).replaceAll('&#39;', "'");
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(policy).toContain("script-src 'nonce-AbC123' 'wasm-unsafe-eval';");
  expect(policy.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe');
  expect(policy).toContain("base-uri 'none'; form-action 'none';");
  expect(policy).toContain('worker-src blob:');
});

test.each([
  ['script', 'start()'],
  ['style', 'p { margin: 0 }'],
])('the one %s is ours, and carries the nonce', (name, text) => {
  const found = [...pageHtml(options).matchAll(new RegExp(`<${name}([^>]*)>([^]*?)</${name}>`, 'g'))];
  expect(found.map(([, attributes, content]) => [attributes, content])).toEqual([[' nonce="AbC123"', text]]);
});

test('nothing breaks out of its attribute or element', () => {
  const hostile = `"><script>alert(1)</script>&'`;
  const html = pageHtml({ ...options, title: hostile, workerUri: hostile, assetsUri: hostile, strings: hostile });
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain('<title>&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#39;</title>');
});

test('a page is sent nothing while it is hidden', () => {
  const sent: unknown[] = [];
  const webview = {
    ...{ options: {}, html: '', cspSource: '', asWebviewUri: <T>(uri: T): T => uri },
    postMessage: (message: unknown) => Promise.resolve(sent.push(message) > 0),
    onDidReceiveMessage: () => ({ dispose: () => undefined }),
  };
  const panel = { visible: true, webview };
  const { post } = pagePort(panel);
  post('first');
  panel.visible = false;
  post('lost');
  panel.visible = true;
  post('second');
  expect(sent).toEqual(['first', 'second']);
});
