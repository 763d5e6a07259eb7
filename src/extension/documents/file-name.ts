/** `train.yml`: the last part of an address. Addresses have slashes on every platform. */
export function fileNameOf({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
