#!/usr/bin/env node
// The compiler pinned in package.json behind the two requests that Foundry and its relatives make of a native one:
//   solc.js --version
//   solc.js --standard-json [options] < input.json > output.json
// Such callers send the text of every source file along, so options about paths change nothing and are passed over.
import { createRequire } from "node:module";
import process from "node:process";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const wanted = process.argv.slice(2);

if (wanted.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${require("solc/package.json").version}`);
} else if (wanted.includes("--standard-json")) {
  process.stdout.write(require("solc").compile(await text(process.stdin)));
} else {
  console.error(`solc.js answers --version and --standard-json only, not: ${wanted.join(" ")}`);
  process.exitCode = 1;
}
