// [MS-RDPBCGR] 3.3.5.3.3 Processing MCS Connect Initial PDU, 3.3.5.3.3.1 Sending MCS Connect Response PDU;
// 5.3.2 Negotiating the Cryptographic Configuration
import { tryDecode } from '../core/bytes/decode-error.ts';
import { concat } from '../core/bytes/writer.ts';
import { decodeConferenceCreateRequest, encodeConferenceCreateResponse } from '../core/protocol/gcc.ts';
import { decodeClientBlocks, ENCRYPTION_METHOD, RDP_VERSION_5 } from '../core/protocol/gcc-client-data.ts';
import { ENCRYPTION_LEVEL, encodeServerBlocks } from '../core/protocol/gcc-server-data.ts';
import {
  CLIENT_DOMAIN,
  decodeConnectInitial,
  encodeConnectResponse,
  encodeDisconnectProviderUltimatum,
} from '../core/protocol/mcs.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../core/protocol/tpkt.ts';
import { decodeData, encodeData, PROTOCOL } from '../core/protocol/x224.ts';
import type { EncryptionLevelName, LabConfig } from './config.ts';
import type { Line } from './line.ts';

/** Whatever a TPKT can announce. */
const REQUEST_LIMIT = 0x10000;
/** [MS-RDPBCGR] 3.3.5.3.3.1: the I/O channel, and the static channels behind it. */
const IO_CHANNEL = 1003;
/** [T125] rn-provider-initiated: what a server says that wants no more. */
const PROVIDER_INITIATED = 1;

/** Which methods a level accepts, the favourite first. Windows' own order among them is not published; 128-bit before FIPS is [MS-RDPBCGR] 4.1.4. */
const LEVELS: Readonly<
  Record<EncryptionLevelName, { readonly level: number; readonly methods: readonly number[] }>
> = {
  none: { level: ENCRYPTION_LEVEL.none, methods: [] },
  low: { level: ENCRYPTION_LEVEL.low, methods: strongestFirst() },
  client: { level: ENCRYPTION_LEVEL.clientCompatible, methods: strongestFirst() },
  high: { level: ENCRYPTION_LEVEL.high, methods: [ENCRYPTION_METHOD.bit128, ENCRYPTION_METHOD.fips] },
  fips: { level: ENCRYPTION_LEVEL.fips, methods: [ENCRYPTION_METHOD.fips] },
};

export interface SettingsMaterial {
  /** 32 bytes. */
  readonly serverRandom: Uint8Array;
  /** SERVER_CERTIFICATE. */
  readonly serverCertificate: Uint8Array;
}

/**
 * Answers one MCS Connect-Initial with the server's settings, waits for the client's next word, and says goodbye.
 * A client without a common encryption method is let down without an answer, as Windows does.
 * @param selected the protocol that was negotiated; only PROTOCOL.rdp has encryption of its own
 * @param requested what the client's RDP_NEG_REQ asked for
 */
export async function serveSettings(
  line: Line,
  config: LabConfig,
  material: SettingsMaterial,
  selected: number,
  requested: number,
): Promise<void> {
  const packet = await line.receive(tpktLength, REQUEST_LIMIT);
  if (packet === undefined) return;
  const decoded = tryDecode(() =>
    decodeClientBlocks(
      decodeConferenceCreateRequest(decodeConnectInitial(decodeData(decodeTpkt(packet))).userData),
    ),
  );
  if (!decoded.ok) return;
  const offered = decoded.value.find((block) => block.kind === 'security')?.encryptionMethods ?? 0;
  const channels = decoded.value.find((block) => block.kind === 'network')?.channels ?? [];
  const chosen = selected === PROTOCOL.rdp ? chooseEncryption(config, offered) : NO_ENCRYPTION;
  if (chosen === undefined) return;
  const userData = encodeServerBlocks([
    { kind: 'core', version: RDP_VERSION_5, clientRequestedProtocols: requested, earlyCapabilityFlags: 0 },
    {
      kind: 'network',
      mcsChannelId: IO_CHANNEL,
      channelIds: channels.map((_, index) => IO_CHANNEL + 1 + index),
    },
    {
      kind: 'security',
      encryptionMethod: chosen.method,
      encryptionLevel: chosen.level,
      ...(chosen.method !== ENCRYPTION_METHOD.none && { keyExchange: material }),
    },
  ]);
  const response = encodeConnectResponse({
    result: 0,
    accepted: {
      calledConnectId: 0,
      domainParameters: CLIENT_DOMAIN.targetParameters,
      userData: withWindowsLength(
        encodeConferenceCreateResponse({ nodeId: 31_219, tag: 1, result: 0, userData }),
      ),
    },
  });
  line.send(encodeTpkt(encodeData(response)));
  if (await line.arrival())
    line.send(encodeTpkt(encodeData(encodeDisconnectProviderUltimatum(PROVIDER_INITIATED))));
}

/**
 * Windows states 42 bytes for connectPDU whatever follows ([MS-RDPBCGR] 4.1.4), and software that reads
 * by fixed offsets rests on that length's having one octet. So the lab does as Windows.
 */
function withWindowsLength(connectData: Uint8Array): Uint8Array {
  const identifier = 7;
  const lengthOctets = (connectData[identifier] ?? 0) < 0x80 ? 1 : 2;
  return concat(connectData.subarray(0, identifier), [42], connectData.subarray(identifier + lengthOctets));
}

interface Encryption {
  readonly method: number;
  readonly level: number;
}

/** Under TLS both are zero: [MS-RDPBCGR] 2.2.1.4.3. */
const NO_ENCRYPTION: Encryption = { method: ENCRYPTION_METHOD.none, level: ENCRYPTION_LEVEL.none };

function chooseEncryption(config: LabConfig, offered: number): Encryption | undefined {
  if (config.encryption === 'none') return NO_ENCRYPTION;
  const { level, methods } = LEVELS[config.encryption];
  const method = methods.find((candidate) => (offered & candidate) !== 0);
  return method === undefined ? undefined : { method, level };
}

function strongestFirst(): readonly number[] {
  const { bit128, fips, bit56, bit40 } = ENCRYPTION_METHOD;
  return [bit128, fips, bit56, bit40];
}
