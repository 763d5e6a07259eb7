import { ALPHA_TENSOR, does, engine, FILES, ran, range, type Does, type Engine, type Range } from './engine';

/** `.alpha` / rank of the tensor, else 1. Config and header are not opened. */
const FILE = does({ ...ALPHA_TENSOR, lycoris: 'right' });
const file = (read: string, known: Partial<Does>, note = ''): Range =>
  range(read, does({ ...FILE, ...known }), { note });
const asked = (version: string, known: Partial<Does>, note = ''): Range =>
  range(version, does({ ...FILE, ...known }), { note, ...ran(version, ...FILES) });

const AXIS = 'A dora_scale of the output axis is divided by the norm of W in place of W + ΔW (ComfyUI #15458).';
const INPUT = 'dora_scale is read along the input axis only.';
const HEADER = 'Alpha in the metadata: #15830 is open. lora_magnitude_vector is not read.';
const COMFY = 'comfy/lora.py, comfy/weight_adapter/lora.py, base.py';
const INVOKE = 'invokeai/backend/patches/layers/lora_layer_base.py';
const PARTLY = { takes: ['diffusers', 'peft', 'ai-toolkit'], lycoris: 'unknown', zero: 'unknown' } as const;

export const COMFYUI = engine('comfyui', 'ComfyUI', 'comfyanonymous/ComfyUI', COMFY, [
  file('a125cd84', { dora: 'dropped', loraBias: 'dropped' }, `${HEADER} ${AXIS}`),
]);

/** Programs with ComfyUI's or kohya's reader. */
export const WEB_UIS: readonly Engine[] = [
  engine('a1111', 'AUTOMATIC1111', 'AUTOMATIC1111/stable-diffusion-webui', 'extensions-builtin/Lora/network.py', [
    file('f2844bd0', {}, `A scale tensor goes before alpha. ${INPUT}`),
  ]),
  engine('forge', 'Forge', 'lllyasviel/stable-diffusion-webui-forge', 'backend/patcher/lora.py', [
    file('dfdcbab6', {}, AXIS),
  ]),
  engine('forge-classic', 'Forge Classic', 'Haoming02/sd-webui-forge-classic', 'ldm_patched/modules/lora.py', [
    file('1f95d717', { doraScale: 'dropped' }),
  ]),
  engine('sdnext', 'SD.Next', 'vladmandic/sdnext', 'modules/lora/network.py', [asked('058a7f0c', {})]),
  engine('invokeai', 'InvokeAI', 'invoke-ai/InvokeAI', INVOKE, [asked('6.14.2', {}, INPUT)]),
  engine('stable-diffusion.cpp', 'stable-diffusion.cpp', 'leejet/stable-diffusion.cpp', 'src/model/adapter/lora.hpp', [
    file('97d29908', { doraScale: 'dropped', lycoris: 'unknown' }, 'A .scale tensor goes before alpha.'),
  ]),
  engine('diffsynth', 'DiffSynth-Studio', 'modelscope/DiffSynth-Studio', 'diffsynth/utils/lora/general.py', [
    range('2.1.12', does({ ...FILE, ...PARTLY }), ran('2.1.12', 'scale', 'rankPattern', 'missing')),
  ]),
];
