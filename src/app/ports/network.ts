import type { Dialog } from '../../core/protocol/dialog.ts';

export interface Endpoint {
  /** IPv4 or IPv6 address. */
  readonly address: string;
  readonly port: number;
  /** The name the user gave, for TLS server name indication; absent when it was an address. */
  readonly serverName?: string;
}

export type Resolution =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** `problem`: lower case, no final stop. */
  | { readonly kind: 'failed'; readonly problem: string };

export interface ConnectResult {
  readonly state: 'open' | 'refused' | 'timeout' | 'unreachable';
  readonly millis: number;
  /** With `unreachable`: what this machine lacks, where nothing left it. */
  readonly lacks?: 'interface' | 'zone' | 'route' | 'address' | 'socket';
}

export interface Conversation<T> {
  readonly connect: ConnectResult;
  /** What the dialog returned; absent when the connection did not open. */
  readonly result?: T;
}

export interface ConverseOptions {
  /** Names the connection in the transcript: `negotiate 0x3, TLS 1.0`. */
  readonly label: string;
  /** When to give up, on `Clock.monotonic`. Every request that is under way then is answered with `timeout`. */
  readonly deadline: number;
  /** Called once, when TCP is open. */
  readonly opened?: (connect: ConnectResult) => void;
  /** Called once, when the first packet has arrived or the wait for it has ended. */
  readonly answered?: (clean: boolean) => void;
}

/** INVARIANT: nothing a target does rejects these promises; only a fault of ours does. */
export interface Network {
  resolve(host: string, deadline: number): Promise<Resolution>;
  /** Opens a connection, performs the dialog's requests on it, closes it. */
  converse<T>(endpoint: Endpoint, dialog: Dialog<T>, options: ConverseOptions): Promise<Conversation<T>>;
}
