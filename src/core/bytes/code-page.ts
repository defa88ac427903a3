import { UPPER_HALVES } from './oem-pages.ts';

/** The Encoding Standard's names of the Windows code pages that it has. */
const LABELS = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1250: 'windows-1250',
  1251: 'windows-1251',
  1253: 'windows-1253',
  1254: 'windows-1254',
  1255: 'windows-1255',
  1256: 'windows-1256',
  1257: 'windows-1257',
  1258: 'windows-1258',
  20866: 'koi8-r',
  54936: 'gb18030',
  65001: 'utf-8',
} as const;

export const UTF_8 = 65001;

/** What a byte is decoded to that has no character: whoever reads on must take the text for unknown. */
export const UNDECODABLE = '\ufffd';

/**
 * Text of bytes in a Windows code page, by its number as `chcp` prints it. A byte that the page does not define is
 * U+FFFD; in a page that is not known that is every byte that is not ASCII. Never throws.
 */
export function decodeCodePage(bytes: Uint8Array, page: number): string {
  const upper = UPPER_HALVES[page];
  if (upper !== undefined) return bySingleBytes(bytes, upper);
  const label = page in LABELS ? LABELS[page as keyof typeof LABELS] : undefined;
  const decoder = label === undefined ? undefined : decoderOf(label);
  return decoder === undefined ? bySingleBytes(bytes, '') : decoder.decode(bytes);
}

/** Whether bytes are UTF-8 from the first to the last. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** `undefined` on a host that was built without the tables of the encoding. */
function decoderOf(label: (typeof LABELS)[keyof typeof LABELS]): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { ignoreBOM: true });
  } catch {
    return undefined;
  }
}

function bySingleBytes(bytes: Uint8Array, upper: string): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += PORTION) {
    const units = Array.from(bytes.subarray(from, from + PORTION), (byte) =>
      byte < 0x80 ? byte : (upper.codePointAt(byte - 0x80) ?? 0xfffd),
    );
    parts.push(String.fromCharCode(...units));
  }
  return parts.join('');
}

/** So many arguments a call takes on every engine. */
const PORTION = 4096;
