// Replaces node-fetch in the bundles. tfjs calls node-fetch only to load models from the network, which LoRA Alpha
// never does.
export default function fetch() {
  throw new Error('LoRA Alpha does not use the network.');
}
