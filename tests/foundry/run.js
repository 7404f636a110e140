// Runs Foundry with the compiler of this project:
//   node tests/foundry/run.js                       every fuzz and invariant test
//   node tests/foundry/run.js --match-test TEXT     other options of "forge test"
// FOUNDRY_FUZZ_SEED=<number> tries other values than the usual ones. The last line on standard output is
// "foundry tests: <n> passed, <n> failed, <n> skipped", or "foundry tests: no forge for <system>"; the exit code is 1
// when one failed.
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

// The same values on every run, so that a failure is one of the change and not of the day.
const USUAL_SEED = "20261122";
const SUMMARY = /: (\d+) tests? passed, (\d+) failed, (\d+) skipped \(\d+ total tests?\)/;

const projectFolder = path.resolve(import.meta.dirname, "../..");

/** forge's own program from its package for this system; undefined when there is no such package for it. */
function forgeFile() {
  const require = createRequire(import.meta.url);
  const system = `${process.platform}-${process.arch.replace("x64", "amd64")}`;
  const { optionalDependencies } = require("@foundry-rs/forge/package.json");
  const name = `@foundry-rs/forge-${system}`;
  if (!(name in optionalDependencies)) return undefined;
  const program = process.platform === "win32" ? "forge.exe" : "forge";
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin", program);
}

/** What forge is told by its environment; foundry.toml has the rest. */
function environment(seed) {
  return {
    ...process.env,
    PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    FOUNDRY_CONFIG: path.join(import.meta.dirname, "foundry.toml"),
    FOUNDRY_SOLC: path.join(import.meta.dirname, process.platform === "win32" ? "solc.cmd" : "solc.js"),
    FOUNDRY_FUZZ_SEED: seed,
    FOUNDRY_DISABLE_NIGHTLY_WARNING: "true",
  };
}

/** Forge starts the compiler as a program. A copy or an archive of the project may have lost the bit that allows it. */
function makeCompilerExecutable() {
  chmodSync(path.join(import.meta.dirname, "solc.js"), 0o755);
}

/** Builds the contract under test, as the program ships it. */
async function buildContracts() {
  process.chdir(projectFolder); // Hardhat looks for its configuration from the working folder.
  const { default: hre } = await import("hardhat");
  await hre.tasks.getTask("build").run({ quiet: true });
}

/** Runs forge to its end, showing what it writes; gives its exit code and its output. */
async function runForge(file, seed) {
  const forge = spawn(file, ["test", "--root", projectFolder, ...process.argv.slice(2)], {
    env: environment(seed),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kept = forge.stdout.pipe(new PassThrough());
  forge.stdout.pipe(process.stdout, { end: false });
  const ended = new Promise((resolve, reject) => forge.on("error", reject).on("close", resolve));
  return Promise.all([ended, text(kept)]);
}

async function main() {
  const file = forgeFile();
  if (file === undefined) {
    console.log(`foundry tests: no forge for ${process.platform}-${process.arch}`);
    return;
  }
  makeCompilerExecutable();
  await buildContracts();
  const seed = process.env.FOUNDRY_FUZZ_SEED ?? USUAL_SEED;
  console.log(`fuzz seed ${seed}`);
  const [code, output] = await runForge(file, seed);
  process.exitCode = code ?? 1;
  const found = SUMMARY.exec(output);
  if (found === null) return; // forge has said why it could not run the tests
  console.log(`foundry tests: ${found[1]} passed, ${found[2]} failed, ${found[3]} skipped`);
}

await main();
