import type { Evidence } from '../model/facts.ts';
import { absent, type Observation, present, unknown } from '../model/observation.ts';
import { type InquiryContext, provenance } from './answers.ts';
import type { Answer, Inquiry } from './inquiry.ts';

/** The library that speaks CredSSP: its version tells whether the update for CVE-2018-0886 is there. */
const TSPKG = '\\Windows\\System32\\TSpkg.dll';

/** It has about 100 KB; its version stands near its end. */
const LONGEST_FILE = 1024 * 1024;

/** VS_FIXEDFILEINFO.dwSignature, little-endian, as verrsrc.h names it. */
const SIGNATURE = [0xbd, 0x04, 0xef, 0xfe] as const;
/** Bytes from the signature to dwFileVersionMS; dwFileVersionLS follows. */
const FILE_VERSION = 8;

/** The version of TSpkg.dll, from its version resource. */
export function* inquireCredsspFile(context: InquiryContext): Inquiry<Evidence> {
  const [answer] = yield [{ kind: 'content', path: TSPKG, limit: LONGEST_FILE }];
  return {
    'credssp.fileVersion': observeVersion(context, answer ?? { state: 'unknown', at: '', why: 'no-channel' }),
  };
}

function observeVersion(context: InquiryContext, answer: Answer): Observation<string> {
  if (answer.state === 'unknown') return unknown(answer.why, answer.detail);
  const from = provenance(context, 'credssp-file', answer.at);
  if (answer.state === 'absent') return absent(from, 'TSpkg.dll does not exist');
  const version = answer.value.kind === 'content' ? readFileVersion(answer.value.bytes) : undefined;
  return version === undefined
    ? unknown('corrupt', 'TSpkg.dll has no version resource')
    : present(version, from);
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
