// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {Ownable} from "solady/src/auth/Ownable.sol";
import {ERC2981} from "solady/src/tokens/ERC2981.sol";
import {ERC721} from "solady/src/tokens/ERC721.sol";
import {LibString} from "solady/src/utils/LibString.sol";
import {ReentrancyGuardTransient} from "solady/src/utils/ReentrancyGuardTransient.sol";

import {IERC721Receiver} from "./interfaces/IERC721Receiver.sol";
import {IIPAssetNFT} from "./interfaces/IIPAssetNFT.sol";
import {MetadataURI} from "./libraries/MetadataURI.sol";

/// @title Intellectual-property assets as non-fungible tokens
/// @dev Solady keeps 96 spare bits beside each owner. They hold, from the lowest: 80 bits that find the metadata
/// directory, then the validity. One batch therefore pays for one directory slot however many tokens it mints.
contract IPAssetNFT is IIPAssetNFT, ERC721, ERC2981, OwnableRoles, ReentrancyGuardTransient {
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

    uint96 private constant _DIRECTORY_KEY_BITS = 80;
    bytes4 private constant _ERC4906_INTERFACE_ID = 0x49064906;

    bool private _paused;
    mapping(uint80 directoryKey => bytes32 directoryDigest) private _directoryDigests;

    /// @param name_ Name of the collection, at most 32 bytes.
    /// @param symbol_ Short name of the collection, at most 32 bytes.
    /// @param admin First holder of the ADMIN role; not zero.
    /// @param minter First holder of the MINTER role; zero means the admin.
    /// @param instanceId_ Random number that tells this deployment from any other one.
    /// @param royaltyReceiver Receiver of the default royalty; zero means no default royalty.
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
        if (royaltyReceiver != address(0)) _changeDefaultRoyalty(royaltyReceiver, royaltyBps);
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
        nonReentrant
        returns (uint256 tokenId)
    {
        tokenId = _mintOne(to, assetId, _directoryKeyOf(directoryDigest));
        if (to.code.length != 0) _askRecipient(to, tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function batchMint(address to, bytes16[] calldata assetIds, bytes32 directoryDigest)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReentrant
    {
        uint256 size = _checkedBatchSize(assetIds);
        uint80 directoryKey = _directoryKeyOf(directoryDigest);
        for (uint256 i; i < size; ++i) {
            _mintOne(to, assetIds[i], directoryKey);
        }
        if (to.code.length == 0) return;
        for (uint256 i; i < size; ++i) {
            _askRecipient(to, tokenIdOf(assetIds[i]));
        }
    }

    /// @inheritdoc IIPAssetNFT
    function batchMintTo(address[] calldata to, bytes16[] calldata assetIds, bytes32 directoryDigest)
        external
        override
        onlyRoles(MINTER_ROLE)
        whenNotPaused
        nonReentrant
    {
        uint256 size = _checkedBatchSize(assetIds);
        if (to.length != size) revert LengthMismatch(to.length, size);
        uint80 directoryKey = _directoryKeyOf(directoryDigest);
        for (uint256 i; i < size; ++i) {
            _mintOne(to[i], assetIds[i], directoryKey);
        }
        for (uint256 i; i < size; ++i) {
            if (to[i].code.length != 0) _askRecipient(to[i], tokenIdOf(assetIds[i]));
        }
    }

    /// @inheritdoc IIPAssetNFT
    function setValidity(uint256 tokenId, Validity validity, bytes32 reasonHash) external override onlyOwner {
        _checkExists(tokenId);
        uint80 directoryKey = uint80(_getExtraData(tokenId));
        _setExtraData(tokenId, (uint96(validity) << _DIRECTORY_KEY_BITS) | directoryKey);
        emit ValidityChanged(tokenId, validity, reasonHash);
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
        return _validityOf(tokenId);
    }

    /// @inheritdoc IIPAssetNFT
    function directoryDigestOf(uint256 tokenId) public view override returns (bytes32) {
        _checkExists(tokenId);
        return _directoryDigests[uint80(_getExtraData(tokenId))];
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
        return MetadataURI.build(directoryDigestOf(id), assetIdOf(id));
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, ERC2981) returns (bool) {
        return ERC721.supportsInterface(interfaceId) || ERC2981.supportsInterface(interfaceId)
            || interfaceId == _ERC4906_INTERFACE_ID || interfaceId == type(IIPAssetNFT).interfaceId;
    }

    /// @dev Every transfer passes here: both `safeTransferFrom` functions begin with it.
    /// @inheritdoc ERC721
    function transferFrom(address from, address to, uint256 id) public payable override whenNotPaused {
        Validity validity = _validityOf(id);
        if (validity != Validity.Valid) revert TokenNotTransferable(id, validity);
        super.transferFrom(from, to, id);
    }

    /// @dev Always reverts: the admin role moves by `requestOwnershipHandover` and `completeOwnershipHandover`.
    function transferOwnership(address) public payable override(Ownable) {
        revert HandoverNeedsTwoSteps();
    }

    /// @dev Always reverts: without an admin nobody could grant a role or correct a validity.
    function renounceOwnership() public payable override(Ownable) {
        revert HandoverNeedsTwoSteps();
    }

    /// @dev The only way a token comes into being. Solady's function does not look whether the token exists, so this
    /// one does.
    function _mintOne(address to, bytes16 assetId, uint80 directoryKey) private returns (uint256 tokenId) {
        tokenId = tokenIdOf(assetId);
        if (_exists(tokenId)) revert DuplicateAsset(assetId);
        _mintAndSetExtraDataUnchecked(to, tokenId, directoryKey);
    }

    /// @dev Registers the directory at its first use.
    function _directoryKeyOf(bytes32 directoryDigest) private returns (uint80 directoryKey) {
        if (directoryDigest == 0) revert DirectoryDigestIsZero();
        directoryKey = uint80(uint256(directoryDigest));
        bytes32 existing = _directoryDigests[directoryKey];
        if (existing == 0) {
            _directoryDigests[directoryKey] = directoryDigest;
        } else if (existing != directoryDigest) {
            revert DirectoryDigestClash(existing, directoryDigest);
        }
    }

    /// @dev A low-level call, because a high-level one would revert without our error when the answer cannot be
    /// decoded.
    function _askRecipient(address recipient, uint256 tokenId) private {
        (bool accepted, bytes memory answer) = recipient.call(
            abi.encodeCall(IERC721Receiver.onERC721Received, (msg.sender, address(0), tokenId, ""))
        );
        if (!accepted || bytes32(answer) != bytes32(IERC721Receiver.onERC721Received.selector)) {
            revert RecipientRefused(recipient, tokenId, answer);
        }
    }

    function _changeDefaultRoyalty(address receiver, uint96 royaltyBps) private {
        _setDefaultRoyalty(receiver, royaltyBps);
        emit DefaultRoyaltyChanged(receiver, royaltyBps);
    }

    function _checkedBatchSize(bytes16[] calldata assetIds) private pure returns (uint256 size) {
        size = assetIds.length;
        if (size == 0 || size > MAX_BATCH_SIZE) revert BatchSizeOutOfRange(size);
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

    function _validityOf(uint256 tokenId) private view returns (Validity) {
        return Validity(_getExtraData(tokenId) >> _DIRECTORY_KEY_BITS);
    }

    /// @dev Every chain this contract is compiled for has transient storage, so the guard never needs a stored slot.
    function _useTransientReentrancyGuardOnlyOnMainnet() internal pure override returns (bool) {
        return false;
    }
}
