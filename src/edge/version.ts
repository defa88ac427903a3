/** Put in by scripts/build.mjs out of package.json, the one place where the version stands. */
declare const RDPDOCTOR_VERSION: string | undefined;

/** `0.1.0`; the sources run as they are, without a build, have none. */
export const VERSION: string = typeof RDPDOCTOR_VERSION === 'undefined' ? 'not built' : RDPDOCTOR_VERSION;
