import { ALPHA_TENSOR, does, engine, FILES, ran, range, right, unknown, type Engine } from './engine';

/** Trainers of image models that continue or merge a file. To them alpha 0 and no alpha are the rank. */
const RESUMED = does({
  ...{ ...ALPHA_TENSOR, takes: ['kohya'], zero: 'one' },
  ...unknown('rslora', 'alphaPattern', 'stray'),
});
const LYCORIS = does({ ...RESUMED, takes: ['kohya', 'lycoris'], ...right('doraScale', 'lycoris') });
const ONE = does({ ...LYCORIS, takes: ['kohya', 'lycoris', 'onetrainer'], zero: 'unknown' });
const RANKED = does({ ...RESUMED, takes: ['ai-toolkit', 'diffusers'], alpha: [], rank: 'none', stray: 'right' });

export const TRAINERS: readonly Engine[] = [
  engine('kohya', 'kohya sd-scripts', 'kohya-ss/sd-scripts', 'networks/lora.py, merge_lora.py, lora_flux.py', [
    range('48d368fa', RESUMED, {
      ...ran('48d368fa', ...FILES),
      note:
        'merge_lora.py of two LoRAs applies ratio², and --concat keeps alpha at the sum of the ranks. Flux with split_qkv ' +
        'stores 3 or 4 times the rank with the same alpha (#2204). --network_weights trains at --network_alpha.',
    }),
  ]),
  engine('musubi', 'musubi-tuner', 'kohya-ss/musubi-tuner', 'src/musubi_tuner/networks/lora.py', [
    range('30c658c4', does({ ...RESUMED, missing: 'unknown' }), {
      note: 'Without .alpha: an error in training, scaling 1 in merging.',
    }),
  ]),
  engine('lycoris', 'LyCORIS', 'KohakuBlueleaf/LyCORIS', 'lycoris/modules/locon.py, glora.py', [
    range('4.1.3', LYCORIS, {
      ...ran('4.1.3', ...FILES),
      note: 'With rs_lora the stored alpha is alpha·√dim; files of April to July 2024, and of GLoRA, have the plain alpha.',
    }),
  ]),
  engine('onetrainer', 'OneTrainer', 'Nerogar/OneTrainer', 'modules/util/convert_lora_util.py, load_lora_util.py', [
    range('23df3832', ONE),
  ]),
  engine('ai-toolkit', 'ai-toolkit, loading', 'ostris/ai-toolkit', 'toolkit/network_mixins.py, lora_special.py', [
    range('27a03a91', RANKED, {
      note: 'Flux and later transformers: alpha is the rank, .alpha is skipped. SD and SDXL read .alpha.',
    }),
  ]),
  engine('simpletuner', 'SimpleTuner, resuming', 'bghira/SimpleTuner', 'simpletuner/helpers/training/adapter.py', [
    range('bc8e6ab7', does({ takes: ['diffusers'] }), {
      note: 'With PEFT 0.18 or newer, files that carry alphas or several ranks run at alpha/√r.',
    }),
  ]),
];
