/**
 * What an image consists of, as pure data: its layers, bottom first, and how it runs. `layers.ts` makes the layers and
 * `archive.ts` packs them. Images name layers, so a layer that two images share is made, stored and imported once.
 */
import type { GroupName } from '@urumi/embedded/binaries/catalog';

/** Software from Debian, unpacked without running maintainer scripts: what they would set up is small and done here. */
export type DebianLayer = {
  kind: 'debian';
  name: string;
  packages: string[];
  /** Path patterns of dpkg that are left out, over those left out everywhere. */
  leaveOut: string[];
  user: { name: string; id: number; home: string };
};

/** The node binary alone, from its npm package: no npm, no headers. */
export type NodeLayer = { kind: 'node'; name: string; version: string };

/** A program of the embedded cluster's build: made from pinned Go modules, taken from its cache where it is there. */
export type ProgramLayer = {
  kind: 'program';
  name: string;
  group: GroupName;
  /** Folder below the root. */
  into: string;
};

/** The files an install script puts below the folder it is given; the Dockerfile runs the same script. */
export type ScriptLayer = {
  kind: 'script';
  name: string;
  /** Folder of the image, relative to this package. */
  folder: string;
  script: string;
  /** Files and folders the script reads, relative to `folder`: they decide whether the layer is made anew. */
  inputs: string[];
  timeoutMs: number;
};

/** A zip archive of `plugin-archive.ts`, found in the cache by its checksum, unpacked below `into`. */
export type ArchiveLayer = { kind: 'archive'; name: string; sha256: string; into: string };

/**
 * The files a script leaves when it runs programs of other layers: a prepared data directory, compiled code. Each root
 * is unpacked from its layers; the script is called as root in namespaces of its own, with a loopback network only, and
 * enters the roots by `chroot`: `sh <script> <out> <root>…`, roots in the order of `roots`.
 */
export type InsideLayer = {
  kind: 'inside';
  name: string;
  roots: Layer[][];
  folder: string;
  script: string;
  /** As in a script layer. */
  inputs: string[];
  /** The engine's folder in the chart, relative to this package: part of the key, given to the script as `CHART_FILES`. */
  chartFiles?: string;
  /** Given to the script and part of the key. No secrets. */
  env: Record<string, string>;
  timeoutMs: number;
};

export type Layer = DebianLayer | NodeLayer | ProgramLayer | ScriptLayer | ArchiveLayer | InsideLayer;

/** The part of an OCI image configuration that says how a container runs. */
export type RunConfig = {
  User: string;
  ExposedPorts: Record<string, Record<string, never>>;
  Env: string[];
  Entrypoint: string[];
  WorkingDir: string;
  StopSignal: string;
};

export type Recipe = {
  ref: string;
  /** Folder of its Dockerfile, relative to this package. */
  folder: string;
  layers: Layer[];
  run: RunConfig;
  /** Name of the prepared data directory that a database image carries. */
  template?: string;
};

/** A plugin archive, and where given a theme, that passed every check and lie in the cache by their checksums. */
export type CheckedPlugin = {
  version: string;
  sha256: string;
  /** `slug` is the theme's folder. */
  theme?: { slug: string; version: string; sha256: string };
};

export const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What Debian's packages bring of Perl, for scripts around their programs that no image needs. */
export const perl = ['*/perl', '*/perl/*', '*/perl5*', '*/perl-base*', '*/libperl*'];

export const minute = 60_000;
