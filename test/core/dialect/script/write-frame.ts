// Frames as a script writes them.

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { toDense } from '../../../../src/core/dialect/script/dense.ts';
import type { Unpack } from '../../../../src/core/dialect/script/frame.ts';

export type Lines = readonly (readonly string[])[];

/** A section of lines with fields, broken into lines of 64 characters. */
export function fields(number: number, lines: Lines): string {
  const body = lines.map((line) => `${line.map(toDense).join('|')};`).join('');
  return [`[${number}]`, ...broken(body), `[/${number}:${lines.length}:${body.length}]`].join('\r\n');
}

/** A section of lines that a program printed. */
export function raw(number: number, lines: readonly string[]): string {
  return [
    `[r${number}]`,
    ...lines.map((line, at) => `${at + 1}:${line}`),
    `[/r${number}:${lines.length}]`,
  ].join('\r\n');
}

/** Sections, compressed. */
export function packed(number: number, ...sections: readonly string[]): string {
  const gzip = gzipSync(sections.join('\r\n'));
  const body = gzip.toString('base64');
  return [`[z${number}]`, ...broken(body), `[/z${number}:${body.length}:${hashOf(gzip)}]`].join('\r\n');
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

export function frame(...sections: readonly string[]): string {
  const begin = '-----BEGIN RDPDOCTOR ANSWER 1-----';
  return [begin, ...sections, `-----END RDPDOCTOR ANSWER:${sections.length}-----`, ''].join('\r\n');
}

function broken(body: string): readonly string[] {
  return body.match(/.{1,64}/g) ?? [];
}

export const unpack: Unpack = (gzip, limit) => {
  try {
    return new Uint8Array(gunzipSync(gzip, { maxOutputLength: limit }));
  } catch {
    return undefined;
  }
};
