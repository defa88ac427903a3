import type { Judgement } from '../model/cause.ts';
import type { ServiceProgram } from '../model/windows-facts.ts';
import { confirmed, likely } from './_judge.ts';

/** Windows' own program and library, whatever the quotes and the folder's spelling. */
const HOST = /(?:^|[\\"])svchost\.exe"?(?:\s|$)/i;
const HOST_PLACE = /^"?(?:%systemroot%|%windir%|\\systemroot|c:\\windows)\\system32\\svchost\.exe"?(?:\s|$)/i;
const LIBRARY = /^(?:%systemroot%|%windir%|\\systemroot|c:\\windows)\\system32\\termsrv\.dll$/i;

const FACT = ['service.TermService.program'] as const;

/**
 * What is wrong with the program of TermService. A library of somebody else that is there is none of
 * it: tools that allow more sessions put one in.
 */
export function judgeProgram(program: ServiceProgram): Judgement | undefined {
  const { imagePath, serviceDll, image, library, hostGroup } = program;
  if (imagePath === undefined)
    return likely(FACT, 'TermService names no program to start (it has no ImagePath).');
  if (image === 'missing') {
    return confirmed(FACT, `The program of TermService is not on the disk: ImagePath is ${imagePath}.`);
  }
  if (!HOST.test(imagePath) || !HOST_PLACE.test(imagePath)) {
    return likely(
      FACT,
      `TermService is set to run ${imagePath} instead of %SystemRoot%\\System32\\svchost.exe.`,
    );
  }
  if (hostGroup === undefined) {
    return likely(FACT, `The program of TermService names no group for svchost to host (-k): ${imagePath}.`);
  }
  if (hostGroup.lists === false) {
    return confirmed(
      FACT,
      `No svchost process hosts TermService: the group ${hostGroup.name}, which its ImagePath names, does not list it. Starting it fails with error 1083.`,
    );
  }
  // Where the files were not seen, the registry may be a part of one too: then that is left open.
  if (serviceDll === undefined && image === 'there') {
    return likely(FACT, 'TermService names no library to load (it has no Parameters\\ServiceDll).');
  }
  if (library === 'missing') {
    return confirmed(FACT, `The library of TermService is not on the disk: ServiceDll is ${serviceDll}.`);
  }
  if (serviceDll !== undefined && library === 'unknown' && !LIBRARY.test(serviceDll)) {
    return likely(
      FACT,
      `TermService is set to load ${serviceDll} instead of Windows' own termsrv.dll, and it is not known whether that file exists.`,
    );
  }
  return undefined;
}

/** Why the program is known in part only; nothing where it is known whole. */
export function openInProgram({
  image,
  serviceDll,
  library,
  hostGroup,
  problem,
}: ServiceProgram): string | undefined {
  if ([image, library, hostGroup?.lists].includes('unknown')) {
    return problem ?? 'its files were not looked at';
  }
  return serviceDll === undefined ? 'Parameters\\ServiceDll does not exist' : undefined;
}

/** A library that is not Windows' own and is there: worth a sentence. */
export function remarkOnLibrary({ serviceDll, library }: ServiceProgram): string | undefined {
  return serviceDll === undefined || library !== 'there' || LIBRARY.test(serviceDll)
    ? undefined
    : `TermService loads ${serviceDll} instead of Windows' own termsrv.dll, as tools that allow more sessions make it do; a Windows update can break that.`;
}
