// A client that knows nothing of this project: ethers with the fragments printed in the standards.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrowserProvider, Contract, getAddress, ZeroAddress } from "ethers";
import { assetIdAt, deployAssetNft, digestOf, ROYALTY_BPS } from "./support/asset_nft.js";

const STANDARDS = [
  // ERC-165
  "function supportsInterface(bytes4 interfaceID) view returns (bool)",
  // ERC-721 and its metadata extension
  "event Transfer(address indexed _from, address indexed _to, uint256 indexed _tokenId)",
  "function balanceOf(address _owner) view returns (uint256)",
  "function ownerOf(uint256 _tokenId) view returns (address)",
  "function transferFrom(address _from, address _to, uint256 _tokenId) payable",
  "function name() view returns (string _name)",
  "function symbol() view returns (string _symbol)",
  "function tokenURI(uint256 _tokenId) view returns (string)",
  // ERC-2981
  "function royaltyInfo(uint256 _tokenId, uint256 _salePrice) view returns (address receiver, uint256 royaltyAmount)",
  // ERC-4906
  "event MetadataUpdate(uint256 _tokenId)",
];
const PRICE_WEI = 10n ** 18n;

describe("an independent client", () => {
  test("reads names, owner, URI, royalty and events of a minted token through the standards alone", async () => {
    const { chain, nft, admin, minter, alice, bob, royaltyReceiver } = await deployAssetNft();
    const tokenId = BigInt(assetIdAt(1));
    await nft.send(minter, "mintAsset", alice, assetIdAt(1), digestOf("directory"));

    const provider = new BrowserProvider(chain.provider, 31337, { cacheTimeout: -1 });
    try {
      const token = new Contract(nft.address, STANDARDS, provider);
      for (const id of ["0x01ffc9a7", "0x80ac58cd", "0x5b5e139f", "0x2a55205a", "0x49064906"]) {
        assert.equal(await token.supportsInterface(id), true);
      }
      assert.equal(await token.supportsInterface("0xffffffff"), false);
      assert.equal(await token.name(), "IP Assets");
      assert.equal(await token.symbol(), "IPA");
      assert.equal(await token.ownerOf(tokenId), getAddress(alice));
      assert.equal(await token.balanceOf(alice), 1n);
      assert.match(await token.tokenURI(tokenId), /^ipfs:\/\/bafybei[a-z2-7]{52}\/[0-9a-f-]{36}\.json$/);
      const royalty = [getAddress(royaltyReceiver), (PRICE_WEI * ROYALTY_BPS) / 10_000n];
      assert.deepEqual((await token.royaltyInfo(tokenId, PRICE_WEI)).toArray(), royalty);

      const signer = await provider.getSigner(alice);
      await (await token.connect(signer).transferFrom(alice, bob, tokenId)).wait();
      await nft.send(admin, "setValidity", tokenId, 2, digestOf("reason"));
      const transfers = await token.queryFilter(token.filters.Transfer(null, null, tokenId), 0);
      assert.deepEqual(transfers.map(({ args }) => args.toArray()), [
        [ZeroAddress, getAddress(alice), tokenId],
        [getAddress(alice), getAddress(bob), tokenId],
      ]);
      const updates = await token.queryFilter(token.filters.MetadataUpdate(), 0);
      assert.deepEqual(updates.map(({ args }) => args.toArray()), [[tokenId]]);
    } finally {
      provider.destroy();
    }
  });
});
