import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { assertReverts } from "./support/chain.js";
import { assetIdAt, deployAssetNft, digestOf } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const HANDOVER_LIFETIME_S = 48 * 3600;

describe("access", () => {
  let chain, nft, admin, minter, pauser, alice, bob, MINTER, PAUSER;
  beforeEach(async () => {
    ({ chain, nft, admin, minter, pauser, alice, bob } = await deployAssetNft());
    MINTER = await nft.read("MINTER_ROLE");
    PAUSER = await nft.read("PAUSER_ROLE");
  });

  describe("roles", () => {
    test("the admin grants and revokes; a role counts from then on", async () => {
      const { logs } = await nft.send(admin, "grantRoles", alice, MINTER);
      assert.deepEqual(logs.map((log) => [log.name, log.args[1]]), [["RolesUpdated", MINTER]]);
      await nft.send(alice, "mintAsset", bob, assetIdAt(1), DIGEST);
      await nft.send(admin, "revokeRoles", alice, MINTER);
      await assertReverts(nft, nft.send(alice, "mintAsset", bob, assetIdAt(2), DIGEST), "Unauthorized");
    });

    test("the roles are distinct bits", async () => {
      assert.notEqual(MINTER, 0n);
      assert.notEqual(PAUSER, 0n);
      assert.equal(MINTER & PAUSER, 0n);
    });

    test("nobody else grants or revokes, not even a holder of every role", async () => {
      await nft.send(admin, "grantRoles", alice, MINTER | PAUSER);
      for (const caller of [alice, bob]) {
        await assertReverts(nft, nft.send(caller, "grantRoles", bob, MINTER), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "revokeRoles", minter, MINTER), "Unauthorized");
      }
    });

    test("a role can be given up", async () => {
      await nft.send(minter, "renounceRoles", MINTER);
      await assertReverts(nft, nft.send(minter, "mintAsset", bob, assetIdAt(1), DIGEST), "Unauthorized");
    });

    test("what the admin alone may do is closed to minter, pauser and owner of the token", async () => {
      await nft.send(admin, "grantRoles", pauser, PAUSER);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      const tokenId = BigInt(assetIdAt(1));
      for (const caller of [minter, pauser, alice]) {
        await assertReverts(nft, nft.send(caller, "setValidity", tokenId, 1, DIGEST), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "setDefaultRoyalty", alice, 1n), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "setTokenRoyalty", tokenId, alice, 1n), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "resetTokenRoyalty", tokenId), "Unauthorized");
      }
    });
  });

  describe("handing the admin role over", () => {
    test("needs the successor's request and the admin's consent", async () => {
      await assertReverts(nft, nft.send(admin, "completeOwnershipHandover", alice), "NoHandoverRequest");
      await nft.send(alice, "requestOwnershipHandover");
      await assertReverts(nft, nft.send(alice, "completeOwnershipHandover", alice), "Unauthorized");
      const { logs } = await nft.send(admin, "completeOwnershipHandover", alice);
      assert.deepEqual(logs.map(({ name, args }) => [name, ...args.map((a) => a.toLowerCase())]), [
        ["OwnershipTransferred", admin, alice],
      ]);
      await nft.send(alice, "grantRoles", bob, MINTER);
      await assertReverts(nft, nft.send(admin, "grantRoles", bob, MINTER), "Unauthorized");
    });

    test("a request can be taken back", async () => {
      await nft.send(alice, "requestOwnershipHandover");
      await nft.send(alice, "cancelOwnershipHandover");
      await assertReverts(nft, nft.send(admin, "completeOwnershipHandover", alice), "NoHandoverRequest");
    });

    test("a request ends after 48 hours", async () => {
      await nft.send(alice, "requestOwnershipHandover");
      await chain.increaseTime(HANDOVER_LIFETIME_S + 1);
      await assertReverts(nft, nft.send(admin, "completeOwnershipHandover", alice), "NoHandoverRequest");
    });

    test("one step is never enough, and the role is never vacant", async () => {
      for (const caller of [admin, alice]) {
        await assertReverts(nft, nft.send(caller, "transferOwnership", alice), "HandoverNeedsTwoSteps");
        await assertReverts(nft, nft.send(caller, "renounceOwnership"), "HandoverNeedsTwoSteps");
      }
      assert.equal((await nft.read("owner")).toLowerCase(), admin);
    });
  });

  describe("pause", () => {
    beforeEach(async () => {
      await nft.send(admin, "grantRoles", pauser, PAUSER);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
    });

    test("stops every way to mint and to move, and nothing else", async () => {
      const tokenId = BigInt(assetIdAt(1));
      await nft.send(alice, "approve", bob, tokenId);
      await nft.send(pauser, "pause");
      const stopped = [
        [minter, "mintAsset", alice, assetIdAt(2), DIGEST],
        [minter, "batchMint", alice, [assetIdAt(2)], DIGEST],
        [minter, "batchMintTo", [alice], [assetIdAt(2)], DIGEST],
        [alice, "transferFrom", alice, bob, tokenId],
        [bob, "transferFrom", alice, bob, tokenId],
        [alice, "safeTransferFrom(address,address,uint256)", alice, bob, tokenId],
        [alice, "safeTransferFrom(address,address,uint256,bytes)", alice, bob, tokenId, "0x"],
      ];
      for (const call of stopped) await assertReverts(nft, nft.send(...call), "ContractPaused");
      await nft.send(admin, "setValidity", tokenId, 1, DIGEST);
      await nft.send(alice, "approve", minter, tokenId);
      assert.equal((await nft.read("ownerOf", tokenId)).toLowerCase(), alice);
    });

    test("ends with unpause", async () => {
      await nft.send(pauser, "pause");
      assert.equal(await nft.read("paused"), true);
      await nft.send(pauser, "unpause");
      assert.equal(await nft.read("paused"), false);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), DIGEST);
      await nft.send(alice, "transferFrom", alice, bob, BigInt(assetIdAt(1)));
    });

    test("is announced with the account that did it", async () => {
      for (const [method, event] of [["pause", "Paused"], ["unpause", "Unpaused"]]) {
        const { logs } = await nft.send(pauser, method);
        assert.deepEqual(logs.map(({ name, args }) => [name, args[0].toLowerCase()]), [[event, pauser]]);
      }
    });

    test("the admin may do it without the role, others may not", async () => {
      for (const caller of [minter, alice]) {
        await assertReverts(nft, nft.send(caller, "pause"), "Unauthorized");
      }
      await nft.send(admin, "pause");
      for (const caller of [minter, alice]) {
        await assertReverts(nft, nft.send(caller, "unpause"), "Unauthorized");
      }
      await nft.send(admin, "unpause");
    });

    test("is said twice only in error", async () => {
      await assertReverts(nft, nft.send(pauser, "unpause"), "ContractNotPaused");
      await nft.send(pauser, "pause");
      await assertReverts(nft, nft.send(pauser, "pause"), "ContractPaused");
    });
  });
});
