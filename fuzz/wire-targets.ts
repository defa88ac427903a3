// What a stranger's server may say, decoder by decoder, and the dialogs that read it whole. A refusal
// (DecodeError) is no finding: a decoder throws nothing else, and a dialog throws nothing at all.
import { tryDecode } from '../src/core/bytes/decode-error.ts';
import { Reader } from '../src/core/bytes/reader.ts';
import { concat } from '../src/core/bytes/writer.ts';
import { askChallenge } from '../src/core/protocol/credssp.ts';
import type { Dialog } from '../src/core/protocol/dialog.ts';
import { decodeConferenceCreateRequest, decodeConferenceCreateResponse } from '../src/core/protocol/gcc.ts';
import { decodeClientBlocks } from '../src/core/protocol/gcc-client-data.ts';
import { decodeServerBlocks } from '../src/core/protocol/gcc-server-data.ts';
import {
  decodeConnectInitial,
  decodeConnectResponse,
  decodeDisconnectProviderUltimatum,
  encodeDisconnectProviderUltimatum,
} from '../src/core/protocol/mcs.ts';
import { negotiate } from '../src/core/protocol/negotiate.ts';
import { decodeTargetInfo, encodeTargetInfo } from '../src/core/protocol/ntlm-av-pairs.ts';
import { decodeAuthenticate, decodeChallenge, decodeNegotiate } from '../src/core/protocol/ntlm-messages.ts';
import { decodeSpnego, encodeSpnego } from '../src/core/protocol/spnego.ts';
import { readStandardSecurity } from '../src/core/protocol/standard-security.ts';
import {
  decodeKeyShares,
  decodeSelectedGroup,
  decodeSelectedVersion,
  decodeServerName,
  decodeSupportedVersions,
  decodeU16List,
} from '../src/core/protocol/tls-extensions.ts';
import {
  decodeCertificateMessage,
  decodeClientHello,
  decodeServerEcdhParams,
  decodeServerHello,
} from '../src/core/protocol/tls-hello.ts';
import { clientHelloRecord, probeTls } from '../src/core/protocol/tls-probe.ts';
import {
  decodeHandshakeMessage,
  decodeTlsAlert,
  decodeTlsRecord,
  encodeTlsAlert,
  encodeTlsRecord,
  reassembleHandshake,
  tlsRecordLength,
} from '../src/core/protocol/tls-record.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../src/core/protocol/tpkt.ts';
import { decodeTsRequest, encodeTsRequest, tsRequestLength } from '../src/core/protocol/tsrequest.ts';
import {
  decodeConnectionConfirm,
  decodeConnectionRequest,
  decodeData,
  encodeConnectionConfirm,
  encodeConnectionRequest,
  tpduCode,
} from '../src/core/protocol/x224.ts';
import { certificateFact } from '../src/core/windows/certificate-fact.ts';
import { ntlmChallenge, serverFlight, testCertificate } from '../test/app/fake-rdp.ts';
import { play } from '../test/core/dialog-drivers.ts';
import {
  PUBLISHED_CLIENT_SETTINGS,
  PUBLISHED_CONFERENCE_CREATE_REQUEST,
  PUBLISHED_CONFERENCE_CREATE_RESPONSE,
  PUBLISHED_CONNECT_INITIAL,
  PUBLISHED_CONNECT_RESPONSE,
  PUBLISHED_SERVER_SETTINGS,
} from '../test/core/protocol/connect-samples.ts';
import { AUTHENTICATE, CHALLENGE } from '../test/core/protocol/ntlm-samples.ts';
import { RPC_TARGET } from './rpc-target.ts';
import { SMB_TARGET } from './smb-target.ts';
import type { Target } from './target.ts';

/** Each of these reads the same bytes; a refusal by one is none by the next. */
function decoders(
  seeds: () => readonly Uint8Array[],
  ...all: readonly ((bytes: Uint8Array) => unknown)[]
): Target {
  return {
    seeds,
    read: (bytes) => {
      for (const decode of all) tryDecode(() => decode(bytes));
    },
  };
}

/** A dialog with a peer that says these bytes, and then ends, resets or stays silent. */
function dialog(seeds: () => readonly Uint8Array[], begin: () => Dialog<unknown>): Target {
  return {
    seeds,
    read: (bytes) => {
      for (const ending of ['end', 'reset', 'timeout'] as const) play(begin(), bytes, ending);
    },
  };
}

const confirm = (): readonly Uint8Array[] =>
  [
    { kind: 'response', flags: 0x1f, selectedProtocol: 2 } as const,
    { kind: 'failure', flags: 0, failureCode: 5 } as const,
  ].map((negotiation) =>
    encodeConnectionConfirm({ destinationReference: 0, sourceReference: 0x1234, negotiation }),
  );
const request = (): Uint8Array =>
  encodeConnectionRequest({ sourceReference: 0, negotiation: { flags: 0, requestedProtocols: 0xb } });
const HELLO = {
  versions: [0x0303, 0x0304],
  suites: [0xc02f, 0x1302],
  groups: [29, 23],
  random: new Uint8Array(32).fill(1),
  keyShare: new Uint8Array(32).fill(2),
  serverName: 'vm1.corp.example',
};
const recordHeaderLength = 5;
const messageHeaderLength = 4;
/** The body of the first handshake message in a record. */
const bodyOf = (record: Uint8Array): Uint8Array =>
  decodeHandshakeMessage(firstMessage(record.subarray(recordHeaderLength))).body;
const firstMessage = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(0, messageHeaderLength + (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)));
const challenges = (): readonly Uint8Array[] =>
  [ntlmChallenge(1_700_000_000_000), CHALLENGE].map((token) =>
    encodeTsRequest({ version: 6, negoTokens: [token] }),
  );

/** Targets of `npm run fuzz` for what comes over the wire. */
export const WIRE_TARGETS: Readonly<Record<string, Target>> = {
  tpkt: decoders(() => [encodeTpkt(request()), ...confirm().map(encodeTpkt)], tpktLength, decodeTpkt),
  x224: decoders(
    () => [request(), ...confirm()],
    tpduCode,
    decodeConnectionRequest,
    decodeConnectionConfirm,
    decodeData,
  ),
  mcs: decoders(
    () => [
      decodeData(decodeTpkt(PUBLISHED_CONNECT_INITIAL)),
      decodeData(decodeTpkt(PUBLISHED_CONNECT_RESPONSE)),
      encodeDisconnectProviderUltimatum(1),
    ],
    decodeConnectInitial,
    decodeConnectResponse,
    decodeDisconnectProviderUltimatum,
  ),
  gcc: decoders(
    () => [
      PUBLISHED_CONFERENCE_CREATE_REQUEST,
      PUBLISHED_CONFERENCE_CREATE_RESPONSE,
      PUBLISHED_CLIENT_SETTINGS,
      PUBLISHED_SERVER_SETTINGS,
    ],
    decodeConferenceCreateRequest,
    decodeConferenceCreateResponse,
    decodeClientBlocks,
    decodeServerBlocks,
  ),
  'tls-record': decoders(
    () => [
      clientHelloRecord(HELLO),
      serverFlight(0x0303),
      encodeTlsRecord({ type: 21, version: 0x0303, fragment: encodeTlsAlert({ level: 2, description: 40 }) }),
    ],
    tlsRecordLength,
    decodeTlsRecord,
    decodeTlsAlert,
    (bytes) => reassembleHandshake(bytes.subarray(0, 7), bytes.subarray(7)),
  ),
  'tls-hello': decoders(
    () => [bodyOf(clientHelloRecord(HELLO)), bodyOf(serverFlight(0x0303)), bodyOf(serverFlight(0x0304))],
    (bytes) => readExtensions(decodeClientHello(bytes).extensions),
    (bytes) => readExtensions(decodeServerHello(bytes).extensions),
    decodeCertificateMessage,
    decodeServerEcdhParams,
  ),
  x509: decoders(() => [testCertificate()], certificateFact),
  tsrequest: decoders(
    () => [...challenges(), encodeTsRequest({ version: 6, errorCode: 0xc000006d })],
    tsRequestLength,
    decodeTsRequest,
  ),
  spnego: decoders(
    () => [
      encodeSpnego({ kind: 'init', mechTypes: ['1.3.6.1.4.1.311.2.2.10'], mechToken: CHALLENGE }),
      encodeSpnego({ kind: 'resp', negState: 1, responseToken: CHALLENGE }),
    ],
    decodeSpnego,
  ),
  ntlm: decoders(
    () => [CHALLENGE, AUTHENTICATE, ntlmChallenge(1_700_000_000_000)],
    decodeNegotiate,
    decodeChallenge,
    decodeAuthenticate,
  ),
  'ntlm-av-pairs': decoders(
    () => [encodeTargetInfo(decodeChallenge(CHALLENGE).targetInfo ?? { pairs: [] })],
    (bytes) => decodeTargetInfo(new Reader(bytes, 'AV_PAIR')),
  ),
  negotiate: dialog(
    () => confirm().map(encodeTpkt),
    () => negotiate(0xb),
  ),
  'tls-probe': dialog(
    () => [serverFlight(0x0303), serverFlight(0x0304)],
    () => probeTls(HELLO),
  ),
  'credssp-challenge': dialog(challenges, () => askChallenge({ version: 6 })),
  'standard-security': dialog(
    () => [concat(PUBLISHED_CONNECT_RESPONSE)],
    () => readStandardSecurity(0x1b),
  ),
  rpc: RPC_TARGET,
  smb: SMB_TARGET,
};

function readExtensions(extensions: readonly { readonly data: Uint8Array }[] | undefined): void {
  for (const { data } of extensions ?? []) {
    for (const decode of [
      decodeServerName,
      decodeU16List,
      decodeSupportedVersions,
      decodeSelectedVersion,
      decodeKeyShares,
      decodeSelectedGroup,
    ]) {
      tryDecode(() => decode(data));
    }
  }
}
