import { describe, expect, it } from 'vitest';
import { HEAD, unread } from '../scripts';

const BODY = 'net.body = get_peft_model(net.body, LoraConfig(r=8, lora_alpha=16))';
const LOOP = 'optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)\noptimizer.step()';
const TRAINER = 'args = TrainingArguments(output_dir="o", learning_rate=1e-3)\nTrainer(model=net, args=args).train()';

/** Lines behind the import of all, in which `net` is a model of any kind. */
const found = (...lines: string[]): string[] => unread(`${HEAD}net = Net(model)\n${lines.join('\n')}\n`);

describe('LoRA in a part of a model, whose other parts train', () => {
  it.each([
    ['in an attribute', [BODY, LOOP]],
    ['by another name', ['body = net.body', BODY.replaceAll('net.body', 'body'), 'net.body = body', LOOP]],
    ['in place', ['net.body.add_adapter(LoraConfig(r=8, lora_alpha=16))', LOOP]],
    ['in a list of parameters', [BODY, 'ps = list(net.parameters())', LOOP.replace('net.parameters()', 'ps')]],
    ['with the Trainer', [BODY, TRAINER]],
    [
      'of which a loop freezes some',
      ['for n, p in net.named_parameters():\n    if "embed" in n:\n        p.requires_grad = False', BODY, LOOP],
    ],
    ['of which a function freezes some', ['freeze_embeddings(net)', BODY, LOOP]],
    ['of which a method freezes some', ['net.freeze_head()', BODY, LOOP]],
    ['that is no longer frozen', ['unfreeze(net)', BODY, LOOP]],
  ])('%s', (_, lines) => {
    expect(found(...lines)).toEqual(['net']);
  });

  it.each([
    ['net.requires_grad_(True)'],
    ['net.head.requires_grad_(True)'],
    ['for p in net.head.parameters():\n    p.requires_grad = True'],
    ['for p in net.parameters():\n    p.requires_grad = True'],
    ['net.head.weight.requires_grad = True'],
    ['net.train_head = True\nunfreeze(net.head)'],
  ])('that is frozen whole, then: %s', (line) => {
    expect(found('net.requires_grad_(False)', BODY, line, LOOP)).not.toEqual([]);
  });

  it.each([
    ['only the part trains', [BODY, LOOP.replace('net.', 'net.body.')]],
    ['the whole is frozen', ['net.requires_grad_(False)', BODY, LOOP]],
    ['a loop freezes the whole', ['for p in net.parameters():\n    p.requires_grad = False', BODY, LOOP]],
    ['a loop calls what freezes', ['for _, p in net.named_parameters():\n    p.requires_grad_(False)', BODY, LOOP]],
    ['a function freezes the whole', ['freeze_all(net)', BODY, TRAINER]],
    ['a method freezes the whole', ['net.freeze()', BODY, TRAINER]],
  ])('but not if %s', (_, lines) => {
    expect(found(...lines)).toEqual([]);
  });
});
