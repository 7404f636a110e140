// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "solady/src/auth/Ownable.sol";

import {IIPAssetNFT} from "../../contracts/interfaces/IIPAssetNFT.sol";
import {TokenTest} from "./support/TokenTest.sol";
import {vm} from "./support/Vm.sol";

/// @title The admin role moves in two steps, the second at most 48 hours after the first
contract HandoverTest is TokenTest {
    uint256 private constant _VALID_FOR = 48 hours;

    function testFuzz_completesInTime(uint40 start, uint256 delay, address successor, bool paused) external {
        vm.assume(successor != address(0));
        delay = between(delay, 0, _VALID_FOR);
        _requestAt(start, successor, paused);
        vm.warp(start + delay);
        vm.prank(ADMIN);
        token.completeOwnershipHandover(successor);
        vm.assertEq(token.owner(), successor, "admin");
        vm.assertEq(token.ownershipHandoverExpiresAt(successor), 0, "request is used up");
    }

    function testFuzz_expires(uint40 start, uint256 delay, address successor, bool paused) external {
        delay = between(delay, _VALID_FOR + 1, 3650 days);
        _requestAt(start, successor, paused);
        vm.warp(start + delay);
        _refused(successor);
    }

    function test_lastSecond() external {
        _requestAt(1000, STRANGER, false);
        vm.warp(1000 + _VALID_FOR);
        vm.prank(ADMIN);
        token.completeOwnershipHandover(STRANGER);
    }

    function test_oneSecondTooLate() external {
        _requestAt(1000, STRANGER, false);
        vm.warp(1000 + _VALID_FOR + 1);
        _refused(STRANGER);
    }

    function testFuzz_needsARequest(address successor) external {
        _refused(successor);
    }

    function testFuzz_cancelledRequestIsGone(address successor, uint256 delay) external {
        _requestAt(1000, successor, false);
        vm.prank(successor);
        token.cancelOwnershipHandover();
        vm.warp(1000 + between(delay, 0, _VALID_FOR));
        _refused(successor);
    }

    function testFuzz_onlyTheAdminCompletes(address caller, address successor) external {
        vm.assume(caller != ADMIN);
        _requestAt(1000, successor, false);
        vm.expectRevert(Ownable.Unauthorized.selector);
        vm.prank(caller);
        token.completeOwnershipHandover(successor);
    }

    function testFuzz_neverInOneStep(address successor) external {
        vm.expectRevert(IIPAssetNFT.HandoverNeedsTwoSteps.selector);
        vm.prank(ADMIN);
        token.transferOwnership(successor);
        vm.expectRevert(IIPAssetNFT.HandoverNeedsTwoSteps.selector);
        vm.prank(ADMIN);
        token.renounceOwnership();
    }

    function _requestAt(uint256 start, address successor, bool paused) private {
        if (paused) {
            vm.prank(ADMIN);
            token.pause();
        }
        vm.warp(start);
        vm.prank(successor);
        token.requestOwnershipHandover();
    }

    function _refused(address successor) private {
        vm.expectRevert(Ownable.NoHandoverRequest.selector);
        vm.prank(ADMIN);
        token.completeOwnershipHandover(successor);
        vm.assertEq(token.owner(), ADMIN, "admin");
    }
}
