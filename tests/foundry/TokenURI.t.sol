// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIPAssetNFT} from "../../contracts/interfaces/IIPAssetNFT.sol";
import {ReferenceURI} from "./support/ReferenceURI.sol";
import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title Where a token says its metadata is
contract TokenURITest is TokenTest {
    /// @dev The reference itself, against the examples of RFC 4648 and a well-known CID: the empty UnixFS directory.
    function test_referenceAgreesWithPublishedValues() external pure {
        vm.assertEq(ReferenceURI.base32("foobar"), "mzxw6ytboi", "RFC 4648");
        vm.assertEq(
            ReferenceURI.build(
                0x59948439065f29619ef41280cbb932be52c56d99c5966b65e0111239f098bbef,
                0x919108f752d133205bacf847db4148a8
            ),
            "ipfs://bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354/"
            "919108f7-52d1-3320-5bac-f847db4148a8.json",
            "empty directory"
        );
    }

    function testFuzz_isBuiltFromDirectoryAndAsset(bytes32 directory, bytes16 assetId) external {
        vm.assume(directory != 0 && assetId != 0);
        vm.prank(MINTER);
        uint256 tokenId = token.mintAsset(HOLDER, assetId, directory);
        vm.assertEq(token.tokenURI(tokenId), ReferenceURI.build(directory, assetId), "token URI");
    }

    function testFuzz_followsAnAmendment(bytes32 directory, bytes16 assetId, uint8 way) external {
        vm.assume(directory != 0 && assetId != 0);
        vm.assume(uint80(uint256(directory)) != uint80(uint256(DIRECTORY)));
        mint(Way(way % 4), HOLDER, assetId);
        vm.prank(ADMIN);
        token.amendDirectory(idOf(assetId), directory);
        vm.assertEq(token.tokenURI(idOf(assetId)), ReferenceURI.build(directory, assetId), "token URI");
    }

    function testFuzz_anyTextIsKeptVerbatim(bytes16 assetId, string calldata uri) external {
        vm.assume(assetId != 0 && bytes(uri).length != 0);
        vm.prank(MINTER);
        uint256 tokenId = token.mintAssetWithURI(HOLDER, assetId, uri);
        vm.assertEq(token.tokenURI(tokenId), uri, "token URI");
        vm.assertEq(token.directoryDigestOf(tokenId), bytes32(0), "directory");
    }

    /// @dev Lengths around the 32-byte words of storage.
    function testFuzz_anyLengthIsKept(uint16 length, bytes1 letter) external {
        bytes memory uri = new bytes(between(length, 1, 400));
        for (uint256 i; i < uri.length; ++i) {
            uri[i] = bytes1(uint8(uint8(letter) + i));
        }
        vm.prank(MINTER);
        uint256 tokenId = token.mintAssetWithURI(HOLDER, bytes16(uint128(7)), string(uri));
        vm.assertEq(token.tokenURI(tokenId), string(uri), "token URI");
    }

    function testFuzz_anEmptyTextIsRefused(bytes16 assetId) external {
        vm.assume(assetId != 0);
        vm.expectRevert(IIPAssetNFT.URIIsEmpty.selector);
        vm.prank(MINTER);
        token.mintAssetWithURI(HOLDER, assetId, "");
    }
}
