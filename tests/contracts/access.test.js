import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { getAddress } from "ethers";
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

    test("what an account holds can be asked", async () => {
      await nft.send(admin, "grantRoles", alice, MINTER);
      for (const [asked, any, all] of [[MINTER, true, true], [MINTER | PAUSER, true, false], [PAUSER, false, false]]) {
        assert.equal(await nft.read("hasAnyRole", alice, asked), any);
        assert.equal(await nft.read("hasAllRoles", alice, asked), all);
      }
    });

    test("a role can be given up, and that is announced", async () => {
      const { logs } = await nft.send(minter, "renounceRoles", MINTER);
      assert.deepEqual(logs, [{ name: "RolesUpdated", args: [getAddress(minter), 0n] }]);
      await assertReverts(nft, nft.send(minter, "mintAsset", bob, assetIdAt(1), DIGEST), "Unauthorized");
    });

    test("what the admin alone may do is closed to minter, pauser and owner of the token", async () => {
      await nft.send(admin, "grantRoles", pauser, PAUSER);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      const tokenId = BigInt(assetIdAt(1));
      for (const caller of [minter, pauser, alice]) {
        await assertReverts(nft, nft.send(caller, "setValidity", tokenId, 1, DIGEST), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "amendDirectory", tokenId, digestOf("other")), "Unauthorized");
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

    test("a request can be taken back; both are announced", async () => {
      const requested = await nft.send(alice, "requestOwnershipHandover");
      assert.deepEqual(requested.logs, [{ name: "OwnershipHandoverRequested", args: [getAddress(alice)] }]);
      const cancelled = await nft.send(alice, "cancelOwnershipHandover");
      assert.deepEqual(cancelled.logs, [{ name: "OwnershipHandoverCanceled", args: [getAddress(alice)] }]);
      assert.equal(await nft.read("ownershipHandoverExpiresAt", alice), 0n);
      await assertReverts(nft, nft.send(admin, "completeOwnershipHandover", alice), "NoHandoverRequest");
    });

    for (const [late_s, consented] of [[0, true], [1, false]]) {
      test(`a request lives 48 hours to the second: consent ${late_s} s late`, async () => {
        await nft.send(alice, "requestOwnershipHandover");
        const { timestamp } = await chain.request("eth_getBlockByNumber", "latest", false);
        const expiresAt = await nft.read("ownershipHandoverExpiresAt", alice);
        assert.equal(expiresAt, BigInt(timestamp) + BigInt(HANDOVER_LIFETIME_S));
        await chain.request("evm_setNextBlockTimestamp", Number(expiresAt) + late_s);
        const consent = nft.send(admin, "completeOwnershipHandover", alice);
        if (consented) await consent;
        else await assertReverts(nft, consent, "NoHandoverRequest");
      });
    }

    test("a consent is used up: the former admin does not come back by an old request", async () => {
      await nft.send(alice, "requestOwnershipHandover");
      await nft.send(admin, "completeOwnershipHandover", alice);
      await assertReverts(nft, nft.send(alice, "completeOwnershipHandover", alice), "NoHandoverRequest");
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
        [minter, "mintAssetWithURI", alice, assetIdAt(2), "ipfs://any"],
        [minter, "batchMint", alice, [assetIdAt(2)], DIGEST],
        [minter, "batchMintTo", [alice], [assetIdAt(2)], DIGEST],
        [alice, "transferFrom", alice, bob, tokenId],
        [bob, "transferFrom", alice, bob, tokenId],
        [alice, "safeTransferFrom(address,address,uint256)", alice, bob, tokenId],
        [alice, "safeTransferFrom(address,address,uint256,bytes)", alice, bob, tokenId, "0x"],
      ];
      for (const call of stopped) await assertReverts(nft, nft.send(...call), "ContractPaused");
      await nft.send(admin, "setValidity", tokenId, 1, DIGEST);
      await nft.send(admin, "amendDirectory", tokenId, digestOf("amended"));
      await nft.send(alice, "approve", minter, tokenId);
      await nft.send(admin, "grantRoles", bob, MINTER);
      await nft.send(admin, "setDefaultRoyalty", bob, 1n);
      assert.equal((await nft.read("ownerOf", tokenId)).toLowerCase(), alice);
    });

    test("does not stop the admin role from being handed over", async () => {
      await nft.send(pauser, "pause");
      await nft.send(bob, "requestOwnershipHandover");
      await nft.send(admin, "completeOwnershipHandover", bob);
      assert.equal((await nft.read("owner")).toLowerCase(), bob);
      assert.equal(await nft.read("paused"), true);
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
