// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ledger} from "./Ledger.sol";

/// @title Who acts, and on what: mostly what can succeed, sometimes what cannot
abstract contract Choices is Ledger {
    function _anyone() internal returns (address) {
        return _holders[_choice(_holders.length)];
    }

    function _usuallyAdmin() internal returns (address) {
        return _rarely(8) ? _anyone() : _admin;
    }

    function _usually(uint256 role) internal returns (address) {
        uint256 first = _choice(_holders.length);
        if (_rarely(8)) return _holders[first];
        for (uint256 i; i < _holders.length; ++i) {
            address account = _holders[(first + i) % _holders.length];
            if (_roles[account] & role != 0) return account;
        }
        return _holders[first];
    }

    /// @dev The owner, somebody the owner named for this token or for all, or sometimes anyone.
    function _mover(Asset storage asset) internal returns (address) {
        uint256 kind = _choice(8);
        if (kind == 0) return _anyone();
        if (kind < 3 && asset.approved != address(0)) return asset.approved;
        for (uint256 i; kind < 5 && i < _holders.length; ++i) {
            if (_operators[asset.owner][_holders[i]]) return _holders[i];
        }
        return asset.owner == address(0) ? _anyone() : asset.owner;
    }

    function _recipient() internal returns (address) {
        uint256 kind = _choice(32);
        if (kind == 0) return address(0);
        return kind == 1 ? _refuser : _anyone();
    }

    /// @dev An asset that is minted, if there is one; sometimes one that is not.
    function _known() internal returns (bytes16) {
        if (_minted.length == 0 || _rarely(16)) return bytes16(keccak256("never minted"));
        return _minted[_choice(_minted.length)];
    }

    /// @dev Mostly new assets; sometimes one that is minted, one of the same batch, or zero.
    function _assetIds(uint256 count) internal returns (bytes16[] memory assetIds) {
        assetIds = new bytes16[](count);
        for (uint256 i; i < count; ++i) {
            uint256 kind = _choice(24);
            if (kind == 0) assetIds[i] = 0;
            else if (kind == 1 && _minted.length != 0) assetIds[i] = _minted[_choice(_minted.length)];
            else if (kind == 2 && i != 0) assetIds[i] = assetIds[i - 1];
            else assetIds[i] = bytes16(keccak256(abi.encode(calls, i)));
        }
    }

    /// @dev Few, so that they are shared; two of them clash in their low 80 bits, which are zero in another one, as in
    /// the word of a token with a URI; sometimes none.
    function _directory() internal returns (bytes32) {
        uint256 kind = _choice(24);
        if (kind == 0) return 0;
        if (kind <= 2) return bytes32(kind << 200 | 77);
        if (kind <= 4) return bytes32(uint256(77) << 200);
        return keccak256(abi.encode("directory", kind % 5));
    }

    function _uri() internal returns (string memory) {
        if (_rarely(16)) return "";
        return _rarely(2) ? "ar://short" : "https://example.org/a/longer/address/of/metadata/than/one/word.json";
    }

    function _someRoles() internal returns (uint256) {
        uint256 kind = _choice(4);
        if (kind == 0) return MINTER_ROLE | PAUSER_ROLE;
        return kind == 1 ? PAUSER_ROLE : MINTER_ROLE;
    }

    function _transferCall(address from, address to, uint256 tokenId) internal returns (bytes memory) {
        uint256 kind = _choice(3);
        if (kind == 0) return abi.encodeCall(token.transferFrom, (from, to, tokenId));
        if (kind == 1) return abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", from, to, tokenId);
        return abi.encodeWithSignature("safeTransferFrom(address,address,uint256,bytes)", from, to, tokenId, "data");
    }
}
