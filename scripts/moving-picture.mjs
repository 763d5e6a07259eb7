// Still pictures as one moving WebP, without another program: a browser encodes each still, and this puts them into one file.
// The container: https://developers.google.com/speed/webp/docs/riff_container
import { Buffer } from 'node:buffer';
import { PNG } from 'pngjs';

/**
 * @typedef {{png: Buffer, ms: number}} Frame a screenshot, and how long it is shown
 * @param {import('playwright-core').Page} page any page, whose browser encodes
 * @param {readonly Frame[]} frames all of one size
 * @param {number} quality 0 to 1, as of a canvas
 * @returns {Promise<Buffer>}
 */
export async function movingWebp(page, frames, quality) {
  const shown = [];
  for (const { png, ms } of frames) {
    const image = PNG.sync.read(png);
    const last = shown.at(-1);
    const box = last ? changedBox(last.image, image) : { x: 0, y: 0, width: image.width, height: image.height };
    // What looks the same is shown for longer.
    if (box) shown.push({ image, box, png, ms });
    else last.ms += ms;
  }
  const [{ image }] = shown;
  const size = Buffer.concat([uint24(image.width - 1), uint24(image.height - 1)]);
  const animated = Buffer.from([2, 0, 0, 0]);
  const chunks = [chunk('VP8X', Buffer.concat([animated, size])), chunk('ANIM', Buffer.alloc(6))];
  for (const { box, png, ms } of shown) {
    const webp = Buffer.from(await page.evaluate(asWebp, [png.toString('base64'), box, quality]), 'base64');
    const place = [box.x / 2, box.y / 2, box.width - 1, box.height - 1, ms].map(uint24);
    // 2: the frame replaces what it covers.
    chunks.push(chunk('ANMF', Buffer.concat([...place, Buffer.from([2]), pictureIn(webp)])));
  }
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return chunk('RIFF', body);
}

/** The chunk of a still that is the picture itself, without its profile of colours. */
function pictureIn(webp) {
  let at = 12;
  while (!/^VP8[ L]$/.test(webp.toString('latin1', at, at + 4))) at += 8 + padded(webp.readUInt32LE(at + 4));
  return webp.subarray(at, at + 8 + padded(webp.readUInt32LE(at + 4)));
}

const padded = (length) => length + (length % 2);

function uint24(value) {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}

function chunk(name, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name), length, data, Buffer.alloc(data.length % 2)]);
}

/** The smallest box that holds every pixel that differs; it begins at even pixels. Null if none differs. */
function changedBox(before, after) {
  let [left, top, right, bottom] = [after.width, after.height, -1, -1];
  const [one, other] = [before, after].map(
    ({ data }) => new Uint32Array(data.buffer, data.byteOffset, data.length / 4),
  );
  for (let i = 0; i < other.length; i++) {
    if (one[i] === other[i]) continue;
    const [x, y] = [i % after.width, Math.floor(i / after.width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return null;
  const [x, y] = [left - (left % 2), top - (top % 2)];
  return { x, y, width: right - x + 1, height: bottom - y + 1 };
}

/** Runs in a page: a part of a PNG as WebP, whose file holds one lossy picture without transparency. */
export async function asWebp([png, box, quality]) {
  const bytes = Uint8Array.from(window.atob(png), (character) => character.charCodeAt(0));
  const bitmap = await window.createImageBitmap(new window.Blob([bytes]));
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
  const canvas = new window.OffscreenCanvas(width, height);
  canvas.getContext('2d', { alpha: false }).drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  const webp = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
  return window.btoa(Array.from(webp, (byte) => String.fromCharCode(byte)).join(''));
}
