// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIPAssetNFT} from "../../../contracts/interfaces/IIPAssetNFT.sol";
import {AcceptingReceiver} from "../../../contracts/mocks/AcceptingReceiver.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {Deployment} from "./Deployment.sol";
import {IToken} from "./IToken.sol";
import {Vm, vm} from "./Vm.sol";

/// @title What the token contract must know, kept a second time in the plainest way
/// @dev An action says what stands against it, acts, and writes down here what must be true afterwards. Nothing in here
/// reverts because of what the contract did: offences are counted, so that each invariant fails under its own name.
abstract contract Ledger {
    /// @dev What is expected of one token.
    struct Asset {
        bool isMinted;
        address owner;
        address approved;
        bytes32 directory;
        string uri;
        IIPAssetNFT.Validity validity;
        uint256 mintEvents;
    }

    /// @dev Acts that the contract should have refused, as its events betray them.
    struct Offences {
        uint256 mintsByOthers;
        uint256 movesWhilePaused;
        uint256 movesOfStoppedTokens;
    }

    bytes32 private constant _TRANSFER = keccak256("Transfer(address,address,uint256)");
    uint256 private constant _PEOPLE = 6;

    IToken public immutable token;
    uint256 public immutable MINTER_ROLE;
    uint256 public immutable PAUSER_ROLE;
    address internal immutable _refuser = address(new RefusingReceiver(RefusingReceiver.Manner.Revert));

    mapping(bytes16 assetId => Asset) internal _assets;
    bytes16[] internal _minted;
    address[] internal _holders;
    mapping(uint80 directoryKey => bytes32) internal _directories;
    mapping(address owner => mapping(address operator => bool)) internal _operators;
    mapping(address account => uint256) internal _roles;
    mapping(address account => uint256) internal _handoverUntil;
    address internal _admin;
    bool internal _paused;

    uint256 public transfersFromZero;
    Offences internal _offences;

    uint256 public calls;
    uint256 public successCount;
    mapping(bytes32 action => uint256) public successes;
    mapping(bytes32 action => uint256) public refusals;

    /// @notice How often the contract did what it should refuse, refused what it should do, or gave a wrong reason.
    uint256 public surprises;
    string public lastSurprise;

    bytes4[] private _obstacles;
    bytes32 private _random;

    constructor() {
        for (uint160 i = 1; i <= _PEOPLE; ++i) {
            _holders.push(address(i * 0x1111));
        }
        _holders.push(address(new AcceptingReceiver()));
        _admin = _holders[0];
        token = Deployment.deploy(_admin, _holders[1]);
        (MINTER_ROLE, PAUSER_ROLE) = (token.MINTER_ROLE(), token.PAUSER_ROLE());
        _roles[_holders[1]] = MINTER_ROLE;
        vm.prank(_admin);
        token.grantRoles(_holders[2], PAUSER_ROLE);
        _roles[_holders[2]] = PAUSER_ROLE;
        vm.recordLogs();
    }

    function assetOf(bytes16 assetId) external view returns (Asset memory) {
        return _assets[assetId];
    }

    function minted() external view returns (bytes16[] memory) {
        return _minted;
    }

    function holders() external view returns (address[] memory) {
        return _holders;
    }

    function offences() external view returns (Offences memory) {
        return _offences;
    }

    function admin() external view returns (address) {
        return _admin;
    }

    function isPaused() external view returns (bool) {
        return _paused;
    }

    function rolesOf(address account) external view returns (uint256) {
        return _roles[account];
    }

    /// @dev Begins an action: the fuzzer's number is stretched to as many choices as the action needs.
    modifier choosing(uint256 seed) {
        _random = keccak256(abi.encode(seed, ++calls));
        delete _obstacles;
        _;
    }

    /// @return A number below `count`.
    function _choice(uint256 count) internal returns (uint256) {
        _random = keccak256(abi.encode(_random));
        return uint256(_random) % count;
    }

    function _rarely(uint256 oneIn) internal returns (bool) {
        return _choice(oneIn) == 0;
    }

    /// @dev When several reasons stand, which one the contract gives is its own matter.
    function _refusedIf(bool condition, bytes4 reason) internal {
        if (condition) _obstacles.push(reason);
    }

    /// @dev Calls the contract and compares what happened with the obstacles named before.
    function _act(bytes32 action, address caller, bytes memory call) internal returns (bool done) {
        vm.prank(caller);
        bytes memory answer;
        (done, answer) = address(token).call(call);
        if (done != (_obstacles.length == 0) || (!done && !_stands(bytes4(answer)))) {
            ++surprises;
            lastSurprise = string(abi.encodePacked(action, done ? " was done" : " was refused"));
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!done) {
            ++refusals[action]; // what was logged is undone, and recorded nevertheless
            return false;
        }
        ++successes[action];
        ++successCount;
        _readTransfers(logs, caller);
    }

    function _noteMint(bytes16 assetId, address to, bytes32 directory, string memory uri) internal {
        Asset storage asset = _assets[assetId];
        (asset.isMinted, asset.owner, asset.directory, asset.uri) = (true, to, directory, uri);
        _minted.push(assetId);
        if (directory != 0) _directories[uint80(uint256(directory))] = directory;
    }

    /// @dev A directory is refused when another one has taken its key: the low 80 bits.
    function _clashes(bytes32 directory) internal view returns (bool) {
        bytes32 existing = _directories[uint80(uint256(directory))];
        return existing != 0 && existing != directory;
    }

    /// @dev Reads what the contract told the world, with the standing of things before the call.
    function _readTransfers(Vm.Log[] memory logs, address caller) private {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(token) || logs[i].topics[0] != _TRANSFER) continue;
            Asset storage asset = _assets[bytes16(uint128(uint256(logs[i].topics[3])))];
            if (_paused) ++_offences.movesWhilePaused;
            if (asset.validity != IIPAssetNFT.Validity.Valid) ++_offences.movesOfStoppedTokens;
            if (logs[i].topics[1] != 0) continue;
            ++transfersFromZero;
            ++asset.mintEvents;
            if (_roles[caller] & MINTER_ROLE == 0) ++_offences.mintsByOthers;
        }
    }

    function _stands(bytes4 reason) private view returns (bool) {
        for (uint256 i; i < _obstacles.length; ++i) {
            if (_obstacles[i] == reason) return true;
        }
        return false;
    }
}
