// What the SMB 2 server of the tests is told to be.

/** A reply before it is signed or encrypted. */
export interface FakeReply {
  readonly command: number;
  readonly status: number;
  readonly body: Uint8Array;
  readonly messageId: bigint;
  readonly treeId?: number;
  /** Other bits than SERVER_TO_REDIR. */
  readonly flags?: number;
  readonly credits?: number;
  readonly sessionId?: bigint;
  /** How it goes out, where it is not how it should be. */
  readonly protect?: 'none' | 'sign';
}

/** What happens in place of a frame. */
export type Act = Uint8Array | 'end' | 'reset' | 'timeout';

/** What listens at a pipe. */
export interface FakeProgram {
  hear(pdu: Uint8Array): void;
  /** The next message, where there is one; a number is the NTSTATUS that ends the pipe. */
  say(): Uint8Array | number | undefined;
}

export interface FakeOptions {
  readonly dialect?: number;
  /** 0: none. In 3.0 and 3.0.2 anything else means that encryption is offered. */
  readonly cipher?: number;
  /** `not said`: no SIGNING_CAPABILITIES in the answer, and CMAC. */
  readonly signing?: number | 'not said';
  readonly hash?: number;
  /** MaxTransactSize, MaxReadSize and MaxWriteSize. */
  readonly maxSize?: number;
  readonly credits?: number;
  readonly sessionFlags?: number;
  readonly shareFlags?: number;
  /** Token of the NEGOTIATE response. */
  readonly token?: Uint8Array;
  /** What a pipe answers; a name that is not here does not exist. */
  readonly pipes?: Readonly<Record<string, (pdu: Uint8Array) => Uint8Array>>;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Pipes with a program behind them, which may have several messages on their way. A new one each time it is opened. */
  readonly programs?: Readonly<Record<string, () => FakeProgram>>;
  /** How opening a file or a pipe, or connecting to a share of this name, is refused: an NTSTATUS. */
  readonly refuse?: (name: string) => number | undefined;
  /** Changes what is about to be said: other replies, several, none. */
  readonly say?: (reply: FakeReply, number: number) => readonly FakeReply[];
  /** Changes what is about to go out as a frame. */
  readonly put?: (frame: Uint8Array, number: number) => readonly Act[];
}
