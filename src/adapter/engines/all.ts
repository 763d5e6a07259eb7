import { COMFYUI, WEB_UIS } from './comfyui';
import { DIFFUSERS } from './diffusers';
import type { Engine } from './engine';
import { EXLLAMAV2, EXLLAMAV3 } from './exllama';
import { LLAMA_CPP, LLAMA_CPP_LIKE } from './llama-cpp';
import { MLX_LM, MLX_VLM } from './mlx';
import { MERGERS, PEFT } from './peft';
import { LMDEPLOY, MISTRAL_RS, OLIVE, OPENVINO, TENSORRT_LLM } from './servers';
import { SGLANG, SGLANG_DIFFUSION } from './sglang';
import { LORAX, S_LORA, TGI } from './tgi';
import { TRAINERS } from './trainers';
import { VLLM } from './vllm';

/** In the order in which they are shown: what loads language models, images, merges, trains on. */
export const ENGINES: readonly Engine[] = [
  PEFT,
  VLLM,
  SGLANG,
  TGI,
  LORAX,
  LLAMA_CPP,
  ...LLAMA_CPP_LIKE,
  MLX_LM,
  MLX_VLM,
  LMDEPLOY,
  TENSORRT_LLM,
  EXLLAMAV2,
  EXLLAMAV3,
  MISTRAL_RS,
  S_LORA,
  OLIVE,
  OPENVINO,
  DIFFUSERS,
  COMFYUI,
  ...WEB_UIS,
  SGLANG_DIFFUSION,
  ...MERGERS,
  ...TRAINERS,
];
