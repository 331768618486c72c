#!/usr/bin/env bash
# System packages ZeroSec needs on Debian and Ubuntu. `run`: to set up and run it; `app`: for its window; `sequencing`: the programs of
# the sequencing pipeline; `test`: what its tests and benchmarks use besides.
# Installs only what is missing; says what to install by hand where there is no apt or no right to use it.
set -euo pipefail

run_packages=(python3-venv fonts-noto-cjk)
app_packages=(libegl1 libgl1 libopengl0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
  libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libdbus-1-3 libfontconfig1)
# The programs of the sequencing pipeline; FastQC needs Java. cutadapt comes with ZeroSec.
sequencing_packages=(fastqc fastp bwa samtools)
test_packages=(curl faketime xvfb bowtie2-examples "${sequencing_packages[@]}")

case "${1:-run}" in
  run) wanted=("${run_packages[@]}") ;;
  app) wanted=("${run_packages[@]}" "${app_packages[@]}") ;;
  sequencing) wanted=("${sequencing_packages[@]}") ;;
  test) wanted=("${run_packages[@]}" "${app_packages[@]}" "${test_packages[@]}") ;;
  *) echo "usage: $0 run|app|sequencing|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "No Debian package system here: please see that these are installed: ${wanted[*]}" >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
  [[ $state == ii* ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "Please install as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing system packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
