// cspell:disable
/** Which arguments make a program start others, or write and read where it was not asked to. Data; nothing decides here. */
export interface Grammar {
  /**
   * Options, separated by spaces: `-I` alone and within clusters, `--to-command` with and without `=`, and shortened as GNU
   * programs allow.
   */
  readonly options?: string;
  /** Whole options that are harmless though they begin a dangerous one. */
  readonly harmless?: string;
  /** Letters of harmless options that take a value: what follows one in its cluster is no option. */
  readonly values?: string;
  /** Words that are dangerous wherever they stand. */
  readonly words?: RegExp;
  /** The first word is a cluster though it has no dash, as for `tar xf`. */
  readonly clusterFirst?: true;
  /** It is there to start what its arguments name: all of them count. */
  readonly isWrapper?: true;
  /** What its dangerous arguments do, after "lets it". */
  readonly does: string;
}

const START = 'start other programs';
const START_OR_WRITE = 'start other programs, or read and write other files';
const WRITE = 'read and write other files';
const WRAPPER: Grammar = { isWrapper: true, does: START };

const EDITOR: Grammar = {
  options: '-c -S -s -u -U -w -W -i -T --cmd --remote-expr --remote-send --startuptime --listen --server --luamod',
  words: /^\+/,
  does: START_OR_WRITE,
};

const SSH = '-o -F -E -I -J -S';

/** By name. Of names in one line each has the same. */
const LINES: readonly (readonly [names: string, grammar: Grammar])[] = [
  [
    `env nice nohup timeout stdbuf setsid sudo doas su runuser gosu su-exec pkexec busybox toybox xargs parallel chroot ionice
     chrt taskset numactl time watch strace ltrace gdb valgrind perf unshare nsenter flock script expect unbuffer setarch linux32
     linux64 i386 x86_64 systemd-run run-parts tini dumb-init catatonit faketime firejail bwrap start-stop-daemon ssh-agent
     dbus-run-session xvfb-run fakeroot proot eatmydata torify torsocks proxychains proxychains4 rlwrap entr prlimit setpriv capsh
     cgexec choom uclampset at batch crontab ld.so ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 agetty socat nc ncat
     netcat screen tmux dtach abduco reptyr inotifywait watchexec hyperfine command exec`,
    WRAPPER,
  ],
  [
    'tar gtar bsdtar star',
    {
      options:
        '-I -F -T -g -P --use-compress-program --to-command --checkpoint-action --set-mtime-command --info-script --new-volume-script --rsh-command --rmt-command --files-from --listed-incremental --index-file --volno-file --absolute-names',
      harmless: 'checkpoint file',
      values: 'fCbKLNVXH',
      // An archive of another machine is fetched by a program.
      words: /^(?:-[A-Za-z]*f|--fil?e?=)?[^-/=][^/]*:/,
      clusterFirst: true,
      does: START_OR_WRITE,
    },
  ],
  [
    'cpio',
    { options: '-F -O -I -E --rsh-command --file --to-stdout --pattern-file', words: /:/, does: START_OR_WRITE },
  ],
  [
    'find gfind',
    {
      words: /^-(?:exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls|files0-from)$/,
      does: 'start other programs, or change files',
    },
  ],
  ['fd fdfind', { options: '-x -X --exec --exec-batch', does: START }],
  [
    'rg',
    { options: '-f --pre --hostname-bin --file', harmless: 'pretty files', values: 'egtTmABCjM', does: START_OR_WRITE },
  ],
  ['ssh', { options: SSH, values: 'BbcDeiLlmOpQRWw', does: START_OR_WRITE }],
  ['scp', { options: `${SSH} -D`, values: 'ciPlX', does: START_OR_WRITE }],
  ['sftp', { options: `${SSH} -b -D -s`, values: 'cBilPRX', does: START_OR_WRITE }],
  [
    'rsync',
    {
      options:
        '-e -M -T --rsh --rsync-path --remote-option --daemon --config --dparam --log-file --write-batch --only-write-batch --read-batch --files-from --password-file --early-input --temp-dir --partial-dir --backup-dir --copy-dest --link-dest --compare-dest --iconv --sender --server',
      harmless: 'partial backup',
      values: 'fB',
      does: START_OR_WRITE,
    },
  ],
  [
    'curl',
    {
      options:
        '-o -O -K -D -c -T -J -b -E --config --output --output-dir --remote-name --remote-name-all --remote-header-name --dump-header --cookie --cookie-jar --upload-file --trace --trace-ascii --trace-config --stderr --libcurl --etag-save --etag-compare --hsts --alt-svc --netrc-file --engine --unix-socket --abstract-unix-socket --cert --key --write-out --variable',
      harmless: 'compressed connect-timeout continue-at data data-raw',
      values: 'AdeHFmPQrtuUXxyYzC',
      words: /^@|=[@<]|^-[A-Za-z]+@|^file:|^-[A-Za-z]*F.*[@<]/i,
      does: WRITE,
    },
  ],
  [
    'wget wget2',
    {
      options:
        '-O -o -a -e -i -P -B --output-document --output-file --append-output --execute --input-file --directory-prefix --use-askpass --config --post-file --body-file --save-cookies --load-cookies --warc-file --warc-dedup --warc-tempdir --rejected-log --hsts-file --default-page --metalink-file --choose-config',
      values: 'TtwQUlADIXR',
      does: START_OR_WRITE,
    },
  ],
  [
    'zip zipcloak zipnote',
    {
      options: '-T -O -b -@ --test --unzip-command --output-file --temp-path --logfile-path --names-stdin',
      does: START_OR_WRITE,
    },
  ],
  ['unzip', { options: '-:', does: WRITE }],
  [
    'man',
    {
      options:
        '-P -H -X -C -T -Z -R -p -l -M -m --pager --html --gxditview --config-file --troff-device --ditroff --preprocessor --local-file --manpath --systems --recode',
      does: START_OR_WRITE,
    },
  ],
  [
    'less more most pg',
    {
      options:
        '-k -o -O -T -t --lesskey-file --lesskey-src --lesskey-content --lesskey-context --log-file --LOG-FILE --tag-file --tag',
      words: /^\+/,
      does: START_OR_WRITE,
    },
  ],
  ['vim vi view vimdiff nvim ex rvim gvim vim.basic vim.tiny vim.nox', EDITOR],
  [
    'emacs emacsclient',
    {
      ...EDITOR,
      options: '-l -f -e -L -q -Q --load --eval --execute --funcall --script --batch --user --init-directory --chdir',
    },
  ],
  [
    'ed red nano pico joe micro',
    { options: '-s -T -F -o --speller --operatingdir --rcfile --backupdir', words: /^!/, does: START_OR_WRITE },
  ],
  [
    'make gmake',
    {
      options: '-f -E -I --file --makefile --eval --include-dir',
      values: 'CjloW',
      words: /^(?:\.?SHELL|MAKE|\.SHELLFLAGS)[A-Z]*\s*[:+?!]*=/,
      does: START,
    },
  ],
  [
    'sort gsort',
    {
      options: '-o -T --compress-program --output --temporary-directory --files0-from',
      values: 'kStk',
      does: START_OR_WRITE,
    },
  ],
  ['split gsplit csplit', { options: '--filter', does: START }],
  ['install ginstall', { options: '--strip-program', does: START }],
  ['patch', { options: '-e -o -r -d -B -z --ed --output --reject-file --directory --prefix', does: START_OR_WRITE }],
  ['tcpdump', { options: '-z -w -r -F -V', does: START_OR_WRITE }],
  ['openssl', { words: /^-(?:engine|provider|provider-path|config|out|in|rand|writerand)$/, does: START_OR_WRITE }],
  [
    'dpkg apt apt-get',
    {
      options: '-o -c -i --option --config-file --pre-invoke --post-invoke --status-logger --root --admindir --instdir',
      does: START_OR_WRITE,
    },
  ],
  [
    'file',
    { options: '-C -m -f -z -Z --compile --magic-file --files-from --uncompress', values: 'eFP', does: START_OR_WRITE },
  ],
  ['ip', { words: /^(?:netns|-b(?:a(?:t(?:ch?)?)?)?|-batch)$|^-f(?:orce)?$/, does: START }],
  [
    'nmap',
    {
      words: /^--?(?:script|datadir|resume|o[NXSGA]|iL|excludefile|stylesheet|servicedb|versiondb)/,
      does: START_OR_WRITE,
    },
  ],
  [
    'pdftex pdflatex latex tex xelatex lualatex luatex',
    { words: /^--?(?:shell|enable-write18|lua|output|recorder|ini|fmt)/, does: START_OR_WRITE },
  ],
];

/** The grammar of git lies in its subcommand: `-c` before it is another than `-c` behind it. */
export const GIT = {
  /** Options before the subcommand that take the next word. */
  globalValues: new Set([
    '-C',
    '-c',
    '--git-dir',
    '--work-tree',
    '--namespace',
    '--super-prefix',
    '--config-env',
    '--attr-source',
    '--exec-path',
    '--list-cmds',
  ]),
  global: { options: '-c --config-env --exec-path', does: START } satisfies Grammar,
  /** Subcommands that are there to start others, or that set what is started later. */
  subcommands: new Set(
    `config bisect filter-branch submodule send-email instaweb difftool mergetool daemon shell upload-pack receive-pack
     upload-archive http-backend hook for-each-repo maintenance credential credential-store credential-cache credential-cache--daemon merge-index web--browse help p4 svn cvsserver gui citool gitk
     remote-ext remote-fd imap-send quiltimport archimport fast-import diff-files--helper fsmonitor--daemon scalar`.split(
      /\s+/,
    ),
  ),
  /** In every subcommand. */
  common: {
    options:
      '--upload-pack --receive-pack --exec --extcmd --ext-diff --textconv --open-files-in-pager --template --config --output --output-directory --upload-archive --editor --strategy --gpg-sign --tool',
    harmless: 'exclude exit-code cc to text',
    words: /(?:^|=)[A-Za-z0-9+.-]+::|^(?:ssh:\/\/|git\+ssh:\/\/)-/,
    does: START_OR_WRITE,
  } satisfies Grammar,
  /** Letters that mean such a thing in some subcommands alone. */
  letters: new Map<string, Grammar>([
    ['clone', { options: '-u -c', values: 'bjo', does: START }],
    ['rebase', { options: '-x -s', values: 'CXS', does: START }],
    ['grep', { options: '-O -f', values: 'eABCm', does: START_OR_WRITE }],
    ['archive', { options: '-o', does: WRITE }],
    ['format-patch', { options: '-o', does: WRITE }],
    ['merge', { options: '-s', values: 'mXFS', does: START }],
    ['pull', { options: '-s', values: 'XSj', does: START }],
    ['cherry-pick', { options: '', does: START }],
  ]),
};

export const AWK: Grammar = {
  options:
    '-f -i -l -E -D -o -p -d -W --file --include --load --exec --debug --dump-variables --pretty-print --profile --source',
  values: 'Fve',
  // In one word: a call, a pipe, a file to read or write, or a name that is put together.
  words: /system|getline|@|(?<!\|)\|(?!\|)|\|{3}|^(?=([^]*?print))\1[^]*>/,
  does: START_OR_WRITE,
};

export const SED: Grammar = { options: '-f --file', does: START_OR_WRITE };

export const AWK_NAMES = new Set(['awk', 'gawk', 'mawk', 'nawk', 'original-awk', 'bwk', 'goawk']);
export const SED_NAMES = new Set(['sed', 'gsed', 'ssed']);

export const GRAMMARS: ReadonlyMap<string, Grammar> = new Map(
  LINES.flatMap(([names, grammar]) => names.split(/\s+/).map((name): [string, Grammar] => [name, grammar])),
);

/** Programs that do what the name says they were started by. */
export const MULTI_CALL = new Set(['busybox', 'toybox', 'coreutils', 'uutils']);
// cspell:enable
