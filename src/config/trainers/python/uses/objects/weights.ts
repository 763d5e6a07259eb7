import type { Expression } from '../../../../syntax/python/scope';
import type { Flow } from './flow';

/** torch's modules that have weights. */
const WITH_WEIGHTS =
  /(?:^|\.)nn\.(?:Linear|Bilinear|Conv\w+|Embedding\w*|\w+Norm\d*d?|Parameter|LSTM\w*|GRU\w*|RNN\w*|Transformer\w*|MultiheadAttention)$/;
const CONTAINER = /(?:^|\.)nn\.(?:Sequential|ModuleList|ModuleDict)$/;

/** Whether an expression makes weights: `nn.Linear(768, 2)`, `nn.Sequential(nn.Linear(768, 2))`. */
export function makesWeights({ program: { path } }: Flow, node: Expression | null): boolean {
  const callee = node?.name === 'CallExpression' ? node.firstChild : null;
  if (!node || !callee) return false;
  const made = path(callee);
  return (
    WITH_WEIGHTS.test(made) ||
    (CONTAINER.test(made) && calledWithin(node).some((inner) => WITH_WEIGHTS.test(path(inner))))
  );
}

/** The callees of all calls inside a call. */
function calledWithin(call: Expression): Expression[] {
  const found: Expression[] = [];
  call.cursor().iterate((at) => {
    if (at.name === 'CallExpression' && at.from !== call.from && at.node.firstChild) found.push(at.node.firstChild);
    return true;
  });
  return found;
}
