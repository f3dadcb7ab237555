const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

// cspell:disable
const NAMES = new Set(
  // What shells read when they start or split words, what loaders and editors are found by, and where configuration lies.
  `PATH ENV BASH_ENV IFS PS0 PS1 PS4 PROMPT_COMMAND SHELL SHELLOPTS BASHOPTS CDPATH ZDOTDIR FPATH HOME
   EDITOR VISUAL PAGER MANPAGER BROWSER LESSOPEN LESSCLOSE LESS TERMINFO TERMCAP
   CLASSPATH JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS MAVEN_OPTS GRADLE_OPTS
   MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEFILES CC CXX LD AR RUSTC RUSTFLAGS GOFLAGS
   TAR_OPTIONS GZIP BZIP2 XZ_OPT XZ_DEFAULTS ZIPOPT UNZIP RSYNC_RSH RSYNC_CONNECT_PROG CVS_RSH SVN_SSH
   CURL_HOME WGETRC SYSTEM_WGETRC LUA_INIT LUA_PATH LUA_CPATH GCONV_PATH LOCPATH NLSPATH MALLOC_TRACE TMPDIR
   VIMINIT EXINIT MYVIMRC AWKPATH AWKLIBPATH AWKLIBRARY KUBECONFIG DOCKER_HOST DOCKER_CONFIG
   OPENSSL_CONF OPENSSL_ENGINES OPENSSL_MODULES HOSTALIASES RES_OPTIONS XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_DATA_DIRS`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

const PREFIXES = [
  'LD_',
  'DYLD_',
  'GLIBC_',
  'NODE_',
  'NPM_',
  'GIT_',
  'SSH_',
  'PYTHON',
  'PERL',
  'RUBY',
  'GEM_',
  'BUNDLE_',
  'PHP',
  'BASH_',
  'LUA_',
  'DOTNET_',
  'COMPLUS_',
  'CORECLR_',
  'COR_',
  'CARGO_',
];
// cspell:enable

/**
 * Whether a variable can make programs, their loader or a shell run other code than was asked for, or is no name that
 * every shell takes for a variable (exported functions have such).
 */
export function steersPrograms(name: string): boolean {
  if (!NAME.test(name)) return true;
  const upper = name.toUpperCase();
  return NAMES.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix));
}
