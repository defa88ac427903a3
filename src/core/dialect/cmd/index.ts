import type { Frame } from '../script/frame.ts';
import type { Operation } from '../script/operation.ts';
import type { AnswerSheet } from '../script/sheet.ts';
import { transcriptOf } from './answer.ts';
import { sheetOf, stepsFor } from './dialect.ts';
import { writeFileScript, writeInputScript } from './script.ts';
import { readTranscript } from './transcript.ts';

export { decodeAnswer, isFromCmd } from './answer.ts';
export { CMD_ON_INPUT } from './script.ts';

/** A script for the standard input of `CMD_ON_INPUT`, and how what it prints is read. */
interface CmdScript {
  readonly text: string;
  /** What came on standard output, as bytes. Never throws: what is damaged is lost, and the sheet says so. */
  read(printed: Uint8Array): AnswerSheet;
}

/**
 * Asks a machine through cmd.exe.
 * @param mark letters and digits that nobody can know ahead
 */
export function cmdScript(operations: readonly Operation[], mark: string): CmdScript {
  const steps = stepsFor(operations);
  return {
    text: writeInputScript(steps, mark),
    read: (printed) => sheetOf(operations, readTranscript(printed, steps, mark)),
  };
}

/** A script that a person saves as .cmd and runs; its answer is a frame. `intro`: what it says of itself, a line each. */
export function cmdFile(operations: readonly Operation[], intro: readonly string[]): string {
  const steps = stepsFor(operations);
  return writeFileScript(steps, [
    ...intro,
    '',
    'It changes nothing, writes no file and asks nothing. It reads:',
    ...steps.map((step) => `  ${'paths' in step ? step.id : `${step.program} ${step.words}`}`),
  ]);
}

/** What a frame of `cmdFile` brought. */
export function readCmdFrame(operations: readonly Operation[], frame: Frame): AnswerSheet {
  return sheetOf(operations, transcriptOf(frame));
}
