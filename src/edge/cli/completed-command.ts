import type { DiagnoseOption } from './diagnose-options.ts';

/** What a completion offers behind a word of the command line. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** The words that its first argument may be; empty where it may be anything. */
  readonly words: readonly string[];
}

export interface CompletedOption {
  /** With its dashes. */
  readonly long: string;
  readonly description: string;
  readonly value: DiagnoseOption['value'];
}

/** Shells for which there is a completion script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
