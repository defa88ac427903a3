import { generateKeyPairSync, sign } from 'node:crypto';
import { unixMillisToFiletime } from '../../src/core/bytes/filetime.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import { assembleCertificate, certificateToSign } from '../../src/core/crypto/self-signed.ts';
import { encodeConferenceCreateResponse } from '../../src/core/protocol/gcc.ts';
import { encodeServerBlocks } from '../../src/core/protocol/gcc-server-data.ts';
import { CLIENT_DOMAIN, encodeConnectResponse } from '../../src/core/protocol/mcs.ts';
import { avPairsOf } from '../../src/core/protocol/ntlm-av-pairs.ts';
import { flagsOf, NTLM_FLAG } from '../../src/core/protocol/ntlm-flags.ts';
import { encodeChallenge } from '../../src/core/protocol/ntlm-messages.ts';
import {
  decodeSupportedVersions,
  EXTENSION,
  findExtension,
  selectedKeyShareExtension,
  selectedVersionExtension,
} from '../../src/core/protocol/tls-extensions.ts';
import {
  type ClientHello,
  decodeClientHello,
  encodeCertificateMessage,
  encodeServerHello,
} from '../../src/core/protocol/tls-hello.ts';
import {
  CONTENT_TYPE,
  decodeHandshakeMessage,
  decodeTlsRecord,
  encodeHandshakeMessage,
  encodeTlsAlert,
  encodeTlsRecord,
  HANDSHAKE_TYPE,
} from '../../src/core/protocol/tls-record.ts';
import { decodeTpkt, encodeTpkt } from '../../src/core/protocol/tpkt.ts';
import { decodeTsRequest, encodeTsRequest } from '../../src/core/protocol/tsrequest.ts';
import {
  decodeConnectionRequest,
  encodeConnectionConfirm,
  encodeData,
} from '../../src/core/protocol/x224.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Act, Peer, TlsAct } from './fake-network.ts';

/** What a listener answers to a mask; bytes and ends go on the wire as they are. */
export type NegotiationReply =
  | { readonly selected: number; readonly flags?: number }
  | { readonly failure: number }
  | 'no-negotiation'
  | readonly Act[];

export interface FakeRdpOptions {
  readonly negotiate: (requested: number) => NegotiationReply;
  /** Wire versions that are accepted, 0x0301 to 0x0304; each other gets a protocol_version alert. */
  readonly tlsVersions: readonly number[];
  /** Overrides what a ClientHello gets, by its highest version. */
  readonly hello: (version: number, hello: ClientHello) => readonly Act[] | undefined;
  /** What node's TLS would come to. */
  readonly tls: TlsAct;
  /** What an NTLM NEGOTIATE gets; undefined: a challenge. */
  readonly ntlmNegotiate: readonly Act[] | undefined;
  /** What an NTLM AUTHENTICATE gets. */
  readonly authenticate: readonly Act[];
  /** encryptionMethod and encryptionLevel, or what is sent instead. */
  readonly security: readonly [method: number, level: number] | readonly Act[];
  readonly credsspVersion: number;
  /** Seconds by which the server's clock is ahead; undefined: its challenge carries no time stamp. */
  readonly skewSeconds: number | undefined;
}

const CHALLENGE_FLAGS = flagsOf(
  NTLM_FLAG.NEGOTIATE_UNICODE,
  NTLM_FLAG.NEGOTIATE_TARGET_INFO,
  NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY,
  NTLM_FLAG.NEGOTIATE_SIGN,
  NTLM_FLAG.NEGOTIATE_SEAL,
  NTLM_FLAG.NEGOTIATE_KEY_EXCH,
  NTLM_FLAG.NEGOTIATE_128,
  NTLM_FLAG.NEGOTIATE_VERSION,
  NTLM_FLAG.NEGOTIATE_NTLM,
);

let made: Uint8Array | undefined;

/** A self-signed certificate with an RSA key, the same for a whole test file. */
export function testCertificate(): Uint8Array {
  if (made !== undefined) return made;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const tbs = certificateToSign({
    commonName: 'vm1.corp.example',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2026, 6, 1),
    serial: Uint8Array.of(1),
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    dnsNames: ['vm1.corp.example'],
  });
  made = assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, privateKey)));
  return made;
}

/** SecurityLayer 2 without NLA required: refuses standard security, takes everything else. */
export function selectBest(requested: number): NegotiationReply {
  if ((requested & 8) !== 0) return { selected: 8, flags: 0x1f };
  if ((requested & 2) !== 0) return { selected: 2, flags: 0x1f };
  return (requested & 1) !== 0 ? { selected: 1, flags: 0x1f } : { failure: 1 };
}

/** A listener like a healthy Windows, except for what is given. One object serves every connection. */
export function fakeRdp(clock: FakeClock, roundTrip: number, but: Partial<FakeRdpOptions> = {}): Peer {
  const options: FakeRdpOptions = {
    negotiate: selectBest,
    tlsVersions: [0x0301, 0x0302, 0x0303, 0x0304],
    hello: () => undefined,
    tls: { version: '1.2', certificates: [testCertificate()] },
    ntlmNegotiate: undefined,
    authenticate: [encodeTsRequest({ version: 6, errorCode: 0xc000006d })],
    security: [2, 2],
    credsspVersion: 6,
    skewSeconds: 0,
    ...but,
  };
  return {
    startTls: () => options.tls,
    receive(bytes, insideTls) {
      // A connection request inside TLS: whoever wrapped the listener, it answers as ever.
      if (insideTls) return bytes[0] === 3 ? answerRequest(bytes) : answerCredssp(bytes);
      if (bytes[0] === CONTENT_TYPE.handshake) return answerHello(bytes);
      return bytes[5] === 0xe0 ? answerRequest(bytes) : answerConnectInitial();
    },
  };

  function answerRequest(bytes: Uint8Array): readonly Act[] {
    const requested = decodeConnectionRequest(decodeTpkt(bytes)).negotiation?.requestedProtocols ?? 0;
    const reply = options.negotiate(requested);
    if (typeof reply === 'object' && 'length' in reply) return reply;
    return [confirm(reply)];
  }

  function answerConnectInitial(): readonly Act[] {
    const [method, level] = options.security;
    return typeof method === 'number' && typeof level === 'number'
      ? [connectResponse(method, level)]
      : (options.security as readonly Act[]);
  }

  function answerHello(bytes: Uint8Array): readonly Act[] {
    const hello = decodeClientHello(decodeHandshakeMessage(decodeTlsRecord(bytes).fragment).body);
    const supported = findExtension(hello.extensions, EXTENSION.supportedVersions);
    const version = Math.max(
      hello.version,
      ...(supported === undefined ? [] : decodeSupportedVersions(supported.data)),
    );
    const override = options.hello(version, hello);
    if (override !== undefined) return override;
    return options.tlsVersions.includes(version) ? [serverFlight(version)] : [tlsAlert(70)];
  }

  function answerCredssp(bytes: Uint8Array): readonly Act[] {
    const token = decodeTsRequest(bytes).negoTokens?.[0];
    if (token?.[8] === 3) return options.authenticate;
    if (options.ntlmNegotiate !== undefined) return options.ntlmNegotiate;
    const { skewSeconds } = options;
    const arrived = clock.now() + roundTrip / 2;
    return [
      encodeTsRequest({
        version: options.credsspVersion,
        negoTokens: [ntlmChallenge(skewSeconds === undefined ? undefined : arrived + skewSeconds * 1000)],
      }),
    ];
  }
}

export function confirm(reply: Exclude<NegotiationReply, readonly Act[]>): Uint8Array {
  const references = { destinationReference: 0, sourceReference: 0x1234 };
  if (reply === 'no-negotiation') return encodeTpkt(encodeConnectionConfirm(references));
  const negotiation =
    'selected' in reply
      ? { kind: 'response' as const, flags: reply.flags ?? 0, selectedProtocol: reply.selected }
      : { kind: 'failure' as const, flags: 0, failureCode: reply.failure };
  return encodeTpkt(encodeConnectionConfirm({ ...references, negotiation }));
}

export function connectResponse(encryptionMethod: number, encryptionLevel: number): Uint8Array {
  const userData = encodeConferenceCreateResponse({
    nodeId: 31219,
    tag: 1,
    result: 0,
    userData: encodeServerBlocks([
      { kind: 'core', version: 0x00080004 },
      { kind: 'security', encryptionMethod, encryptionLevel },
    ]),
  });
  const accepted = { calledConnectId: 0, domainParameters: CLIENT_DOMAIN.targetParameters, userData };
  return encodeTpkt(encodeData(encodeConnectResponse({ result: 0, accepted })));
}

export function tlsAlert(description: number, level = 2): Uint8Array {
  return encodeTlsRecord({
    type: CONTENT_TYPE.alert,
    version: 0x0303,
    fragment: encodeTlsAlert({ level, description }),
  });
}

/** A ServerHello, and up to TLS 1.2 the certificate and the end of the flight. */
export function serverFlight(
  version: number,
  suite = version === 0x0304 ? 0x1302 : 0x002f,
  certificates: readonly Uint8Array[] = [testCertificate()],
): Uint8Array {
  const hello = serverHello(version, suite);
  if (version === 0x0304) return hello;
  return concat(
    hello,
    handshake(HANDSHAKE_TYPE.certificate, encodeCertificateMessage(certificates)),
    handshake(HANDSHAKE_TYPE.serverHelloDone, new Uint8Array(0)),
  );
}

export function serverHello(version: number, suite: number): Uint8Array {
  const extensions =
    version === 0x0304
      ? [selectedVersionExtension(version), selectedKeyShareExtension(0x001d, new Uint8Array(32).fill(9))]
      : [];
  const body = encodeServerHello({
    version: Math.min(version, 0x0303),
    random: new Uint8Array(32).fill(7),
    sessionId: new Uint8Array(0),
    suite,
    compression: 0,
    extensions,
  });
  return handshake(HANDSHAKE_TYPE.serverHello, body);
}

function handshake(type: number, body: Uint8Array): Uint8Array {
  return encodeTlsRecord({
    type: CONTENT_TYPE.handshake,
    version: 0x0303,
    fragment: encodeHandshakeMessage({ type, body }),
  });
}

/** @param at milliseconds since 1970-01-01 UTC that the server's clock shows */
export function ntlmChallenge(at: number | undefined): Uint8Array {
  return encodeChallenge({
    flags: CHALLENGE_FLAGS,
    targetName: 'CORP',
    serverChallenge: new Uint8Array(8).fill(5),
    version: { major: 10, minor: 0, build: 20348, revision: 15 },
    targetInfo: {
      pairs: avPairsOf({
        nbDomainName: 'CORP',
        nbComputerName: 'VM1',
        dnsDomainName: 'corp.example',
        dnsComputerName: 'vm1.corp.example',
        dnsTreeName: 'corp.example',
        ...(at === undefined ? {} : { timestamp: unixMillisToFiletime(at) }),
      }),
    },
  });
}
