import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Interface } from "ethers";
import hre from "hardhat";
import { assertReverts, startChain, ZERO_ADDRESS } from "./support/chain.js";
import { assetIdAt, deployAssetNft, digestOf, INSTANCE_ID } from "./support/asset_nft.js";

// The interface ids are those published in the standards.
const ERC165 = "0x01ffc9a7";
const ERC721 = "0x80ac58cd";
const ERC721_METADATA = "0x5b5e139f";
const ERC2981 = "0x2a55205a";
const ERC4906 = "0x49064906";

describe("deployment", () => {
  test("what was given to the constructor can be read", async () => {
    const { nft, admin, minter } = await deployAssetNft();
    assert.equal(await nft.read("name"), "IP Assets");
    assert.equal(await nft.read("symbol"), "IPA");
    assert.equal((await nft.read("owner")).toLowerCase(), admin);
    assert.equal(await nft.read("instanceId"), INSTANCE_ID);
    assert.equal(await nft.read("rolesOf", minter), await nft.read("MINTER_ROLE"));
    assert.equal(await nft.read("rolesOf", admin), 0n);
    assert.equal(await nft.read("paused"), false);
    assert.equal(await nft.read("MAX_BATCH_SIZE"), 256n);
  });

  test("the block of the deployment can be read, whichever it is", async () => {
    const chain = await startChain();
    const [admin] = chain.accounts;
    const args = ["IP Assets", "IPA", admin, admin, INSTANCE_ID, ZERO_ADDRESS, 0n];
    await chain.request("hardhat_mine", "0x3");
    for (const block of [4n, 5n]) {
      const nft = await chain.deploy("IPAssetNFT", args, admin);
      assert.equal(BigInt(nft.deployment.blockNumber), block);
      assert.equal(await nft.read("deployedAtBlock"), block);
    }
  });

  test("without a minter the admin mints", async () => {
    const { nft, admin, alice } = await deployAssetNft({ minter: ZERO_ADDRESS });
    await nft.send(admin, "mintAsset", alice, assetIdAt(1), digestOf("directory"));
    assert.equal((await nft.read("ownerOf", BigInt(assetIdAt(1)))).toLowerCase(), alice);
  });

  test("an admin is required", async () => {
    const { nft } = await deployAssetNft();
    await assertReverts(nft, deployAssetNft({ admin: ZERO_ADDRESS }), "NewOwnerIsZeroAddress");
  });

  test("a name holds 32 bytes and no more", async () => {
    const { nft } = await deployAssetNft({ name: "n".repeat(32), symbol: "é".repeat(16) });
    assert.equal(await nft.read("name"), "n".repeat(32));
    assert.equal(await nft.read("symbol"), "é".repeat(16));
    await assertReverts(nft, deployAssetNft({ name: "n".repeat(33) }), "TextTooLong", "n".repeat(33));
    await assertReverts(nft, deployAssetNft({ symbol: "s".repeat(40) }), "TextTooLong", "s".repeat(40));
  });

  test("a royalty above the whole price is refused", async () => {
    const { nft } = await deployAssetNft({ royaltyBps: 10_000n });
    await assertReverts(nft, deployAssetNft({ royaltyBps: 10_001n }), "RoyaltyOverflow");
    const toNobody = deployAssetNft({ royaltyReceiver: ZERO_ADDRESS, royaltyBps: 10_001n });
    await assertReverts(nft, toNobody, "RoyaltyOverflow");
  });

  test("a royalty without a receiver is refused", async () => {
    const { nft } = await deployAssetNft();
    const toNobody = deployAssetNft({ royaltyReceiver: ZERO_ADDRESS, royaltyBps: 1n });
    await assertReverts(nft, toNobody, "RoyaltyReceiverIsZeroAddress");
  });

  test("the supported interfaces are announced, others are not", async () => {
    const { nft } = await deployAssetNft();
    for (const id of [ERC165, ERC721, ERC721_METADATA, ERC2981, ERC4906]) {
      assert.equal(await nft.read("supportsInterface", id), true, id);
    }
    for (const id of ["0xffffffff", "0x00000000", "0xd9b67a26"]) {
      assert.equal(await nft.read("supportsInterface", id), false, id);
    }
  });

  test("the interface file as a whole is announced, as the exclusive or of its selectors", async () => {
    const { abi } = await hre.artifacts.readArtifact("IIPAssetNFT");
    let id = 0;
    new Interface(abi).forEachFunction(({ selector }) => (id ^= Number(selector)));
    const { nft } = await deployAssetNft();
    const text = "0x" + (id >>> 0).toString(16).padStart(8, "0");
    assert.equal(await nft.read("supportsInterface", text), true);
  });
});
