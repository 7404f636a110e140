// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIPAssetNFT} from "../../contracts/interfaces/IIPAssetNFT.sol";
import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title What shares a storage slot is changed one by one
contract PackingTest is TokenTest {
    /// @dev What a token must say, kept beside the contract.
    struct Expected {
        address owner;
        bytes32 directory;
        string uri;
        uint8 validity;
    }

    bytes16[3] private _assetIds = [bytes16(uint128(1)), bytes16(uint128(2)), bytes16(type(uint128).max)];
    Expected[3] private _expected;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 3; ++i) {
            mint(i == 1 ? Way.WithURI : Way.Single, HOLDER, _assetIds[i]);
            _expected[i].owner = HOLDER;
            if (i == 1) _expected[i].uri = URI;
            else _expected[i].directory = DIRECTORY;
        }
    }

    function testFuzz_oneFieldChangesAlone(uint256[16] calldata steps) external {
        for (uint256 i; i < steps.length; ++i) {
            _change(steps[i] % 3, steps[i] / 3 % 3, keccak256(abi.encode(steps[i])));
            for (uint256 which; which < 3; ++which) {
                _compare(which);
            }
        }
    }

    /// @dev The owner's 160 bits are full, and so are the directory key's 80.
    function testFuzz_fullFieldsDoNotSpill(address owner, bytes32 directory, uint8 validity) external {
        vm.assume(owner != address(0) && owner.code.length == 0);
        directory |= bytes32(uint256(type(uint80).max));
        _change(0, 0, directory);
        _expected[0].owner = owner;
        vm.prank(HOLDER);
        token.transferFrom(HOLDER, owner, idOf(_assetIds[0]));
        _changeValidity(0, validity % 3);
        _compare(0);
    }

    function testFuzz_anUnknownValidityIsRefused(uint8 validity) external {
        validity = uint8(between(validity, 3, type(uint8).max));
        vm.expectRevert(abi.encodeWithSelector(IIPAssetNFT.ValidityOutOfRange.selector, validity));
        _changeValidity(0, validity);
    }

    /// @dev Zero is the key in the word of a token with a URI, and the key of a directory that ends in 80 zero bits.
    function testFuzz_aURIIsKeptBesideADirectoryWithKeyZero(uint8 validity, bytes32 directory) external {
        directory = bytes32(uint256(directory) >> 80 << 80);
        vm.assume(directory != 0);
        _change(0, 0, directory);
        _changeValidity(1, validity % 3);
        _compare(0);
        _compare(1);
    }

    function _change(uint256 which, uint256 kind, bytes32 value) private {
        Expected storage expected = _expected[which];
        uint256 tokenId = idOf(_assetIds[which]);
        if (kind == 0) {
            expected.directory = value;
            delete expected.uri;
            vm.prank(ADMIN);
            token.amendDirectory(tokenId, value);
        } else if (kind == 1) {
            _changeValidity(which, uint8(uint256(value) % 3));
        } else if (expected.validity == uint8(IIPAssetNFT.Validity.Valid)) {
            address previous = expected.owner;
            expected.owner = address(uint160(uint256(value)));
            vm.prank(previous);
            token.transferFrom(previous, expected.owner, tokenId);
        }
    }

    function _changeValidity(uint256 which, uint8 validity) private {
        _expected[which].validity = validity;
        vm.prank(ADMIN);
        token.setValidity(idOf(_assetIds[which]), validity, keccak256("reason"));
    }

    function _compare(uint256 which) private view {
        uint256 tokenId = idOf(_assetIds[which]);
        Expected storage expected = _expected[which];
        vm.assertEq(token.ownerOf(tokenId), expected.owner, "owner");
        vm.assertEq(token.directoryDigestOf(tokenId), expected.directory, "directory");
        vm.assertEq(uint8(token.validityOf(tokenId)), expected.validity, "validity");
        if (bytes(expected.uri).length != 0) vm.assertEq(token.tokenURI(tokenId), expected.uri, "token URI");
    }
}
