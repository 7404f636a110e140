// Gas from receipts against the committed snapshot. Gas is exact, so any difference is a change of the contract, the
// compiler or its settings: explain it in the commit, and record it with
//   UPDATE_GAS_SNAPSHOT=1 node tests/contracts/run.js gas
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const SNAPSHOT_FILE = path.join(import.meta.dirname, "gas_snapshot.json");
const BATCH_SIZES = [1, 5, 10, 20, 25, 30, 50, 100, 256];
const MAX_TRANSACTION_GAS = 2 ** 24; // Newer rules refuse a transaction above this (EIP-7825).

async function measure() {
  const { chain, nft, minter, alice, bob } = await deployAssetNft();
  const carol = chain.accounts[10];
  const code = await chain.request("eth_getCode", nft.address, "latest");
  // Everybody but the new holders below has tokens before anything is measured.
  await nft.send(minter, "batchMintTo", [alice, alice, bob], assetIds(3), digestOf("before"));
  const gas = { deployment: Number(nft.deployment.gasUsed), code_size_bytes: code.length / 2 - 1 };
  const gasOf = async (...call) => (await nft.send(...call)).gasUsed;
  gas.mint_single = await gasOf(minter, "mintAsset", alice, assetIdAt(3), digestOf("single"));
  gas.mint_single_new_holder = await gasOf(minter, "mintAsset", carol, assetIdAt(4), digestOf("new"));
  gas.mint_single_known_directory = await gasOf(minter, "mintAsset", alice, assetIdAt(5), digestOf("single"));
  let first = 6;
  for (const size of BATCH_SIZES) {
    gas[`batch_${size}`] = await gasOf(minter, "batchMint", alice, assetIds(size, first), digestOf(`b${size}`));
    first += size;
  }
  const newHolders = Array.from({ length: 256 }, (_, i) => "0x" + (0x10000 + i).toString(16).padStart(40, "0"));
  const newAssets = assetIds(newHolders.length, first);
  gas.batch_to_256_new_holders = await gasOf(minter, "batchMintTo", newHolders, newAssets, digestOf("many"));
  gas.transfer = await gasOf(alice, "transferFrom", alice, bob, BigInt(assetIdAt(3)));
  gas.transfer_last_token = await gasOf(carol, "transferFrom", carol, bob, BigInt(assetIdAt(4)));
  return gas;
}

describe("gas", () => {
  test("is what the snapshot says, and the largest batch fits one transaction", async () => {
    const gas = await measure();
    assert.ok(gas.batch_to_256_new_holders < MAX_TRANSACTION_GAS);
    if (process.env.UPDATE_GAS_SNAPSHOT) writeFileSync(SNAPSHOT_FILE, JSON.stringify(gas, null, 2) + "\n");
    assert.deepEqual(gas, JSON.parse(readFileSync(SNAPSHOT_FILE, "utf8")));
  });
});
