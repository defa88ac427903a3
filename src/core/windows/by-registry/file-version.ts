import { answerOf, NO_ANSWER, seek } from '../answers.ts';
import type { Answer, Inquiry, PlaceQuestion } from '../inquiry.ts';

/** TSpkg.dll has about 100 KB; the version stands near the end of a file. */
const LONGEST_FILE = 1024 * 1024;

/** VS_FIXEDFILEINFO.dwSignature, little-endian, as verrsrc.h names it. */
const SIGNATURE = [0xbd, 0x04, 0xef, 0xfe] as const;
/** Bytes from the signature to dwFileVersionMS; dwFileVersionLS follows. */
const FILE_VERSION = 8;

/** The version of a file out of its bytes. */
export function* fileVersionByContent(path: string): Inquiry<Answer, PlaceQuestion> {
  const [content = NO_ANSWER] = yield [{ kind: 'content', path, limit: LONGEST_FILE }];
  const version = seek(
    content,
    (value) => (value.kind === 'content' ? readFileVersion(value.bytes) : undefined),
    'a file with a version resource',
  );
  return answerOf(version, content.at, (text) => ({ kind: 'version', version: text }));
}

/** `10.0.17763.1234` out of the VS_FIXEDFILEINFO of a file; `undefined` where it has none. */
export function readFileVersion(file: Uint8Array): string | undefined {
  for (let at = file.indexOf(SIGNATURE[0]); at !== -1; at = file.indexOf(SIGNATURE[0], at + 1)) {
    if (!SIGNATURE.every((byte, index) => file[at + index] === byte)) continue;
    if (at + FILE_VERSION + 8 > file.length) return undefined;
    const view = new DataView(file.buffer, file.byteOffset + at + FILE_VERSION, 8);
    // Each half holds two words, the upper one first; the halves and their bytes are little-endian.
    return [
      view.getUint16(2, true),
      view.getUint16(0, true),
      view.getUint16(6, true),
      view.getUint16(4, true),
    ].join('.');
  }
  return undefined;
}
