// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721} from "solady/src/tokens/ERC721.sol";

import {IIPAssetNFT} from "../../contracts/interfaces/IIPAssetNFT.sol";
import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title What a mint refuses, whatever the values
contract MintingTest is TokenTest {
    function testFuzz_anAssetIsMintedOnceWhateverTheWays(bytes16 assetId, uint8 first, uint8 second, address other)
        external
    {
        vm.assume(assetId != 0 && other != address(0) && other.code.length == 0);
        mint(Way(first % 4), HOLDER, assetId);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.DuplicateAsset.selector, assetId));
        mint(Way(second % 4), other, assetId);
        vm.assertEq(token.ownerOf(idOf(assetId)), HOLDER, "owner");
        vm.assertEq(token.balanceOf(HOLDER), 1, "balance");
    }

    function testFuzz_anAssetTwiceInABatchIsRefused(uint8 size, uint8 at, uint8 again, bool each) external {
        bytes16[] memory assetIds = differentIds(between(size, 2, 24), size);
        uint256 first = between(at, 0, assetIds.length - 2);
        assetIds[between(again, first + 1, assetIds.length - 1)] = assetIds[first];
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.DuplicateAsset.selector, assetIds[first]));
        _batch(assetIds, each);
        vm.assertEq(token.balanceOf(HOLDER), 0, "balance");
    }

    function testFuzz_aBatchWithAMintedAssetIsRefusedWhole(uint8 size, uint8 at, bool each) external {
        bytes16[] memory assetIds = differentIds(between(size, 1, 24), size);
        bytes16 minted = assetIds[at % assetIds.length];
        mint(Way.Single, HOLDER, minted);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.DuplicateAsset.selector, minted));
        _batch(assetIds, each);
        vm.assertEq(token.balanceOf(HOLDER), 1, "balance");
    }

    function testFuzz_zeroIsNoAsset(uint8 size, uint8 at, bool each) external {
        bytes16[] memory assetIds = differentIds(between(size, 1, 24), size);
        assetIds[at % assetIds.length] = 0;
        vm.expectRevert(IIPAssetNFT.AssetIdIsZero.selector);
        _batch(assetIds, each);
    }

    function testFuzz_zeroIsNoAssetAlone(bool withURI) external {
        vm.expectRevert(IIPAssetNFT.AssetIdIsZero.selector);
        mint(withURI ? Way.WithURI : Way.Single, HOLDER, 0);
    }

    function testFuzz_lengthsMustAgree(uint8 recipients, uint8 size) external {
        uint256 assets = between(size, 1, 256);
        vm.assume(recipients != assets);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.LengthMismatch.selector, recipients, assets));
        vm.prank(MINTER);
        token.batchMintTo(repeated(HOLDER, recipients), differentIds(assets, 1), DIRECTORY);
    }

    function testFuzz_anyAllowedSizeMints(uint8 size, bool each) external {
        bytes16[] memory assetIds = differentIds(between(size, 1, 40), size);
        _batch(assetIds, each);
        vm.assertEq(token.balanceOf(HOLDER), assetIds.length, "balance");
        for (uint256 i; i < assetIds.length; ++i) {
            vm.assertEq(token.ownerOf(idOf(assetIds[i])), HOLDER, "owner");
            vm.assertEq(token.directoryDigestOf(idOf(assetIds[i])), DIRECTORY, "directory");
        }
    }

    function test_theLargestBatchMints() external {
        _batch(differentIds(256, 1), false);
        _batch(differentIds(256, 2), true);
        vm.assertEq(token.balanceOf(HOLDER), 512, "balance");
    }

    function testFuzz_aLargerBatchIsRefused(uint16 size, bool each) external {
        uint256 tooMany = between(size, 257, 400);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.BatchTooLarge.selector, tooMany));
        _batch(differentIds(tooMany, 1), each);
    }

    function testFuzz_anEmptyBatchIsRefused(bool each) external {
        vm.expectRevert(IIPAssetNFT.EmptyBatch.selector);
        _batch(new bytes16[](0), each);
    }

    /// @dev An element of `bytes16[]` fills 32 bytes; whatever a caller leaves in the other 16 must not name an asset.
    function testFuzz_bytesBesideAnAssetIdNameNoAsset(bytes32 word, bytes32 other, bool each) external {
        vm.assume(bytes16(word) != 0 && bytes16(other) != 0 && bytes16(word) != bytes16(other));
        bytes memory data = each
            ? abi.encodeCall(token.batchMintTo, (repeated(HOLDER, 2), new bytes16[](2), DIRECTORY))
            : abi.encodeCall(token.batchMint, (HOLDER, new bytes16[](2), DIRECTORY));
        assembly ("memory-safe") {
            mstore(add(data, sub(mload(data), 32)), word)
            mstore(add(data, mload(data)), other)
        }
        vm.prank(MINTER);
        (bool done,) = address(token).call(data);
        vm.assertEq(token.balanceOf(HOLDER), done ? 2 : 0, "balance");
        if (!done) return; // a contract may as well refuse such a call
        vm.assertEq(token.ownerOf(idOf(bytes16(word))), HOLDER, "owner of the first asset");
        vm.assertEq(token.ownerOf(idOf(bytes16(other))), HOLDER, "owner of the second asset");
    }

    function testFuzz_nobodyIsNoRecipient(bytes16 assetId, uint8 way) external {
        vm.assume(assetId != 0);
        vm.expectRevert(ERC721.TransferToZeroAddress.selector);
        mint(Way(way % 4), address(0), assetId);
    }

    function testFuzz_twoDirectoriesNeverShareTheirKey(bytes32 first, bytes32 second, uint80 key) external {
        first = bytes32((uint256(first) >> 80 << 80) | key);
        second = bytes32((uint256(second) >> 80 << 80) | key);
        vm.assume(first != second && first != 0 && second != 0);
        vm.prank(MINTER);
        token.mintAsset(HOLDER, bytes16(uint128(1)), first);
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.DirectoryDigestClash.selector, first, second));
        vm.prank(MINTER);
        token.mintAsset(HOLDER, bytes16(uint128(2)), second);
    }

    function _batch(bytes16[] memory assetIds, bool each) private {
        address[] memory recipients = repeated(HOLDER, assetIds.length);
        vm.prank(MINTER);
        if (each) token.batchMintTo(recipients, assetIds, DIRECTORY);
        else token.batchMint(HOLDER, assetIds, DIRECTORY);
    }
}
