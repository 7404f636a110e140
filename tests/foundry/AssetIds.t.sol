// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIPAssetNFT} from "../../contracts/interfaces/IIPAssetNFT.sol";
import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title Asset ids and token ids are the same 128 bits
contract AssetIdsTest is TokenTest {
    function testFuzz_assetToTokenAndBack(bytes16 assetId) external view {
        uint256 tokenId = token.tokenIdOf(assetId);
        vm.assertLt(tokenId, 1 << 128, "token id within 128 bits");
        vm.assertEq(bytes32(token.assetIdOf(tokenId)), bytes32(assetId), "asset of its token");
    }

    function testFuzz_tokenToAssetAndBack(uint128 tokenId) external view {
        vm.assertEq(token.tokenIdOf(token.assetIdOf(tokenId)), tokenId, "token of its asset");
    }

    function testFuzz_differentAssetsNeverShareAToken(bytes16 one, bytes16 other) external view {
        vm.assume(one != other);
        vm.assertFalse(token.tokenIdOf(one) == token.tokenIdOf(other), "two assets share a token");
    }

    function testFuzz_widerNumbersAreNoTokens(uint256 tokenId) external {
        tokenId = between(tokenId, 1 << 128, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.TokenIdOutOfRange.selector, tokenId));
        token.assetIdOf(tokenId);
    }

    function testFuzz_mintGivesTheTokenOfTheAsset(bytes16 assetId, uint8 way) external {
        vm.assume(assetId != 0);
        mint(Way(way % 4), HOLDER, assetId);
        vm.assertEq(token.ownerOf(token.tokenIdOf(assetId)), HOLDER, "owner of the asset's token");
    }
}
