import type { Answer } from '../../windows/inquiry.ts';
import { serviceState, serviceStatus } from '../../windows/service-status.ts';
import { type Command, isPlain, type Output } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

export function serviceQuery(name: string): Command | undefined {
  return isPlain(name) ? { id: `service ${name}`, program: 'sc.exe', words: `queryex "${name}"` } : undefined;
}

/** ERROR_SERVICE_DOES_NOT_EXIST: sc ends with the error of the call that failed. */
const NO_SUCH_SERVICE = 1060;

/** Rows of `sc queryex`, in the order of SERVICE_STATUS_PROCESS. Their names are in the machine's language. */
const ROW = { type: 0, state: 1, exitCode: 2, serviceExitCode: 3, processId: 6 } as const;
const ROWS = 8;

/**
 * What `sc queryex NAME` says: the name, then a row for each member of SERVICE_STATUS_PROCESS, of which only the
 * numbers are read. Source: "Sc query" and SERVICE_STATUS_PROCESS (learn.microsoft.com).
 */
export function readService(output: Output | undefined, at: string): Answer {
  if (output?.state !== 'printed') return notPrinted(output, 'sc.exe', at);
  const { text, status } = output;
  if (status === NO_SUCH_SERVICE) return { state: 'absent', at };
  const rows = text.split('\n').flatMap((line) => {
    const row = /^\s+[^\s:][^:]*:\s*(?:0x)?([0-9a-f]*)/i.exec(line);
    return row === null ? [] : [row[1] ?? ''];
  });
  const number = (row: number): number | undefined => {
    const digits = rows[row] ?? '';
    return /^\d{1,10}$/.test(digits) ? Number(digits) : undefined;
  };
  const state = serviceState(number(ROW.state) ?? 0);
  if (status !== 0 || rows.length < ROWS || state === undefined) {
    return failed(output, 'sc queryex', at);
  }
  return {
    state: 'present',
    at,
    value: {
      kind: 'service-status',
      status: serviceStatus(state, {
        exitCode: number(ROW.exitCode),
        serviceExitCode: number(ROW.serviceExitCode),
        processId: number(ROW.processId),
      }),
    },
  };
}
