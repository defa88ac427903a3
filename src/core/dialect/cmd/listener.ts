import type { Answer } from '../../windows/inquiry.ts';
import type { Command, Output } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

/** TCP sockets that listen: their foreign port is 0. All other rows are left out on the machine, which may have thousands. */
export const SOCKETS: Command = { id: 'listeners', program: 'netstat.exe', words: '-ano', containing: ':0 ' };
export const PROCESSES: Command = { id: 'processes', program: 'tasklist.exe', words: '/svc /fo csv /nh' };

/**
 * Who listens on a port, out of `netstat -ano` (protocol, local and foreign address, state, process id; the state is
 * in the machine's language) and `tasklist /svc /fo csv /nh` (image, process id, services).
 * Source: "netstat" and "tasklist" (learn.microsoft.com).
 */
export function readListener(
  port: number,
  sockets: Output | undefined,
  processes: Output | undefined,
  at: string,
): Answer {
  if (sockets?.state !== 'printed') return notPrinted(sockets, 'netstat.exe', at);
  const rows = sockets.text.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [protocol, local = '', foreign = ''] = columns;
    const port = /:(\d{1,5})$/.exec(local)?.[1];
    const processId = columns.at(-1) ?? '';
    const listens = protocol === 'TCP' && (foreign === '0.0.0.0:0' || foreign === '[::]:0');
    if (!listens || port === undefined || columns.length < 4 || !/^\d{1,10}$/.test(processId)) return [];
    return [{ port: Number(port), processId: Number(processId) }];
  });
  // Every Windows listens on 135: without any row this is no list.
  if (rows.length === 0) return failed(sockets, 'netstat', at);
  const owner = rows.find((row) => row.port === port);
  if (owner === undefined) return { state: 'absent', at };
  const process = processIn(processes, owner.processId);
  return {
    state: 'present',
    at,
    value: { kind: 'listener-owner', owner: { ...process, processId: owner.processId } },
  };
}

function processIn(
  output: Output | undefined,
  processId: number,
): { readonly process?: string; readonly service?: string } {
  if (output?.state !== 'printed') return {};
  const rows = output.text.split('\n').flatMap((line) => {
    const row = /^"([^"]+)","(\d{1,10})","([^"]*)"\s*$/.exec(line);
    return row === null ? [] : [{ image: row[1] ?? '', id: Number(row[2]), services: row[3] ?? '' }];
  });
  const found = rows.find(({ id }) => id === processId);
  if (found === undefined) return {};
  // The idle process runs no service: what stands there is the machine's word for none.
  const none = rows.find(({ id }) => id === 0)?.services;
  const services = found.services === none ? [] : found.services.split(',').map((name) => name.trim());
  const [only] = services;
  const service =
    services.find((name) => name.toLowerCase() === 'termservice') ??
    (services.length === 1 ? only : undefined);
  return { process: found.image, ...(service === undefined || none === undefined ? {} : { service }) };
}
