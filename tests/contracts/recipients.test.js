import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { getAddress, Interface } from "ethers";
import { assertReverts } from "./support/chain.js";
import { assetIdAt, assetIds, deployAssetNft, digestOf } from "./support/asset_nft.js";

const DIGEST = digestOf("directory");
const [REVERT, WRONG_ANSWER, REVERT_WITH_ACCEPTANCE, SHORT_ACCEPTANCE] = [0, 1, 2, 3];
const TOKEN = BigInt(assetIdAt(1));
const SAFE_TRANSFER = "safeTransferFrom(address,address,uint256)";
const SAFE_TRANSFER_WITH_DATA = "safeTransferFrom(address,address,uint256,bytes)";
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

    test("an answer that is shorter than a word is a refusal, even if it begins as the acceptance does", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [SHORT_ACCEPTANCE], deployer);
      const answer = receiver.interface.getFunction("onERC721Received").selector;
      const mint = nft.send(minter, "mintAsset", receiver.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, mint, "RecipientRefused", getAddress(receiver.address), TOKEN, answer);
    });

    test("a contract without the function refuses with an empty answer", async () => {
      const mint = nft.send(minter, "mintAsset", nft.address, assetIdAt(1), DIGEST);
      await assertReverts(nft, mint, "RecipientRefused", getAddress(nft.address), BigInt(assetIdAt(1)), "0x");
    });

    for (const [method, ...rest] of [[SAFE_TRANSFER], [SAFE_TRANSFER_WITH_DATA, "0x1234"]]) {
      test(`${method}: a contract that refuses is named, and the transfer is undone`, async () => {
        const receiver = await chain.deploy("RefusingReceiver", [REVERT], deployer);
        await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
        const transfer = nft.send(alice, method, alice, receiver.address, TOKEN, ...rest);
        await assertReverts(nft, transfer, "RecipientRefused", getAddress(receiver.address), TOKEN, NOT_WELCOME);
        assert.equal((await nft.read("ownerOf", TOKEN)).toLowerCase(), alice);
      });

      test(`${method}: a contract that accepts is asked once, with sender, previous owner, token and data`, async () => {
        const receiver = await chain.deploy("AcceptingReceiver", [], deployer);
        await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
        await nft.send(alice, "approve", bob, TOKEN);
        const data = nft.encode(method, [alice, receiver.address, TOKEN, ...rest]);
        const trace = await chain.request("debug_traceCall", { from: bob, to: nft.address, data }, "latest", {
          tracer: "callTracer",
        });
        const question = receiver.encode("onERC721Received", [bob, alice, TOKEN, rest[0] ?? "0x"]);
        assert.deepEqual(trace.calls.map((call) => [call.to, call.input]), [[receiver.address, question]]);
        await nft.send(bob, method, alice, receiver.address, TOKEN, ...rest);
        assert.equal(await receiver.read("received"), 1n);
      });
    }

    test("transferFrom does not ask, as the standard says", async () => {
      const receiver = await chain.deploy("RefusingReceiver", [REVERT], deployer);
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      await nft.send(alice, "transferFrom", alice, receiver.address, TOKEN);
      assert.equal(await nft.read("ownerOf", TOKEN), getAddress(receiver.address));
    });
  });

  describe("a recipient that burns gas", () => {
    const ENDINGS = { INVALID: 0, LOOP: 1, LONG_REVERT: 2, LONG_ACCEPTANCE: 3, LOOP_THEN_REVERT: 4 };
    const MAX_ANSWER_BYTES = 1024;
    const MOST_GAS = 16_777_216; // that newer rules allow a transaction

    async function assertRefused(action, receiver, answer) {
      await assertReverts(nft, action, "RecipientRefused", getAddress(receiver.address), TOKEN, answer);
    }

    for (const manner of ["INVALID", "LOOP"]) {
      for (const gas of [MOST_GAS, 106_000 /* little more than the mint needs */]) {
        test(`${manner} with ${gas} gas in all: refused with an empty answer`, async () => {
          const receiver = await chain.deploy("BurningReceiver", [ENDINGS[manner]], deployer);
          const data = nft.encode("mintAsset", [receiver.address, assetIdAt(1), DIGEST]);
          const call = { from: minter, to: nft.address, data, gas: "0x" + gas.toString(16) };
          await assertRefused(chain.request("eth_sendTransaction", call), receiver, "0x");
        });
      }
    }

    // Memory is dearest at the end of a batch of long answers. With too little gas kept back there would be limits at which
    // the recipient can answer, but its answer cannot be passed on.
    test("the last of 256 answers at length with its last gas: passed on from the least gas that allows it", async () => {
      const accepting = await chain.deploy("BurningReceiver", [ENDINGS.LONG_ACCEPTANCE], deployer);
      const burning = await chain.deploy("BurningReceiver", [ENDINGS.LOOP_THEN_REVERT], deployer);
      const to = [...Array(255).fill(accepting.address), burning.address];
      const data = nft.encode("batchMintTo", [to, assetIds(256, 2).with(255, assetIdAt(1)), DIGEST]);
      const longAnswer = "0x" + "00".repeat(MAX_ANSWER_BYTES);
      const calling = (gas) =>
        chain.request("eth_call", { from: minter, to: nft.address, data, gas: "0x" + gas.toString(16) }, "latest");
      const answersAtLength = (gas) =>
        assertRefused(calling(gas), burning, longAnswer).then(
          () => true,
          () => false,
        );
      let [tooLittle, enough] = [1_000_000, MOST_GAS];
      while (enough - tooLittle > 1) {
        const middle = (tooLittle + enough) >> 1;
        if (await answersAtLength(middle)) enough = middle;
        else tooLittle = middle;
      }
      await assertRefused(calling(tooLittle), burning, "0x");
      assert.ok(enough < MOST_GAS, "the whole answer arrives");
    });

    test("a batch and a transfer end the same way", async () => {
      const receiver = await chain.deploy("BurningReceiver", [ENDINGS.INVALID], deployer);
      await assertRefused(nft.send(minter, "batchMint", receiver.address, assetIds(2, 1), DIGEST), receiver, "0x");
      const both = nft.send(minter, "batchMintTo", [alice, receiver.address], [assetIdAt(2), assetIdAt(1)], DIGEST);
      await assertRefused(both, receiver, "0x");
      await nft.send(minter, "mintAsset", alice, assetIdAt(1), DIGEST);
      await assertRefused(nft.send(alice, SAFE_TRANSFER, alice, receiver.address, TOKEN), receiver, "0x");
    });

    test("of an answer that is costly to copy, only the beginning is", async () => {
      const { selector } = (await chain.deploy("AcceptingReceiver", [], deployer)).interface.getFunction("onERC721Received");
      const beginning = selector + "00".repeat(MAX_ANSWER_BYTES - 4);
      const reverting = await chain.deploy("BurningReceiver", [ENDINGS.LONG_REVERT], deployer);
      await assertRefused(nft.send(minter, "mintAsset", reverting.address, assetIdAt(1), DIGEST), reverting, beginning);
      const accepting = await chain.deploy("BurningReceiver", [ENDINGS.LONG_ACCEPTANCE], deployer);
      await nft.send(minter, "mintAsset", accepting.address, assetIdAt(1), DIGEST);
      assert.equal(await nft.read("ownerOf", TOKEN), getAddress(accepting.address));
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
      ["mintAssetWithURI", (to) => [to, assetIdAt(9), "ipfs://any"]],
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

    for (const [method, argsTo] of REENTRANT_CALLS) {
      test(`that passes on the error of ${method} is a recipient that refuses because of it`, async () => {
        const bubbling = await chain.deploy("BubblingReceiver", [], deployer);
        await nft.send(admin, "grantRoles", bubbling.address, 1n);
        await bubbling.send(deployer, "arm", nft.encode(method, argsTo(bubbling.address)));
        const mints = [
          ["mintAsset", bubbling.address, assetIdAt(1), DIGEST],
          ["mintAssetWithURI", bubbling.address, assetIdAt(1), "ipfs://any"],
          ["batchMint", bubbling.address, assetIds(2, 1), DIGEST],
          ["batchMintTo", [bubbling.address], [assetIdAt(1)], DIGEST],
        ];
        const refusal = [getAddress(bubbling.address), TOKEN, nft.interface.encodeErrorResult("Reentrancy", [])];
        for (const mint of mints) await assertReverts(nft, nft.send(minter, ...mint), "RecipientRefused", ...refusal);
        assert.equal(await nft.read("balanceOf", bubbling.address), 0n);
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
