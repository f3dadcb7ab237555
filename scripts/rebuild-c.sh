#!/bin/sh
# Builds skills/word-count/bin/word-count.wasm from its C source. The file is committed, because npm brings no C compiler.
# With --check nothing is written: exit 1 when the committed file is not what the source gives.
# Debian 12: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32. Exit 3 when these are absent.
# cspell:words Wextra Werror ffile
set -eu

cd "$(dirname "$0")/.."
source=skills/word-count/guest/word-count.c
output=skills/word-count/bin/word-count.wasm

missing() {
  echo "rebuild-c: $1; on Debian 12: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32" >&2
  exit 3
}

case "${1-}" in
  '' | --check) ;;
  *) echo 'usage: rebuild-c.sh [--check]' >&2; exit 2 ;;
esac

# Another version compiles the same source to other bytes.
clang=
for candidate in clang-14 clang; do
  if "$candidate" --version 2>/dev/null | grep -q 'clang version 14\.'; then clang=$candidate; break; fi
done
[ -n "$clang" ] || missing 'clang 14 is not installed'
command -v wasm-ld-14 >/dev/null || command -v wasm-ld >/dev/null || missing 'lld is not installed'
[ -f /usr/lib/wasm32-wasi/libc.a ] || missing 'wasi-libc is not installed'
[ -f "$("$clang" --print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a" ] || missing "clang's runtime for WebAssembly is not installed"

temporary=$(mktemp "$output.XXXXXX")
trap 'rm -f "$temporary"' EXIT
# Neither paths nor versions of this machine: no debug information, no identification, no names.
# Without npm's folders in PATH: a wasm-opt found there would rewrite what clang links.
PATH=/usr/local/bin:/usr/bin:/bin "$clang" --target=wasm32-wasi --sysroot=/usr -std=c17 -Wall -Wextra -Werror -O2 -g0 -fno-ident "-ffile-prefix-map=$PWD=." \
  -Wl,--strip-all "$source" -o "$temporary" || {
  echo "rebuild-c: $source does not compile" >&2
  exit 1
}

if [ "${1-}" = --check ]; then
  cmp -s "$temporary" "$output" && exit 0
  echo "rebuild-c: $output is not what $source gives; run scripts/rebuild-c.sh and commit it" >&2
  exit 1
fi
chmod 644 "$temporary"
mv "$temporary" "$output"
