import { scalarAt, type MapNode } from '../../syntax/tree';

/**
 * Models whose LoRA has a scaling of alpha / rank. For all others ai-toolkit sets alpha to the rank
 * (toolkit/lora_special.py: is_flux, is_v3, is_lumina2, is_transformer; 27a03a91).
 */
const WITH_ALPHA: ReadonlySet<string> = new Set([
  'sd1',
  'sd2',
  'sdxl',
  'ssd',
  'vega',
  'pixart',
  'pixart_sigma',
  'auraflow',
]);

/** Switches that older configs name a model by; Stable Diffusion 1 where there is none. */
const SWITCHES: readonly (readonly [key: string, arch: string])[] = [
  ['is_flux', 'flux'],
  ['is_v3', 'sd3'],
  ['is_lumina2', 'lumina2'],
  ['is_v2', 'sd2'],
  ['is_xl', 'sdxl'],
  ['is_ssd', 'ssd'],
  ['is_vega', 'vega'],
  ['is_pixart', 'pixart'],
  ['is_pixart_sigma', 'pixart_sigma'],
  ['is_auraflow', 'auraflow'],
];

/** The model a process trains: `flux`, `sdxl`, `wan21`. */
export function modelOf(process: MapNode): string {
  const arch = scalarAt(process, ['model', 'arch']);
  // What follows a colon is a tag of the interface's.
  if (arch !== undefined && arch !== '') return String(arch).split(':')[0] ?? '';
  return SWITCHES.find(([key]) => scalarAt(process, ['model', key]) === true)?.[1] ?? 'sd1';
}

/** Whether the model's LoRA always has a scaling of 1. */
export function forcesAlpha(process: MapNode): boolean {
  return !WITH_ALPHA.has(modelOf(process));
}
