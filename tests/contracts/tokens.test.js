import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { getAddress } from "ethers";
import { assertReverts, ZERO_ADDRESS } from "./support/chain.js";
import { assetIdAt, deployAssetNft, digestOf, ROYALTY_BPS } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const REASON = digestOf("court order");
const TOKEN = BigInt(assetIdAt(1));
const UNKNOWN_TOKEN = BigInt(assetIdAt(99));
const MAX_UINT256 = (1n << 256n) - 1n;
const [VALID, SUSPENDED, REVOKED] = [0n, 1n, 2n];
const SAFE_TRANSFER = "safeTransferFrom(address,address,uint256)";
const SAFE_TRANSFER_WITH_DATA = "safeTransferFrom(address,address,uint256,bytes)";

describe("tokens", () => {
  let nft, admin, minter, alice, bob, carol, royaltyReceiver;
  beforeEach(async () => {
    let chain;
    ({ chain, nft, admin, minter, alice, bob, royaltyReceiver } = await deployAssetNft());
    carol = chain.accounts[10];
    await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
  });

  async function ownerOf(tokenId) {
    return (await nft.read("ownerOf", tokenId)).toLowerCase();
  }

  describe("transfers", () => {
    for (const [method, ...rest] of [["transferFrom"], [SAFE_TRANSFER], [SAFE_TRANSFER_WITH_DATA, "0x1234"]]) {
      test(`${method}: owner, approved account and operator move a token; its directory and validity stay`, async () => {
        await nft.send(alice, method, alice, bob, TOKEN, ...rest);
        await nft.send(bob, "approve", carol, TOKEN);
        await nft.send(carol, method, bob, alice, TOKEN, ...rest);
        await nft.send(alice, "setApprovalForAll", carol, true);
        await nft.send(carol, method, alice, bob, TOKEN, ...rest);
        assert.equal(await ownerOf(TOKEN), bob);
        assert.equal(await nft.read("balanceOf", alice), 0n);
        assert.equal(await nft.read("balanceOf", bob), 1n);
        assert.equal(await nft.read("directoryDigestOf", TOKEN), DIGEST);
        assert.equal(await nft.read("validityOf", TOKEN), VALID);
      });

      test(`${method}: strangers, wrong owners and unknown tokens are refused`, async () => {
        await assertReverts(nft, nft.send(bob, method, alice, bob, TOKEN, ...rest), "NotOwnerNorApproved");
        await assertReverts(nft, nft.send(alice, method, bob, alice, TOKEN, ...rest), "TransferFromIncorrectOwner");
        await assertReverts(nft, nft.send(alice, method, alice, ZERO_ADDRESS, TOKEN, ...rest), "TransferToZeroAddress");
        await assertReverts(nft, nft.send(alice, method, alice, bob, UNKNOWN_TOKEN, ...rest), "TokenDoesNotExist");
      });
    }

    test("approvals are announced, readable, and given by the owner or an operator only", async () => {
      const approval = await nft.send(alice, "approve", carol, TOKEN);
      assert.deepEqual(approval.logs, [{ name: "Approval", args: [getAddress(alice), getAddress(carol), TOKEN] }]);
      await assertReverts(nft, nft.send(carol, "approve", bob, TOKEN), "NotOwnerNorApproved");
      await assertReverts(nft, nft.send(alice, "approve", bob, UNKNOWN_TOKEN), "TokenDoesNotExist");
      await assertReverts(nft, nft.read("getApproved", UNKNOWN_TOKEN), "TokenDoesNotExist");
      for (const approved of [true, false]) {
        const { logs } = await nft.send(alice, "setApprovalForAll", bob, approved);
        assert.deepEqual(logs, [{ name: "ApprovalForAll", args: [getAddress(alice), getAddress(bob), approved] }]);
        assert.equal(await nft.read("isApprovedForAll", alice, bob), approved);
        const attempt = nft.send(bob, "approve", bob, TOKEN);
        if (approved) await attempt;
        else await assertReverts(nft, attempt, "NotOwnerNorApproved");
      }
    });

    test("a token that does not exist has no owner, and nobody has a balance at zero", async () => {
      await assertReverts(nft, nft.read("ownerOf", UNKNOWN_TOKEN), "TokenDoesNotExist");
      await assertReverts(nft, nft.read("balanceOf", ZERO_ADDRESS), "BalanceQueryForZeroAddress");
    });

    test("a transfer to oneself changes nothing", async () => {
      await nft.send(alice, "transferFrom", alice, alice, TOKEN);
      assert.equal(await ownerOf(TOKEN), alice);
      assert.equal(await nft.read("balanceOf", alice), 1n);
    });

    test("an approval ends with the transfer", async () => {
      await nft.send(alice, "approve", carol, TOKEN);
      assert.equal((await nft.read("getApproved", TOKEN)).toLowerCase(), carol);
      await nft.send(alice, "transferFrom", alice, bob, TOKEN);
      assert.equal(await nft.read("getApproved", TOKEN), ZERO_ADDRESS);
      await assertReverts(nft, nft.send(carol, "transferFrom", bob, carol, TOKEN), "NotOwnerNorApproved");
    });

    test("neither the admin nor the minter moves what is not theirs", async () => {
      for (const caller of [admin, minter]) {
        await assertReverts(nft, nft.send(caller, "transferFrom", alice, caller, TOKEN), "NotOwnerNorApproved");
      }
    });
  });

  describe("validity", () => {
    test("a change is announced, with its reason and the standard's refresh event", async () => {
      for (const validity of [SUSPENDED, VALID, REVOKED]) {
        const { logs } = await nft.send(admin, "setValidity", TOKEN, validity, REASON);
        assert.deepEqual(logs, [
          { name: "ValidityChanged", args: [TOKEN, validity, REASON] },
          { name: "MetadataUpdate", args: [TOKEN] },
        ]);
        assert.equal(await nft.read("validityOf", TOKEN), validity);
      }
    });

    test("owner, balance, directory and other tokens stay as they were", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), DIGEST);
      await nft.send(admin, "setValidity", TOKEN, REVOKED, REASON);
      assert.equal(await ownerOf(TOKEN), alice);
      assert.equal(await nft.read("balanceOf", alice), 2n);
      assert.equal(await nft.read("directoryDigestOf", TOKEN), DIGEST);
      assert.equal(await nft.read("validityOf", BigInt(assetIdAt(2))), VALID);
    });

    for (const [name, validity] of [["suspended", SUSPENDED], ["revoked", REVOKED]]) {
      test(`a ${name} token does not move, whoever tries`, async () => {
        await nft.send(alice, "setApprovalForAll", carol, true);
        await nft.send(admin, "setValidity", TOKEN, validity, REASON);
        const attempts = [
          [alice, "transferFrom", alice, bob, TOKEN],
          [carol, "transferFrom", alice, bob, TOKEN],
          [alice, SAFE_TRANSFER, alice, bob, TOKEN],
          [alice, SAFE_TRANSFER_WITH_DATA, alice, bob, TOKEN, "0x"],
        ];
        for (const attempt of attempts) {
          await assertReverts(nft, nft.send(...attempt), "TokenNotTransferable", TOKEN, validity);
        }
        assert.equal(await ownerOf(TOKEN), alice);
      });
    }

    test("a token that is valid again moves again", async () => {
      await nft.send(admin, "setValidity", TOKEN, SUSPENDED, REASON);
      await nft.send(admin, "setValidity", TOKEN, VALID, REASON);
      await nft.send(alice, "transferFrom", alice, bob, TOKEN);
      assert.equal(await ownerOf(TOKEN), bob);
    });

    test("a revoked asset is not minted a second time", async () => {
      await nft.send(admin, "setValidity", TOKEN, REVOKED, REASON);
      await assertReverts(nft, nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST), "DuplicateAsset", assetIdAt(1));
    });

    test("a token that was never minted has none, and a fourth standing does not exist", async () => {
      await assertReverts(nft, nft.read("validityOf", UNKNOWN_TOKEN), "TokenDoesNotExist");
      await assertReverts(nft, nft.send(admin, "setValidity", UNKNOWN_TOKEN, REVOKED, REASON), "TokenDoesNotExist");
      for (const validity of [3n, 255n]) {
        const attempt = nft.send(admin, "setValidity", TOKEN, validity, REASON);
        await assertReverts(nft, attempt, "ValidityOutOfRange", validity);
      }
      assert.equal(await nft.read("validityOf", TOKEN), VALID);
    });
  });

  describe("royalty", () => {
    const PRICE_WEI = 10n ** 18n;

    async function royaltyOf(tokenId) {
      const [receiver, amount] = await nft.read("royaltyInfo", tokenId, PRICE_WEI);
      return [receiver.toLowerCase(), amount];
    }

    test("the default applies to every token", async () => {
      assert.deepEqual(await royaltyOf(TOKEN), [royaltyReceiver, (PRICE_WEI * ROYALTY_BPS) / 10_000n]);
      const { logs } = await nft.send(admin, "setDefaultRoyalty", bob, 1000n);
      assert.deepEqual(logs, [{ name: "DefaultRoyaltyChanged", args: [getAddress(bob), 1000n] }]);
      assert.deepEqual(await royaltyOf(TOKEN), [bob, PRICE_WEI / 10n]);
    });

    test("a token's own royalty goes first, until it is taken away", async () => {
      const set = await nft.send(admin, "setTokenRoyalty", TOKEN, carol, 500n);
      assert.deepEqual(set.logs, [{ name: "TokenRoyaltyChanged", args: [TOKEN, getAddress(carol), 500n] }]);
      assert.deepEqual(await royaltyOf(TOKEN), [carol, PRICE_WEI / 20n]);
      assert.deepEqual((await royaltyOf(UNKNOWN_TOKEN))[0], royaltyReceiver);
      const reset = await nft.send(admin, "resetTokenRoyalty", TOKEN);
      assert.deepEqual(reset.logs, [{ name: "TokenRoyaltyChanged", args: [TOKEN, ZERO_ADDRESS, 0n] }]);
      assert.deepEqual((await royaltyOf(TOKEN))[0], royaltyReceiver);
    });

    test("0 to 10,000 basis points, to somebody, for a token that exists", async () => {
      await nft.send(admin, "setDefaultRoyalty", bob, 0n);
      assert.deepEqual(await royaltyOf(TOKEN), [bob, 0n]);
      await nft.send(admin, "setTokenRoyalty", TOKEN, bob, 10_000n);
      assert.deepEqual(await royaltyOf(TOKEN), [bob, PRICE_WEI]);
      const zeroReceiver = "RoyaltyReceiverIsZeroAddress";
      await assertReverts(nft, nft.send(admin, "setDefaultRoyalty", bob, 10_001n), "RoyaltyOverflow");
      await assertReverts(nft, nft.send(admin, "setDefaultRoyalty", ZERO_ADDRESS, 1n), zeroReceiver);
      await assertReverts(nft, nft.send(admin, "setTokenRoyalty", TOKEN, bob, 10_001n), "RoyaltyOverflow");
      await assertReverts(nft, nft.send(admin, "setTokenRoyalty", TOKEN, ZERO_ADDRESS, 1n), zeroReceiver);
      await assertReverts(nft, nft.send(admin, "setTokenRoyalty", UNKNOWN_TOKEN, bob, 1n), "TokenDoesNotExist");
      await assertReverts(nft, nft.send(admin, "resetTokenRoyalty", UNKNOWN_TOKEN), "TokenDoesNotExist");
    });

    test("is rounded down, and is exact at any price", async () => {
      const amountAt = async (price) => (await nft.read("royaltyInfo", TOKEN, price))[1];
      await nft.send(admin, "setDefaultRoyalty", bob, 333n);
      for (const price of [0n, 1n, 30n, 31n, 9_999n, 10_000n, 10_001n, PRICE_WEI + 7n, 1n << 250n, MAX_UINT256]) {
        assert.equal(await amountAt(price), (price * 333n) / 10_000n, String(price));
      }
      await nft.send(admin, "setDefaultRoyalty", bob, 10_000n);
      assert.equal(await amountAt(MAX_UINT256), MAX_UINT256);
    });

    test("without a receiver at deployment there is none", async () => {
      const other = await deployAssetNft({ royaltyReceiver: ZERO_ADDRESS, royaltyBps: 0n });
      assert.deepEqual(await other.nft.read("royaltyInfo", TOKEN, PRICE_WEI), [ZERO_ADDRESS, 0n]);
    });
  });
});
