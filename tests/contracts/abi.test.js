// Everything that the contract's ABI offers is named in a test, so that coverage is checked, not hoped for.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { Interface } from "ethers";
import hre from "hardhat";

/** Solady declares these, and the compiler lists them; no code of this contract can reach them. */
const UNREACHABLE = new Map([
  ["AlreadyInitialized", "the admin is set by the constructor alone"],
  ["TokenAlreadyExists", "a mint looks by itself and reverts with DuplicateAsset, which names the asset"],
  ["TransferToNonERC721ReceiverImplementer", "safeTransferFrom is overridden and reverts with RecipientRefused"],
]);

/** ERC-4906 declares it; nothing emits it so far. */
const NEVER_EMITTED = new Set(["BatchMetadataUpdate"]);

const TESTS = globSync(path.join(import.meta.dirname, "*.test.js"))
  .filter((file) => file !== import.meta.filename)
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

function isNamed(name) {
  return new RegExp(`"${name}[("]`).test(TESTS);
}

describe("the ABI", () => {
  for (const type of ["function", "event", "error"]) {
    test(`every ${type} is named in a test`, async () => {
      const { abi } = await hre.artifacts.readArtifact("IPAssetNFT");
      const names = new Set(abi.filter((entry) => entry.type === type).map((entry) => entry.name));
      assert.ok(names.size >= 10);
      const excepted = (name) => UNREACHABLE.has(name) || NEVER_EMITTED.has(name);
      assert.deepEqual([...names].filter((name) => !isNamed(name) && !excepted(name)), []);
    });
  }

  test("what is excepted is in the ABI, and no test reaches it", async () => {
    const { abi } = await hre.artifacts.readArtifact("IPAssetNFT");
    for (const name of [...UNREACHABLE.keys(), ...NEVER_EMITTED]) {
      assert.ok(abi.some((entry) => entry.name === name), name);
      assert.ok(!isNamed(name), name);
    }
  });

  test("the bytecode does not hold the selectors of errors that cannot be reached", async () => {
    const { abi, deployedBytecode } = await hre.artifacts.readArtifact("IPAssetNFT");
    const contract = new Interface(abi);
    assert.ok(deployedBytecode.includes(contract.getError("Reentrancy").selector.slice(2)));
    for (const name of UNREACHABLE.keys()) {
      assert.ok(!deployedBytecode.includes(contract.getError(name).selector.slice(2)), name);
    }
  });
});
