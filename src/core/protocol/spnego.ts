import {
  ber,
  berInteger,
  berIntegerOf,
  berOid,
  berOidOf,
  contextTag,
  readBer,
  readOnlyBer,
  readOptionalBer,
  TAG,
} from '../bytes/ber.ts';
import { Reader } from '../bytes/reader.ts';

// [RFC 4178] 4.2 Negotiation Tokens (NegTokenInit, NegTokenResp); [MS-SPNG] 2.2.1 NegTokenInit2;
// the GSS-API header around the first token is [RFC 2743] 3.1.

/** Object identifiers of mechanisms, with their specification. */
export const MECHANISM = {
  /** [RFC 4178] section 3: SPNEGO itself. */
  spnego: '1.3.6.1.5.5.2',
  /** [MS-NLMP] 1.9 */
  ntlmssp: '1.3.6.1.4.1.311.2.2.10',
  /** [RFC 4121] 4.1 */
  kerberos: '1.2.840.113554.1.2.2',
  /** [MS-SPNG] 3.1.5.2: Kerberos with an arc cut off, which Windows 2000 sent by mistake and Windows still offers. */
  microsoftKerberos: '1.2.840.48018.1.2.2',
  /** [MS-KILE] user-to-user */
  kerberosUserToUser: '1.2.840.113554.1.2.2.3',
  /** [MS-NEGOEX] */
  negoex: '1.3.6.1.4.1.311.2.2.30',
} as const;

/** negState of NegTokenResp. Others stay numbers. */
export const NEG_STATE = { acceptCompleted: 0, acceptIncomplete: 1, reject: 2, requestMic: 3 } as const;

/** GSS-API InitialContextToken: [APPLICATION 0] IMPLICIT SEQUENCE. */
const INITIAL_CONTEXT_TOKEN = 0x60;
const GENERAL_STRING = 0x1b;
/** Mechanisms in one list. Windows offers up to four; the bound keeps a hostile list cheap. */
const MECHANISM_LIMIT = 64;

interface InitFields {
  /** Dotted object identifiers, the sender's favourite first. Empty when the list was left out. */
  readonly mechTypes: readonly string[];
  /** Content of the BIT STRING: the count of unused bits, then the bits. */
  readonly reqFlags?: Uint8Array;
  readonly mechToken?: Uint8Array;
  readonly mechListMIC?: Uint8Array;
}

/** A client's first token. */
export interface NegTokenInit extends InitFields {
  readonly kind: 'init';
}

/** A server's first token. Without negHints and mechListMIC its bytes are those of a NegTokenInit, and decode as one. */
export interface NegTokenInit2 extends InitFields {
  readonly kind: 'init2';
  readonly negHints?: { readonly hintName?: string; readonly hintAddress?: Uint8Array };
}

/** Every later token, of either side. */
export interface NegTokenResp {
  readonly kind: 'resp';
  /** One of NEG_STATE, or another number. */
  readonly negState?: number;
  /** Dotted object identifier. */
  readonly supportedMech?: string;
  readonly responseToken?: Uint8Array;
  readonly mechListMIC?: Uint8Array;
}

export type SpnegoToken = NegTokenInit | NegTokenInit2 | NegTokenResp;

/** Could these bytes be an SPNEGO token? A cheap look at the first octet. */
export function looksLikeSpnego(bytes: Uint8Array): boolean {
  return bytes[0] === INITIAL_CONTEXT_TOKEN || bytes[0] === contextTag(1);
}

/** The DER of MechTypeList: what mechListMIC signs. */
export function encodeMechTypeList(mechTypes: readonly string[]): Uint8Array {
  return ber(TAG.sequence, ...mechTypes.map(berOidOf));
}

/** One whole SPNEGO token. Throws `DecodeError`. */
export function decodeSpnego(bytes: Uint8Array): SpnegoToken {
  const r = new Reader(bytes, 'SPNEGO token');
  const token = r.peek() === INITIAL_CONTEXT_TOKEN ? readInitial(r) : readNegTokenResp(r);
  r.expectEnd();
  return token;
}

/** The DER of a token; NegTokenInit and NegTokenInit2 with the GSS-API header in front. */
export function encodeSpnego(token: SpnegoToken): Uint8Array {
  if (token.kind === 'resp') {
    const { negState, supportedMech, responseToken, mechListMIC } = token;
    const fields: Uint8Array[] = [];
    if (negState !== undefined) fields.push(ber(contextTag(0), berIntegerOf(negState, TAG.enumerated)));
    if (supportedMech !== undefined) fields.push(ber(contextTag(1), berOidOf(supportedMech)));
    if (responseToken) fields.push(ber(contextTag(2), ber(TAG.octetString, responseToken)));
    if (mechListMIC) fields.push(ber(contextTag(3), ber(TAG.octetString, mechListMIC)));
    return ber(contextTag(1), ber(TAG.sequence, ...fields));
  }
  const { mechTypes, reqFlags, mechToken, mechListMIC } = token;
  const fields = [ber(contextTag(0), encodeMechTypeList(mechTypes))];
  if (reqFlags) fields.push(ber(contextTag(1), ber(TAG.bitString, reqFlags)));
  if (mechToken) fields.push(ber(contextTag(2), ber(TAG.octetString, mechToken)));
  if (token.kind === 'init2' && token.negHints) {
    const { hintName, hintAddress } = token.negHints;
    const hints: Uint8Array[] = [];
    if (hintName !== undefined) hints.push(ber(contextTag(0), ber(GENERAL_STRING, latin1Bytes(hintName))));
    if (hintAddress) hints.push(ber(contextTag(1), ber(TAG.octetString, hintAddress)));
    fields.push(ber(contextTag(3), ber(TAG.sequence, ...hints)));
  }
  if (mechListMIC) {
    fields.push(ber(contextTag(token.kind === 'init2' ? 4 : 3), ber(TAG.octetString, mechListMIC)));
  }
  const negToken = ber(contextTag(0), ber(TAG.sequence, ...fields));
  return ber(INITIAL_CONTEXT_TOKEN, berOidOf(MECHANISM.spnego), negToken);
}

function readInitial(r: Reader): NegTokenInit | NegTokenInit2 {
  const token = readBer(r, INITIAL_CONTEXT_TOKEN, 'InitialContextToken');
  const mechanism = berOid(readBer(token, TAG.oid, 'thisMech'));
  if (!(mechanism === MECHANISM.spnego))
    token.fail(`expected the mechanism ${MECHANISM.spnego}, received ${mechanism}`);
  const choice = readBer(token, contextTag(0), 'NegTokenInit');
  token.expectEnd();
  const fields = readOnlyBer(choice, TAG.sequence);

  const mechTypes: string[] = [];
  const list = readOptionalBer(fields, contextTag(0), 'mechTypes');
  if (list) {
    const items = readOnlyBer(list, TAG.sequence);
    while (items.remaining > 0) {
      if (!(mechTypes.length < MECHANISM_LIMIT)) items.fail(`more than ${MECHANISM_LIMIT} mechanisms`);
      mechTypes.push(berOid(readBer(items, TAG.oid)));
    }
  }
  const reqFlags = readOptionalBer(fields, contextTag(1), 'reqFlags');
  const mechToken = readOptionalBer(fields, contextTag(2), 'mechToken');
  const common = {
    mechTypes,
    ...(reqFlags && { reqFlags: readOnlyBer(reqFlags, TAG.bitString).rest() }),
    ...(mechToken && { mechToken: readOnlyBer(mechToken, TAG.octetString).rest() }),
  };

  // [3] is mechListMIC (OCTET STRING) of NegTokenInit or negHints (SEQUENCE) of NegTokenInit2.
  const third = readOptionalBer(fields, contextTag(3), 'mechListMIC or negHints');
  const fourth = readOptionalBer(fields, contextTag(4), 'mechListMIC');
  if (!fourth && third?.peek() !== TAG.sequence) {
    return {
      kind: 'init',
      ...common,
      ...(third && { mechListMIC: readOnlyBer(third, TAG.octetString).rest() }),
    };
  }
  return {
    kind: 'init2',
    ...common,
    ...(third && { negHints: readNegHints(third) }),
    ...(fourth && { mechListMIC: readOnlyBer(fourth, TAG.octetString).rest() }),
  };
}

function readNegHints(field: Reader): NonNullable<NegTokenInit2['negHints']> {
  const hints = readOnlyBer(field, TAG.sequence);
  const hintName = readOptionalBer(hints, contextTag(0), 'hintName');
  const hintAddress = readOptionalBer(hints, contextTag(1), 'hintAddress');
  return {
    ...(hintName && { hintName: latin1Text(readOnlyBer(hintName, GENERAL_STRING).rest()) }),
    ...(hintAddress && { hintAddress: readOnlyBer(hintAddress, TAG.octetString).rest() }),
  };
}

function readNegTokenResp(r: Reader): NegTokenResp {
  const fields = readOnlyBer(readBer(r, contextTag(1), 'NegTokenResp'), TAG.sequence);
  const negState = readOptionalBer(fields, contextTag(0), 'negState');
  const supportedMech = readOptionalBer(fields, contextTag(1), 'supportedMech');
  const responseToken = readOptionalBer(fields, contextTag(2), 'responseToken');
  const mechListMIC = readOptionalBer(fields, contextTag(3), 'mechListMIC');
  return {
    kind: 'resp',
    ...(negState && { negState: berInteger(readOnlyBer(negState, TAG.enumerated)) }),
    ...(supportedMech && { supportedMech: berOid(readOnlyBer(supportedMech, TAG.oid)) }),
    ...(responseToken && { responseToken: readOnlyBer(responseToken, TAG.octetString).rest() }),
    ...(mechListMIC && { mechListMIC: readOnlyBer(mechListMIC, TAG.octetString).rest() }),
  };
}

// [MS-SPNG] 3.2.5.2 has hintName in ISO/IEC 8859-1: one octet a character, and no label of TextDecoder means that.
function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
