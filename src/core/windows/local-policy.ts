import { tryDecode } from '../bytes/decode-error.ts';
import { Reader } from '../bytes/reader.ts';
import { decodeUtf16le } from '../bytes/utf16.ts';
import type { Evidence } from '../model/facts.ts';
import { present, unknown } from '../model/observation.ts';
import type { LocalPolicy } from '../model/windows-facts.ts';
import { type InquiryContext, provenance } from './answers.ts';
import type { Answer, Inquiry } from './inquiry.ts';

const REGISTRY_POL = '\\Windows\\System32\\GroupPolicy\\Machine\\Registry.pol';

/** A local policy file has a few kilobytes. */
const LONGEST_FILE = 4 * 1024 * 1024;

/** Settings that bear on a sign-in: Terminal Services, TLS, CredSSP, Kerberos, NTLM, the firewall. */
const RELEVANT =
  /terminal services|cryptography|credssp|kerberos|\\lsa(?:\\|$)|windowsfirewall|credentialsdelegation/i;

/** What the local group policy sets for Remote Desktop; a policy value that is not here comes from the domain or a tool. */
export function* inquireLocalPolicy(context: InquiryContext): Inquiry<Evidence> {
  const [answer] = yield [{ kind: 'content', path: REGISTRY_POL, limit: LONGEST_FILE }];
  return {
    'grouppolicy.local': observePolicy(context, answer ?? { state: 'unknown', at: '', why: 'no-channel' }),
  };
}

function observePolicy(context: InquiryContext, answer: Answer) {
  if (answer.state === 'unknown') return unknown<LocalPolicy>(answer.why, answer.detail);
  const from = provenance(context, 'local-policy', answer.at);
  if (answer.state === 'absent') return present<LocalPolicy>({ registryPol: false, values: {} }, from);
  const bytes = answer.value.kind === 'content' ? answer.value.bytes : undefined;
  const decoded = bytes === undefined ? undefined : tryDecode(() => readRegistryPol(bytes));
  if (decoded === undefined || !decoded.ok) {
    return unknown<LocalPolicy>('corrupt', decoded?.error.message ?? 'the file was not read');
  }
  const values = decoded.value.filter(({ key }) => RELEVANT.test(key));
  return present<LocalPolicy>(
    {
      registryPol: true,
      values: Object.fromEntries(values.map(({ key, value, data }) => [`${key}!${value}`, data])),
    },
    from,
  );
}

interface PolicyEntry {
  readonly key: string;
  readonly value: string;
  readonly data: string | number;
}

const SIGNATURE = 0x67655250; // PReg
const DWORD = 4;
const TEXTS: readonly number[] = [1, 2, 7];
const OPEN = 0x5b;
const CLOSE = 0x5d;
const SEPARATOR = 0x3b;

/** [MS-GPREG] 2.2 Registry Policy Message: entries `[key;value;type;size;data]`, everything in UTF-16 but type, size and data. Throws `DecodeError`. */
export function readRegistryPol(bytes: Uint8Array): readonly PolicyEntry[] {
  const r = new Reader(bytes, 'Registry Policy Message');
  if (!(r.u32le() === SIGNATURE)) r.fail('expected the signature PReg');
  if (!(r.u32le() === 1)) r.fail('expected version 1');
  const entries: PolicyEntry[] = [];
  while (r.remaining > 0) {
    expect(r, OPEN);
    const key = readText(r);
    const value = readText(r);
    const type = r.u32le();
    expect(r, SEPARATOR);
    const size = r.u32le();
    expect(r, SEPARATOR);
    const data = r.sub(size, 'policy data');
    expect(r, CLOSE);
    entries.push({ key, value, data: dataOf(type, data) });
  }
  return entries;
}

function expect(r: Reader, character: number): void {
  const received = r.u16le();
  if (!(received === character))
    r.fail(`expected "${String.fromCharCode(character)}", received 0x${received.toString(16)}`);
}

/** A terminated text and the separator behind it. */
function readText(r: Reader): string {
  const start = r.offset;
  let units = 0;
  while (r.u16le() !== 0) units += 1;
  r.seek(start);
  const text = decodeUtf16le(r.bytes(units * 2));
  r.skip(2);
  expect(r, SEPARATOR);
  return text;
}

function dataOf(type: number, data: Reader): string | number {
  if (type === DWORD && data.length === 4) return data.u32le();
  if (TEXTS.includes(type)) return decodeUtf16le(data.rest()).replace(/\0+$/, '').replaceAll('\0', ', ');
  return `${data.length} bytes`;
}
