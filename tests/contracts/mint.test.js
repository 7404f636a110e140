import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { assertReverts, ZERO_ADDRESS } from "./support/chain.js";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const URI = "https://example.org/1.json";
const ZERO_ASSET = "0x" + "00".repeat(16);

function transferLog(to, assetId) {
  return { name: "Transfer", args: [ZERO_ADDRESS, to, BigInt(assetId)] };
}

function lowerCased(logs) {
  return logs.map(({ name, args }) => ({ name, args: args.map((a) => (typeof a === "string" ? a.toLowerCase() : a)) }));
}

describe("minting", () => {
  let nft, minter, admin, alice, bob;
  beforeEach(async () => {
    ({ nft, minter, admin, alice, bob } = await deployAssetNft());
  });

  describe("mintAsset", () => {
    test("the token id is the asset id, and both ways are readable", async () => {
      const assetId = assetIdAt(1);
      const tokenId = BigInt(assetId);
      await nft.send(minter, "mintAsset", alice, assetId, DIGEST);
      assert.equal((await nft.read("ownerOf", tokenId)).toLowerCase(), alice);
      assert.equal(await nft.read("balanceOf", alice), 1n);
      assert.equal(await nft.read("directoryDigestOf", tokenId), DIGEST);
      assert.equal(await nft.read("validityOf", tokenId), 0n);
      assert.equal(await nft.read("tokenIdOf", assetId), tokenId);
      assert.equal(await nft.read("assetIdOf", tokenId), assetId);
    });

    test("the token id is returned", async () => {
      const data = nft.encode("mintAsset", [alice, assetIdAt(1), DIGEST]);
      const answer = await nft.chain.request("eth_call", { from: minter, to: nft.address, data }, "latest");
      assert.equal(BigInt(answer), BigInt(assetIdAt(1)));
    });

    test("one Transfer from zero is the only log", async () => {
      const { logs } = await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      assert.deepEqual(lowerCased(logs), [transferLog(alice, assetIdAt(1))]);
    });

    test("the smallest and the largest asset id", async () => {
      for (const assetId of ["0x" + "00".repeat(15) + "01", "0x" + "ff".repeat(16)]) {
        await nft.send(minter, "mintAsset", alice, assetId, DIGEST);
        assert.equal(await nft.read("assetIdOf", BigInt(assetId)), assetId);
      }
    });

    test("a second mint of the same asset is refused, whoever receives it", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      const again = nft.send(minter, "mintAsset", bob, assetIdAt(1), digestOf("another"));
      await assertReverts(nft, again, "DuplicateAsset", assetIdAt(1));
      assert.equal((await nft.read("ownerOf", BigInt(assetIdAt(1)))).toLowerCase(), alice);
      assert.equal(await nft.read("balanceOf", bob), 0n);
    });

    test("the zero id is no asset, in every way to mint", async () => {
      const attempts = [
        ["mintAsset", alice, ZERO_ASSET, DIGEST],
        ["mintAssetWithURI", alice, ZERO_ASSET, URI],
        ["batchMint", alice, [assetIdAt(1), ZERO_ASSET], DIGEST],
        ["batchMintTo", [alice, bob], [ZERO_ASSET, assetIdAt(1)], DIGEST],
      ];
      for (const attempt of attempts) await assertReverts(nft, nft.send(minter, ...attempt), "AssetIdIsZero");
      assert.equal(await nft.read("balanceOf", alice), 0n);
    });

    test("a balance is counted to 4,294,967,295 and no further", async () => {
      const carol = nft.chain.accounts[10];
      await nft.send(minter, "mintAsset", bob, assetIdAt(1), DIGEST);
      await nft.setBalance(alice, 0xfffffffen);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), DIGEST);
      assert.equal(await nft.read("balanceOf", alice), 0xffffffffn);
      const overflows = [
        [minter, "mintAsset", alice, assetIdAt(3), DIGEST],
        [minter, "batchMint", alice, assetIds(2, 3), DIGEST],
        [minter, "batchMintTo", [carol, alice], assetIds(2, 3), DIGEST],
        [bob, "transferFrom", bob, alice, BigInt(assetIdAt(1))],
      ];
      for (const call of overflows) await assertReverts(nft, nft.send(...call), "AccountBalanceOverflow");
    });

    test("an asset stays unique after its token moved", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      await nft.send(alice, "transferFrom", alice, bob, BigInt(assetIdAt(1)));
      await assertReverts(nft, nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST), "DuplicateAsset", assetIdAt(1));
    });

    test("the zero address receives nothing", async () => {
      await assertReverts(nft, nft.send(minter, "mintAsset", ZERO_ADDRESS, assetIdAt(1), DIGEST), "TransferToZeroAddress");
    });

    test("only a minter mints; the admin is none", async () => {
      for (const caller of [admin, alice]) {
        await assertReverts(nft, nft.send(caller, "mintAsset", alice, assetIdAt(1), DIGEST), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "mintAssetWithURI", alice, assetIdAt(1), URI), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "batchMint", alice, [assetIdAt(1)], DIGEST), "Unauthorized");
        await assertReverts(nft, nft.send(caller, "batchMintTo", [alice], [assetIdAt(1)], DIGEST), "Unauthorized");
      }
    });
  });

  describe("batchMint", () => {
    test("every asset becomes a token of the recipient, one Transfer each in the order given", async () => {
      const ids = assetIds(5);
      const { logs } = await nft.send(minter, "batchMint", alice, ids, DIGEST);
      assert.deepEqual(lowerCased(logs), ids.map((id) => transferLog(alice, id)));
      assert.equal(await nft.read("balanceOf", alice), 5n);
      for (const id of ids) {
        assert.equal((await nft.read("ownerOf", BigInt(id))).toLowerCase(), alice);
        assert.equal(await nft.read("directoryDigestOf", BigInt(id)), DIGEST);
      }
    });

    test("one asset twice in a batch: nothing is minted", async () => {
      const ids = [assetIdAt(1), assetIdAt(2), assetIdAt(1)];
      await assertReverts(nft, nft.send(minter, "batchMint", alice, ids, DIGEST), "DuplicateAsset", assetIdAt(1));
      assert.equal(await nft.read("balanceOf", alice), 0n);
    });

    test("what stands beside an id in its word is dropped, so it cannot tell two mints of one asset apart", async () => {
      const [id] = assetIds(1);
      const clean = nft.encode("batchMint", [alice, [id, id], DIGEST]);
      const dirty = clean.slice(0, -32) + "ff".repeat(16);
      const attempt = nft.chain.request("eth_call", { from: minter, to: nft.address, data: dirty }, "latest");
      await assertReverts(nft, attempt, "DuplicateAsset", id);
    });

    test("one asset minted before: nothing of the batch is minted", async () => {
      await nft.send(minter, "mintAsset", bob, assetIdAt(2), DIGEST);
      await assertReverts(nft, nft.send(minter, "batchMint", alice, assetIds(3, 1), DIGEST), "DuplicateAsset", assetIdAt(2));
      assert.equal(await nft.read("balanceOf", alice), 0n);
    });

    test("1 to 256 assets", async () => {
      await nft.send(minter, "batchMint", alice, assetIds(256), DIGEST);
      assert.equal(await nft.read("balanceOf", alice), 256n);
      await assertReverts(nft, nft.send(minter, "batchMint", alice, [], DIGEST), "EmptyBatch");
      await assertReverts(nft, nft.send(minter, "batchMint", alice, assetIds(257, 1000), DIGEST), "BatchTooLarge", 257n);
    });

    test("the zero address receives nothing", async () => {
      await assertReverts(nft, nft.send(minter, "batchMint", ZERO_ADDRESS, assetIds(2), DIGEST), "TransferToZeroAddress");
    });
  });

  describe("batchMintTo", () => {
    test("every asset goes to its own recipient", async () => {
      const ids = assetIds(3);
      const { logs } = await nft.send(minter, "batchMintTo", [alice, bob, alice], ids, DIGEST);
      assert.deepEqual(lowerCased(logs), [transferLog(alice, ids[0]), transferLog(bob, ids[1]), transferLog(alice, ids[2])]);
      assert.equal(await nft.read("balanceOf", alice), 2n);
      assert.equal(await nft.read("balanceOf", bob), 1n);
    });

    test("as many recipients as assets, 1 to 256", async () => {
      const few = nft.send(minter, "batchMintTo", [alice], assetIds(2), DIGEST);
      await assertReverts(nft, few, "LengthMismatch", 1n, 2n);
      const many = nft.send(minter, "batchMintTo", [alice, bob, bob], assetIds(2), DIGEST);
      await assertReverts(nft, many, "LengthMismatch", 3n, 2n);
      await assertReverts(nft, nft.send(minter, "batchMintTo", [], [], DIGEST), "EmptyBatch");
      const over = nft.send(minter, "batchMintTo", Array(257).fill(alice), assetIds(257), DIGEST);
      await assertReverts(nft, over, "BatchTooLarge", 257n);
    });

    test("one bad item: nothing is minted", async () => {
      const zero = nft.send(minter, "batchMintTo", [alice, ZERO_ADDRESS], assetIds(2), DIGEST);
      await assertReverts(nft, zero, "TransferToZeroAddress");
      const twice = nft.send(minter, "batchMintTo", [alice, bob], [assetIdAt(1), assetIdAt(1)], DIGEST);
      await assertReverts(nft, twice, "DuplicateAsset", assetIdAt(1));
      assert.equal(await nft.read("balanceOf", alice), 0n);
    });
  });
});
