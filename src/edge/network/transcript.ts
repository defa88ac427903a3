import { toHex } from '../../core/bytes/hex.ts';

/** One line of `transcript.jsonl`. */
export interface TranscriptEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Numbers the connections of a run from 1; 0 is what went over SSH. */
  readonly connection: number;
  readonly event: 'connect' | 'send' | 'receive' | 'start-tls' | 'end';
  /** What it was for, or what became of it. */
  readonly what: string;
  readonly bytes?: string;
}

export interface Transcript {
  record(entry: TranscriptEntry): void;
}

export const noTranscript: Transcript = { record: () => undefined };

/** Bytes for a transcript; a secret leaves only its length. */
export function transcribe(bytes: Uint8Array, secret = false): string {
  return secret ? `(${bytes.length} bytes left out: derived from a password)` : toHex(bytes);
}
