import { dividing, PEFT_LIBRARY, type Library } from '../../init-code/divide';
import type { CodePlace } from '../../init-code/groups';
import type { Layout } from '../trainer';

/** Where Hugging Face's Trainer, or one of TRL's, makes the optimizer. With `peft_config` it also makes the adapter. */
export const AFTER_TRAINER: CodePlace & { library: Library } = {
  library: PEFT_LIBRARY,
  where: ['# After trainer = Trainer(...), of whatever class, and before trainer.train():'],
  model: 'trainer.model',
  optimizer: 'trainer.create_optimizer()',
};

/** Where the script makes its optimizer itself. */
export const AFTER_OPTIMIZER: CodePlace & { library: Library } = {
  library: PEFT_LIBRARY,
  where: ['# After your optimizer is made, and before a learning rate scheduler is:'],
};

/** Where neither is in sight. */
export const AFTER_EITHER: CodePlace & { library: Library } = {
  library: PEFT_LIBRARY,
  where: [
    '# After your optimizer is made, and before a learning rate scheduler is. With a Trainer: after it is made, before',
    '# trainer.train(), with model = trainer.model and optimizer = trainer.create_optimizer():',
  ],
};

/** Where a script that makes its optimizer itself has made the adapter. */
export function afterModel(makes: string): CodePlace {
  return { where: [`# After ${makes}, and before the optimizer is made:`] };
}

/** Where a script may make the adapter, or leave that to a Trainer. */
export function afterAdapter(makes: string): CodePlace {
  return {
    where: [
      `# After ${makes}, and before the optimizer is made. A Trainer that is given`,
      '# peft_config makes the adapter itself: then after the Trainer is made, with model = trainer.model:',
    ],
  };
}

/** The division of the fresh factors, at a place. */
export function divisionAt({ where, model }: CodePlace): Layout['initCode'] {
  return dividing(PEFT_LIBRARY, [...where, ...(model === undefined ? [] : [`model = ${model}`])]);
}
