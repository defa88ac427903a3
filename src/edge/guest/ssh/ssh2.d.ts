// The part of ssh2 that is used here. Its published types bring those of another version of Node along.
declare module 'ssh2' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { Duplex, Readable } from 'node:stream';

  export interface ParsedKey {
    /** `ssh-ed25519` */
    readonly type: string;
    readonly comment: string;
    isPrivateKey(): boolean;
    /** The public key as it travels. */
    getPublicSSH(): Buffer;
    sign(data: Buffer, hash?: string): Buffer | Error;
  }

  export type SignCallback = (error?: Error | null, signature?: Buffer) => void;
  export type IdentitiesCallback = (error?: Error | null, keys?: readonly (ParsedKey | Buffer)[]) => void;

  /** As ssh2 asks it for keys and signatures; `BaseAgent` of the library is to be its class. */
  export interface Agent {
    getIdentities(callback: IdentitiesCallback): void;
    sign(
      key: ParsedKey,
      data: Buffer,
      options: { readonly hash?: string } | SignCallback,
      callback?: SignCallback,
    ): void;
  }
  export type AuthMethod =
    | { readonly type: 'none'; readonly username: string }
    | { readonly type: 'password'; readonly username: string; readonly password: string }
    | { readonly type: 'publickey'; readonly username: string; readonly key: ParsedKey }
    | { readonly type: 'agent'; readonly username: string; readonly agent: Agent }
    | {
        readonly type: 'keyboard-interactive';
        readonly username: string;
        readonly prompt: (
          name: string,
          instructions: string,
          language: string,
          prompts: readonly { readonly prompt: string; readonly echo?: boolean }[],
          finish: (answers: readonly string[]) => void,
        ) => void;
      };

  export interface ConnectConfig {
    readonly sock: Socket | Duplex;
    readonly username: string;
    /** 0: none. */
    readonly readyTimeout: number;
    readonly ident?: string;
    readonly algorithms: {
      readonly serverHostKey: readonly string[];
      readonly compress: readonly string[];
    };
    readonly hostVerifier: (key: Buffer, verify: (accepted: boolean) => void) => void;
    /** `methods` is null before the first answer. */
    readonly authHandler: (
      methods: readonly string[] | null,
      partial: boolean | null,
      next: (method: AuthMethod | false) => void,
    ) => void;
  }

  export interface ExecChannel extends Duplex {
    readonly stderr: Readable;
    close(): void;
  }

  export interface Client extends EventEmitter {
    connect(config: ConnectConfig): this;
    exec(command: string, callback: (error: Error | undefined, channel: ExecChannel) => void): this;
    forwardOut(
      fromHost: string,
      fromPort: number,
      toHost: string,
      toPort: number,
      callback: (error: Error | undefined, channel: Duplex) => void,
    ): this;
    end(): this;
    destroy(): this;
  }

  const library: {
    readonly BaseAgent: new () => Agent;
    readonly Client: new () => Client;
    readonly OpenSSHAgent: new (socketPath: string) => Agent;
    readonly utils: {
      /** Without its passphrase an encrypted key is an Error. */
      parseKey(data: Buffer | string, passphrase?: string): ParsedKey | Error;
    };
  };

  // biome-ignore lint/style/noDefaultExport: it is CommonJS, whose names Node does not all see
  export { library as default };
}
