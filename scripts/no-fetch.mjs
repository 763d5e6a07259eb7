// In place of node-fetch, which tfjs asks for when it loads models from the network. Nothing here does.
export default function fetch() {
  throw new Error('LoRA Alpha does not use the network.');
}
