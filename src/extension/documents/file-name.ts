import { visible } from '../../recipe/visible';

/** `train.yml`: the last part of an address, as it is shown. Addresses have slashes on every platform. */
export function fileNameOf({ path }: { readonly path: string }): string {
  return visible(path.slice(path.lastIndexOf('/') + 1));
}
