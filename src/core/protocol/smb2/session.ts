import { tryDecode } from '../../bytes/decode-error.ts';
import { equalBytes } from '../../bytes/equal.ts';
import type { Dialog } from '../dialog.ts';
import type { NtlmChallenge } from '../ntlm-messages.ts';
import type { Smb2Reply, Smb2Request, SmbConnection } from './connection.ts';
import { failed, type SmbFailure, statusFailure } from './failure.ts';
import { SMB2_COMMAND } from './header.ts';
import {
  decodeIoctlResponse,
  decodeValidateNegotiate,
  encodeIoctl,
  encodeValidateNegotiate,
  FSCTL,
  type NegotiateInfo,
  NO_FILE,
} from './ioctl.ts';
import { DIALECT, dialectText, type SmbDialect } from './negotiate.ts';
import type { SmbCipher, SmbSigning } from './negotiate-contexts.ts';
import { encodeEmptyRequest } from './session-setup.ts';
import { statusText } from './status.ts';
import { decodeTreeConnectResponse, encodeTreeConnect, SHARE_ENCRYPT_DATA } from './tree.ts';

/** What both sides agreed on, and what the server said of itself on the way. */
export interface SmbAgreement {
  readonly dialect: SmbDialect;
  readonly signing: SmbSigning;
  /** Missing where the server offers no encryption, or none of ours. */
  readonly cipher?: SmbCipher;
  /** Most bytes of data in one message: what the server takes, and not more than one credit is for. */
  readonly maxTransmit: number;
  /** FILETIME by the server's clock, at NEGOTIATE; 0 where it does not say. */
  readonly serverTime: bigint;
  /** 16 bytes. */
  readonly serverGuid: Uint8Array;
  /** What the server said of itself in NTLM: names, time, version. */
  readonly challenge: NtlmChallenge;
  /** What has to be said again below 3.1.1: our side and theirs. */
  readonly negotiated: {
    readonly ours: NegotiateInfo;
    readonly dialects: readonly number[];
    readonly theirs: NegotiateInfo;
  };
}

/** A signed-in user on one connection. */
export class SmbSession {
  readonly kind = 'session';
  readonly agreement: SmbAgreement;
  readonly connection: SmbConnection;
  readonly #server: string;
  #validation: 'none' | 'needed' | 'good' | { readonly id: bigint };

  /** @param server the name or the address that the server is reached by */
  constructor(connection: SmbConnection, agreement: SmbAgreement, server: string) {
    this.connection = connection;
    this.agreement = agreement;
    this.#server = server;
    this.#validation = agreement.dialect === DIALECT.SMB3_1_1 ? 'none' : 'needed';
  }

  /** TREE_CONNECT to `IPC$`, `ADMIN$`, …: one round trip. */
  *connectShare(share: string): Dialog<SmbTree | SmbFailure> {
    const { connection } = this;
    const doing = `connecting to ${share}`;
    const reply = yield* connection.call({
      what: `TREE_CONNECT ${share}`,
      command: SMB2_COMMAND.TREE_CONNECT,
      body: encodeTreeConnect(this.#server, share),
    });
    if (reply.kind === 'failed') return reply;
    const { status, treeId } = reply.header;
    if (status !== 0) return this.#mayWantEncryption(statusFailure(status, doing));
    const tree = tryDecode(() => decodeTreeConnectResponse(reply.bytes));
    if (!tree.ok) return connection.breakOff(failed('foreign', tree.error.message));
    if ((tree.value.shareFlags & SHARE_ENCRYPT_DATA) !== 0 && !connection.seals) {
      return failed('encryption-required', `${doing}: the share demands encryption, ${this.#withoutIt()}`);
    }
    return { kind: 'tree', session: this, treeId, share, shareType: tree.value.shareType };
  }

  /**
   * Sends FSCTL_VALIDATE_NEGOTIATE_INFO ahead of the first use of a tree, where the dialect needs it
   * ([MS-SMB2] 3.2.5.5): its answer comes in the same round trip as that of the first use.
   */
  *beginValidation(treeId: number): Dialog<SmbFailure | undefined> {
    if (this.#validation !== 'needed') return undefined;
    const { ours, dialects } = this.agreement.negotiated;
    const id = yield* this.connection.post({
      what: 'IOCTL VALIDATE_NEGOTIATE_INFO',
      command: SMB2_COMMAND.IOCTL,
      body: encodeIoctl(
        FSCTL.VALIDATE_NEGOTIATE_INFO,
        NO_FILE,
        encodeValidateNegotiate(ours, dialects),
        24 /* the answer's size */,
      ),
      treeId,
    });
    if (typeof id !== 'bigint') return id;
    this.#validation = { id };
    return undefined;
  }

  /** Waits until the answer is there and judged. Nothing that came with it is used before. */
  *endValidation(): Dialog<SmbFailure | undefined> {
    while (typeof this.#validation === 'object') {
      const reply = this.connection.take(this.#validation.id);
      if (reply) {
        const problem = this.#judgeValidation(reply);
        if (problem) return this.connection.breakOff(problem);
        this.#validation = 'good';
      } else {
        const broken = yield* this.connection.pump();
        if (broken === undefined) continue;
        // [MS-SMB2] 3.3.5.15.12: a server that was told something else than it got ends the connection.
        return broken.reason === 'closed'
          ? failed(
              'negotiation-tampered',
              'the server ended the connection when the negotiation was said to it again: it may have been changed on its way',
            )
          : broken;
      }
    }
    return undefined;
  }

  /** Signs out, and waits for the answer so that nothing is left in the air. Its failure says nothing of use. */
  *logOff(): Dialog<void> {
    yield* this.connection.call({
      what: 'LOGOFF',
      command: SMB2_COMMAND.LOGOFF,
      body: encodeEmptyRequest(),
    });
  }

  #judgeValidation(reply: Smb2Reply): SmbFailure | undefined {
    const { agreement } = this;
    const { status } = reply.header;
    if (status !== 0) {
      // Windows 7 and Server 2008 R2 know no such request; that they say so under their signature shows
      // that they are what they negotiated. A server of 3.x knows it.
      if (agreement.dialect === DIALECT.SMB2_1) return undefined;
      return failed(
        'negotiation-tampered',
        `the server does not confirm the negotiation of SMB ${dialectText(agreement.dialect)} (${statusText(status)})`,
        status,
      );
    }
    const said = tryDecode(() => decodeValidateNegotiate(decodeIoctlResponse(reply.bytes)));
    if (!said.ok) return failed('foreign', said.error.message);
    const { theirs } = agreement.negotiated;
    const same =
      said.value.dialect === agreement.dialect &&
      said.value.capabilities === theirs.capabilities &&
      said.value.securityMode === theirs.securityMode &&
      equalBytes(said.value.guid, theirs.guid);
    if (same) return undefined;
    return failed(
      'negotiation-tampered',
      `SMB ${dialectText(agreement.dialect)} was negotiated, and the server confirms another negotiation (dialect ${dialectText(said.value.dialect)}): it was changed on its way`,
    );
  }

  /** ACCESS_DENIED is also how a server says that it wants encryption from a client that has none. */
  #mayWantEncryption(failure: SmbFailure): SmbFailure {
    if (failure.reason !== 'access-denied' || this.connection.seals) return failure;
    return { ...failure, reason: 'encryption-required', problem: `${failure.problem}; ${ENCRYPTION_HINT}` };
  }

  #withoutIt(): string {
    return `and SMB ${dialectText(this.agreement.dialect)} as negotiated has none`;
  }
}

/** Where a session that is not encrypted is refused with ACCESS_DENIED. */
export const ENCRYPTION_HINT =
  'a server that demands encryption says this too, and this session is not encrypted';

/** A share that a session is connected to. */
export interface SmbTree {
  readonly kind: 'tree';
  readonly session: SmbSession;
  readonly treeId: number;
  readonly share: string;
  /** One of SHARE_TYPE, or another number. */
  readonly shareType: number;
}

/** Asks on a tree, with validation ahead where it is due; the caller gets the reply once that is good. */
export function* askTree(
  tree: SmbTree,
  request: Omit<Smb2Request, 'treeId'>,
): Dialog<Smb2Reply | SmbFailure> {
  const { session, treeId } = tree;
  const broken = yield* session.beginValidation(treeId);
  if (broken) return broken;
  const id = yield* session.connection.post({ ...request, treeId });
  if (typeof id !== 'bigint') return id;
  const reply = yield* session.connection.reply(id);
  return (yield* session.endValidation()) ?? reply;
}
