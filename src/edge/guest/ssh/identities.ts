import { basename } from 'node:path';
import type { Agent, IdentitiesCallback, ParsedKey, SignCallback } from 'ssh2';
import type { Ssh2 } from './library.ts';
import type { Person } from './person.ts';
import { publicPartOf } from './private-key-file.ts';

/** A key that may be offered to a server. */
export interface Identity {
  /** For messages: the name of its file, without anything that names a user. */
  readonly name: string;
  /** A private key that lies open; else what signs with it when the server wants the key, and not before. */
  readonly key: ParsedKey | Agent;
  /** As it travels, base64, where it is known. */
  readonly publicKey?: string;
}

export interface Identities {
  readonly identities: readonly Identity[];
  /** Keys that could not be used, each with the reason: lower case, no final stop. */
  readonly unusable: readonly string[];
}

export interface IdentityRequest {
  /** Paths in the order in which they are offered; a missing file is passed over. */
  readonly files: readonly string[];
  /** Socket or pipe of an agent. */
  readonly agentPath: string | undefined;
  /** Keys of the agent that are in none of `files` are not offered. */
  readonly only: boolean;
  /** Who can be asked for a passphrase. */
  readonly person: Person | undefined;
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
}

/** An agent answers at once or not at all: only a signature may have to be confirmed by somebody. */
const AGENT_MILLIS = 5000;

/** A passphrase opens a file here, no account elsewhere: it may be mistyped. */
const PASSPHRASE_TRIES = 3;

/**
 * Collects keys in the order of ssh(1): those of the named files that the agent holds, the agent's others,
 * then the files themselves.
 */
export async function findIdentities(ssh2: Ssh2, request: IdentityRequest): Promise<Identities> {
  const held = request.agentPath === undefined ? undefined : await agentKeys(ssh2, request.agentPath);
  const inAgent = held?.identities ?? [];
  const isHeld = (key: string | undefined): boolean => inAgent.some(({ publicKey }) => publicKey === key);
  const files: FileKey[] = [];
  for (const path of request.files) {
    const bytes = await request.read(path);
    if (bytes !== undefined) files.push(await keyOfFile(ssh2, path, Buffer.from(bytes), request));
  }
  const isNamed = ({ publicKey }: Identity): boolean => files.some((file) => file.publicKey === publicKey);
  const alone = files.filter(({ publicKey }) => publicKey === undefined || !isHeld(publicKey));
  return {
    identities: [
      ...inAgent.filter(isNamed),
      ...(request.only ? [] : inAgent.filter((identity) => !isNamed(identity))),
      ...alone.flatMap(({ identity }) => identity ?? []),
    ],
    unusable: [...(held?.unusable ?? []), ...alone.flatMap(({ unusable }) => unusable ?? [])],
  };
}

async function agentKeys(ssh2: Ssh2, path: string): Promise<Identities> {
  const agent = new ssh2.OpenSSHAgent(path);
  const keys = await new Promise<readonly (ParsedKey | Buffer)[] | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), AGENT_MILLIS);
    agent.getIdentities((error, found = []) => {
      clearTimeout(timer);
      resolve(error == null ? found : undefined);
    });
  });
  if (keys === undefined) return { identities: [], unusable: ['the agent did not answer'] };
  return {
    identities: keys.flatMap((key, index) => {
      const parsed = Buffer.isBuffer(key) ? ssh2.utils.parseKey(key) : key;
      if (parsed instanceof Error) return [];
      const travels = parsed.getPublicSSH();
      return {
        name: `key ${index + 1} of the agent`,
        publicKey: travels.toString('base64'),
        key: agentOfOne(ssh2, {
          key: async () => parsed,
          sign: (data, hash) =>
            new Promise((resolve, reject) =>
              agent.sign(parsed, data, hash === undefined ? {} : { hash }, (error, signature) =>
                signature === undefined ? reject(error ?? new Error('no signature')) : resolve(signature),
              ),
            ),
        }),
      };
    }),
    unusable: [],
  };
}

interface FileKey {
  readonly identity?: Identity;
  readonly publicKey?: string;
  readonly unusable?: string;
}

async function keyOfFile(
  ssh2: Ssh2,
  path: string,
  bytes: Buffer,
  { person, read }: IdentityRequest,
): Promise<FileKey> {
  const name = basename(path);
  const key = ssh2.utils.parseKey(bytes);
  if (!(key instanceof Error)) {
    if (!key.isPrivateKey()) {
      return {
        publicKey: key.getPublicSSH().toString('base64'),
        unusable: `${name} is a public key, and no agent holds the private one: name the file of that`,
      };
    }
    return identityOf(name, key.getPublicSSH(), key);
  }
  if (!/passphrase/i.test(key.message)) {
    return { unusable: `${name} is no private key that rdpdoctor can read` };
  }
  const beside = await read(`${path}.pub`);
  const known = publicPartOf(bytes) ?? publicBytes(beside && ssh2.utils.parseKey(Buffer.from(beside)));
  const publicKey = known?.toString('base64');
  if (person === undefined) {
    return {
      ...(publicKey === undefined ? {} : { publicKey }),
      unusable: `${name} is protected by a passphrase, and there is no terminal to ask for it: add the key to an agent with ssh-add`,
    };
  }
  let opened: ParsedKey | undefined;
  const open = async (): Promise<ParsedKey> => {
    for (let tried = 0; opened === undefined && tried < PASSPHRASE_TRIES; tried += 1) {
      const passphrase = await person.secret(`Passphrase of the key ${name}: `);
      if (passphrase === undefined) break;
      const parsed = ssh2.utils.parseKey(bytes, passphrase);
      if (!(parsed instanceof Error)) opened = parsed;
    }
    if (opened === undefined) throw new Error(`${name} was not opened by its passphrase`);
    return opened;
  };
  const parsed = known === undefined ? undefined : ssh2.utils.parseKey(known);
  const agent = agentOfOne(ssh2, {
    key: parsed === undefined || parsed instanceof Error ? open : async () => parsed,
    sign: async (data, hash) => signed((await open()).sign(data, hash)),
  });
  return identityOf(name, known, agent);
}

function publicBytes(key: ParsedKey | Error | undefined): Buffer | undefined {
  return key === undefined || key instanceof Error ? undefined : key.getPublicSSH();
}

function identityOf(name: string, travels: Buffer | undefined, key: ParsedKey | Agent): FileKey {
  if (travels === undefined) return { identity: { name, key } };
  const publicKey = travels.toString('base64');
  return { publicKey, identity: { name, key, publicKey } };
}

interface Signer {
  /** The public key, and the private one where it must be opened to know that. */
  readonly key: () => Promise<ParsedKey>;
  readonly sign: (data: Buffer, hash: string | undefined) => Promise<Buffer>;
}

function signed(signature: Buffer | Error): Buffer {
  if (signature instanceof Error) throw signature;
  return signature;
}

/** What ssh2 takes for an agent: it asks the server about the key first, and for a signature when the server wants it. */
function agentOfOne(ssh2: Ssh2, { key, sign }: Signer): Agent {
  class OneKey extends ssh2.BaseAgent {
    override getIdentities(callback: IdentitiesCallback): void {
      key().then(
        (found) => callback(null, [found]),
        (error: Error) => callback(error),
      );
    }

    override sign(
      _: ParsedKey,
      data: Buffer,
      options: { readonly hash?: string } | SignCallback,
      callback?: SignCallback,
    ): void {
      const [hash, done] = typeof options === 'function' ? [undefined, options] : [options.hash, callback];
      sign(data, hash)
        .then((signature) => done?.(null, signature))
        .catch((error: Error) => done?.(error));
    }
  }
  return new OneKey();
}
