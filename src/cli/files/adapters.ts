import { dirname, resolve } from 'node:path';
import { adapterConfigAt, adapterDiffers } from '../../config/compare/adapter-differs';
import { readConfig } from '../../config/read';
import type { Finding, Reading } from '../../config/reading';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import { readText, STDIN, type ConfigText } from './files';

/**
 * What is wrong with the trained adapters that the runs of a file go on from, as far as they lie where the file says:
 * seen from its own folder, or from the one the command was started in.
 * @param path of the file, as the user wrote it
 */
export async function adapterFindings(path: string, { text }: ConfigText, reading: Reading): Promise<Finding[]> {
  const folders = [...(path === STDIN ? [] : [dirname(path)]), '.'];
  const found = reading.findings.map(async (finding): Promise<Finding[]> => {
    if (!finding.goesOn) return [];
    for (const folder of folders) {
      const adapter = await recipeAt(resolve(folder, adapterConfigAt(finding.goesOn)));
      if (!adapter) continue;
      const differs = adapterDiffers(text, reading, finding, adapter);
      return differs ? [differs.finding] : [];
    }
    return [];
  });
  return (await Promise.all(found)).flat();
}

/** The recipe of an adapter's config; undefined where there is none, or it cannot be read. */
async function recipeAt(path: string): Promise<Reading['recipes'][number] | undefined> {
  const file = await readText(path).catch(() => null);
  return file ? readConfig(file.text, ADAPTER_CONFIG).recipes[0] : undefined;
}
