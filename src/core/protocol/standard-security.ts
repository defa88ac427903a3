// [MS-RDPBCGR] 1.3.1.1 Connection Sequence, phase 2 (Basic Settings Exchange); 5.3.2 Negotiating the Cryptographic Configuration
import { tryDecode } from '../bytes/decode-error.ts';
import { type Dialog, receive, send } from './dialog.ts';
import { type Foreign, foreign, type Interrupted, interrupted } from './foreign.ts';
import { CONFERENCE_RESULT, decodeConferenceCreateResponse, encodeConferenceCreateRequest } from './gcc.ts';
import { type ClientCore, encodeClientBlocks, RDP_VERSION_5 } from './gcc-client-data.ts';
import { decodeServerBlocks } from './gcc-server-data.ts';
import {
  CLIENT_DOMAIN,
  decodeConnectResponse,
  decodeDisconnectProviderUltimatum,
  encodeConnectInitial,
  MCS_REASON,
  MCS_RESULT,
} from './mcs.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from './tpkt.ts';
import { decodeData, encodeData, PROTOCOL } from './x224.ts';

/** Whatever a TPKT can announce. */
const RESPONSE_LIMIT = 0x10000;

/** What a server of standard RDP security said to a set of encryption methods. */
export type StandardSecurityAnswer =
  /** SC_SECURITY as stated (ENCRYPTION_METHOD, ENCRYPTION_LEVEL) and SC_CORE's version; unknown values stay numbers. */
  | { readonly kind: 'security'; readonly method: number; readonly level: number; readonly version: number }
  /** `result`: a value of MCS_RESULT, where the server gave one. */
  | { readonly kind: 'refused'; readonly result?: number; readonly problem: string }
  | Foreign
  | Interrupted;

/** What a client of RDP 5.x says of itself, a desktop of 1024 × 768 in 16 bits of colour. */
const CORE: ClientCore = {
  kind: 'core',
  version: RDP_VERSION_5,
  desktopWidth: 1024,
  desktopHeight: 768,
  colorDepth: 0xca01, // RNS_UD_COLOR_8BPP, superseded by highColorDepth
  sasSequence: 0xaa03, // RNS_UD_SAS_DEL
  keyboardLayout: 0x0409, // English (United States)
  clientBuild: 2600,
  clientName: 'rdpdoctor',
  keyboardType: 4, // IBM enhanced, 101 or 102 keys
  keyboardSubType: 0,
  keyboardFunctionKey: 12,
  imeFileName: '',
  optional: {
    postBeta2ColorDepth: 0xca01,
    clientProductId: 1,
    serialNumber: 0,
    highColorDepth: 16,
    supportedColorDepths: 0x0007, // 24, 16 and 15 bits
    earlyCapabilityFlags: 0x0001, // RNS_UD_CS_SUPPORT_ERRINFO_PDU
    clientDigProductId: '',
    connectionType: 0,
    pad1octet: 0,
    serverSelectedProtocol: PROTOCOL.rdp,
  },
};

/**
 * Asks what encryption a server chooses, on a connection where `negotiate` has just selected PROTOCOL.rdp or got
 * `no-negotiation`. Asks for no channels, sends no credentials, and leaves the connection half open: close it after.
 * @param encryptionMethods a mask of ENCRYPTION_METHOD
 */
export function* readStandardSecurity(encryptionMethods: number): Dialog<StandardSecurityAnswer> {
  const settings = encodeClientBlocks([
    CORE,
    { kind: 'cluster', flags: 0x0d, redirectedSessionId: 0 }, // REDIRECTION_SUPPORTED, REDIRECTION_VERSION4
    { kind: 'security', encryptionMethods, extEncryptionMethods: 0 },
    { kind: 'network', channels: [] },
  ]);
  const userData = encodeConferenceCreateRequest(settings);
  yield* send(
    'MCS Connect-Initial',
    encodeTpkt(encodeData(encodeConnectInitial({ ...CLIENT_DOMAIN, userData }))),
  );
  const answer = yield* receive('MCS Connect-Response', tpktLength, RESPONSE_LIMIT);
  if (answer.kind !== 'received') return interrupted(answer);
  const response = tryDecode(() => readResponse(answer.bytes));
  return response.ok ? response.value : foreign(answer.bytes, response.error.message);
}

/** Throws DecodeError when the packet is damaged or is no packet of Remote Desktop. */
function readResponse(packet: Uint8Array): StandardSecurityAnswer {
  const mcs = decodeData(decodeTpkt(packet));
  const ultimatum = tryDecode(() => decodeDisconnectProviderUltimatum(mcs));
  if (ultimatum.ok) {
    const name = MCS_REASON[ultimatum.value] ?? ultimatum.value;
    return { kind: 'refused', problem: `received an MCS Disconnect Provider Ultimatum (${name})` };
  }
  const { result, accepted } = decodeConnectResponse(mcs);
  if (result !== 0 || accepted === undefined) {
    return { kind: 'refused', result, problem: `received the MCS result ${MCS_RESULT[result] ?? result}` };
  }
  const conference = decodeConferenceCreateResponse(accepted.userData);
  if (conference.result !== 0 || conference.userData === undefined) {
    const name = CONFERENCE_RESULT[conference.result] ?? conference.result;
    return { kind: 'refused', problem: `received the GCC result ${name}` };
  }
  const blocks = decodeServerBlocks(conference.userData);
  const core = blocks.find((block) => block.kind === 'core');
  const security = blocks.find((block) => block.kind === 'security');
  if (core === undefined || security === undefined) {
    return foreign(packet, `expected server ${core === undefined ? 'core' : 'security'} data, received none`);
  }
  return {
    kind: 'security',
    method: security.encryptionMethod,
    level: security.encryptionLevel,
    version: core.version,
  };
}
