// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {Ownable} from "solady/src/auth/Ownable.sol";
import {ERC2981} from "solady/src/tokens/ERC2981.sol";
import {ERC721} from "solady/src/tokens/ERC721.sol";
import {LibString} from "solady/src/utils/LibString.sol";
import {ReentrancyGuardTransient} from "solady/src/utils/ReentrancyGuardTransient.sol";

import {PackedTokens} from "./base/PackedTokens.sol";
import {IIPAssetNFT} from "./interfaces/IIPAssetNFT.sol";
import {MetadataURI} from "./libraries/MetadataURI.sol";
import {Recipients} from "./libraries/Recipients.sol";

/// @title Intellectual-property assets as non-fungible tokens
/// @dev A token names its metadata directory by a key beside its owner (see `PackedTokens`), so that a batch pays for
/// one directory slot however many tokens it mints.
///
/// Every mint function first refuses to be entered from a recipient (`nonReadReentrant` looks at the guard and leaves
/// it), then makes all its changes, and asks recipients last. The guard is closed while a recipient of a mint is asked
/// (`nonReentrant`) and at no other time: a mint to plain accounts does not pay for it.
contract IPAssetNFT is IIPAssetNFT, PackedTokens, ERC2981, OwnableRoles, ReentrancyGuardTransient {
    using LibString for LibString.StringStorage;

    /// @dev A struct, so that its place is computed once to read and to write it.
    struct Directory {
        bytes32 digest;
    }

    /// @inheritdoc IIPAssetNFT
    uint256 public constant override MINTER_ROLE = _ROLE_0;

    /// @inheritdoc IIPAssetNFT
    uint256 public constant override PAUSER_ROLE = _ROLE_1;

    /// @inheritdoc IIPAssetNFT
    uint256 public constant override MAX_BATCH_SIZE = 256;

    /// @inheritdoc IIPAssetNFT
    bytes32 public immutable override instanceId;

    /// @inheritdoc IIPAssetNFT
    uint256 public immutable override deployedAtBlock;

    bytes32 private immutable _name;
    bytes32 private immutable _symbol;

    uint256 private constant _BPS_OF_ONE = 10_000;
    bytes4 private constant _ERC4906_INTERFACE_ID = 0x49064906;

    bool private _paused;
    mapping(uint80 directoryKey => Directory) private _directories;
    mapping(uint256 tokenId => LibString.StringStorage uri) private _ownURIs;

    /// @param name_ Name of the collection, at most 32 bytes. Neither name is kept beyond a NUL character.
    /// @param symbol_ Short name of the collection, at most 32 bytes.
    /// @param admin First holder of the ADMIN role; not zero.
    /// @param minter First holder of the MINTER role; zero means the admin.
    /// @param instanceId_ Random number that tells this deployment from any other one.
    /// @param royaltyReceiver Receiver of the default royalty; zero means no default royalty, with zero basis points.
    /// @param royaltyBps Default royalty in basis points (1/10,000).
    constructor(
        string memory name_,
        string memory symbol_,
        address admin,
        address minter,
        bytes32 instanceId_,
        address royaltyReceiver,
        uint96 royaltyBps
    ) {
        if (admin == address(0)) revert NewOwnerIsZeroAddress();
        _name = _shortText(name_);
        _symbol = _shortText(symbol_);
        instanceId = instanceId_;
        deployedAtBlock = block.number;
        _initializeOwner(admin);
        _grantRoles(minter == address(0) ? admin : minter, MINTER_ROLE);
        if (royaltyReceiver != address(0) || royaltyBps != 0) _changeDefaultRoyalty(royaltyReceiver, royaltyBps);
    }

    modifier whenNotPaused() {
        _checkNotPaused();
        _;
    }

    /// @inheritdoc IIPAssetNFT
    function mintAsset(address to, bytes16 assetId, bytes32 directoryDigest)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReadReentrant
        returns (uint256 tokenId)
    {
        tokenId = _mintOne(to, assetId, _directoryKeyOf(directoryDigest));
        if (to.code.length != 0) _askAboutOne(to, tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function mintAssetWithURI(address to, bytes16 assetId, string calldata uri)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReadReentrant
        returns (uint256 tokenId)
    {
        if (bytes(uri).length == 0) revert URIIsEmpty();
        tokenId = _mintOne(to, assetId, _OWN_URI);
        _ownURIs[tokenId].setCalldata(uri);
        if (to.code.length != 0) _askAboutOne(to, tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function batchMint(address to, bytes16[] calldata assetIds, bytes32 directoryDigest)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReadReentrant
    {
        _checkBatchSize(assetIds.length);
        uint256 packedOwner = _packOwner(to, _directoryKeyOf(directoryDigest));
        for (uint256 i; i < assetIds.length; ++i) {
            _create(_tokenIdAt(assetIds, i), packedOwner);
        }
        _addToBalance(to, assetIds.length);
        if (to.code.length != 0) _askAboutEach(to, assetIds);
    }

    /// @inheritdoc IIPAssetNFT
    function batchMintTo(address[] calldata to, bytes16[] calldata assetIds, bytes32 directoryDigest)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReadReentrant
    {
        _checkBatchSize(assetIds.length);
        if (to.length != assetIds.length) revert LengthMismatch(to.length, assetIds.length);
        uint96 details = _directoryKeyOf(directoryDigest);
        for (uint256 i; i < assetIds.length; ++i) {
            address recipient = to[i];
            _create(_tokenIdAt(assetIds, i), _packOwner(recipient, details));
            _addToBalance(recipient, 1);
        }
        for (uint256 i; i < assetIds.length; ++i) {
            address recipient = to[i];
            if (recipient.code.length != 0) _askAboutOne(recipient, _tokenIdAt(assetIds, i));
        }
    }

    /// @inheritdoc IIPAssetNFT
    function amendDirectory(uint256 tokenId, bytes32 directoryDigest) external override onlyOwner {
        bytes32 previousDigest = directoryDigestOf(tokenId);
        uint96 details = _getExtraData(tokenId);
        if (_hasOwnURI(details)) _ownURIs[tokenId].clear();
        _setExtraData(tokenId, _withDirectory(details, _directoryKeyOf(directoryDigest)));
        emit DirectoryAmended(tokenId, previousDigest, directoryDigest);
        emit MetadataUpdate(tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function setValidity(uint256 tokenId, uint8 validity, bytes32 reasonHash) external override onlyOwner {
        _checkExists(tokenId);
        if (validity > uint8(type(Validity).max)) revert ValidityOutOfRange(validity);
        _setExtraData(tokenId, _withValidity(_getExtraData(tokenId), Validity(validity)));
        emit ValidityChanged(tokenId, Validity(validity), reasonHash);
        emit MetadataUpdate(tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function pause() external override onlyOwnerOrRoles(PAUSER_ROLE) whenNotPaused {
        _paused = true;
        emit Paused(msg.sender);
    }

    /// @inheritdoc IIPAssetNFT
    function unpause() external override onlyOwnerOrRoles(PAUSER_ROLE) {
        if (!_paused) revert ContractNotPaused();
        _paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IIPAssetNFT
    function setDefaultRoyalty(address receiver, uint96 royaltyBps) external override onlyOwner {
        _changeDefaultRoyalty(receiver, royaltyBps);
    }

    /// @inheritdoc IIPAssetNFT
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 royaltyBps) external override onlyOwner {
        _checkExists(tokenId);
        _setTokenRoyalty(tokenId, receiver, royaltyBps);
        emit TokenRoyaltyChanged(tokenId, receiver, royaltyBps);
    }

    /// @inheritdoc IIPAssetNFT
    function resetTokenRoyalty(uint256 tokenId) external override onlyOwner {
        _checkExists(tokenId);
        _resetTokenRoyalty(tokenId);
        emit TokenRoyaltyChanged(tokenId, address(0), 0);
    }

    /// @inheritdoc IIPAssetNFT
    function paused() external view override returns (bool) {
        return _paused;
    }

    /// @inheritdoc IIPAssetNFT
    function validityOf(uint256 tokenId) external view override returns (Validity) {
        _checkExists(tokenId);
        return _validityIn(_getExtraData(tokenId));
    }

    /// @inheritdoc IIPAssetNFT
    function directoryDigestOf(uint256 tokenId) public view override returns (bytes32) {
        _checkExists(tokenId);
        uint96 details = _getExtraData(tokenId);
        return _hasOwnURI(details) ? bytes32(0) : _directories[_directoryKeyIn(details)].digest;
    }

    /// @inheritdoc IIPAssetNFT
    function tokenIdOf(bytes16 assetId) public pure override returns (uint256) {
        return uint128(assetId);
    }

    /// @inheritdoc IIPAssetNFT
    function assetIdOf(uint256 tokenId) public pure override returns (bytes16) {
        if (tokenId > type(uint128).max) revert TokenIdOutOfRange(tokenId);
        return bytes16(uint128(tokenId));
    }

    /// @inheritdoc ERC721
    function name() public view override returns (string memory) {
        return LibString.fromSmallString(_name);
    }

    /// @inheritdoc ERC721
    function symbol() public view override returns (string memory) {
        return LibString.fromSmallString(_symbol);
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 id) public view override returns (string memory) {
        bytes32 directoryDigest = directoryDigestOf(id);
        return directoryDigest == 0 ? _ownURIs[id].get() : MetadataURI.build(directoryDigest, assetIdOf(id));
    }

    /// @dev Solady's function multiplies first and burns all gas when the product overflows. At a price of 10,000 it
    /// answers the basis points; a whole share of each 10,000 and the share of the rest are the same amount, rounded
    /// down, and cannot overflow because no royalty is above the price.
    /// @inheritdoc ERC2981
    function royaltyInfo(uint256 tokenId, uint256 salePrice) public view override returns (address, uint256) {
        (address receiver, uint256 royaltyBps) = super.royaltyInfo(tokenId, _BPS_OF_ONE);
        // The second term makes good what the division of the first one drops.
        // slither-disable-next-line divide-before-multiply
        return (receiver, salePrice / _BPS_OF_ONE * royaltyBps + salePrice % _BPS_OF_ONE * royaltyBps / _BPS_OF_ONE);
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, ERC2981) returns (bool) {
        return ERC721.supportsInterface(interfaceId) || ERC2981.supportsInterface(interfaceId)
            || interfaceId == _ERC4906_INTERFACE_ID || interfaceId == type(IIPAssetNFT).interfaceId;
    }

    /// @inheritdoc ERC721
    function safeTransferFrom(address from, address to, uint256 id) public payable override {
        transferFrom(from, to, id);
        if (to.code.length != 0) Recipients.ask(to, from, id, "");
    }

    /// @inheritdoc ERC721
    function safeTransferFrom(address from, address to, uint256 id, bytes calldata data) public payable override {
        transferFrom(from, to, id);
        if (to.code.length != 0) Recipients.ask(to, from, id, data);
    }

    /// @dev Always reverts: the admin role moves by `requestOwnershipHandover` and `completeOwnershipHandover`.
    function transferOwnership(address) public payable override(Ownable) {
        revert HandoverNeedsTwoSteps();
    }

    /// @dev Always reverts: without an admin nobody could grant a role or correct a validity.
    function renounceOwnership() public payable override(Ownable) {
        revert HandoverNeedsTwoSteps();
    }

    /// @dev Solady calls this at the start of each of its ways to move a token.
    function _beforeTokenTransfer(address, address, uint256 id) internal view override whenNotPaused {
        Validity validity = _validityIn(_getExtraData(id));
        if (validity != Validity.Valid) revert TokenNotTransferable(id, validity);
    }

    function _mintOne(address to, bytes16 assetId, uint96 details) private returns (uint256 tokenId) {
        tokenId = tokenIdOf(assetId);
        _create(tokenId, _packOwner(to, details));
        _addToBalance(to, 1);
    }

    /// @dev Only after every change: the recipient may call anything but the mint functions.
    function _askAboutOne(address recipient, uint256 tokenId) private nonReentrant {
        Recipients.ask(recipient, address(0), tokenId, "");
    }

    /// @dev As `_askAboutOne`; all tokens of the batch exist.
    function _askAboutEach(address recipient, bytes16[] calldata assetIds) private nonReentrant {
        for (uint256 i; i < assetIds.length; ++i) {
            Recipients.ask(recipient, address(0), _tokenIdAt(assetIds, i), "");
        }
    }

    /// @dev Registers the directory at its first use.
    function _directoryKeyOf(bytes32 directoryDigest) private returns (uint80 directoryKey) {
        if (directoryDigest == 0) revert DirectoryDigestIsZero();
        directoryKey = uint80(uint256(directoryDigest));
        Directory storage directory = _directories[directoryKey];
        bytes32 existing = directory.digest;
        if (existing == directoryDigest) return directoryKey;
        if (existing != 0) revert DirectoryDigestClash(existing, directoryDigest);
        directory.digest = directoryDigest;
    }

    function _changeDefaultRoyalty(address receiver, uint96 royaltyBps) private {
        _setDefaultRoyalty(receiver, royaltyBps);
        emit DefaultRoyaltyChanged(receiver, royaltyBps);
    }

    function _checkBatchSize(uint256 size) private pure {
        if (size == 0) revert EmptyBatch();
        if (size > MAX_BATCH_SIZE) revert BatchTooLarge(size);
    }

    function _shortText(string memory text) private pure returns (bytes32) {
        if (bytes(text).length > 32) revert TextTooLong(text);
        return bytes32(bytes(text));
    }

    function _checkNotPaused() private view {
        if (_paused) revert ContractPaused();
    }

    function _checkExists(uint256 tokenId) private view {
        if (!_exists(tokenId)) revert TokenDoesNotExist();
    }

    /// @dev Every chain this contract is compiled for has transient storage, so the guard never needs a stored slot.
    function _useTransientReentrancyGuardOnlyOnMainnet() internal pure override returns (bool) {
        return false;
    }
}
