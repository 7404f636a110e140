// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Handler} from "./support/Handler.sol";
import {IToken} from "./support/IToken.sol";
import {Ledger} from "./support/Ledger.sol";
import {vm} from "./support/Vm.sol";

/// @title What is true after any sequence of calls
/// @dev The fuzzer drives the handler, whose ledger says what should have happened; here the contract is asked. All
/// invariants are looked at in one campaign: Foundry would repeat the same calls for each of them. Not after every
/// call, because that takes most of the time: an offence stays counted, and a ledger that differs goes on differing.
contract InvariantsTest {
    /// @dev Calls of a whole run.
    uint256 private constant _DEPTH = 200;

    Handler private _handler;
    IToken private _token;

    function setUp() external {
        _handler = new Handler();
        _token = _handler.token();
    }

    /// @notice Foundry asks which contracts the fuzzer may call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_theContractAgreesWithTheLedger() external view {
        _checkOffences(_handler.offences());
        _checkRolesAndPause();
        bytes16[] memory minted = _handler.minted();
        address[] memory holders = _handler.holders();
        uint256[] memory owned = new uint256[](holders.length);
        for (uint256 i; i < minted.length; ++i) {
            Ledger.Asset memory asset = _handler.assetOf(minted[i]);
            _checkToken(minted[i], asset);
            for (uint256 j; j < holders.length; ++j) {
                if (holders[j] == asset.owner) ++owned[j];
            }
        }
        _checkSupply(minted.length, holders, owned);
        vm.assertEq(_handler.surprises(), 0, string.concat("every call ends as expected: ", _handler.lastSurprise()));
    }

    /// @notice Foundry calls this at the end of each run: a run in which little succeeded would prove little.
    function afterInvariant() external view {
        if (_handler.calls() < _DEPTH) return; // Foundry is shortening a failure
        vm.assertGt(_handler.successCount(), 50, "a quarter of the calls succeeded");
        vm.assertGt(_handler.minted().length, 0, "tokens were minted");
    }

    /// @notice A smaller depth would switch `afterInvariant` off.
    function test_aWholeRunIsAsLongAsConfigured() external view {
        string memory configuration = vm.readFile("tests/foundry/foundry.toml");
        uint256 depth = vm.parseTomlUint(configuration, ".profile.default.invariant.depth");
        vm.assertEq(depth, _DEPTH, "depth in foundry.toml");
    }

    /// @notice Every action succeeds often, and every one that can be refused is refused now and then.
    function test_theHandlerReachesEverything() external {
        bytes4[] memory actions = _handler.actions();
        for (uint256 i; i < 100 * actions.length; ++i) {
            (bool done,) = address(_handler).call(abi.encodeWithSelector(actions[i % actions.length], i));
            vm.assertTrue(done, "the handler itself never reverts");
        }
        vm.assertEq(_handler.surprises(), 0, _handler.lastSurprise());
        string[18] memory names = [
            "mintAsset", "mintAssetWithURI", "batchMint", "batchMintTo", "transfer", "approve", "setValidity",
            "amendDirectory", "pause", "unpause", "grantRoles", "revokeRoles", "completeHandover", "setApprovalForAll",
            "renounceRoles", "requestHandover", "cancelHandover", "takeOverInOneStep"
        ];
        for (uint256 i; i < names.length; ++i) {
            bytes32 name = bytes32(bytes(names[i]));
            if (i < 17) vm.assertGt(_handler.successes(name), 4, string.concat(names[i], " succeeds"));
            if (i < 13 || i == 17) vm.assertGt(_handler.refusals(name), 4, string.concat(names[i], " is refused"));
        }
    }

    function _checkOffences(Ledger.Offences memory offences) private pure {
        vm.assertEq(offences.mintsByOthers, 0, "only minters mint");
        vm.assertEq(offences.movesWhilePaused, 0, "nothing moves while paused");
        vm.assertEq(offences.movesOfStoppedTokens, 0, "suspended and revoked tokens stay");
    }

    function _checkRolesAndPause() private view {
        vm.assertEq(_token.owner(), _handler.admin(), "the admin is who took over in two steps");
        vm.assertTrue(_token.paused() == _handler.isPaused(), "paused is what the pauser said");
        address[] memory holders = _handler.holders();
        for (uint256 i; i < holders.length; ++i) {
            vm.assertEq(_token.rolesOf(holders[i]), _handler.rolesOf(holders[i]), "roles are as the admin gave them");
        }
    }

    function _checkToken(bytes16 assetId, Ledger.Asset memory asset) private view {
        uint256 tokenId = _token.tokenIdOf(assetId);
        vm.assertEq(asset.mintEvents, 1, "one token per asset");
        vm.assertEq(bytes32(_token.assetIdOf(tokenId)), bytes32(assetId), "a token is of the asset it was minted for");
        vm.assertEq(_token.ownerOf(tokenId), asset.owner, "an owner changes only by a permitted transfer");
        vm.assertEq(_token.getApproved(tokenId), asset.approved, "an approval ends with the transfer");
        vm.assertEq(_token.directoryDigestOf(tokenId), asset.directory, "a directory changes only by amendment");
        vm.assertEq(uint8(_token.validityOf(tokenId)), uint8(asset.validity), "validity changes only by the admin");
        if (bytes(asset.uri).length == 0) return;
        vm.assertEq(_token.tokenURI(tokenId), asset.uri, "a URI is kept until the token is amended");
    }

    function _checkSupply(uint256 supply, address[] memory holders, uint256[] memory owned) private view {
        vm.assertEq(_handler.transfersFromZero(), supply, "supply is the transfers from zero");
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += _token.balanceOf(holders[i]);
        }
        vm.assertEq(sum, supply, "balances sum to the supply");
        for (uint256 i; i < holders.length; ++i) {
            vm.assertEq(_token.balanceOf(holders[i]), owned[i], "a balance is the number of tokens owned");
        }
    }
}
