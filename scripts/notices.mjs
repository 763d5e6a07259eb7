// Writes ThirdPartyNotices.txt: the licence of every package that the bundles contain.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * @param {object[]} metafiles of esbuild
 * @returns {string[]} folders of the packages that the bundles hold
 */
export function packagesIn(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * @param {string[]} folders of packages
 * @returns {string} one section a licence's text: name, version, licence and address of each of its packages, then the text
 * @throws Error where a package's licence is not known
 */
export function noticesOf(folders) {
  const packages = folders.map((folder) => ({
    ...JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')),
    texts: readdirSync(folder)
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .map((file) => readFileSync(path.join(folder, file), 'utf8').trim()),
  }));
  /** Licence → its packages: many have the same text. */
  const sections = new Map();
  for (const { name, version, license, repository, author, texts } of packages) {
    const address = (typeof repository === 'string' ? repository : repository?.url) ?? '';
    const own = (texts.length > 0 ? texts : [standard(name, license, author)]).join('\n');
    sections.set(own, [...(sections.get(own) ?? []), `${name} ${version} (${license})`, address]);
  }
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const all = [...sections].map(([text, heads]) => `${heads.join('\n')}\n\n${text}`);
  return ['LoRA Alpha holds code of these packages.', ...all].join(rule) + '\n';
}

/** The standard licence text, for a package that ships without one. */
function standard(name, license, author) {
  // tfjs brings no text, but a package that it needs does.
  if (license === 'Apache-2.0') return readFileSync(path.join(ROOT, 'node_modules/long/LICENSE'), 'utf8').trim();
  if (license === 'MIT') return `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}\n\n${MIT}`;
  throw new Error(`${name} is under ${license} and brings no text of it, so it cannot be bundled.`);
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
