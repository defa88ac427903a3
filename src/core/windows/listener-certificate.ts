import { tryDecode } from '../bytes/decode-error.ts';
import { toHex } from '../bytes/hex.ts';
import { Reader } from '../bytes/reader.ts';
import { decodeDacl, mayRead } from '../bytes/security-descriptor.ts';
import { decodeUtf16le } from '../bytes/utf16.ts';
import { md5 } from '../crypto/digest.ts';
import type { Certificate, Evidence } from '../model/facts.ts';
import { absent, type Observation, present, unknown } from '../model/observation.ts';
import type { ListenerCertificate } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  type Named,
  NO_ANSWER,
  provenance,
  type Sought,
  seekBytes,
  seekText,
} from './answers.ts';
import { certificateFact } from './certificate-fact.ts';
import type { Answer, Inquiry, Question } from './inquiry.ts';
import { LISTENER, TERMINAL_SERVER } from './listener.ts';

const STORES = 'Microsoft\\SystemCertificates';
const MACHINE_KEYS = '\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';

/** The service runs as NETWORK SERVICE; the others are groups that its token holds, the last the service's own. */
const NETWORK_SERVICE = [
  'S-1-5-20',
  'S-1-1-0',
  'S-1-5-11',
  'S-1-5-6',
  'S-1-5-32-545',
  'S-1-5-80-446051430-1559341753-4161941529-1950928533-810483104',
];

/** Properties of a stored certificate (CERT_*_PROP_ID of wincrypt.h). */
const PROPERTY = { keyProviderInfo: 2, certificate: 32 } as const;

/** A stored certificate has a dozen properties. */
const MOST_PROPERTIES = 256;

/**
 * The certificate that the listener would show and whether its key can be read: the one bound by
 * SSLCertificateSHA1Hash, else the self-signed one. Three rounds: thumbprints, store, key file.
 */
export function* inquireListenerCertificate(context: InquiryContext): Inquiry<Evidence> {
  const system = (key: string, name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key, name });
  const answers = yield* askAll({
    bound: system(LISTENER, 'SSLCertificateSHA1Hash'),
    own: system(`${TERMINAL_SERVER}\\WinStations`, 'SelfSignedCertificate'),
    ownOfListener: system(LISTENER, 'SelfSignedCertificate'),
    guid: { kind: 'value', hive: 'SOFTWARE', key: 'Microsoft\\Cryptography', name: 'MachineGuid' },
  });
  const named = nameCertificate(answers);
  if ('state' in named) {
    return {
      'listener.certificate':
        named.state === 'unknown'
          ? unknown(named.why, named.detail)
          : absent(
              provenance(context, 'listener-certificate', named.at),
              'the listener names no certificate',
            ),
    };
  }
  const { chosen, sha1, stores } = named;
  const blobs = yield stores.map((store) => ({
    kind: 'value' as const,
    hive: 'SOFTWARE' as const,
    key: `${STORES}\\${store}\\Certificates\\${sha1.toUpperCase()}`,
    name: 'Blob',
  }));
  // The first store that has it; one before it that cannot be read might.
  const found = stores
    .map((store, index) => ({ store, blob: seekBytes(blobs[index] ?? NO_ANSWER) }))
    .find(({ blob }) => blob.state !== 'absent');
  if (found?.blob.state === 'unknown') {
    return { 'listener.certificate': unknown(found.blob.why, found.blob.detail) };
  }
  const stored = found?.blob.state === 'present' ? readStored(found.blob.value) : undefined;
  const keyFile = keyFileOf(stored?.container, stored?.provider, seekText(answers.guid));
  const [file] = keyFile === undefined ? [] : yield [{ kind: 'file', path: keyFile }];
  const value: ListenerCertificate = {
    chosen,
    sha1,
    store: found?.store ?? stores[0] ?? '',
    ...(stored?.certificate === undefined ? {} : { certificate: stored.certificate }),
    ...(stored !== undefined && stored.certificate === undefined ? { unread: true as const } : {}),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...judgeKey(stored, file),
  };
  const observation: Observation<ListenerCertificate> = present(
    value,
    provenance(
      context,
      'listener-certificate',
      chosen === 'bound' ? answers.bound.at : ownAnswer(answers).at,
    ),
  );
  return { 'listener.certificate': observation };
}

type Thumbprints = Named<'bound' | 'own' | 'ownOfListener'>;

function ownAnswer(answers: Thumbprints): Answer {
  return answers.ownOfListener.state === 'absent' ? answers.own : answers.ownOfListener;
}

function nameCertificate(
  answers: Thumbprints,
):
  | { readonly chosen: 'bound' | 'self-signed'; readonly sha1: string; readonly stores: readonly string[] }
  | Exclude<Sought<Uint8Array>, { state: 'present' }> {
  const bound = seekBytes(answers.bound);
  if (bound.state === 'unknown') return bound;
  // Windows falls back to its own certificate where what is bound cannot be a thumbprint.
  if (bound.state === 'present' && isThumbprint(bound.value)) {
    return { chosen: 'bound', sha1: toHex(bound.value), stores: ['MY', 'Remote Desktop'] };
  }
  const own = seekBytes(ownAnswer(answers));
  if (own.state !== 'present') return own;
  return isThumbprint(own.value)
    ? { chosen: 'self-signed', sha1: toHex(own.value), stores: ['Remote Desktop'] }
    : { state: 'unknown', why: 'corrupt', detail: `${own.at} is not a thumbprint` };
}

/** SHA-1; all zero is how a binding is taken back. */
function isThumbprint(bytes: Uint8Array): boolean {
  return bytes.length === 20 && bytes.some((byte) => byte !== 0);
}

interface Stored {
  readonly certificate?: Certificate;
  /** Key container and provider, where the store names them. */
  readonly container?: string;
  readonly provider?: string;
}

/** A stored certificate: properties with a number, a reserved word and a length (four bytes each, little-endian). */
function readStored(blob: Uint8Array): Stored {
  const decoded = tryDecode(() => {
    const r = new Reader(blob, 'certificate blob');
    const properties = new Map<number, Uint8Array>();
    while (r.remaining >= 12 && properties.size < MOST_PROPERTIES) {
      const id = r.u32le();
      r.skip(4);
      properties.set(id, r.bytes(r.u32le()));
    }
    return properties;
  });
  if (!decoded.ok) return {};
  const der = decoded.value.get(PROPERTY.certificate);
  const certificate = der === undefined ? undefined : tryDecode(() => certificateFact(der));
  const info = decoded.value.get(PROPERTY.keyProviderInfo);
  const key = info === undefined ? undefined : tryDecode(() => readKeyProviderInfo(info));
  return {
    ...(certificate?.ok === true ? { certificate: certificate.value } : {}),
    ...(key?.ok === true ? key.value : {}),
  };
}

/** CRYPT_KEY_PROV_INFO as a store writes it: offsets of container and provider names (UTF-16, terminated). */
function readKeyProviderInfo(bytes: Uint8Array): { readonly container: string; readonly provider: string } {
  const r = new Reader(bytes, 'CRYPT_KEY_PROV_INFO');
  const container = r.u32le();
  const provider = r.u32le();
  const text = (offset: number): string => {
    r.seek(offset);
    return decodeUtf16le(r.rest()).replace(/\0.*$/s, '');
  };
  return { container: text(container), provider: text(provider) };
}

/**
 * The classic provider names a machine key's file after the MD5 of its container's name (lower case,
 * terminated) and the machine's GUID. CNG's naming is not public, so such a key stays unknown.
 */
function keyFileOf(
  container: string | undefined,
  provider: string | undefined,
  guid: Sought<string>,
): string | undefined {
  if (container === undefined || guid.state !== 'present') return undefined;
  if (provider !== undefined && /key storage provider/i.test(provider)) return undefined;
  const name = Uint8Array.from([...container.toLowerCase()].map((letter) => letter.charCodeAt(0) & 0xff));
  const digest = new Reader(md5(name, new Uint8Array(1)), 'MD5');
  // Four words, each written as a number of eight digits.
  const words = Array.from({ length: 4 }, () => digest.u32le().toString(16).padStart(8, '0')).join('');
  return `${MACHINE_KEYS}\\${words}_${guid.value}`;
}

function judgeKey(
  stored: Stored | undefined,
  file: Answer | undefined,
): Pick<ListenerCertificate, 'key' | 'keyDetail'> {
  if (stored === undefined) return { key: 'unknown', keyDetail: 'the certificate is not in the store' };
  if (file === undefined)
    return { key: 'unknown', keyDetail: 'the store does not say which file holds the key' };
  if (file.state === 'absent') return { key: 'missing', keyDetail: 'its file does not exist' };
  if (file.state === 'unknown') return { key: 'unknown', keyDetail: file.detail ?? file.why };
  const security = file.value.kind === 'file' ? file.value.file.security : undefined;
  if (security === undefined)
    return { key: 'unknown', keyDetail: 'its file exists, but who may read it could not be seen' };
  const dacl = tryDecode(() => decodeDacl(security));
  if (!dacl.ok) return { key: 'unknown', keyDetail: dacl.error.message };
  return mayRead(dacl.value, NETWORK_SERVICE)
    ? { key: 'readable', keyDetail: 'NETWORK SERVICE may read its file' }
    : { key: 'denied', keyDetail: 'NETWORK SERVICE may not read its file' };
}
