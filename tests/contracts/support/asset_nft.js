// An IPAssetNFT on the chain at its genesis, its people, and asset ids and digests to mint with.
import { createHash } from "node:crypto";
import { concat, keccak256, toBeHex } from "ethers";
import { startChain } from "./chain.js";

/** Solady keeps a balance at keccak256(owner, this). */
const BALANCE_SEED = "0x0a5a2e7a00000000";

export const INSTANCE_ID = "0x" + "5a".repeat(32);
export const ROYALTY_BPS = 250n;

/** @returns {string} SHA-256 of a text: a plausible directory digest */
export function digestOf(text) {
  return "0x" + createHash("sha256").update(text).digest("hex");
}

/** @returns {string} the n-th asset id: 16 bytes with the version and variant of a UUID v7 */
export function assetIdAt(index) {
  const hex = createHash("sha256").update(`asset ${index}`).digest("hex").slice(0, 32);
  return `0x${hex.slice(0, 12)}7${hex.slice(13, 16)}8${hex.slice(17)}`;
}

export function assetIds(count, first = 0) {
  return Array.from({ length: count }, (_, i) => assetIdAt(first + i));
}

/** Deploys with an admin who can neither mint nor pause by role; `overrides` replace constructor arguments by name. */
export async function deployAssetNft(overrides = {}) {
  const chain = await startChain();
  const [deployer, admin, minter, pauser, alice, bob, royaltyReceiver] = chain.accounts;
  const args = {
    name: "IP Assets",
    symbol: "IPA",
    admin,
    minter,
    instanceId: INSTANCE_ID,
    royaltyReceiver,
    royaltyBps: ROYALTY_BPS,
    ...overrides,
  };
  const nft = await chain.deploy("IPAssetNFT", Object.values(args), deployer);
  nft.setBalance = (owner, balance) =>
    chain.request("hardhat_setStorageAt", nft.address, keccak256(concat([owner, BALANCE_SEED])), toBeHex(balance, 32));
  return { chain, nft, deployer, admin, minter, pauser, alice, bob, royaltyReceiver };
}
