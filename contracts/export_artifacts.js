// Compiles the contracts and keeps what the program and its tests need of them under version control:
//   node contracts/export_artifacts.js           compile and write
//   node contracts/export_artifacts.js --check   compile, write nothing, exit 1 when a file on disk is stale
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const PROJECT_FOLDER = path.resolve(import.meta.dirname, "..");
const COMMAND = "node contracts/export_artifacts.js";

const EXPORTS = [
  { source: "contracts/IPAssetNFT.sol", name: "IPAssetNFT", folder: "resources/contracts" },
  { source: "contracts/baselines/CommonAssetNFT.sol", name: "CommonAssetNFT", folder: "resources/contracts/baselines" },
  { source: "contracts/baselines/SequentialAssetNFT.sol", name: "SequentialAssetNFT", folder: "resources/contracts/baselines" },
  { source: "contracts/mocks/AcceptingReceiver.sol", name: "AcceptingReceiver", folder: "tests/support/contracts" },
  { source: "contracts/mocks/BubblingReceiver.sol", name: "BubblingReceiver", folder: "tests/support/contracts" },
  { source: "contracts/mocks/BurningReceiver.sol", name: "BurningReceiver", folder: "tests/support/contracts" },
  { source: "contracts/mocks/ReenteringReceiver.sol", name: "ReenteringReceiver", folder: "tests/support/contracts" },
  { source: "contracts/mocks/RefusingReceiver.sol", name: "RefusingReceiver", folder: "tests/support/contracts" },
];

/** Compiles everything; gives a function that finds a contract's compiler output. */
async function compile() {
  process.chdir(PROJECT_FOLDER); // Hardhat looks for its configuration from the working folder.
  const { default: hre } = await import("hardhat");
  await hre.tasks.getTask("build").run({ quiet: true });
  return async ({ source, name }) => {
    const fullName = `${source}:${name}`;
    const artifact = await hre.artifacts.readArtifact(fullName);
    const outputPath = await hre.artifacts.getBuildInfoOutputPath(await hre.artifacts.getBuildInfoId(fullName));
    const { output } = JSON.parse(await readFile(outputPath, "utf8"));
    return output.contracts[artifact.inputSourceName][name];
  };
}

/** One contract as the program reads it. Keys are sorted, so that equal sources give equal bytes. */
function exportedText({ source, name }, compiled) {
  const metadata = JSON.parse(compiled.metadata);
  const { evmVersion, optimizer, viaIR = false } = metadata.settings;
  const content = {
    contractName: name,
    sourceName: source,
    compiler: { version: metadata.compiler.version, settings: { evmVersion, optimizer, viaIR } },
    sourceHash: sourceHash(metadata.sources),
    abi: compiled.abi,
    bytecode: "0x" + compiled.evm.bytecode.object,
    deployedBytecode: "0x" + compiled.evm.deployedBytecode.object,
    immutableReferences: Object.values(compiled.evm.deployedBytecode.immutableReferences ?? {}).flat(),
    storageLayout: storageLayout(compiled.storageLayout),
  };
  return JSON.stringify(sorted(content), null, 2) + "\n";
}

/** SHA-256 over the path and keccak-256 hash of every source file that the contract is compiled from. */
function sourceHash(sources) {
  const lines = Object.entries(sources).map(([file, { keccak256 }]) => `${file} ${keccak256}\n`);
  return "0x" + createHash("sha256").update(lines.sort().join("")).digest("hex");
}

/** The compiler's layout without its AST node numbers, which change with any edit; structs carry one in their name. */
function storageLayout(layout) {
  const text = JSON.stringify(layout, (key, value) => (key === "astId" ? undefined : value));
  const { storage, types } = JSON.parse(text.replaceAll(/(t_struct\(\w+\))\d+_storage/g, "$1_storage"));
  const variables = storage.map(({ label, offset, slot, type }) => ({ label, offset, slot, type }));
  return { storage: variables, types: types ?? {} };
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

async function main() {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  const compiledOf = await compile();
  const stale = [];
  for (const entry of EXPORTS) {
    const text = exportedText(entry, await compiledOf(entry));
    const file = path.join(PROJECT_FOLDER, entry.folder, `${entry.name}.json`);
    const onDisk = await readFile(file, "utf8").catch(() => undefined);
    // A checkout on Windows may have turned the line ends.
    if (onDisk?.replaceAll("\r\n", "\n") === text) continue;
    stale.push(path.posix.join(entry.folder, `${entry.name}.json`));
    if (check) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  report(check, stale);
}

function report(check, stale) {
  if (stale.length === 0) {
    console.log(`Contract artifacts are up to date (${EXPORTS.length} files).`);
  } else if (check) {
    console.error(`Contract artifacts are stale: ${stale.join(", ")}. Run "${COMMAND}" and commit the result.`);
    process.exitCode = 1;
  } else {
    console.log(`Contract artifacts written: ${stale.join(", ")}.`);
  }
}

await main();
