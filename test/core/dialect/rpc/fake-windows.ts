// A Windows machine behind an SMB 2 server in memory: its pipes answer as the specifications have it, each on a
// server of DCE/RPC that signs in and seals. The way between is as long as is counted: what was sent arrives
// together when the client waits, and so do the answers.
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { type InquiredOverRpc, inquireOverRpc } from '../../../../src/core/dialect/rpc/inquire.ts';
import type { Evidence } from '../../../../src/core/model/facts.ts';
import type { Dialog, DialogAnswer, DialogRequest } from '../../../../src/core/protocol/dialog.ts';
import { NdrReader } from '../../../../src/core/protocol/rpc/ndr-reader.ts';
import { NdrWriter } from '../../../../src/core/protocol/rpc/ndr-writer.ts';
import { openSmbSession } from '../../../../src/core/protocol/smb2/open-session.ts';
import type { Answer, Inquiry, Question } from '../../../../src/core/windows/inquiry.ts';
import { FakeServer, faultOf, run } from '../../protocol/rpc/fake-server.ts';
import type { Act, FakeProgram } from '../../protocol/smb2/fake-options.ts';
import { FakeSmb, PASSWORD } from '../../protocol/smb2/fake-smb.ts';
import { OPTIONS } from '../../protocol/smb2/refusing.ts';
import { type FakeRegistry, winreg } from './fake-winreg.ts';

export interface FakeService {
  /** dwCurrentState; 4 runs. */
  readonly state: number;
  readonly exitCode?: number;
  readonly serviceExitCode?: number;
  readonly processId?: number;
  readonly start?: number;
  readonly type?: number;
  readonly program?: string;
  readonly account?: string;
  readonly needs?: readonly string[];
}

export interface FakeWindows {
  readonly registry?: FakeRegistry;
  /** By name in lower case. `denied`: so is the manager. */
  readonly services?: Readonly<Record<string, FakeService>> | 'denied';
  /** Primary domain (its name, its SID as bytes) and names of the DNS domain; without a SID it is in a workgroup. */
  readonly domain?: { readonly name: string; readonly sid?: Uint8Array; readonly dns?: string };
  /** The role that DSSETUP says. */
  readonly role?: number;
  readonly accountSid?: Uint8Array;
  /** Holders of a right, as SIDs in bytes; a number is the status for it. */
  readonly rights?: Readonly<Record<string, readonly Uint8Array[] | number>>;
  readonly time?: { readonly unixSeconds: number; readonly uptimeMillis: number };
  readonly name?: string;
  /** Records of a log, the newest first, as bytes; a number is the status of opening it. */
  readonly logs?: Readonly<Record<string, readonly Uint8Array[] | number>>;
  /** Below ADMIN$. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Logs are told from their oldest record on alone, one record an answer. */
  readonly forwards?: boolean;
  /** How long each round trip takes; a tenth of a second where it is not said. */
  readonly roundTripMillis?: number;
  /** How a pipe, a file or a share of this name is refused, an NTSTATUS; `tries` counts from 0. */
  readonly refuse?: (name: string, tries: number) => number | undefined;
  /** bind_ack without PFC_CONC_MPX. */
  readonly oneAtATime?: boolean;
  /** A bind that signs in once more is answered with a fault. */
  readonly unsealed?: boolean;
  /** A program between the pipe and its server: what it says in place of the n-th message of the pipe. */
  readonly twist?: (pipe: string, opened: number, message: number) => number | undefined;
  readonly dialect?: number;
}

export interface Asked {
  readonly evidence: Evidence;
  readonly inquired: InquiredOverRpc;
  /** From TREE_CONNECT on. */
  readonly roundTrips: number;
  /** What went out, in the dialog's words. */
  readonly sent: readonly string[];
  /** Milliseconds of each pause. */
  readonly pauses: readonly number[];
}

const CONTEXT = { channel: 'rpc', observedAt: '2026-01-01T00:00:00.000Z' } as const;

/** Has inquiries answered by such a machine. */
export function askWindows(
  windows: FakeWindows,
  inquiries: (context: typeof CONTEXT) => readonly Inquiry<Evidence>[],
): Asked {
  const evidence: Record<string, unknown> = {};
  let calls = 0;
  const random = (length: number): Uint8Array => {
    calls += 1;
    return new Uint8Array(length).fill(calls);
  };
  const { credential, now, workstation } = OPTIONS;
  const link = new Link(windows);
  const session = link.play(openSmbSession(OPTIONS));
  if (session.kind === 'failed') throw new Error(session.problem);
  const from = { roundTrips: link.roundTrips, sent: link.sent.length };
  const inquired = link.play(
    inquireOverRpc(
      session,
      { credential, random, now, workstation },
      () => inquiries(CONTEXT),
      (_, part) => Object.assign(evidence, part),
    ),
  );
  return {
    evidence: evidence as Evidence,
    inquired,
    roundTrips: link.roundTrips - from.roundTrips,
    sent: link.sent.slice(from.sent),
    pauses: link.pauses,
  };
}

/** Asks such a machine one batch of questions. */
export function askQuestions(
  windows: FakeWindows,
  questions: readonly Question[],
): Omit<Asked, 'evidence'> & { readonly answers: readonly Answer[] } {
  let answers: readonly Answer[] = [];
  const asked = askWindows(windows, () => [
    (function* (): Inquiry<Evidence> {
      answers = yield questions;
      return {};
    })(),
  ]);
  return { ...asked, answers };
}

/** A long way to the server: what waits for an answer costs one round trip, however much was sent before. */
class Link {
  readonly #smb: FakeSmb;
  readonly #roundTripMillis: number;
  readonly sent: string[] = [];
  readonly pauses: number[] = [];
  roundTrips = 0;
  #outward: Uint8Array[] = [];
  #inward: Act[] = [];
  #buffered: Uint8Array = new Uint8Array(0);

  constructor(windows: FakeWindows) {
    const tries = new Map<string, number>();
    this.#roundTripMillis = windows.roundTripMillis ?? 100;
    this.#smb = new FakeSmb({
      credits: 64,
      ...(windows.dialect === undefined ? {} : { dialect: windows.dialect }),
      programs: programsOf(windows),
      files: windows.files ?? {},
      refuse: (name) => {
        const before = tries.get(name) ?? 0;
        tries.set(name, before + 1);
        return windows.refuse?.(name, before);
      },
    });
  }

  play<T>(dialog: Dialog<T>): T {
    let step = dialog.next();
    while (!step.done) step = dialog.next(this.#perform(step.value));
    return step.value;
  }

  #perform(request: DialogRequest): DialogAnswer {
    switch (request.kind) {
      case 'send':
        this.sent.push(request.what);
        this.#outward.push(request.bytes);
        return { kind: 'sent', at: this.#now };
      case 'pause':
        this.pauses.push(request.millis);
        return { kind: 'paused', at: this.#now };
      case 'receive':
        return this.#receive(request);
      case 'start-tls':
        throw new TypeError('there is no TLS here');
    }
  }

  get #now(): number {
    return EPOCH + this.roundTrips * this.#roundTripMillis;
  }

  #receive({ framing, limit }: Extract<DialogRequest, { kind: 'receive' }>): DialogAnswer {
    for (;;) {
      const length = tryDecode(() => framing(this.#buffered));
      const at = this.#now;
      if (!length.ok) return { kind: 'foreign', partial: this.#buffered, problem: length.error.message, at };
      if (length.value !== undefined && length.value > limit) throw new RangeError('a frame is too long');
      if (length.value !== undefined && length.value <= this.#buffered.length) {
        const bytes = this.#buffered.subarray(0, length.value);
        this.#buffered = this.#buffered.subarray(length.value);
        return { kind: 'received', bytes, at };
      }
      if (this.#inward.length === 0) {
        if (this.#outward.length === 0) return { kind: 'timeout', partial: this.#buffered, at };
        this.roundTrips += 1;
        const heard = this.#outward;
        this.#outward = [];
        this.#inward = heard.flatMap((frame) => this.#smb.hear(frame));
        continue;
      }
      const act = this.#inward.shift();
      if (!(act instanceof Uint8Array)) return { kind: 'closed', how: 'end', partial: this.#buffered, at };
      this.#buffered = concat(this.#buffered, act);
    }
  }
}

/** The client's clock when the conversation begins: 2026-01-01. */
export const EPOCH = Date.UTC(2026, 0);

type Method = (opnum: number, stub: Uint8Array, context: number) => Uint8Array | number;

function programsOf(windows: FakeWindows): Readonly<Record<string, () => FakeProgram>> {
  const { registry, services, logs } = windows;
  const opened = new Map<string, number>();
  const program = (pipe: string, method: () => Method) => (): FakeProgram => {
    const count = opened.get(pipe) ?? 0;
    opened.set(pipe, count + 1);
    return new Program(method(), windows, (message) => windows.twist?.(pipe, count, message));
  };
  return {
    ...(registry === undefined ? {} : { winreg: program('winreg', () => winreg(registry)) }),
    ...(services === undefined ? {} : { svcctl: program('svcctl', () => svcctl(services)) }),
    lsarpc: program('lsarpc', () => lsarpc(windows)),
    srvsvc: program('srvsvc', () => srvsvc(windows)),
    wkssvc: program('wkssvc', () => wkssvc(windows)),
    ...(logs === undefined ? {} : { eventlog: program('eventlog', () => eventlog(logs, windows.forwards)) }),
  };
}

class Program implements FakeProgram {
  readonly #server: FakeServer;
  readonly #twist: (message: number) => number | undefined;
  #messages = 0;
  #status: number | undefined;

  constructor(
    method: Method,
    { oneAtATime = false, unsealed = false }: FakeWindows,
    twist: (message: number) => number | undefined,
  ) {
    this.#twist = twist;
    this.#server = new FakeServer({
      concurrent: !oneAtATime,
      ...(unsealed && {
        twist: (pdus, asked) => (asked.auth ? [faultOf(asked.callId, 5)] : pdus),
      }),
      password: PASSWORD,
      part: 4096,
      answer: ({ opnum, stub, contextId }) => method(opnum, stub, contextId),
    });
  }

  hear(pdu: Uint8Array): void {
    this.#status ??= this.#twist(this.#messages);
    this.#messages += 1;
    if (this.#status === undefined) run(this.#server.write('', pdu));
  }

  say(): Uint8Array | number | undefined {
    if (this.#status !== undefined) return this.#status;
    const said = run(this.#server.read(''));
    return said.kind === 'bytes' ? said.bytes : undefined;
  }
}

const HANDLE = new Uint8Array(20).fill(7);

function svcctl(services: Readonly<Record<string, FakeService>> | 'denied'): Method {
  const handles: string[] = [];
  return (opnum, stub) => {
    const r = new NdrReader(stub, 'svcctl');
    const w = new NdrWriter();
    if (opnum === 15)
      return w
        .handle(HANDLE)
        .u32(services === 'denied' ? 5 : 0)
        .toBytes();
    const handle = r.handle();
    const all = services === 'denied' ? {} : services;
    if (opnum === 16) {
      const name = r.wideString().toLowerCase();
      const there = name in all;
      if (there) handles.push(name);
      return w
        .handle(there ? new Uint8Array(20).fill(handles.length) : new Uint8Array(20))
        .u32(there ? 0 : 1060)
        .toBytes();
    }
    const service = all[handles[(handle[0] ?? 0) - 1] ?? ''];
    if (service === undefined) throw new Error('no such service handle');
    if (opnum === 40) {
      const { state, exitCode = 0, serviceExitCode = 0, processId = 0, type = 0x20 } = service;
      const status = [type, state, 0, exitCode, serviceExitCode, 0, 0, processId, 0];
      const buffer = status.reduce((out, number) => out.u32le(number), new Writer()).toBytes();
      return w.conformantBytes(buffer).u32(buffer.length).u32(0).toBytes();
    }
    if (opnum === 17) return configOf(w, service);
    throw new Error(`svcctl has no method ${opnum} here`);
  };
}

function configOf(w: NdrWriter, service: FakeService): Uint8Array {
  const { type = 0x20, start = 3, program = '', account = '', needs = [] } = service;
  const texts = [program, '', needs.map((name) => `${name}/`).join(''), account, 'Display'];
  w.u32(type).u32(start).u32(1).pointer().pointer().u32(0).pointer().pointer().pointer();
  for (const text of texts) w.wideString(text);
  return w.u32(0).u32(0).toBytes();
}

function lsarpc({ domain, accountSid, rights = {}, role = 2 }: FakeWindows): Method {
  const information = (level: number): Uint8Array => {
    const w = new NdrWriter();
    const sid = level === 5 ? accountSid : domain?.sid;
    const name = level === 5 ? 'VM1' : (domain?.name ?? 'WORKGROUP');
    if (level === 12 && domain?.dns === undefined) return w.pointer(false).u32(0xc000_000d).toBytes();
    w.pointer().u16(level).align(4);
    const names = level === 12 ? [name, domain?.dns ?? '', domain?.dns ?? ''] : [name];
    for (const text of names) w.unicodeHeader(text, false);
    if (level === 12) w.bytes(new Uint8Array(16));
    w.pointer(sid !== undefined);
    for (const text of names) w.unicodeBuffer(text, false);
    if (sid !== undefined) w.sid(sid);
    return w.u32(0).toBytes();
  };
  return (opnum, stub, context) => {
    const w = new NdrWriter();
    if (context !== 0) {
      w.pointer()
        .u16(1)
        .align(4)
        .u16(role)
        .u32(0)
        .pointer()
        .pointer(domain?.dns !== undefined)
        .pointer(false);
      w.bytes(new Uint8Array(16)).wideString(domain?.name ?? 'WORKGROUP');
      if (domain?.dns !== undefined) w.wideString(domain.dns);
      return w.u32(0).toBytes();
    }
    if (opnum === 44) return w.handle(HANDLE).u32(0).toBytes();
    const r = new NdrReader(stub, 'lsarpc');
    r.handle();
    if (opnum === 7) return information(r.u16());
    if (opnum !== 35) throw new Error(`lsarpc has no method ${opnum} here`);
    r.pointer();
    const holders = rights[r.unicodeString()] ?? 0x8000_001a;
    if (typeof holders === 'number') return w.u32(0).pointer(false).u32(holders).toBytes();
    w.u32(holders.length).pointer().u32(holders.length);
    for (const _ of holders) w.pointer();
    for (const sid of holders) w.sid(sid);
    return w.u32(0).toBytes();
  };
}

function srvsvc({ time = { unixSeconds: 0, uptimeMillis: 0 } }: FakeWindows): Method {
  return () => {
    const fields = [time.unixSeconds, time.uptimeMillis, 0, 0, 0, 0, 0, 310, 1, 1, 2026, 4];
    return fields
      .reduce((w, field) => w.u32(field), new NdrWriter().pointer())
      .u32(0)
      .toBytes();
  };
}

function wkssvc({ name = 'VM1' }: FakeWindows): Method {
  return () =>
    new NdrWriter()
      .u32(100)
      .pointer()
      .u32(500)
      .pointer()
      .pointer()
      .u32(10)
      .u32(0)
      .wideString(name)
      .wideString('CORP')
      .u32(0)
      .toBytes();
}

function eventlog(
  logs: Readonly<Record<string, readonly Uint8Array[] | number>>,
  forwards: boolean | undefined,
): Method {
  let records: readonly Uint8Array[] = [];
  let at = 0;
  return (opnum, stub) => {
    const r = new NdrReader(stub, 'eventlog');
    const w = new NdrWriter();
    switch (opnum) {
      case 7: {
        r.pointer();
        const log = logs[r.unicodeString()] ?? 0xc000_0034;
        if (typeof log === 'number') return w.handle(new Uint8Array(20)).u32(log).toBytes();
        records = log;
        at = 0;
        return w.handle(HANDLE).u32(0).toBytes();
      }
      case 4:
        return w.u32(records.length).u32(0).toBytes();
      case 5:
        return w
          .u32(records.at(-1)?.[8] ?? 0)
          .u32(0)
          .toBytes();
      case 10: {
        r.handle();
        const flags = r.u32();
        r.u32();
        const room = r.u32();
        // Sought from the oldest on, else backwards from the newest.
        const from = (flags & 2) !== 0 ? records.slice(-1) : records.slice(at);
        const some: Uint8Array[] = [];
        if (forwards === true && (flags & 2) === 0) {
          const oldest = (flags & 4) === 0 ? undefined : records.at(-1 - at);
          const read = oldest ?? new Uint8Array(0);
          at += oldest === undefined ? 0 : 1;
          const buffer = concat(read, new Uint8Array(room - read.length));
          return w
            .conformantBytes(buffer)
            .u32(read.length)
            .u32(0)
            .u32(oldest === undefined ? 0xc000_0011 : 0)
            .toBytes();
        }
        for (const record of from) {
          if (some.reduce((sum, { length }) => sum + length, 0) + record.length > room) break;
          some.push(record);
        }
        if ((flags & 2) === 0) at += some.length;
        const read = concat(...some);
        const buffer = concat(read, new Uint8Array(room - read.length));
        const status = some.length === 0 ? 0xc000_0011 : 0;
        return w.conformantBytes(buffer).u32(read.length).u32(0).u32(status).toBytes();
      }
      default:
        throw new Error(`eventlog has no method ${opnum} here`);
    }
  };
}
