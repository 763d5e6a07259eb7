// What several bundles of one folder share, in a file of its own.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';

/** esbuild splits only ES modules; this writes them as CommonJS, which the editor's require loads. */
export const commonJs = {
  name: 'common-js',
  setup({ initialOptions, onEnd }) {
    const { target, minify, sourcemap } = initialOptions;
    Object.assign(initialOptions, { format: 'esm', splitting: true, write: false });
    if (sourcemap) initialOptions.sourcemap = 'inline';
    const options = { format: 'cjs', platform: 'node', target, minify, sourcemap: sourcemap && 'inline' };
    onEnd(async ({ outputFiles = [], metafile }) => {
      const named = namedChunks(outputFiles);
      Object.assign(metafile, JSON.parse(named(JSON.stringify(metafile))));
      const write = async (file) => writeFile(named(file.path), (await transform(named(file.text), options)).code);
      await Promise.all(outputFiles.map(write));
    });
  },
};

/** Names for good what is shared or loaded later, where esbuild has a hash: the largest is `reading`, the others `reading-2` … */
function namedChunks(files) {
  const chunks = files.filter(({ path: file }) => /-[A-Z0-9]{8}\.js$/.test(file));
  const sorted = chunks.sort((one, other) => other.contents.length - one.contents.length);
  const names = new Map(
    sorted.map(({ path: file }, i) => [path.basename(file, '.js'), `reading${i ? `-${i + 1}` : ''}`]),
  );
  // Looks for these names alone: any pattern of names takes minutes over a map of sources of some megabytes.
  return (text) => [...names].reduce((named, [chunk, name]) => named.replaceAll(chunk, name), text);
}

/**
 * @param {import('esbuild').Metafile} metafile of several entry points
 * @returns {Map<string, import('esbuild').Metafile>} name of an entry point → what it loads
 */
export function metafilesOf({ inputs, outputs }) {
  const partOf = (file) => {
    const loaded = new Set([file]);
    for (const each of loaded) for (const one of outputs[each].imports) if (!one.external) loaded.add(one.path);
    const mine = Object.fromEntries([...loaded].map((each) => [each, outputs[each]]));
    const names = Object.values(mine).flatMap((output) => Object.keys(output.inputs));
    return { inputs: Object.fromEntries(names.map((name) => [name, inputs[name]])), outputs: mine };
  };
  const entries = Object.keys(outputs).filter((file) => outputs[file].entryPoint);
  return new Map(entries.map((file) => [path.basename(file, '.js'), partOf(file)]));
}
