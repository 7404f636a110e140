// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721} from "solady/src/tokens/ERC721.sol";
import {LibStorage} from "solady/src/utils/LibStorage.sol";

import {IIPAssetNFT} from "../interfaces/IIPAssetNFT.sol";

/// @title Tokens whose details lie beside their owner
/// @dev One storage word holds all that is kept for an ordinary token, from the lowest bit:
///
///     0 to 159   owner
///   160 to 239   directory key: the low 80 bits of the digest of the metadata directory
///   240 to 247   validity
///   248          the token has a URI of its own; its directory key is zero and means nothing
///   249 to 255   zero
///
/// Solady's ERC721 gives the places of the owners' words and of the balances, and leaves the upper 96 bits of the
/// former, its "extra data", to us: they are the "details" below. Everything but the mint is Solady's own code.
abstract contract PackedTokens is ERC721 {
    /// @dev Details of a token that has a URI of its own and is valid.
    uint96 internal constant _OWN_URI = 1 << 88;

    uint256 private constant _OWNER_BITS = 160;
    uint96 private constant _DIRECTORY_KEY_BITS = 80;

    /// @dev The seed in Solady's ERC721, where it is private. Were it another, `ownerOf` would find no token of ours.
    uint256 private constant _ERC721_MASTER_SLOT_SEED = 0x7d8825530a5a2e7a << 192;

    /// @dev The only way a token comes into being. A word that is not empty means that the asset has a token already:
    /// no token is ever burned. The balance is counted by `_addToBalance`, apart, so that a batch to one recipient writes
    /// it once; every caller of this function calls that one too.
    function _create(uint256 tokenId, uint256 packedOwner) internal {
        if (tokenId == 0) revert IIPAssetNFT.AssetIdIsZero();
        LibStorage.Ref storage word = _ownerWord(tokenId);
        if (word.value != 0) revert IIPAssetNFT.DuplicateAsset(bytes16(uint128(tokenId)));
        word.value = packedOwner;
        emit Transfer(address(0), address(uint160(packedOwner)), tokenId);
    }

    /// @dev Counts new tokens of `to`. The balance is the low 32 bits of a word whose other bits nothing here uses. The
    /// sum cannot overflow: a balance has 32 bits and a batch is short.
    function _addToBalance(address to, uint256 amount) internal {
        if (to == address(0)) revert TransferToZeroAddress();
        LibStorage.Ref storage word = _balanceWord(to);
        unchecked {
            uint256 balance = word.value + amount;
            if (balance > _MAX_ACCOUNT_BALANCE) revert AccountBalanceOverflow();
            word.value = balance;
        }
    }

    /// @dev The owner's word of a new token.
    function _packOwner(address to, uint96 details) internal pure returns (uint256) {
        return (uint256(details) << _OWNER_BITS) | uint160(to);
    }

    /// @dev The token id of one asset of a batch, read without Solidity's checks of the index and of the 16 unused
    /// bytes beside the id: the loops count to `assetIds.length`, and whatever stands in those bytes is dropped.
    function _tokenIdAt(bytes16[] calldata assetIds, uint256 index) internal pure returns (uint256 tokenId) {
        assembly ("memory-safe") {
            tokenId := shr(128, calldataload(add(assetIds.offset, shl(5, index))))
        }
    }

    function _directoryKeyIn(uint96 details) internal pure returns (uint80) {
        return uint80(details);
    }

    function _validityIn(uint96 details) internal pure returns (IIPAssetNFT.Validity) {
        return IIPAssetNFT.Validity(uint8(details >> _DIRECTORY_KEY_BITS));
    }

    function _hasOwnURI(uint96 details) internal pure returns (bool) {
        return details & _OWN_URI != 0;
    }

    /// @dev The same details with another validity.
    function _withValidity(uint96 details, IIPAssetNFT.Validity validity) internal pure returns (uint96) {
        uint96 validityBits = uint96(type(uint8).max) << _DIRECTORY_KEY_BITS;
        return (details & ~validityBits) | (uint96(uint8(validity)) << _DIRECTORY_KEY_BITS);
    }

    /// @dev Details of a token in a directory, with the validity of the given ones.
    function _withDirectory(uint96 details, uint80 directoryKey) internal pure returns (uint96) {
        return _withValidity(directoryKey, _validityIn(details));
    }

    /// @dev As Solady's ERC721 says under STORAGE.
    function _ownerWord(uint256 tokenId) private pure returns (LibStorage.Ref storage word) {
        assembly ("memory-safe") {
            mstore(0x00, tokenId)
            mstore(0x1c, _ERC721_MASTER_SLOT_SEED)
            word.slot := add(tokenId, add(tokenId, keccak256(0x00, 0x20)))
        }
    }

    /// @dev As Solady's ERC721 says under STORAGE.
    function _balanceWord(address holder) private pure returns (LibStorage.Ref storage word) {
        assembly ("memory-safe") {
            mstore(0x1c, _ERC721_MASTER_SLOT_SEED)
            mstore(0x00, holder)
            word.slot := keccak256(0x0c, 0x1c)
        }
    }
}
