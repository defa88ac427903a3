import { readGuid } from '../../bytes/guid.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface } from './operation.ts';

/** [MS-DSSP] 1.9 Standards Assignments. It shares the pipe of lsarpc. */
export const DSSETUP: RpcInterface = {
  name: 'dssetup',
  syntax: { uuid: '3919286a-b10c-11d0-9ba8-00c04fd92ef5', major: 0, minor: 0 },
  pipe: 'lsarpc',
};

/** DSROLER_PRIMARY_DOMAIN_INFO_BASIC, [MS-DSSP] 2.2.1. */
export interface DomainRole {
  /** 0 and 2: standalone workstation and server, 1 and 3: members, 4 and 5: controllers. */
  readonly role: number;
  readonly flags: number;
  /** Of the domain, or the workgroup's name. */
  readonly flatName?: string;
  readonly dnsName?: string;
  readonly forestName?: string;
  /** Of the domain; meaningful where `flags` has 0x01000000. */
  readonly guid: string;
}

const BASIC_INFORMATION = 1;

/** DsRolerGetPrimaryDomainInformation, [MS-DSSP] 3.2.5.1 (Opnum 0), level 1: DsRolePrimaryDomainInfoBasic. */
export const getPrimaryDomainInformation = operationOf(DSSETUP)<void, Returned<DomainRole>>(
  'DsRolerGetPrimaryDomainInformation',
  0,
  (w) => w.u16(BASIC_INFORMATION),
  (r) => {
    const information = r.pointer() ? readBasic(r) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: information ?? r.fail('success without information') };
  },
);

function readBasic(r: NdrReader): DomainRole {
  const level = r.u16();
  if (!(level === BASIC_INFORMATION)) r.fail(`expected level ${BASIC_INFORMATION}, received ${level}`);
  r.align(4);
  const role = r.u16();
  const flags = r.u32();
  const present = [r.pointer(), r.pointer(), r.pointer()];
  const guid = r.read(readGuid);
  const [flatName, dnsName, forestName] = present.map((there) => (there ? r.wideString() : undefined));
  return {
    role,
    flags,
    ...(flatName !== undefined && { flatName }),
    ...(dnsName !== undefined && { dnsName }),
    ...(forestName !== undefined && { forestName }),
    guid,
  };
}
