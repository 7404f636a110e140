// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC2981} from "solady/src/tokens/ERC2981.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title Royalties between 0 and 100 %
contract RoyaltyTest is TokenTest {
    uint256 private constant _TOKEN_ID = 7;

    function setUp() public override {
        super.setUp();
        mint(Way.Single, HOLDER, bytes16(uint128(_TOKEN_ID)));
    }

    function testFuzz_isTheShareOfThePriceRoundedDown(uint256 price, uint96 bps, address receiver, bool own) external {
        vm.assume(receiver != address(0));
        bps = uint96(between(bps, 0, 10_000));
        _set(own, receiver, bps);
        (address paid, uint256 amount) = token.royaltyInfo(_TOKEN_ID, price);
        vm.assertEq(paid, receiver, "receiver");
        // The product is kept in 512 bits, so this is the definition at every price.
        vm.assertEq(amount, FixedPointMathLib.fullMulDiv(price, bps, 10_000), "amount");
    }

    function testFuzz_neverExceedsThePrice(uint256 price, uint96 bps, bool own) external {
        _set(own, STRANGER, uint96(between(bps, 0, 10_000)));
        (, uint256 amount) = token.royaltyInfo(_TOKEN_ID, price);
        vm.assertTrue(amount <= price, "amount");
    }

    function testFuzz_moreThanThePriceIsRefused(uint96 bps, bool own) external {
        bps = uint96(between(bps, 10_001, type(uint96).max));
        vm.expectRevert(ERC2981.RoyaltyOverflow.selector);
        _set(own, STRANGER, bps);
    }

    function testFuzz_nobodyIsNoReceiver(uint96 bps, bool own) external {
        vm.expectRevert(ERC2981.RoyaltyReceiverIsZeroAddress.selector);
        _set(own, address(0), uint96(between(bps, 0, 10_000)));
    }

    function testFuzz_ownOneGoesBeforeTheDefaultUntilReset(uint96 ownBps, uint96 bps) external {
        ownBps = uint96(between(ownBps, 0, 10_000));
        bps = uint96(between(bps, 0, 10_000));
        _set(false, STRANGER, bps);
        _set(true, HOLDER, ownBps);
        (address paid, uint256 amount) = token.royaltyInfo(_TOKEN_ID, 10_000);
        vm.assertEq(paid, HOLDER, "own receiver");
        vm.assertEq(amount, ownBps, "own amount");
        (paid, amount) = token.royaltyInfo(_TOKEN_ID + 1, 10_000);
        vm.assertEq(paid, STRANGER, "receiver of another token");
        vm.prank(ADMIN);
        token.resetTokenRoyalty(_TOKEN_ID);
        (paid, amount) = token.royaltyInfo(_TOKEN_ID, 10_000);
        vm.assertEq(paid, STRANGER, "receiver after the reset");
        vm.assertEq(amount, bps, "amount after the reset");
    }

    function _set(bool own, address receiver, uint96 bps) private {
        vm.prank(ADMIN);
        if (own) token.setTokenRoyalty(_TOKEN_ID, receiver, bps);
        else token.setDefaultRoyalty(receiver, bps);
    }
}
