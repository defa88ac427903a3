// Impacket, a client that nobody here wrote, on a machine of the lab. Debian's knows SMB up to 3.0.
import { DEBIAN_PYTHON } from '../require-peer.ts';
import type { Host } from './host.ts';

const HEAD = `
import json, struct, sys
from impacket.smbconnection import SMBConnection
from impacket.dcerpc.v5 import transport, nrpc, rrp
host, dialect, domain, user, password = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
words = sys.argv[6:]
smb = SMBConnection(host, host, preferredDialect=dialect)
smb.login(user, password, domain)
def bound(pipe, uuid):
    rpc = transport.SMBTransport(host, 445, pipe, smb_connection=smb).get_dce_rpc()
    rpc.connect(); rpc.bind(uuid)
    return rpc
`;

export interface Asking {
  readonly host: Host;
  readonly address: string;
  readonly dialect?: number;
  readonly account: { readonly domain: string; readonly user: string; readonly password: string };
}

/** Runs a program on top of HEAD that prints JSON. */
async function ask(
  { host, address, dialect = 0x0300, account }: Asking,
  program: string,
  words: readonly string[],
): Promise<unknown> {
  const { domain, user, password } = account;
  const signIn = [address, String(dialect), domain, user, password];
  return JSON.parse(await host.must(DEBIAN_PYTHON, ['-c', `${HEAD}${program}`, ...signIn, ...words]));
}

export interface TheirChannel {
  readonly error: number;
  readonly flags?: number;
  readonly pdc?: number;
  readonly tc?: number;
  readonly name?: string;
}

/** NetrLogonControl2Ex: its stub is written by hand, since impacket's union has no default arm. */
const CONTROL = `
netlogon = bound('\\\\netlogon', nrpc.MSRPC_UUID_NRPC)
def text(s):
    n = len(s) + 1; b = struct.pack('<III', n, 0, n) + (s + '\\0').encode('utf-16le'); return b + b'\\0' * (-len(b) % 4)
function, level = int(words[0]), int(words[1])
netlogon.call(18, struct.pack('<IIII', 0, function, level, function) + struct.pack('<I', 0x20004) + text(words[2]))
r = netlogon.recv()
error, = struct.unpack('<I', r[-4:])
said = {'error': error}
if level == 2 and error == 0:
    said['flags'], said['pdc'], named, said['tc'] = struct.unpack('<IIII', r[8:24])
    if named: said['name'] = r[36:36 + 2 * struct.unpack('<I', r[32:36])[0]].decode('utf-16le').rstrip('\\0')
print(json.dumps(said))
`;

/** Asks a controller about its channel as nltest does; function 9, which changes the password of a trust, has level 1. */
export async function logonControl(asking: Asking, what: 6 | 9 | 10, domain: string): Promise<TheirChannel> {
  return (await ask(asking, CONTROL, [String(what), what === 9 ? '1' : '2', domain])) as TheirChannel;
}

const VALUES = `
winreg = bound('\\\\winreg', rrp.MSRPC_UUID_RRP)
root = rrp.hOpenLocalMachine(winreg)['phKey']
said = {}
for path in words:
    key = rrp.hBaseRegOpenKey(winreg, root, path)['phkResult']
    rows = []
    while True:
        try: row = rrp.hBaseRegEnumValue(winreg, key, len(rows), 4096)
        except rrp.DCERPCSessionError as error:
            if error.get_error_code() != 259: raise
            break
        rows.append([row['lpValueNameOut'].rstrip('\\0'), row['lpType'], b''.join(row['lpData'])[:row['lpcbLen']].hex()])
    said[path] = rows
print(json.dumps(said))
`;

/** Every value of some keys of HKEY_LOCAL_MACHINE: name, type, data as hexadecimal digits. */
export async function registryValues(
  asking: Asking,
  paths: readonly string[],
): Promise<Record<string, readonly (readonly [name: string, type: number, data: string])[]>> {
  return (await ask(asking, VALUES, paths)) as Awaited<ReturnType<typeof registryValues>>;
}
