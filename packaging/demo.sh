#!/usr/bin/env bash
# make demo: a real data file through the real client and the bundled server, and a report to look at.
# BIN: the environment's programs; OUT: where the results go; ZEROSEC_DATA_DIR: the demo server's own folder.
set -euo pipefail
cd "$(dirname "$0")/.."

terms='flipper_length_mm + bill_length_mm + species + sex + flipper_length_mm:species'

stop_server() { "$BIN/zerosec" server stop >/dev/null 2>&1 || true; }
trap stop_server EXIT

rm -rf "$OUT"
echo "Body mass of 344 Antarctic penguins, explained by: $terms"
"$BIN/zerosec" run linear examples/penguins.csv --target body_mass_g --terms "$terms" --target-unit g \
  --name "Penguin body mass" --out "$OUT"
echo
echo "The report with its plots: $OUT/report.html"
