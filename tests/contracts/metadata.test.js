import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, describe, test } from "node:test";
import { assertReverts } from "./support/chain.js";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** CIDv1 of a dag-pb block, from its definition: "b", then base32 of version, codec, hash kind, length and digest. */
function directoryCid(digest) {
  const bytes = [...Buffer.from("01701220" + digest.slice(2), "hex")];
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return "b" + bits.match(/.{1,5}/g).map((group) => BASE32[parseInt(group.padEnd(5, "0"), 2)]).join("");
}

function uuid(assetId) {
  return assetId.slice(2).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

describe("metadata", () => {
  let nft, minter, alice;
  beforeEach(async () => {
    ({ nft, minter, alice } = await deployAssetNft());
  });

  describe("tokenURI", () => {
    test("of the empty UnixFS directory, whose CID is well known", async () => {
      const digest = "0x" + createHash("sha256").update(Buffer.from("0a020801", "hex")).digest("hex");
      const assetId = "0x0192f0c17b6a7def8123456789abcdef";
      await nft.send(minter, "mintAsset", alice, assetId, digest);
      assert.equal(
        await nft.read("tokenURI", BigInt(assetId)),
        "ipfs://bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354/0192f0c1-7b6a-7def-8123-456789abcdef.json",
      );
    });

    test("of any digest and any asset id", async () => {
      const digests = ["0x" + "ff".repeat(32), "0x" + "00".repeat(31) + "01", "0x80" + "00".repeat(30) + "02"];
      for (let i = 0; i < 20; i += 1) digests.push(digestOf(`directory ${i}`));
      const ids = ["0x" + "ff".repeat(16), "0x" + "00".repeat(15) + "01", ...assetIds(digests.length - 2)];
      for (const [i, digest] of digests.entries()) {
        await nft.send(minter, "mintAsset", alice, ids[i], digest);
        assert.equal(await nft.read("tokenURI", BigInt(ids[i])), `ipfs://${directoryCid(digest)}/${uuid(ids[i])}.json`);
      }
    });

    test("a token that was never minted has none", async () => {
      for (const tokenId of [BigInt(assetIdAt(1)), 1n << 128n]) {
        await assertReverts(nft, nft.read("tokenURI", tokenId), "TokenDoesNotExist");
        await assertReverts(nft, nft.read("directoryDigestOf", tokenId), "TokenDoesNotExist");
      }
    });
  });

  describe("metadata directories", () => {
    const digest = digestOf("directory");
    const sameLow80Bits = "0x" + "11".repeat(22) + digest.slice(-20);

    test("one directory serves several mints", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), digest);
      await nft.send(minter, "batchMint", alice, assetIds(2, 2), digest);
      for (const id of assetIds(3, 1)) assert.equal(await nft.read("directoryDigestOf", BigInt(id)), digest);
    });

    test("each token keeps its own directory", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), digest);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), digestOf("another"));
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(1))), digest);
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(2))), digestOf("another"));
    });

    test("two digests with equal low 80 bits clash", async () => {
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), digest);
      const clash = [digest, sameLow80Bits];
      const single = nft.send(minter, "mintAsset", alice, assetIdAt(2), sameLow80Bits);
      await assertReverts(nft, single, "DirectoryDigestClash", ...clash);
      const batch = nft.send(minter, "batchMint", alice, assetIds(2, 2), sameLow80Bits);
      await assertReverts(nft, batch, "DirectoryDigestClash", ...clash);
    });

    test("two digests that differ only in the 80th bit do not clash", async () => {
      const neighbour = "0x" + (BigInt(digest) ^ (1n << 79n)).toString(16).padStart(64, "0");
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), digest);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), neighbour);
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(1))), digest);
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(2))), neighbour);
    });

    test("a digest must be given; one whose low 80 bits are zero is as good as any", async () => {
      const zero = "0x" + "00".repeat(32);
      await assertReverts(nft, nft.send(minter, "mintAsset", alice, assetIdAt(1), zero), "DirectoryDigestIsZero");
      await assertReverts(nft, nft.send(minter, "batchMint", alice, assetIds(2), zero), "DirectoryDigestIsZero");
      await assertReverts(nft, nft.send(minter, "batchMintTo", [alice], [assetIdAt(1)], zero), "DirectoryDigestIsZero");
      const lowZero = "0x" + "11".repeat(22) + "00".repeat(10);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), lowZero);
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(1))), lowZero);
    });
  });

  describe("asset and token ids", () => {
    test("convert both ways without a token", async () => {
      for (const id of assetIds(5)) {
        assert.equal(await nft.read("tokenIdOf", id), BigInt(id));
        assert.equal(await nft.read("assetIdOf", BigInt(id)), id);
      }
    });

    test("a number wider than 128 bits is no asset", async () => {
      for (const tokenId of [1n << 128n, (1n << 256n) - 1n]) {
        await assertReverts(nft, nft.read("assetIdOf", tokenId), "TokenIdOutOfRange", tokenId);
      }
    });
  });
});
