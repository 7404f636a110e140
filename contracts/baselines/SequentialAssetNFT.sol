// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721A} from "erc721a/contracts/ERC721A.sol";

import {MetadataURI} from "../libraries/MetadataURI.sol";

/// @title Baseline of the gas report: the same duties on ERC721A
/// @notice Only measured against, on chains that are thrown away. Nobody should deploy it elsewhere.
/// @dev ERC721A writes one ownership slot a batch. Its token ids are counted, so which asset a token stands for must be
/// stored, in both directions; asset ids are 16 bytes. It shares our idea of one metadata directory a mint call: the
/// directory is kept under the number of the call's first token, and that number in the 24 bits that ERC721A leaves
/// beside an owner. Tokens beyond 2^24 would need another way. It has no royalty, pause or validity.
contract SequentialAssetNFT is ERC721A, Ownable {
    error AssetExists(bytes16 assetId);
    error LengthMismatch();
    error TooManyTokens();

    mapping(bytes16 assetId => uint256 tokenId) private _tokenIds;
    mapping(uint256 tokenId => bytes16 assetId) private _assetIds;
    mapping(uint24 firstTokenId => bytes32 directoryDigest) private _directoryDigests;

    constructor(address minter) ERC721A("Sequential Assets", "SEQ") Ownable(minter) {}

    function mint(address to, bytes16 assetId, bytes32 directoryDigest) external onlyOwner {
        uint256 tokenId = _nextTokenId();
        uint24 directoryKey = _keepDirectory(directoryDigest);
        _keepAsset(tokenId, assetId);
        _safeMint(to, 1);
        _setExtraDataAt(tokenId, directoryKey);
    }

    function batchMint(address to, bytes16[] calldata assetIds, bytes32 directoryDigest) external onlyOwner {
        uint256 firstTokenId = _nextTokenId();
        uint24 directoryKey = _keepDirectory(directoryDigest);
        for (uint256 i; i < assetIds.length; ++i) {
            _keepAsset(firstTokenId + i, assetIds[i]);
        }
        _safeMint(to, assetIds.length);
        _setExtraDataAt(firstTokenId, directoryKey);
    }

    function batchMintTo(address[] calldata to, bytes16[] calldata assetIds, bytes32 directoryDigest)
        external
        onlyOwner
    {
        if (to.length != assetIds.length) revert LengthMismatch();
        uint256 firstTokenId = _nextTokenId();
        uint24 directoryKey = _keepDirectory(directoryDigest);
        for (uint256 i; i < assetIds.length; ++i) {
            _keepAsset(firstTokenId + i, assetIds[i]);
            _safeMint(to[i], 1);
            _setExtraDataAt(firstTokenId + i, directoryKey);
        }
    }

    /// @return Zero for an asset without a token.
    function tokenIdOf(bytes16 assetId) external view returns (uint256) {
        return _tokenIds[assetId];
    }

    function assetIdOf(uint256 tokenId) public view returns (bytes16) {
        return _assetIds[tokenId];
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        uint24 directoryKey = _ownershipOf(tokenId).extraData;
        return MetadataURI.build(_directoryDigests[directoryKey], assetIdOf(tokenId));
    }

    function _keepDirectory(bytes32 directoryDigest) private returns (uint24 directoryKey) {
        uint256 firstTokenId = _nextTokenId();
        if (firstTokenId > type(uint24).max) revert TooManyTokens();
        directoryKey = uint24(firstTokenId);
        _directoryDigests[directoryKey] = directoryDigest;
    }

    function _keepAsset(uint256 tokenId, bytes16 assetId) private {
        if (_tokenIds[assetId] != 0) revert AssetExists(assetId);
        _tokenIds[assetId] = tokenId;
        _assetIds[tokenId] = assetId;
    }

    /// @dev Zero is free to mean "no token".
    function _startTokenId() internal pure override returns (uint256) {
        return 1;
    }

    /// @dev A token keeps its directory when it moves.
    function _extraData(address, address, uint24 previousExtraData) internal pure override returns (uint24) {
        return previousExtraData;
    }
}
