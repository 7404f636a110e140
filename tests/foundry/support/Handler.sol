// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "solady/src/auth/Ownable.sol";
import {ERC721} from "solady/src/tokens/ERC721.sol";

import {IIPAssetNFT} from "../../../contracts/interfaces/IIPAssetNFT.sol";
import {Choices} from "./Choices.sol";
import {vm} from "./Vm.sol";

/// @title Several people who use the token contract, mostly rightly, sometimes not
/// @dev The fuzzer calls these functions in any order. Each chooses who acts and on what, names what stands against it,
/// acts, and writes down what must be true if the contract did it.
contract Handler is Choices {
    // --- minting

    function mintAsset(uint256 seed) external choosing(seed) {
        (address caller, address to, bytes32 directory) = (_usually(MINTER_ROLE), _recipient(), _directory());
        bytes16[] memory assetIds = _assetIds(1);
        _mintObstacles(caller, to, assetIds);
        _directoryObstacles(directory);
        if (_act("mintAsset", caller, abi.encodeCall(token.mintAsset, (to, assetIds[0], directory)))) {
            _noteMint(assetIds[0], to, directory, "");
        }
    }

    function mintAssetWithURI(uint256 seed) external choosing(seed) {
        (address caller, address to) = (_usually(MINTER_ROLE), _recipient());
        bytes16[] memory assetIds = _assetIds(1);
        string memory uri = _uri();
        _mintObstacles(caller, to, assetIds);
        _refusedIf(bytes(uri).length == 0, IIPAssetNFT.URIIsEmpty.selector);
        if (_act("mintAssetWithURI", caller, abi.encodeCall(token.mintAssetWithURI, (to, assetIds[0], uri)))) {
            _noteMint(assetIds[0], to, 0, uri);
        }
    }

    function batchMint(uint256 seed) external choosing(seed) {
        (address caller, address to, bytes32 directory) = (_usually(MINTER_ROLE), _recipient(), _directory());
        bytes16[] memory assetIds = _assetIds(_choice(5));
        _mintObstacles(caller, to, assetIds);
        _directoryObstacles(directory);
        if (_act("batchMint", caller, abi.encodeCall(token.batchMint, (to, assetIds, directory)))) {
            for (uint256 i; i < assetIds.length; ++i) {
                _noteMint(assetIds[i], to, directory, "");
            }
        }
    }

    function batchMintTo(uint256 seed) external choosing(seed) {
        (address caller, bytes32 directory) = (_usually(MINTER_ROLE), _directory());
        bytes16[] memory assetIds = _assetIds(_choice(5));
        address[] memory to = new address[](assetIds.length + (_rarely(8) ? 1 : 0));
        for (uint256 i; i < to.length; ++i) {
            to[i] = _recipient();
            _recipientObstacles(to[i]);
        }
        _mintObstacles(caller, _holders[0], assetIds);
        _directoryObstacles(directory);
        _refusedIf(to.length != assetIds.length, IIPAssetNFT.LengthMismatch.selector);
        if (_act("batchMintTo", caller, abi.encodeCall(token.batchMintTo, (to, assetIds, directory)))) {
            for (uint256 i; i < assetIds.length; ++i) {
                _noteMint(assetIds[i], to[i], directory, "");
            }
        }
    }

    // --- what holders do

    function transfer(uint256 seed) external choosing(seed) {
        bytes16 assetId = _known();
        Asset storage asset = _assets[assetId];
        address from = _rarely(8) ? _anyone() : asset.owner;
        address to = _rarely(16) ? address(0) : _anyone();
        address caller = _mover(asset);
        _pauseObstacle();
        _refusedIf(!asset.isMinted, ERC721.TokenDoesNotExist.selector);
        _refusedIf(asset.validity != IIPAssetNFT.Validity.Valid, IIPAssetNFT.TokenNotTransferable.selector);
        _refusedIf(from != asset.owner, ERC721.TransferFromIncorrectOwner.selector);
        _refusedIf(to == address(0), ERC721.TransferToZeroAddress.selector);
        bool mayMove = caller == asset.owner || caller == asset.approved || _operators[asset.owner][caller];
        _refusedIf(!mayMove, ERC721.NotOwnerNorApproved.selector);
        if (_act("transfer", caller, _transferCall(from, to, _tokenId(assetId)))) {
            (asset.owner, asset.approved) = (to, address(0));
        }
    }

    function approve(uint256 seed) external choosing(seed) {
        bytes16 assetId = _known();
        Asset storage asset = _assets[assetId];
        address account = _rarely(4) ? address(0) : _anyone();
        address caller = _rarely(8) ? _anyone() : asset.owner;
        _refusedIf(!asset.isMinted, ERC721.TokenDoesNotExist.selector);
        bool mayApprove = caller == asset.owner || _operators[asset.owner][caller];
        _refusedIf(!mayApprove, ERC721.NotOwnerNorApproved.selector);
        if (_act("approve", caller, abi.encodeCall(token.approve, (account, _tokenId(assetId))))) {
            asset.approved = account;
        }
    }

    function setApprovalForAll(uint256 seed) external choosing(seed) {
        (address caller, address operator, bool isApproved) = (_anyone(), _anyone(), _rarely(2));
        if (_act("setApprovalForAll", caller, abi.encodeCall(token.setApprovalForAll, (operator, isApproved)))) {
            _operators[caller][operator] = isApproved;
        }
    }

    // --- what the admin and the pauser do

    function setValidity(uint256 seed) external choosing(seed) {
        (address caller, bytes16 assetId) = (_usuallyAdmin(), _known());
        uint8 validity = _rarely(2) ? 0 : uint8(_choice(_rarely(8) ? 256 : 3));
        _adminObstacle(caller);
        _refusedIf(!_assets[assetId].isMinted, ERC721.TokenDoesNotExist.selector);
        _refusedIf(validity > 2, IIPAssetNFT.ValidityOutOfRange.selector);
        bytes memory call = abi.encodeCall(token.setValidity, (_tokenId(assetId), validity, keccak256("reason")));
        if (_act("setValidity", caller, call)) _assets[assetId].validity = IIPAssetNFT.Validity(validity);
    }

    function amendDirectory(uint256 seed) external choosing(seed) {
        (address caller, bytes16 assetId, bytes32 directory) = (_usuallyAdmin(), _known(), _directory());
        Asset storage asset = _assets[assetId];
        _adminObstacle(caller);
        _refusedIf(!asset.isMinted, ERC721.TokenDoesNotExist.selector);
        _directoryObstacles(directory);
        if (_act("amendDirectory", caller, abi.encodeCall(token.amendDirectory, (_tokenId(assetId), directory)))) {
            (asset.directory, asset.uri) = (directory, "");
            _directories[uint80(uint256(directory))] = directory;
        }
    }

    function pause(uint256 seed) external choosing(seed) {
        address caller = _rarely(2) ? _usuallyAdmin() : _usually(PAUSER_ROLE);
        _refusedIf(!_mayPause(caller), Ownable.Unauthorized.selector);
        _pauseObstacle();
        if (_act("pause", caller, abi.encodeCall(token.pause, ()))) _paused = true;
    }

    /// @dev Is called twice as often as `pause`, so that most of the time things can move.
    function unpause(uint256 seed) external choosing(seed) {
        _unpause();
    }

    function unpauseAgain(uint256 seed) external choosing(seed) {
        _unpause();
    }

    function grantRoles(uint256 seed) external choosing(seed) {
        (address caller, address account, uint256 roles) = (_usuallyAdmin(), _anyone(), _someRoles());
        _adminObstacle(caller);
        if (_act("grantRoles", caller, abi.encodeCall(token.grantRoles, (account, roles)))) _roles[account] |= roles;
    }

    function revokeRoles(uint256 seed) external choosing(seed) {
        (address caller, address account, uint256 roles) = (_usuallyAdmin(), _anyone(), _someRoles());
        _adminObstacle(caller);
        if (_act("revokeRoles", caller, abi.encodeCall(token.revokeRoles, (account, roles)))) {
            _roles[account] &= ~roles;
        }
    }

    function renounceRoles(uint256 seed) external choosing(seed) {
        (address caller, uint256 roles) = (_anyone(), _someRoles());
        if (!_rarely(3)) return;
        if (_act("renounceRoles", caller, abi.encodeCall(token.renounceRoles, (roles)))) _roles[caller] &= ~roles;
    }

    // --- the hand-over

    function requestHandover(uint256 seed) external choosing(seed) {
        address caller = _anyone();
        if (_act("requestHandover", caller, abi.encodeCall(token.requestOwnershipHandover, ()))) {
            _handoverUntil[caller] = block.timestamp + 48 hours;
        }
    }

    function cancelHandover(uint256 seed) external choosing(seed) {
        address caller = _anyone();
        if (!_rarely(3)) return;
        if (_act("cancelHandover", caller, abi.encodeCall(token.cancelOwnershipHandover, ()))) {
            delete _handoverUntil[caller];
        }
    }

    function completeHandover(uint256 seed) external choosing(seed) {
        (address caller, address successor) = (_usuallyAdmin(), _anyone());
        _adminObstacle(caller);
        _refusedIf(block.timestamp > _handoverUntil[successor], Ownable.NoHandoverRequest.selector);
        bytes memory call = abi.encodeCall(token.completeOwnershipHandover, (successor));
        if (_act("completeHandover", caller, call)) {
            _admin = successor;
            delete _handoverUntil[successor];
        }
    }

    function takeOverInOneStep(uint256 seed) external choosing(seed) {
        _refusedIf(true, IIPAssetNFT.HandoverNeedsTwoSteps.selector);
        bytes memory give = abi.encodeCall(token.transferOwnership, (_anyone()));
        bytes memory giveUp = abi.encodeCall(token.renounceOwnership, ());
        _act("takeOverInOneStep", _usuallyAdmin(), _rarely(2) ? give : giveUp);
    }

    function letTimePass(uint256 seed) external choosing(seed) {
        vm.warp(block.timestamp + _choice(36 hours));
    }

    /// @notice What the fuzzer can call, for a test that does it in turn.
    function actions() external pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](20);
        selectors[0] = this.mintAsset.selector;
        selectors[1] = this.mintAssetWithURI.selector;
        selectors[2] = this.batchMint.selector;
        selectors[3] = this.batchMintTo.selector;
        selectors[4] = this.transfer.selector;
        selectors[5] = this.approve.selector;
        selectors[6] = this.setApprovalForAll.selector;
        selectors[7] = this.setValidity.selector;
        selectors[8] = this.amendDirectory.selector;
        selectors[9] = this.pause.selector;
        selectors[10] = this.unpause.selector;
        selectors[11] = this.unpauseAgain.selector;
        selectors[12] = this.grantRoles.selector;
        selectors[13] = this.revokeRoles.selector;
        selectors[14] = this.renounceRoles.selector;
        selectors[15] = this.requestHandover.selector;
        selectors[16] = this.cancelHandover.selector;
        selectors[17] = this.completeHandover.selector;
        selectors[18] = this.takeOverInOneStep.selector;
        selectors[19] = this.letTimePass.selector;
    }

    // --- obstacles

    function _mintObstacles(address caller, address to, bytes16[] memory assetIds) private {
        _refusedIf(_roles[caller] & MINTER_ROLE == 0, Ownable.Unauthorized.selector);
        _pauseObstacle();
        _refusedIf(assetIds.length == 0, IIPAssetNFT.EmptyBatch.selector);
        if (assetIds.length != 0) _recipientObstacles(to);
        for (uint256 i; i < assetIds.length; ++i) {
            bool isTaken = _assets[assetIds[i]].isMinted;
            for (uint256 earlier; earlier < i; ++earlier) {
                isTaken = isTaken || assetIds[earlier] == assetIds[i];
            }
            _refusedIf(assetIds[i] == 0, IIPAssetNFT.AssetIdIsZero.selector);
            _refusedIf(isTaken, IIPAssetNFT.DuplicateAsset.selector);
        }
    }

    function _recipientObstacles(address to) private {
        _refusedIf(to == address(0), ERC721.TransferToZeroAddress.selector);
        _refusedIf(to == _refuser, IIPAssetNFT.RecipientRefused.selector);
    }

    function _directoryObstacles(bytes32 directory) private {
        _refusedIf(directory == 0, IIPAssetNFT.DirectoryDigestIsZero.selector);
        _refusedIf(_clashes(directory), IIPAssetNFT.DirectoryDigestClash.selector);
    }

    function _pauseObstacle() private {
        _refusedIf(_paused, IIPAssetNFT.ContractPaused.selector);
    }

    function _adminObstacle(address caller) private {
        _refusedIf(caller != _admin, Ownable.Unauthorized.selector);
    }

    function _unpause() private {
        address caller = _rarely(2) ? _usuallyAdmin() : _usually(PAUSER_ROLE);
        _refusedIf(!_mayPause(caller), Ownable.Unauthorized.selector);
        _refusedIf(!_paused, IIPAssetNFT.ContractNotPaused.selector);
        if (_act("unpause", caller, abi.encodeCall(token.unpause, ()))) _paused = false;
    }

    function _mayPause(address caller) private view returns (bool) {
        return caller == _admin || _roles[caller] & PAUSER_ROLE != 0;
    }

    function _tokenId(bytes16 assetId) private pure returns (uint256) {
        return uint256(uint128(assetId));
    }
}
