import { guidBytes } from '../../bytes/guid.ts';
import { Reader } from '../../bytes/reader.ts';
import { concat, Writer } from '../../bytes/writer.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';
import { NDR_SYNTAX, type Syntax } from './pdu-bind.ts';

// [C706] Appendix O Endpoint Mapper Interface Definition, Appendix L Protocol Tower Encoding,
// [MS-RPCE] 2.2.1.2 RPC Endpoint Mapper.

/** On TCP port 135, and on a pipe of its own. */
export const EPMAPPER: RpcInterface = {
  name: 'epmapper',
  syntax: { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 },
  pipe: 'epmapper',
};

export const EPMAPPER_PORT = 135;

/** EPT_S_NOT_REGISTERED: nobody serves the interface that way. */
export const EPT_S_NOT_REGISTERED = 0x16c9_a0d6;

/** Floors, [C706] Appendix I Protocol Identifiers. */
const FLOOR = { uuid: 0x0d, connectionOriented: 0x0b, tcp: 0x07, ip: 0x09 } as const;

/** Towers that we ask for: a machine with several addresses gives one for each. */
const MOST_TOWERS = 8;

/** Floors of a tower: five over TCP. The bound keeps a hostile tower cheap. */
const MOST_FLOORS = 16;

/** Bytes of a tower: five floors over TCP are 75. */
const MOST_TOWER_BYTES = 4096;

/** Where an interface listens. */
export interface TcpEndpoint {
  readonly port: number;
  /** What the server thinks its address is; `0.0.0.0` where it does not say. */
  readonly address: string;
}

/** ept_map, [C706] Appendix O (Opnum 3): TCP ports of an interface. Towers of other protocols are left out. */
export const mapEndpoint = operationOf(EPMAPPER)<
  { readonly interface: RpcInterface },
  Returned<readonly TcpEndpoint[]>
>(
  'ept_map',
  3,
  (w, request) => {
    const tower = towerOf(request.interface.syntax);
    return w
      .pointer()
      .bytes(new Uint8Array(16) /* object: none */)
      .pointer()
      .u32(tower.length)
      .u32(tower.length)
      .bytes(tower)
      .handle(new Uint8Array(20))
      .u32(MOST_TOWERS);
  },
  (r) => {
    r.handle(); // entry_handle
    r.u32(); // num_towers, which the array says as well
    const count = r.varyingCount(4 /* a pointer */);
    if (!(count <= MOST_TOWERS)) r.fail(`${count} towers where ${MOST_TOWERS} were asked for`);
    const present = Array.from({ length: count }, () => r.pointer());
    const towers = present.flatMap((there) => (there ? [readTower(r)] : []));
    const status = r.u32();
    return returned(
      status,
      towers.flatMap((tower) => tower ?? []),
    );
  },
);

function readTower(r: NdrReader): TcpEndpoint | undefined {
  const size = r.count(1);
  const length = r.u32();
  if (!(length <= size && size <= MOST_TOWER_BYTES)) r.fail(`a tower of ${length} bytes in ${size}`);
  return decodeTower(r.bytes(size).subarray(0, length));
}

function decodeTower(bytes: Uint8Array): TcpEndpoint | undefined {
  const r = new Reader(bytes, 'twr_t');
  const count = r.u16le();
  if (!(count <= MOST_FLOORS)) r.fail(`more than ${MOST_FLOORS} floors`);
  let port: number | undefined;
  let address = '0.0.0.0';
  for (let floor = 0; floor < count; floor += 1) {
    const left = r.sub(r.u16le());
    const right = r.sub(r.u16le());
    if (left.length !== 1) continue;
    const protocol = left.u8();
    if (protocol === FLOOR.tcp) port = right.u16be();
    if (protocol === FLOOR.ip) address = Array.from({ length: 4 }, () => right.u8()).join('.');
  }
  return port === undefined ? undefined : { port, address };
}

/** The tower of an interface over TCP/IP, port and address left open. */
function towerOf(syntax: Syntax): Uint8Array {
  const open = (protocol: number, size: number): Uint8Array =>
    floorOf(Uint8Array.of(protocol), new Uint8Array(size));
  return concat(
    new Writer(2).u16le(5).toBytes(),
    syntaxFloor(syntax),
    syntaxFloor(NDR_SYNTAX),
    open(FLOOR.connectionOriented, 2),
    open(FLOOR.tcp, 2),
    open(FLOOR.ip, 4),
  );
}

function syntaxFloor({ uuid, major, minor }: Syntax): Uint8Array {
  const left = new Writer(19).u8(FLOOR.uuid).bytes(guidBytes(uuid)).u16le(major).toBytes();
  return floorOf(left, new Writer(2).u16le(minor).toBytes());
}

function floorOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new Writer().u16le(left.length).bytes(left).u16le(right.length).bytes(right).toBytes();
}
