import type { Evidence } from '../model/facts.ts';
import type { ServiceProgram } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  type KeyValues,
  NO_ANSWER,
  observe,
  type Sought,
  seekIn,
  seekText,
  seekValues,
  textsOf,
} from './answers.ts';
import type { Answer, Inquiry, Question } from './inquiry.ts';
import { SERVICES_KEY } from './services.ts';

const TERM_SERVICE = `${SERVICES_KEY}\\TermService`;
const SYSTEM32 = '\\Windows\\System32';
const HOST = `${SYSTEM32}\\svchost.exe`;
const LIBRARY = `${SYSTEM32}\\termsrv.dll`;
/** No Windows starts without it: where it is missing the disk holds a part of a Windows, and absence proves nothing. */
const WITNESS = `${SYSTEM32}\\services.exe`;

const there = (path: string): Question => ({ kind: 'file', path, security: false });

/** The program and the library of TermService, and whether they are on the disk. One round, two where the paths are not Windows' own. */
export function* inquireServiceProgram(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    image: { kind: 'value', hive: 'SYSTEM', key: TERM_SERVICE, name: 'ImagePath' },
    library: { kind: 'value', hive: 'SYSTEM', key: `${TERM_SERVICE}\\Parameters`, name: 'ServiceDll' },
    groups: { kind: 'values', hive: 'SOFTWARE', key: 'Microsoft\\Windows NT\\CurrentVersion\\Svchost' },
    [HOST]: there(HOST),
    [LIBRARY]: there(LIBRARY),
    [WITNESS]: there(WITNESS),
  });
  const image = seekText(answers.image);
  const library = seekText(answers.library);
  const paths = [image, library].map((sought) =>
    sought.state === 'present' ? pathOf(sought.value) : undefined,
  );
  const others = paths.filter(
    (path): path is string => path !== undefined && !isSame(path, HOST) && !isSame(path, LIBRARY),
  );
  const files: [path: string, answer: Answer][] = [
    [HOST, answers[HOST]],
    [LIBRARY, answers[LIBRARY]],
  ];
  if (others.length > 0) {
    const more = yield others.map(there);
    others.forEach((path, index) => {
      files.push([path, more[index] ?? NO_ANSWER]);
    });
  }
  const state = (sought: Sought<string>): Sought<'there' | 'missing'> | undefined =>
    sought.state === 'present' ? fileState(sought.value, files, answers[WITNESS]) : undefined;
  return {
    'service.TermService.program': observe(
      context,
      'service-program',
      programOf(image, state(image), library, state(library), seekValues(answers.groups), answers.image.at),
    ),
  };
}

function isSame(path: string, other: string): boolean {
  return path.toLowerCase() === other.toLowerCase();
}

type FileState = Sought<'there' | 'missing'>;

/** Known where the registry is; what cannot be told of the files or of the group says so. */
function programOf(
  image: Sought<string>,
  imageState: FileState | undefined,
  library: Sought<string>,
  libraryState: FileState | undefined,
  groups: Sought<KeyValues>,
  at: string,
): Sought<ServiceProgram> {
  if (image.state === 'unknown') return image;
  if (library.state === 'unknown') return library;
  const name = image.state === 'present' ? /\s-k\s+(\S+)/i.exec(image.value)?.[1] : undefined;
  const lists = name === undefined ? undefined : isListed(name, groups);
  const open = [imageState, libraryState, lists].find((sought) => sought?.state === 'unknown');
  return {
    state: 'present',
    at,
    value: {
      ...(image.state === 'present' ? { imagePath: image.value } : {}),
      ...(library.state === 'present' ? { serviceDll: library.value } : {}),
      ...(imageState === undefined ? {} : { image: valueOr(imageState) }),
      ...(libraryState === undefined ? {} : { library: valueOr(libraryState) }),
      ...(name === undefined || lists === undefined ? {} : { hostGroup: { name, lists: valueOr(lists) } }),
      ...(open?.state === 'unknown' ? { problem: open.detail ?? open.why } : {}),
    },
  };
}

function valueOr<T>(sought: Sought<T>): T | 'unknown' {
  return sought.state === 'present' ? sought.value : 'unknown';
}

/** svchost loads only services that its group names: else the start fails with error 1083. */
function isListed(group: string, groups: Sought<KeyValues>): Sought<boolean> {
  if (groups.state === 'absent') {
    return {
      state: 'unknown',
      why: 'corrupt',
      detail: `${groups.at}, which lists the groups of svchost, does not exist`,
    };
  }
  const members = seekIn(groups, group, textsOf, 'a list of services');
  if (members.state === 'unknown') return members;
  const at = members.at;
  return {
    state: 'present',
    at,
    value:
      members.state === 'present' && members.value.some((member) => member.toLowerCase() === 'termservice'),
  };
}

function fileState(
  text: string,
  files: readonly (readonly [path: string, answer: Answer])[],
  witness: Answer,
): Sought<'there' | 'missing'> {
  const path = pathOf(text);
  if (path === undefined) {
    return {
      state: 'unknown',
      why: 'corrupt',
      detail: `${text} does not lead to a file on the system drive`,
    };
  }
  const answer = files.find(([known]) => isSame(known, path))?.[1] ?? NO_ANSWER;
  switch (answer.state) {
    case 'unknown':
      return {
        state: 'unknown',
        why: answer.why,
        ...(answer.detail === undefined ? {} : { detail: answer.detail }),
      };
    case 'present':
      return { state: 'present', at: path, value: 'there' };
    case 'absent':
      return witness.state === 'present'
        ? { state: 'present', at: path, value: 'missing' }
        : {
            state: 'unknown',
            why: 'corrupt',
            detail: `${path} was not found, nor was ${WITNESS}: this disk does not hold all of Windows`,
          };
  }
}

/** `%SystemRoot%\System32\svchost.exe -k NetworkService` → `\Windows\System32\svchost.exe`; nothing for a path that leads elsewhere. */
function pathOf(text: string): string | undefined {
  const found = /^\s*(?:"([^"]+)"|(.+?\.(?:exe|dll))(?:\s|$))/i.exec(text);
  const path = (found?.[1] ?? found?.[2] ?? text.trim())
    .replace(/^(?:%systemroot%|%windir%|\\systemroot)(?=\\)/i, '\\Windows')
    .replace(/^%programfiles%(?=\\)/i, '\\Program Files')
    .replace(/^(?:\\\?\?\\)?c:(?=\\)/i, '')
    .replace(/^system32\\/i, `${SYSTEM32}\\`);
  return /^\\[^\\%]/.test(path) && !path.includes('%') ? path : undefined;
}
