import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { getAddress, Interface } from "ethers";
import { assertReverts } from "./support/chain.js";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const [REVERT, WRONG_ANSWER, REVERT_WITH_ACCEPTANCE] = [0, 1, 2];
const NOT_WELCOME = new Interface(["error NotWelcome()"]).encodeErrorResult("NotWelcome", []);

describe("recipients", () => {
  let chain, nft, deployer, admin, minter, alice, bob;
  beforeEach(async () => {
    ({ chain, nft, deployer, admin, minter, alice, bob } = await deployAssetNft());
  });

  describe("recipients that are contracts", () => {
    test("one that accepts is asked once for each token", async () => {
      const receiver = await chain.deploy("AcceptingReceiver", [], deployer);
      await nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      await nft.send(minter, "batchMint", receiver.address, assetIds(3, 2), DIGEST);
      await nft.send(minter, "batchMintTo", [receiver.address, alice], assetIds(2, 5), DIGEST);
      assert.equal(await receiver.read("received"), 5n);
      assert.equal(await nft.read("balanceOf", receiver.address), 5n);
    });

    test("a refusal names the recipient, the token and the answer; nothing is minted", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [REVERT], deployer);
      const refusal = [getAddress(receiver.address), BigInt(assetIdAt(1)), NOT_WELCOME];
      const single = nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, single, "RecipientRefused", ...refusal);
      const batch = nft.send(minter, "batchMint", receiver.address, assetIds(2, 1), DIGEST);
      await assertReverts(nft, batch, "RecipientRefused", ...refusal);
      const mixed = nft.send(minter, "batchMintTo", [alice, receiver.address], [assetIdAt(0), assetIdAt(1)], DIGEST);
      await assertReverts(nft, mixed, "RecipientRefused", ...refusal);
      assert.equal(await nft.read("balanceOf", alice), 0n);
      await assertReverts(nft, nft.read("ownerOf", BigInt(assetIdAt(1))), "TokenDoesNotExist");
    });

    test("a wrong answer is a refusal", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [WRONG_ANSWER], deployer);
      const answer = "0xffffffff" + "00".repeat(28);
      const mint = nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, mint, "RecipientRefused", getAddress(receiver.address), BigInt(assetIdAt(1)), answer);
    });

    test("a revert is a refusal, even with the bytes that would mean acceptance", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [REVERT_WITH_ACCEPTANCE], deployer);
      const answer = receiver.interface.getFunction("onERC721Received").selector + "00".repeat(28);
      const mint = nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, mint, "RecipientRefused", getAddress(receiver.address), BigInt(assetIdAt(1)), answer);
    });

    test("a contract without the function refuses with an empty answer", async () => {
      const mint = nft.send(minter, "mintAsset", nft.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, mint, "RecipientRefused", getAddress(nft.address), BigInt(assetIdAt(1)), "0x");
    });

    test("a transfer to a contract that refuses is undone", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [REVERT], deployer);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      const transfer = "safeTransferFrom(address,address,uint256)";
      await assert.rejects(nft.send(alice, transfer, alice, receiver.address, BigInt(assetIdAt(1))), { data: NOT_WELCOME });
      assert.equal((await nft.read("ownerOf", BigInt(assetIdAt(1)))).toLowerCase(), alice);
    });
  });

  describe("a recipient that re-enters", () => {
    let receiver;
    beforeEach(async () => {
      receiver = await chain.deploy("ReenteringReceiver", [], deployer);
      await nft.send(admin, "grantRoles", receiver.address, 1n);
    });

    const REENTRANT_CALLS = [
      ["mintAsset", (to) => [to, assetIdAt(9), DIGEST]],
      ["batchMint", (to) => [to, [assetIdAt(9)], DIGEST]],
      ["batchMintTo", (to) => [[to], [assetIdAt(9)], DIGEST]],
    ];
    for (const [method, argsTo] of REENTRANT_CALLS) {
      test(`cannot call ${method}, even as a minter`, async () => {
        await receiver.send(deployer, "arm", nft.encode(method, argsTo(receiver.address)));
        await nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
        assert.equal(await receiver.read("succeeded"), false);
        assert.equal(nft.interface.parseError(await receiver.read("answer")).name, "Reentrancy");
        assert.equal(await nft.read("balanceOf", receiver.address), 1n);
      });
    }

    test("the guard opens again for the next mint", async () => {
      await receiver.send(deployer, "arm", nft.encode("mintAsset", [receiver.address, assetIdAt(9), DIGEST]));
      await nft.send(minter, "batchMint", receiver.address, assetIds(2), DIGEST);
      await nft.send(minter, "mintAsset", alice, assetIdAt(9), DIGEST);
      assert.equal(await nft.read("balanceOf", receiver.address), 2n);
    });

    test("it owns the token already when asked, and may pass it on", async () => {
      const passOn = nft.encode("transferFrom", [receiver.address, bob, BigInt(assetIdAt(1))]);
      await receiver.send(deployer, "arm", passOn);
      await nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      assert.equal(await receiver.read("succeeded"), true);
      assert.equal((await nft.read("ownerOf", BigInt(assetIdAt(1)))).toLowerCase(), bob);
    });

    test("in a batch all tokens exist before the first question", async () => {
      const passOnLast = nft.encode("transferFrom", [receiver.address, bob, BigInt(assetIdAt(2))]);
      await receiver.send(deployer, "arm", passOnLast);
      await nft.send(minter, "batchMint", receiver.address, assetIds(3), DIGEST);
      assert.equal((await nft.read("ownerOf", BigInt(assetIdAt(2)))).toLowerCase(), bob);
      assert.equal(await nft.read("balanceOf", receiver.address), 2n);
    });
  });
});
