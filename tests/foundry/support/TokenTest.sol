// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Deployment} from "./Deployment.sol";
import {IToken} from "./IToken.sol";
import {vm} from "./Vm.sol";

/// @title A fresh token contract, the people around it, and the four ways to mint
abstract contract TokenTest {
    enum Way {
        Single,
        WithURI,
        Batch,
        BatchTo
    }

    address internal constant ADMIN = address(0xAD);
    address internal constant MINTER = address(0x3147);
    address internal constant HOLDER = address(0x401D);
    address internal constant STRANGER = address(0x57A6);
    bytes32 internal constant DIRECTORY = keccak256("a directory");
    string internal constant URI = "https://example.org/asset.json";

    IToken internal token;

    function setUp() public virtual {
        token = Deployment.deploy(ADMIN, MINTER);
    }

    /// @dev Expectations set before this call apply to the mint itself: nothing else is called in between.
    function mint(Way way, address to, bytes16 assetId) internal {
        bytes16[] memory assetIds = new bytes16[](1);
        assetIds[0] = assetId;
        vm.prank(MINTER);
        if (way == Way.Single) token.mintAsset(to, assetId, DIRECTORY);
        if (way == Way.WithURI) token.mintAssetWithURI(to, assetId, URI);
        if (way == Way.Batch) token.batchMint(to, assetIds, DIRECTORY);
        if (way == Way.BatchTo) token.batchMintTo(repeated(to, 1), assetIds, DIRECTORY);
    }

    /// @return assetIds Different ids, none of them zero.
    function differentIds(uint256 count, uint256 salt) internal pure returns (bytes16[] memory assetIds) {
        assetIds = new bytes16[](count);
        for (uint256 i; i < count; ++i) {
            assetIds[i] = bytes16(keccak256(abi.encode(salt, i)));
        }
    }

    function repeated(address account, uint256 count) internal pure returns (address[] memory accounts) {
        accounts = new address[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = account;
        }
    }

    /// @dev Folds a fuzzed number into a range, both ends included, that is smaller than all numbers.
    function between(uint256 number, uint256 min, uint256 max) internal pure returns (uint256) {
        return min + number % (max - min + 1);
    }

    function idOf(bytes16 assetId) internal pure returns (uint256) {
        return uint256(uint128(assetId));
    }
}
