import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { tryDecode } from '../core/bytes/decode-error.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../core/protocol/tpkt.ts';
import {
  type ConnectionRequest,
  decodeConnectionRequest,
  encodeConnectionConfirm,
  PROTOCOL,
} from '../core/protocol/x224.ts';
import type { DeathStage, LabConfig } from './config.ts';
import { serveCredssp } from './credssp.ts';
import { Wire } from './faults.ts';
import type { Identity } from './identity.ts';
import { Line } from './line.ts';
import { confirmOf } from './negotiation.ts';
import { type SettingsMaterial, serveSettings } from './standard-security.ts';
import { serveTls } from './tls.ts';

/** A Connection Request has at most 4 + 255 bytes; some clients send a longer routing token. */
const REQUEST_LIMIT = 1024;

/** What every connection of a lab shares. */
export interface LabService {
  readonly config: LabConfig;
  readonly identity: Identity;
  readonly context: SecureContext | undefined;
  readonly settings: SettingsMaterial;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Serves one connection from its first byte to its end. */
export async function serveConnection(socket: Socket, service: LabService): Promise<void> {
  const wire = new Wire(socket, service.config);
  const clear = new Line(wire);
  const inside = await talk(wire, clear, service);
  (inside ?? clear).stream.end();
}

/** @returns the line on which the talk ended */
async function talk(wire: Wire, clear: Line, service: LabService): Promise<Line> {
  const { config, identity } = service;
  const dies = async (stage: DeathStage, line: Line = clear): Promise<boolean> => {
    const { deadAt } = config;
    if (deadAt?.stage !== stage) return false;
    wire.die(deadAt.by);
    await line.departure();
    return true;
  };

  if (await dies('accept')) return clear;
  const request = await receiveRequest(clear);
  if (request === undefined || (await dies('after-request'))) return clear;
  const { confirm, selected } = confirmOf(config, request);
  clear.send(encodeTpkt(encodeConnectionConfirm(confirm)));
  if (selected === undefined || (await dies('after-confirm'))) return clear;
  const requested = request.negotiation?.requestedProtocols ?? PROTOCOL.rdp;
  const goOn = (line: Line): Promise<void> =>
    serveSettings(line, config, service.settings, selected, requested);
  if (selected === PROTOCOL.rdp) {
    await goOn(clear);
    return clear;
  }

  if (config.deadAt?.stage === 'in-tls' && (await clear.arrival()) && (await dies('in-tls'))) return clear;
  const inside = await serveTls(clear, config, service.context);
  if (inside === undefined || (await dies('after-tls', inside))) return inside ?? clear;
  const mayGoOn =
    selected === PROTOCOL.ssl ||
    (await serveCredssp({
      line: inside,
      config,
      selected,
      publicKey: identity.publicKey,
      now: service.now,
      diesAfterNegotiate: () => dies('after-negotiate', inside),
    }));
  if (mayGoOn) await goOn(inside);
  return inside;
}

async function receiveRequest(line: Line): Promise<ConnectionRequest | undefined> {
  const packet = await line.receive(tpktLength, REQUEST_LIMIT);
  if (packet === undefined) return undefined;
  const decoded = tryDecode(() => decodeConnectionRequest(decodeTpkt(packet)));
  return decoded.ok ? decoded.value : undefined;
}
