// An SMB 2 server in a few lines for tests: its bodies are written by hand from [MS-SMB2], its keys and
// signatures are the product's own, which the recorded conversations prove. It misbehaves as it is told.
import assert from 'node:assert/strict';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import type { Dialog, DialogAnswer, DialogRequest, Received } from '../../../../src/core/protocol/dialog.ts';
import { avPairsOf } from '../../../../src/core/protocol/ntlm-av-pairs.ts';
import { flagsOf, NTLM_FLAG } from '../../../../src/core/protocol/ntlm-flags.ts';
import { CLIENT_NEGOTIATE, verifyAuthenticate } from '../../../../src/core/protocol/ntlm-logon.ts';
import { encodeChallenge } from '../../../../src/core/protocol/ntlm-messages.ts';
import { ntHash } from '../../../../src/core/protocol/ntlm-response.ts';
import { NtlmSession } from '../../../../src/core/protocol/ntlm-session.ts';
import { decodeFrame, encodeFrame } from '../../../../src/core/protocol/smb2/framing.ts';
import {
  encodeHeader,
  HEADER_SIZE,
  type Smb2Header,
  splitCompound,
} from '../../../../src/core/protocol/smb2/header.ts';
import { deriveKeys, PreauthHash, type SessionKeys } from '../../../../src/core/protocol/smb2/keys.ts';
import type { SmbDialect } from '../../../../src/core/protocol/smb2/negotiate.ts';
import type { SmbCipher, SmbSigning } from '../../../../src/core/protocol/smb2/negotiate-contexts.ts';
import { encodeContexts } from '../../../../src/core/protocol/smb2/negotiate-contexts.ts';
import { isSignedBy, signMessage } from '../../../../src/core/protocol/smb2/signing.ts';
import {
  decodeTransform,
  nonceOf,
  openMessage,
  sealMessage,
} from '../../../../src/core/protocol/smb2/transform.ts';
import {
  decodeSpnego,
  encodeMechTypeList,
  encodeSpnego,
  MECHANISM,
} from '../../../../src/core/protocol/spnego.ts';
import { createBody, errorBody, ioctlBody, readBody, setupBody } from './fake-bodies.ts';
import type { Act, FakeOptions, FakeProgram, FakeReply } from './fake-options.ts';

export const PASSWORD = 'Passw0rd!';
export const SERVER_GUID = new Uint8Array(16).fill(0x5a);
const SESSION_ID = 0x1100_0000_0042n;
const TREE_ID = 7;
const FILETIME = 134_000_000_000_000_000n;

export interface FakeRun<T> {
  readonly value: T;
  /** What was sent, with the dialog's own words. */
  readonly sent: readonly Extract<DialogRequest, { kind: 'send' }>[];
  /** How often the dialog waited after it had sent something. */
  readonly roundTrips: number;
}

/** Plays a dialog against such a server. */
export function playSmb<T>(dialog: Dialog<T>, options: FakeOptions = {}): FakeRun<T> {
  const server = new FakeSmb(options);
  const sent: Extract<DialogRequest, { kind: 'send' }>[] = [];
  const acts: Act[] = [];
  let buffered: Uint8Array = new Uint8Array(0);
  let roundTrips = 0;
  let asked = false;
  let step = dialog.next();
  while (!step.done) {
    const request = step.value;
    assert.ok(request.kind !== 'start-tls');
    if (request.kind === 'send') {
      sent.push(request);
      acts.push(...server.hear(request.bytes));
      asked = true;
      step = dialog.next({ kind: 'sent', at: 0 });
    } else if (request.kind === 'pause') {
      step = dialog.next({ kind: 'paused', at: 0 });
    } else {
      if (asked) roundTrips += 1;
      asked = false;
      step = dialog.next(receive(request));
    }
  }
  return { value: step.value, sent, roundTrips };

  function receive({ framing, limit }: Extract<DialogRequest, { kind: 'receive' }>): DialogAnswer & Received {
    for (;;) {
      const length = tryDecode(() => framing(buffered));
      if (!length.ok) return { kind: 'foreign', partial: buffered, problem: length.error.message, at: 0 };
      if (length.value !== undefined && length.value > limit)
        return { kind: 'too-long', partial: buffered, announced: length.value, limit, at: 0 };
      if (length.value !== undefined && length.value <= buffered.length) {
        const bytes = buffered.subarray(0, length.value);
        buffered = buffered.subarray(length.value);
        return { kind: 'received', bytes, at: 0 };
      }
      const act = acts.shift() ?? 'timeout';
      if (act === 'timeout') return { kind: 'timeout', partial: buffered, at: 0 };
      if (typeof act === 'string') return { kind: 'closed', how: act, partial: buffered, at: 0 };
      buffered = concat(buffered, act);
    }
  }
}

export class FakeSmb {
  readonly #options: FakeOptions;
  readonly #preauth = new PreauthHash();
  readonly #handles: string[] = [];
  readonly #programs = new Map<number, FakeProgram>();
  /** READs that wait until there is something. */
  #waiting: { readonly handle: number; readonly reply: (status: number, body?: Uint8Array) => FakeReply }[] =
    [];
  readonly #written = new Map<string, Uint8Array>();
  #negotiateMessage: Uint8Array = new Uint8Array(0);
  #challenge: Uint8Array = new Uint8Array(0);
  #keys: SessionKeys | undefined;
  #seals = false;
  #said = 0;
  #nonce = 0n;
  #validated: Uint8Array = new Uint8Array(0);

  constructor(options: FakeOptions) {
    this.#options = {
      dialect: 0x0311,
      cipher: 2,
      signing: 2,
      hash: 1,
      maxSize: 0x80_0000,
      credits: 32,
      ...options,
    };
  }

  get #dialect(): number {
    return this.#options.dialect ?? 0;
  }

  hear(frame: Uint8Array): Act[] {
    const message = this.#unprotect(decodeFrame(frame));
    const [heard] = splitCompound(message);
    assert.ok(heard);
    const reply = this.#answer(heard.header, message);
    return [...(reply === undefined ? [] : [reply]), ...this.#served()].flatMap((each) => this.#out(each));
  }

  #out(reply: FakeReply): Act[] {
    const { say = (one) => [one], put = (one) => [one] } = this.#options;
    return say(reply, this.#said++).flatMap((each) => {
      const out = this.#protect(each);
      return put(encodeFrame(out), this.#said - 1);
    });
  }

  /** Replies to READs whose turn has come. */
  #served(): FakeReply[] {
    const replies: FakeReply[] = [];
    this.#waiting = this.#waiting.filter(({ handle, reply }) => {
      const said = this.#programs.get(handle)?.say();
      if (said === undefined) return true;
      replies.push(typeof said === 'number' ? reply(said) : reply(0, readBody(said)));
      return false;
    });
    return replies;
  }

  #unprotect(message: Uint8Array): Uint8Array {
    const keys = this.#keys;
    if (!keys) return message;
    if (this.#seals) {
      const sealed = decodeTransform(message);
      const opened = openMessage(sealed, this.#sealing(keys.clientToServer));
      assert.ok(opened, 'the client encrypts with its key');
      return opened;
    }
    assert.ok(isSignedBy(message, 'client', this.#signer(keys)), 'the client signs');
    return message;
  }

  /** CCM is all that 3.0 and 3.0.2 have. */
  get #cipher(): SmbCipher | undefined {
    if (!this.#options.cipher || this.#dialect < 0x0300) return undefined;
    return this.#dialect === 0x0311 ? (this.#options.cipher as SmbCipher) : 1;
  }

  #sealing(key: Uint8Array | undefined) {
    assert.ok(this.#cipher !== undefined && key);
    return { cipher: this.#cipher, key };
  }

  #signer(keys: SessionKeys) {
    const algorithm =
      this.#dialect === 0x0311
        ? this.#options.signing === 'not said'
          ? 1
          : this.#options.signing
        : this.#dialect >= 0x0300
          ? 1
          : 0;
    return { algorithm: algorithm as SmbSigning, key: keys.signing };
  }

  #protect(reply: FakeReply): Uint8Array {
    const keys = this.#keys;
    const refused = reply.command === 1 && reply.status !== 0;
    const how =
      reply.protect ?? (this.#seals && reply.command !== 1 ? 'seal' : keys && !refused ? 'sign' : 'none');
    const message = concat(
      encodeHeader({
        creditCharge: 1,
        status: reply.status,
        command: reply.command,
        credits: reply.credits ?? this.#options.credits ?? 1,
        flags: 1 | (reply.flags ?? 0) | (how === 'sign' ? 8 : 0),
        messageId: reply.messageId,
        treeId: reply.treeId ?? 0,
        sessionId: reply.sessionId ?? (reply.command === 0 ? 0n : SESSION_ID),
      }),
      reply.body,
    );
    if (reply.command === 0 || (reply.command === 1 && reply.status === 0xc000_0016))
      this.#preauth.add(message);
    if (how === 'sign' && keys) return signMessage(message, 'server', this.#signer(keys));
    if (how !== 'seal' || !keys) return message;
    this.#nonce += 1n;
    const sealing = this.#sealing(keys.serverToClient);
    return sealMessage(message, reply.sessionId ?? SESSION_ID, nonceOf(sealing.cipher, this.#nonce), sealing);
  }

  #answer({ command, messageId, treeId }: Smb2Header, message: Uint8Array): FakeReply | undefined {
    const answer = (status: number, body: Uint8Array = errorBody()): FakeReply => ({
      command,
      status,
      body,
      messageId,
      treeId,
    });
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    if (command <= 1 && !this.#keys) this.#preauth.add(message);
    switch (command) {
      case 0:
        this.#validated = message;
        return answer(0, this.#negotiateBody());
      case 1:
        return this.#setUp(answer, buffer(message, view.getUint16(76, true), view.getUint16(78, true)));
      case 3: {
        const path = new TextDecoder('utf-16le').decode(
          buffer(message, view.getUint16(68, true), view.getUint16(70, true)),
        );
        const refused = this.#options.refuse?.(path.replace(/^.*\\/, ''));
        if (refused !== undefined) return answer(refused);
        return {
          ...answer(
            0,
            new Writer()
              .u16le(16)
              .u8(2)
              .u8(0)
              .u32le(this.#options.shareFlags ?? 0)
              .u32le(0)
              .u32le(0x1f01bf)
              .toBytes(),
          ),
          treeId: TREE_ID,
        };
      }
      case 5: {
        const name = new TextDecoder('utf-16le').decode(buffer(message, 120, view.getUint16(110, true)));
        const { pipes = {}, files = {}, programs = {}, refuse } = this.#options;
        const refused = refuse?.(name);
        if (refused !== undefined) return answer(refused);
        if (!(name in pipes) && !(name in files) && !(name in programs)) return answer(0xc000_0034);
        const program = programs[name]?.();
        if (program) this.#programs.set(this.#handles.length, program);
        this.#handles.push(name);
        return answer(0, createBody(files[name]?.length ?? 0, this.#handles.length - 1));
      }
      case 6:
        return answer(0, new Writer().u16le(60).zeros(58).toBytes());
      case 8: {
        if (!this.#programs.has(message[80] ?? 0)) return this.#read(answer, message, view);
        this.#waiting.push({ handle: message[80] ?? 0, reply: answer });
        return undefined;
      }
      case 9:
        this.#programs
          .get(message[80] ?? 0)
          ?.hear(buffer(message, view.getUint16(66, true), view.getUint32(68, true)));
        this.#written.set(
          this.#name(message, 80),
          buffer(message, view.getUint16(66, true), view.getUint32(68, true)),
        );
        return answer(0, new Writer().u16le(17).u16le(0).u32le(view.getUint32(68, true)).zeros(8).toBytes());
      case 11:
        return this.#control(answer, message, view);
      default:
        return answer(0, new Writer().u16le(4).u16le(0).toBytes());
    }
  }

  #read(
    answer: (status: number, body?: Uint8Array) => FakeReply,
    message: Uint8Array,
    view: DataView,
  ): FakeReply {
    const name = this.#name(message, 80);
    const file = this.#options.files?.[name];
    const [offset, length] = [Number(view.getBigUint64(72, true)), view.getUint32(68, true)];
    if (file && offset >= file.length) return answer(0xc000_0011);
    const pipe = this.#options.pipes?.[name];
    const data = file
      ? file.subarray(offset, offset + length)
      : pipe?.(this.#written.get(name) ?? new Uint8Array(0));
    return answer(0, readBody(data ?? new Uint8Array(0)));
  }

  #control(
    answer: (status: number, body?: Uint8Array) => FakeReply,
    message: Uint8Array,
    view: DataView,
  ): FakeReply | undefined {
    const input = buffer(message, view.getUint32(88, true), view.getUint32(92, true));
    const most = view.getUint32(108, true);
    if (view.getUint32(68, true) === 0x0014_0204) {
      // Capabilities, GUID, SecurityMode and dialects as they stand in NEGOTIATE.
      const asked = this.#validated;
      assert.deepEqual(Array.from(input.subarray(0, 4)), Array.from(asked.subarray(72, 76)));
      assert.deepEqual(Array.from(input.subarray(4, 20)), Array.from(asked.subarray(76, 92)));
      assert.deepEqual(Array.from(input.subarray(20, 22)), Array.from(asked.subarray(68, 70)));
      const count = asked[66] ?? 0;
      assert.deepEqual(Array.from(input.subarray(22)), [count, 0, ...asked.subarray(100, 100 + 2 * count)]);
      const said = new Writer().u32le(this.#capabilities).bytes(SERVER_GUID).u16le(3).u16le(this.#dialect);
      return answer(0, ioctlBody(said.toBytes()));
    }
    const program = this.#programs.get(message[72] ?? 0);
    program?.hear(input);
    // A READ that waits already is given the answer, and this one waits for ever.
    if (program && this.#waiting.some(({ handle }) => handle === (message[72] ?? 0))) return undefined;
    const said = program?.say();
    if (typeof said === 'number') return answer(said);
    const output = said ?? this.#options.pipes?.[this.#name(message, 72)]?.(input) ?? new Uint8Array(0);
    return output.length > most
      ? answer(0x8000_0005, ioctlBody(output.subarray(0, most)))
      : answer(0, ioctlBody(output));
  }

  #name(message: Uint8Array, at: number): string {
    return this.#handles[message[at] ?? 0] ?? '';
  }

  get #capabilities(): number {
    return (
      0x7 | (this.#dialect >= 0x0300 && this.#dialect !== 0x0311 && this.#options.cipher !== 0 ? 0x40 : 0)
    );
  }

  #negotiateBody(): Uint8Array {
    const { token = new Uint8Array(0), maxSize = 0, cipher = 0, signing = 2, hash = 1 } = this.#options;
    const one = (value: number): Uint8Array => new Writer().u16le(1).u16le(value).toBytes();
    const contexts = encodeContexts([
      { type: 1, data: new Writer().u16le(1).u16le(32).u16le(hash).zeros(32).toBytes() },
      { type: 2, data: one(cipher) },
      ...(signing === 'not said' ? [] : [{ type: 8, data: one(signing) }]),
      // One that nobody knows, which is passed over.
      { type: 0x7777, data: Uint8Array.of(1, 2, 3) },
    ]);
    const is311 = this.#dialect === 0x0311;
    const tokenEnd = HEADER_SIZE + 64 + token.length;
    const padding = (8 - (tokenEnd % 8)) % 8;
    return new Writer()
      .u16le(65)
      .u16le(3)
      .u16le(this.#dialect)
      .u16le(is311 ? (signing === 'not said' ? 3 : 4) : 0)
      .bytes(SERVER_GUID)
      .u32le(this.#capabilities)
      .u32le(maxSize)
      .u32le(maxSize)
      .u32le(maxSize)
      .u64le(FILETIME)
      .u64le(0n)
      .u16le(HEADER_SIZE + 64)
      .u16le(token.length)
      .u32le(is311 ? tokenEnd + padding : 0)
      .bytes(token)
      .zeros(is311 ? padding : 0)
      .bytes(is311 ? contexts : [])
      .toBytes();
  }

  #setUp(answer: (status: number, body?: Uint8Array) => FakeReply, token: Uint8Array): FakeReply {
    const spnego = decodeSpnego(token);
    if (spnego.kind !== 'resp') {
      this.#negotiateMessage = spnego.mechToken ?? new Uint8Array(0);
      this.#challenge = encodeChallenge({
        flags: flagsOf(CLIENT_NEGOTIATE.flags & ~NTLM_FLAG.NEGOTIATE_OEM, NTLM_FLAG.NEGOTIATE_TARGET_INFO),
        targetName: 'CORP',
        serverChallenge: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
        targetInfo: { pairs: avPairsOf({ nbComputerName: 'VM1', timestamp: FILETIME }) },
        version: { major: 10, minor: 0, build: 20348, revision: 15 },
      });
      const said = {
        kind: 'resp',
        negState: 1,
        supportedMech: MECHANISM.ntlmssp,
        responseToken: this.#challenge,
      } as const;
      return answer(0xc000_0016, setupBody(0, encodeSpnego(said)));
    }
    const verification = verifyAuthenticate(
      {
        negotiate: this.#negotiateMessage,
        challenge: this.#challenge,
        authenticate: spnego.responseToken ?? new Uint8Array(0),
      },
      ntHash(PASSWORD),
    );
    if (verification.kind !== 'genuine') return answer(0xc000_006d);
    const { exportedSessionKey, flags } = verification;
    const list = encodeMechTypeList([MECHANISM.ntlmssp]);
    const ntlm = new NtlmSession(exportedSessionKey, flags, 'server');
    assert.ok(
      spnego.mechListMIC && ntlm.verify(list, spnego.mechListMIC),
      'the client signs the list of mechanisms',
    );
    this.#keys = deriveKeys(
      this.#dialect as SmbDialect,
      this.#cipher,
      exportedSessionKey,
      this.#preauth.value,
    );
    this.#seals = this.#cipher !== undefined;
    const done = encodeSpnego({ kind: 'resp', negState: 0, mechListMIC: ntlm.sign(list) });
    return answer(0, setupBody(this.#options.sessionFlags ?? 0, done));
  }
}

function buffer(message: Uint8Array, offset: number, length: number): Uint8Array {
  return message.subarray(offset, offset + length);
}
