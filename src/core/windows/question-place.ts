import type { HiveName, Question } from './inquiry.ts';

/** A key below HKEY_LOCAL_MACHINE: `SYSTEM\\CurrentControlSet\\Control\\Lsa`. */
export function keyPath({ hive, key }: { readonly hive: HiveName; readonly key: string }): string {
  return `${hive}\\${key}`;
}

/** Where a question looks, for the provenance. */
export function placeOf(question: Question): string {
  switch (question.kind) {
    case 'value':
      return `${keyPath(question)}!${question.name}`;
    case 'values':
    case 'subkeys':
      return keyPath(question);
    case 'file':
    case 'content':
    case 'folder':
    case 'file-version':
      return question.path;
    case 'events':
    case 'logons':
      return question.channel;
    case 'service-status':
      return `service ${question.name}`;
    case 'listener-owner':
      return `TCP port ${question.port}`;
    case 'secure-channel':
      return `Netlogon's channel to ${question.domain}`;
    default:
      return question.kind;
  }
}
