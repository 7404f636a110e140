// Tokens with a URI of their own, and the amendment of a token's directory.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { AbiCoder, getAddress, keccak256 } from "ethers";
import { assertReverts, ZERO_ADDRESS } from "./support/chain.js";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const OTHER_DIGEST = digestOf("other directory");
const ZERO_DIGEST = "0x" + "00".repeat(32);
const URI = "https://example.org/assets/1.json";
const [ASSET] = assetIds(1, 1);
const TOKEN = BigInt(ASSET);
const UNKNOWN_TOKEN = BigInt(assetIdAt(99));
const SUSPENDED = 1n;
/** First word of the token's entry in `_ownURIs`, which is in slot 2. */
const OWN_URI_SLOT = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [TOKEN, 2n]));

describe("metadata of one token", () => {
  let chain, nft, admin, minter, alice, bob;
  beforeEach(async () => {
    ({ chain, nft, admin, minter, alice, bob } = await deployAssetNft());
  });

  describe("mintAssetWithURI", () => {
    // The stored form changes at 31 and at 254 bytes.
    const LENGTHS_BYTES = [1, 30, 31, 32, 103, 254, 255, 1000];
    for (const [i, length] of LENGTHS_BYTES.entries()) {
      test(`a URI of ${length} bytes is answered to the byte`, async () => {
        const uri = "ipfs://é\n".padEnd(length - 1, "x").slice(0, length - 1) || "i";
        await nft.send(minter, "mintAssetWithURI", alice, assetIdAt(i), uri);
        assert.equal(await nft.read("tokenURI", BigInt(assetIdAt(i))), uri);
      });
    }

    test("one Transfer from zero is the only log; the token is valid, in no directory, and its id is returned", async () => {
      const data = nft.encode("mintAssetWithURI", [alice, ASSET, URI]);
      const answer = await nft.chain.request("eth_call", { from: minter, to: nft.address, data }, "latest");
      assert.equal(BigInt(answer), TOKEN);
      const { logs } = await nft.send(minter, "mintAssetWithURI", alice, ASSET, URI);
      assert.deepEqual(logs, [{ name: "Transfer", args: [ZERO_ADDRESS, getAddress(alice), TOKEN] }]);
      assert.equal(await nft.read("ownerOf", TOKEN), getAddress(alice));
      assert.equal(await nft.read("balanceOf", alice), 1n);
      assert.equal(await nft.read("directoryDigestOf", TOKEN), ZERO_DIGEST);
      assert.equal(await nft.read("validityOf", TOKEN), 0n);
    });

    test("an empty URI is refused, and so are the zero address and a second mint either way", async () => {
      await assertReverts(nft, nft.send(minter, "mintAssetWithURI", alice, ASSET, ""), "URIIsEmpty");
      const toNobody = nft.send(minter, "mintAssetWithURI", ZERO_ADDRESS, ASSET, URI);
      await assertReverts(nft, toNobody, "TransferToZeroAddress");
      await nft.send(minter, "mintAssetWithURI", alice, ASSET, URI);
      const again = nft.send(minter, "mintAssetWithURI", bob, ASSET, "ipfs://another");
      await assertReverts(nft, again, "DuplicateAsset", ASSET);
      await assertReverts(nft, nft.send(minter, "mintAsset", bob, ASSET, DIGEST), "DuplicateAsset", ASSET);
      await assertReverts(nft, nft.send(minter, "batchMint", bob, [ASSET], DIGEST), "DuplicateAsset", ASSET);
      assert.equal(await nft.read("tokenURI", TOKEN), URI);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), DIGEST);
      const other = nft.send(minter, "mintAssetWithURI", bob, assetIdAt(2), URI);
      await assertReverts(nft, other, "DuplicateAsset", assetIdAt(2));
    });

    test("transfer and validity leave the URI; the directory whose key is zero is not mistaken for its own", async () => {
      const zeroKey = "0x" + "11".repeat(22) + "00".repeat(10);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), zeroKey);
      await nft.send(minter, "mintAssetWithURI", alice, ASSET, URI);
      await nft.send(alice, "transferFrom", alice, bob, TOKEN);
      await nft.send(admin, "setValidity", TOKEN, SUSPENDED, DIGEST);
      assert.equal(await nft.read("tokenURI", TOKEN), URI);
      assert.equal(await nft.read("directoryDigestOf", TOKEN), ZERO_DIGEST);
      assert.equal(await nft.read("validityOf", TOKEN), SUSPENDED);
      await assertReverts(nft, nft.send(bob, "transferFrom", bob, alice, TOKEN), "TokenNotTransferable", TOKEN, SUSPENDED);
    });
  });

  describe("amendDirectory", () => {
    function announcement(previous, next) {
      return [
        { name: "DirectoryAmended", args: [TOKEN, previous, next] },
        { name: "MetadataUpdate", args: [TOKEN] },
      ];
    }

    test("moves one token of a batch, with both events; owner, validity and the other tokens stay", async () => {
      await nft.send(minter, "batchMint", alice, assetIds(2, 1), DIGEST);
      await nft.send(admin, "setValidity", TOKEN, SUSPENDED, DIGEST);
      const { logs } = await nft.send(admin, "amendDirectory", TOKEN, OTHER_DIGEST);
      assert.deepEqual(logs, announcement(DIGEST, OTHER_DIGEST));
      assert.equal(await nft.read("directoryDigestOf", TOKEN), OTHER_DIGEST);
      assert.equal(await nft.read("validityOf", TOKEN), SUSPENDED);
      assert.equal(await nft.read("ownerOf", TOKEN), getAddress(alice));
      assert.equal(await nft.read("balanceOf", alice), 2n);
      assert.equal(await nft.read("directoryDigestOf", BigInt(assetIdAt(2))), DIGEST);
      const [before, after] = await Promise.all([nft.read("tokenURI", BigInt(assetIdAt(2))), nft.read("tokenURI", TOKEN)]);
      assert.notEqual(before.split("/")[2], after.split("/")[2]);
    });

    test("a token with a URI of its own gives it up for good, and the first word that kept it is freed", async () => {
      const ownURIWord = () => chain.request("eth_getStorageAt", nft.address, OWN_URI_SLOT, "latest");
      await nft.send(minter, "mintAssetWithURI", alice, ASSET, URI);
      assert.notEqual(await ownURIWord(), ZERO_DIGEST);
      await nft.send(admin, "setValidity", TOKEN, SUSPENDED, DIGEST);
      const { logs } = await nft.send(admin, "amendDirectory", TOKEN, OTHER_DIGEST);
      assert.deepEqual(logs, announcement(ZERO_DIGEST, OTHER_DIGEST));
      assert.equal(await ownURIWord(), ZERO_DIGEST);
      assert.equal(await nft.read("directoryDigestOf", TOKEN), OTHER_DIGEST);
      assert.match(await nft.read("tokenURI", TOKEN), /^ipfs:\/\/bafybei[a-z2-7]{52}\/[0-9a-f-]{36}\.json$/);
      assert.equal(await nft.read("validityOf", TOKEN), SUSPENDED);
      const again = await nft.send(admin, "amendDirectory", TOKEN, DIGEST);
      assert.deepEqual(again.logs, announcement(OTHER_DIGEST, DIGEST));
    });

    test("to the same directory, and to one that other tokens use", async () => {
      await nft.send(minter, "mintAsset", alice, ASSET, DIGEST);
      await nft.send(minter, "mintAsset", alice, assetIdAt(2), OTHER_DIGEST);
      for (const [previous, next] of [[DIGEST, DIGEST], [DIGEST, OTHER_DIGEST]]) {
        const { logs } = await nft.send(admin, "amendDirectory", TOKEN, next);
        assert.deepEqual(logs, announcement(previous, next));
      }
    });

    test("an unknown token, a missing digest and a clash are refused; the old directory stays", async () => {
      await nft.send(minter, "mintAsset", alice, ASSET, DIGEST);
      const clash = "0x" + "11".repeat(22) + DIGEST.slice(-20);
      const unknown = nft.send(admin, "amendDirectory", UNKNOWN_TOKEN, DIGEST);
      await assertReverts(nft, unknown, "TokenDoesNotExist");
      await assertReverts(nft, nft.send(admin, "amendDirectory", TOKEN, ZERO_DIGEST), "DirectoryDigestIsZero");
      const clashing = nft.send(admin, "amendDirectory", TOKEN, clash);
      await assertReverts(nft, clashing, "DirectoryDigestClash", DIGEST, clash);
      assert.equal(await nft.read("directoryDigestOf", TOKEN), DIGEST);
    });
  });
});
