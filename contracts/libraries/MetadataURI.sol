// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Address of an asset's metadata inside an IPFS directory
library MetadataURI {
    /// @dev RFC 4648 base32 in lower case.
    bytes32 private constant _BASE32_DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    bytes16 private constant _HEX_DIGITS = "0123456789abcdef";

    /// @dev The four bytes that begin such a CID (01 version, 70 dag-pb, 12 sha2-256, 20 length) always read "afybei"
    /// in base32, after "b" for the encoding, and leave two zero bits to the next digit. The dots make room for the
    /// other 52 digits.
    bytes private constant _TEMPLATE =
        "ipfs://bafybei..................................................../________-____-____-____-____________.json";
    uint256 private constant _LAST_CID_DIGIT = 65;
    uint256 private constant _FIRST_CID_DIGIT = 14;
    uint256 private constant _LAST_UUID_DIGIT = 102;

    /// @notice `ipfs://<CIDv1 of the directory, base32>/<asset id as UUID>.json`
    /// @param directoryDigest SHA-256 digest of the directory's dag-pb block.
    /// @param assetId The asset's UUID as 16 bytes.
    function build(bytes32 directoryDigest, bytes16 assetId) internal pure returns (string memory) {
        bytes memory uri = _TEMPLATE;
        uint256 bits = uint256(directoryDigest);
        // 2 bits of header, 256 of digest and 2 zero bits of padding make 52 digits of 5 bits.
        uri[_LAST_CID_DIGIT] = _BASE32_DIGITS[(bits << 2) & 31];
        bits >>= 3;
        for (uint256 i = _LAST_CID_DIGIT - 1; i >= _FIRST_CID_DIGIT; --i) {
            uri[i] = _BASE32_DIGITS[bits & 31];
            bits >>= 5;
        }
        bits = uint128(assetId);
        for (uint256 i = _LAST_UUID_DIGIT; i > _LAST_CID_DIGIT + 1; --i) {
            if (uri[i] == "-") continue;
            uri[i] = _HEX_DIGITS[bits & 15];
            bits >>= 4;
        }
        return string(uri);
    }
}
