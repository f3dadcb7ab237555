#!/bin/sh
# Builds the workloads that metering is measured with. The .wasm files are committed, because npm brings no C compiler.
# With --check nothing is written: exit 1 when a committed file is not what its source gives.
# Debian 12: apt-get install clang lld. Exit 3 when these are absent.
# cspell:words Wextra Werror ffile nostdlib ffreestanding msimd mno
set -eu

cd "$(dirname "$0")"

missing() {
  echo "rebuild: $1; on Debian 12: apt-get install clang lld" >&2
  exit 3
}

case "${1-}" in
  '' | --check) ;;
  *) echo 'usage: rebuild.sh [--check]' >&2; exit 2 ;;
esac

# Another version compiles the same source to other bytes.
clang=
for candidate in clang-14 clang; do
  if "$candidate" --version 2>/dev/null | grep -q 'clang version 14\.'; then clang=$candidate; break; fi
done
[ -n "$clang" ] || missing 'clang 14 is not installed'
command -v wasm-ld-14 >/dev/null || command -v wasm-ld >/dev/null || missing 'lld is not installed'

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

status=0
for source in *.c; do
  name=${source%.c}
  # Only the one that says so: elsewhere clang would turn loops over bytes into vectors.
  case $name in *-simd) simd=-msimd128 ;; *) simd=-mno-simd128 ;; esac
  # Linked without -O: with it, clang runs whatever wasm-opt it finds in PATH, and npm brings one.
  "$clang" --target=wasm32 -std=c17 -Wall -Wextra -Werror -O2 -g0 "$simd" -ffreestanding -fno-builtin -fno-ident \
    "-ffile-prefix-map=$PWD=." -c "$source" -o "$temporary/$name.o"
  "$clang" --target=wasm32 -nostdlib -Wl,--no-entry -Wl,--strip-all "$temporary/$name.o" -o "$temporary/$name.wasm"
  if [ "${1-}" = --check ]; then
    cmp -s "$temporary/$name.wasm" "$name.wasm" || { echo "rebuild: $name.wasm is not what $source gives" >&2; status=1; }
  else
    cp "$temporary/$name.wasm" "$name.wasm"
    chmod 644 "$name.wasm"
  fi
done
exit $status
