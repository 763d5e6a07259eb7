import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Conversion } from '../../adapter/convert/convert';
import { deviations, type Deviation } from '../../adapter/convert/verify';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import { Failure, nothing, reasonOf, usage } from '../failure';
import { openedAdapter } from './sources';

/** Where a conversion goes. */
export interface Destination {
  /** A folder where the layout has an adapter_config.json, else a file. */
  path: string;
  /** The weights of the source, which `--in-place` replaces. */
  replaces: string | null;
}

/**
 * Writes a conversion beside its destination, compares each module there with the old one, and renames it.
 * @throws Failure; then nothing is left of it
 */
export async function writeConversion(
  conversion: Conversion,
  { path, replaces }: Destination,
): Promise<readonly Deviation[]> {
  const { config, layout } = conversion;
  if (replaces === null && (await stat(path).catch(() => null))) {
    throw usage(`${path}: exists; choose another path, or delete it`);
  }
  if (config === null && replaces === null && !path.endsWith('.safetensors')) {
    throw usage(`${path}: the layout ${layout} is one file; its name must end in .safetensors`);
  }
  const usual = layout === 'mlx' ? 'adapters.safetensors' : 'adapter_model.safetensors';
  const weights = config === null || replaces !== null ? basename(replaces ?? path) : usual;
  const parent = dirname(resolve(path));
  const beside = join(parent, `.${basename(path).slice(0, 60)}.lora-alpha`);
  await mkdir(beside).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const advice = isThere ? '; delete it if no program is writing it' : '';
    throw usage(`${beside}: cannot be made: ${reasonOf(error)}${advice}`);
  });
  try {
    await writeAll(join(beside, weights), conversion);
    if (config) await writeAll(join(beside, ADAPTER_CONFIG), `${JSON.stringify(config, null, 2)}\n`);
    const { adapter } = await openedAdapter(config ? beside : join(beside, weights));
    const found = await deviations(conversion, adapter);
    if ('wrong' in found) throw nothing(`${path}: was not written: ${found.wrong}`);
    refuseDeviation(path, found);
    if (config && replaces === null) await rename(beside, path);
    else {
      const folder = replaces === null ? parent : dirname(replaces);
      for (const name of [weights, ...(config ? [ADAPTER_CONFIG] : [])])
        await rename(join(beside, name), join(folder, name));
    }
    return found;
  } catch (error) {
    throw error instanceof Failure ? error : usage(`${path}: cannot be written: ${reasonOf(error)}`);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function writeAll(path: string, content: Conversion | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(typeof content === 'string' ? content : content.header);
    for (const tensor of typeof content === 'string' ? [] : content.tensors) {
      for await (const bytes of tensor.chunks()) await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Rounding in bfloat16 has at most 2⁻⁸; a number that overflowed shows here too. */
const MOST = 0.02;

function refuseDeviation(path: string, found: readonly Deviation[]): void {
  const bad = found.find(({ relative }) => !(relative <= MOST));
  if (!bad) return;
  const by = Number.isFinite(bad.relative) ? `would differ by ${bad.relative.toPrecision(2)}` : 'would not be finite';
  throw nothing(`${path}: was not written: ΔW of ${bad.name} ${by}; --dtype f32 has a larger range`);
}

/** The path of a destination. @throws Failure where the options name none or two */
export async function destinationOf(
  source: string,
  paths: readonly string[],
  out: string | undefined,
  isInPlace: boolean,
): Promise<Destination | null> {
  if (!isInPlace) return out === undefined ? null : { path: out, replaces: null };
  if (out !== undefined) throw usage('--out and --in-place are both given; it must be one');
  const [weights, second] = paths;
  if (weights === undefined || (second !== undefined && basename(second) !== ADAPTER_CONFIG)) {
    throw usage(`${source}: has several weights; --in-place replaces one file`);
  }
  const info = await stat(source);
  return { path: info.isDirectory() ? join(source, basename(weights)) : source, replaces: weights };
}
