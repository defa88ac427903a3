import { type Decoded, tryDecode } from '../../bytes/decode-error.ts';
import { concat } from '../../bytes/writer.ts';
import { type Dialog, type DialogRequest, receive, send } from '../dialog.ts';
import { failed, notArrived, type SmbFailure } from './failure.ts';
import { decodeFrame, encodeFrame, FRAME_LIMIT, frameLength, PROTOCOL } from './framing.ts';
import {
  encodeHeader,
  SMB2_COMMAND,
  SMB2_FLAG,
  type Smb2Message,
  splitCompound,
  UNSOLICITED,
} from './header.ts';
import { PreauthHash } from './keys.ts';
import { isSignedBy, type Signer, signMessage } from './signing.ts';
import { NT_STATUS, statusText } from './status.ts';
import { decodeTransform, nonceOf, openMessage, type Sealing, sealMessage } from './transform.ts';

// [MS-SMB2] 3.2.4.1 Sending Any Outgoing Message, 3.2.5.1 Receiving Any Message.

/** Credits that are asked for: enough for some hundreds of calls in flight, which take two each. A server grants what it likes: Windows before 2012 up to 128, later up to 8,192, as Samba does. */
const CREDIT_GOAL = 1024;
/** Interim responses to one message. A server sends one; more than this keeps us from waiting for ever. */
const INTERIM_LIMIT = 16;
/** Messages that nobody asked for. We hold no oplock, so there is no reason for any. */
const UNSOLICITED_LIMIT = 16;

/** The request for the next frame, whoever's it is. */
export const NEXT_REPLY: Extract<DialogRequest, { readonly kind: 'receive' }> = {
  kind: 'receive',
  what: 'SMB2 reply',
  framing: frameLength,
  limit: FRAME_LIMIT,
};

/** What is asked. */
export interface Smb2Request {
  /** For the transcript and for problems: "CREATE winreg". */
  readonly what: string;
  /** One of SMB2_COMMAND. */
  readonly command: number;
  readonly body: Uint8Array;
  readonly treeId?: number;
  /** Its bytes are derived from a password: they stay out of transcripts. */
  readonly secret?: boolean;
}

/** What shows that a reply is the server's: nothing where the session has no keys yet. */
export type Proof = 'none' | 'signed' | 'sealed';

export interface Smb2Reply extends Smb2Message {
  readonly kind: 'reply';
  readonly proof: Proof;
}

/** What protects the messages of a session. */
export interface Protection {
  readonly signer: Signer;
  /** Missing where messages are signed only. */
  readonly outward?: Sealing;
  readonly inward?: Sealing;
}

interface Outstanding {
  readonly request: Smb2Request;
  interims: number;
}

/**
 * One connection: numbers messages, keeps credits, signs or encrypts what goes out, and takes in what
 * comes only where it is protected the same way.
 * INVARIANT: after the first failure of the connection itself every call gives that failure, and nothing more is sent.
 */
export class SmbConnection {
  readonly preauth = new PreauthHash();
  /** 0 until the server names one. */
  sessionId = 0n;
  #protection: Protection | undefined;
  /** Whether requests go out encrypted; before that, and without keys for it, they are signed. */
  #seals = false;
  #nextId = 0n;
  /** [MS-SMB2] 3.2.5.1.4: a new connection has one. */
  #credits = 1;
  /** Unique under a key, since each session has its own key. */
  #nonce = 0n;
  #unsolicited = 0;
  #broken: SmbFailure | undefined;
  #lastSent = 'connecting';
  readonly #outstanding = new Map<bigint, Outstanding>();
  readonly #inbox = new Map<bigint, Smb2Reply>();

  /** From here on replies must be protected. Requests are signed from the next one on. */
  protect(protection: Protection): void {
    this.#protection = protection;
  }

  /** From here on everything is encrypted, both ways. */
  startSealing(): void {
    this.#seals = true;
  }

  get seals(): boolean {
    return this.#seals;
  }

  /** Asks and waits for the answer: one round trip. */
  *call(request: Smb2Request): Dialog<Smb2Reply | SmbFailure> {
    const id = yield* this.post(request);
    return typeof id === 'bigint' ? yield* this.reply(id) : id;
  }

  /** Asks without waiting. The answer must be taken with `reply`. */
  *post(request: Smb2Request): Dialog<bigint | SmbFailure> {
    while (this.#credits < 1) {
      const broken = this.#outstanding.size > 0 ? yield* this.pump() : this.#breakWith(NO_CREDIT);
      if (broken) return broken;
    }
    if (this.#broken) return this.#broken;
    const id = this.#nextId;
    this.#nextId += 1n;
    this.#credits -= 1;
    this.#outstanding.set(id, { request, interims: 0 });
    this.#lastSent = request.what;
    yield* send(`SMB2 ${request.what}`, encodeFrame(this.#encode(id, request)), request.secret ?? false);
    return id;
  }

  /** Waits for the answer to a message that was posted. */
  *reply(id: bigint): Dialog<Smb2Reply | SmbFailure> {
    for (;;) {
      const reply = this.take(id);
      if (reply) return reply;
      const broken = yield* this.pump();
      if (broken) return broken;
    }
  }

  /** The answer, where it has come already. */
  take(id: bigint): Smb2Reply | undefined {
    const reply = this.#inbox.get(id);
    this.#inbox.delete(id);
    return reply;
  }

  /**
   * Waits for the next frame, whoever's it is. A packet of no bytes, which no connection can give, says
   * that another dialog on this connection took one in: see `Lanes`.
   */
  *pump(): Dialog<SmbFailure | undefined> {
    if (this.#broken) return this.#broken;
    const { what, framing, limit } = NEXT_REPLY;
    const answer = yield* receive(what, framing, limit);
    if (this.#broken) return this.#broken;
    if (answer.kind !== 'received') return this.#breakWith(notArrived(answer, this.#lastSent));
    if (answer.bytes.length === 0) return undefined;
    const problem = this.#takeIn(answer.bytes);
    return problem && this.#breakWith(problem);
  }

  /** Gives up the connection for a reason that shows in the content of a reply. */
  breakOff(failure: SmbFailure): SmbFailure {
    return this.#breakWith(failure);
  }

  #breakWith(failure: SmbFailure): SmbFailure {
    this.#broken ??= failure;
    return this.#broken;
  }

  #encode(messageId: bigint, { command, body, treeId = 0 }: Smb2Request): Uint8Array {
    const protection = this.#protection;
    const outward = this.#seals ? protection?.outward : undefined;
    const header = encodeHeader({
      // [MS-SMB2] 3.2.4.1.5: one for up to 64 KiB, which nothing here exceeds; none before a dialect is known.
      creditCharge: command === SMB2_COMMAND.NEGOTIATE ? 0 : 1,
      status: 0,
      command,
      credits: Math.max(1, CREDIT_GOAL - this.#credits),
      flags: protection && !outward ? SMB2_FLAG.SIGNED : 0,
      messageId,
      treeId,
      sessionId: this.sessionId,
    });
    const message = concat(header, body);
    if (outward) {
      this.#nonce += 1n;
      return sealMessage(message, this.sessionId, nonceOf(outward.cipher, this.#nonce), outward);
    }
    if (protection) return signMessage(message, 'client', protection.signer);
    this.preauth.add(message);
    return message;
  }

  #takeIn(frame: Uint8Array): SmbFailure | undefined {
    const opened = tryDecode(() => this.#open(decodeFrame(frame)));
    if (!opened.ok) return failed('foreign', `${opened.error.message}, in answer to ${this.#lastSent}`);
    if ('kind' in opened.value) return opened.value;
    const { message, sealed } = opened.value;
    const messages: Decoded<Smb2Message[]> = tryDecode(() => splitCompound(message));
    if (!messages.ok) return failed('foreign', `${messages.error.message}, in answer to ${this.#lastSent}`);
    for (const each of messages.value) {
      const failure = this.#deliver(each, sealed);
      if (failure) return failure;
    }
    return undefined;
  }

  /** The SMB 2 messages in a frame, decrypted where they were encrypted. Throws `DecodeError`. */
  #open(frame: Uint8Array): { readonly message: Uint8Array; readonly sealed: boolean } | SmbFailure {
    const first = frame[0];
    if (first === PROTOCOL.smb1) return failed('dialect-refused', 'the server answered in SMB 1');
    if (first !== PROTOCOL.transform) return { message: frame, sealed: false };
    const inward = this.#protection?.inward;
    if (!inward) return failed('foreign', 'an encrypted message came without a key for it');
    const sealed = decodeTransform(frame);
    if (sealed.sessionId !== this.sessionId)
      return failed('forged', 'an encrypted message of another session came');
    const message = openMessage(sealed, inward);
    return message
      ? { message, sealed: true }
      : failed('forged', `the reply to ${this.#lastSent} was not encrypted with the key of this session`);
  }

  #deliver(message: Smb2Message, sealed: boolean): SmbFailure | undefined {
    const { header } = message;
    if ((header.flags & SMB2_FLAG.SERVER_TO_REDIR) === 0)
      return failed('foreign', 'a message came that is no reply');
    if (header.messageId === UNSOLICITED) return this.#countUnsolicited();
    const outstanding = this.#outstanding.get(header.messageId);
    if (!outstanding)
      return failed('foreign', `a reply to message ${header.messageId} came, which is not waited for`);
    const { request } = outstanding;
    if (header.command !== request.command)
      return failed('foreign', `a reply to command ${header.command} came after ${request.what}`);
    this.#credits += header.credits;

    const interim = header.status === NT_STATUS.PENDING && (header.flags & SMB2_FLAG.ASYNC_COMMAND) !== 0;
    const proof = this.#prove(message, sealed, interim, request.what);
    if (typeof proof !== 'string') return proof;
    if (interim) {
      outstanding.interims += 1;
      return outstanding.interims > INTERIM_LIMIT
        ? failed('foreign', `more than ${INTERIM_LIMIT} interim replies to ${request.what} came`)
        : undefined;
    }
    this.#outstanding.delete(header.messageId);
    this.#inbox.set(header.messageId, { kind: 'reply', ...message, proof });
    // The final answer of a sign-in is left out: the server signs it with what comes of the rest.
    if (!this.#protection) this.preauth.add(message.bytes);
    return undefined;
  }

  /** [MS-SMB2] 3.2.5.1.3 Verifying the Signature, and that nothing comes in the clear where all is encrypted. */
  #prove(message: Smb2Message, sealed: boolean, interim: boolean, what: string): Proof | SmbFailure {
    const { header, bytes } = message;
    const protection = this.#protection;
    // A refused sign-in leaves neither session nor key to sign with.
    const signsIn = header.command === SMB2_COMMAND.SESSION_SETUP;
    if (!protection || (signsIn && header.status !== 0)) return 'none';
    const saying = header.status === 0 ? '' : `; it says ${statusText(header.status)}`;
    if (header.sessionId !== this.sessionId)
      return failed('forged', `the reply to ${what} is of another session${saying}`);
    if (sealed) return 'sealed';
    if (this.#seals) return failed('unencrypted', `the reply to ${what} came in the clear${saying}`);
    const claims = (header.flags & SMB2_FLAG.SIGNED) !== 0;
    if (claims && isSignedBy(bytes, 'server', protection.signer)) return 'signed';
    // An interim reply is never signed, and says nothing but "wait". Guests get no signature either: who opens
    // the session looks at the proof of the last reply himself.
    if (interim || signsIn) return 'none';
    return claims
      ? failed('forged', `the signature of the reply to ${what} is wrong${saying}`)
      : failed('unsigned', `the reply to ${what} is not signed${saying}`);
  }

  #countUnsolicited(): SmbFailure | undefined {
    this.#unsolicited += 1;
    return this.#unsolicited > UNSOLICITED_LIMIT
      ? failed('foreign', `more than ${UNSOLICITED_LIMIT} messages came that nobody asked for`)
      : undefined;
  }
}

const NO_CREDIT = failed('foreign', 'the server grants no credit for another message');
