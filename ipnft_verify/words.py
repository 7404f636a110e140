"""Every sentence that a verdict is told in, English and Chinese."""

from __future__ import annotations

from ipnft_verify.report import Finding, Part, Report, Verdict

LANGUAGES = ("en", "zh")
_VALIDITY_WORDS = {
    "VALID": ("valid", "有效"),
    "SUSPENDED": ("SUSPENDED", "暂停"),
    "REVOKED": ("REVOKED", "吊销"),
}

PARTS: dict[Part, tuple[str, str]] = {
    Part.CONTAINER: ("The file", "文件"),
    Part.MANIFEST: ("Manifest", "清单"),
    Part.SIGNATURE: ("Signature of the register", "登记簿的签名"),
    Part.BLOCK: ("Header of the block", "区块头"),
    Part.TRANSACTION: ("Transaction", "交易"),
    Part.RECEIPT: ("Receipt", "收据"),
    Part.EVENT: ("Event of the mint", "铸造事件"),
    Part.CODE: ("Code of the contract", "合约代码"),
    Part.DIRECTORY: ("Metadata directory", "元数据目录"),
    Part.METADATA: ("Metadata", "元数据"),
    Part.ATTACHMENTS: ("Attachments", "附件"),
    Part.LICENCE: ("Licence", "许可"),
    Part.FACTS: ("Stated facts", "所陈述的事实"),
    Part.STATE: ("Owner, validity and history", "持有人、有效性与历史"),
    Part.AUDIT: ("Extract of the audit log", "审计日志摘录"),
    Part.PROOF: ("Pages for people to read", "供人阅读的页面"),
    Part.CHAIN: ("The chain itself", "链本身"),
}

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.HOLDS: ("holds", "成立"),
    Verdict.STATED: ("stated", "陈述"),
    Verdict.UNTIED: ("demonstration", "演示"),
    Verdict.BROKEN: ("BROKEN", "不成立"),
    Verdict.UNANSWERED: ("not known", "未知"),
    Verdict.NOT_CHECKED: ("not checked", "未核验"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    # what holds
    "container_holds": ("{entries} entries, every byte accounted for.", "{entries} 个条目，每个字节均已核对。"),
    "manifest_holds": (
        "It names every one of the {files} entries. As stated, issued at {issued_at} by “{issued_by}”.",
        "清单列明全部 {files} 个条目。依其陈述，由“{issued_by}”于 {issued_at} 出具。",
    ),
    "issued_before_mint": (
        "It names every one of the {files} entries. It says that it was issued at {issued_at} by “{issued_by}”, BEFORE "
        "the time of the mint's block: one of the two is wrong.",
        "清单列明全部 {files} 个条目。它陈述由“{issued_by}”于 {issued_at} 出具，早于铸造所在区块的时间：两者必有一误。",
    ),
    "issued_before_state": (
        "It names every one of the {files} entries. It says that it was issued at {issued_at} by “{issued_by}”, before "
        "the time of the block whose state it tells: one of the two is wrong.",
        "清单列明全部 {files} 个条目。它陈述由“{issued_by}”于 {issued_at} 出具，早于所述状态的区块时间：两者必有一误。",
    ),
    "signed_by_sender": (
        "Signed by {signer}, the account that sent the mint.",
        "由发送铸造交易的账户 {signer} 签名。",
    ),
    "signed_by_named": (
        "Signed by {signer}, the account that you named; the mint was sent by another one, {sender}.",
        "由您指定的账户 {signer} 签名；铸造交易由另一账户 {sender} 发送。",
    ),
    "signed_by_published": (
        "Signed by {signer}, whose key is published with Hardhat: anybody may have signed.",
        "由 {signer} 签名，其密钥随 Hardhat 公开发布：任何人都可能签名。",
    ),
    "block_holds": ("Block {number} has the hash {hash}.", "区块 {number} 的哈希为 {hash}。"),
    "transaction_holds": (
        "{hash} stands in this block, sent by {sender}.",
        "{hash} 在该区块中，由 {sender} 发送。",
    ),
    "receipt_holds": (
        "It stands in this block: succeeded, {gas_used} gas used.",
        "在该区块中：成功，使用 {gas_used} Gas。",
    ),
    "event_holds": ("The contract made token {token} for {recipient}.", "合约为 {recipient} 铸造了代币 {token}。"),
    "code_holds": (
        "Its hash is {hash}, as the state of the stated block {number} has it; the instance id stands in it.",
        "其哈希为 {hash}，与所陈述的区块 {number} 的状态一致；实例 ID 在代码中。",
    ),
    "code_stated": (
        "Its hash is {hash}, as the register says; the instance id stands in it.",
        "其哈希为 {hash}，依据登记簿的陈述；实例 ID 在代码中。",
    ),
    "directory_holds": (
        "Every block is what its identifier says; the mint named this directory: {uri}",
        "每个块均与其标识符一致；铸造交易指明了该目录：{uri}",
    ),
    "metadata_holds": ("The file of the directory, {cid}.", "即目录中的文件 {cid}。"),
    "attachments_hold": (
        "{count} public files are those that the metadata names; {withheld} confidential ones are known by hash only.",
        "{count} 个公开文件与元数据所列一致；{withheld} 个机密文件仅有哈希。",
    ),
    "licence_holds": ("The terms are those of the metadata.", "条款与元数据一致。"),
    "facts_hold": (
        "Time {time} and gas {gas_used}, price, sender and asset are as proved.",
        "时间 {time}、Gas {gas_used}、价格、发送方和资产均与证明一致。",
    ),
    "state_holds": (
        "At block {block_number} the owner is {owner} and the token is {validity}, as the chain says; {events} events "
        "since the mint, each proved in its block.",
        "在区块 {block_number}，持有人为 {owner}，状态为“{validity}”，与链一致；"
        "铸造后有 {events} 个事件，均在其区块中得证。",
    ),
    "state_proved": (
        "If block {block_number} of the chain has the stated hash {block_hash}, the owner there is {owner} and the "
        "token is {validity}; {events} events since the mint, each proved in its block.",
        "若链上区块 {block_number} 的哈希确为所陈述的 {block_hash}，则持有人为 {owner}，状态为“{validity}”；"
        "铸造后有 {events} 个事件，均在其区块中得证。",
    ),
    "state_stated": (
        "The register says, and nothing proves, that at block {block_number} the owner is {owner} and the token is "
        "{validity}; {events} events since the mint, each proved in its block.",
        "登记簿陈述而未证明：在区块 {block_number}，持有人为 {owner}，状态为“{validity}”；"
        "铸造后有 {events} 个事件，均在其区块中得证。",
    ),
    "audit_stated": (
        "{rows} rows, signed by the register; nothing else proves them.",
        "{rows} 行，由登记簿签名；别无其他证明。",
    ),
    "proof_holds": ("They say what the manifest says.", "其内容与清单一致。"),
    "chain_agrees": (
        "The chain has block {number} with this hash, and the contract with this code and instance id.",
        "链上区块 {number} 的哈希相同，合约的代码与实例 ID 也相同。",
    ),
    # what does not
    "no_bundle": ("This is no evidence bundle, or it is cut off.", "这不是证据包，或已被截断。"),
    "not_canonical": (
        "The archive is not built as a bundle is: something was changed, added or left out.",
        "压缩包的结构与证据包不符：有内容被更改、添加或删除。",
    ),
    "bad_name": ("An entry has a name that no bundle has.", "有条目的名称不属于证据包。"),
    "cut_off": ("The file ends too early.", "文件提前结束。"),
    "too_large": ("{name} is larger than it can be.", "{name} 超出可能的大小。"),
    "unreadable": ("It cannot be read as what it should be.", "无法按其应有的格式读取。"),
    "changed": ("{name} is not the file that was signed.", "{name} 不是已签名的文件。"),
    "no_manifest": ("There is no manifest.", "没有清单。"),
    "other_files": ("The files are not those that the manifest names.", "文件与清单所列不符。"),
    "other_token": ("The token's id is not that of the asset.", "代币 ID 与资产不符。"),
    "signature_of_other": ("It was made for something else.", "该签名是为其他内容所作。"),
    "signature_wrong": ("It was not made by {signer}.", "并非由 {signer} 签名。"),
    "signer_not_named": (
        "Signed by {signer}, not by {named} that you named.",
        "由 {signer} 签名，而非您指定的 {named}。",
    ),
    "signer_not_sender": (
        "Signed by {signer}, but the mint was sent by {sender}. If the register has another account by now, name it.",
        "由 {signer} 签名，但铸造交易由 {sender} 发送。若登记簿现已使用其他账户，请指定该账户。",
    ),
    "block_hash": ("Its hash is not that of the stated block.", "其哈希与所陈述的区块不符。"),
    "no_transaction": ("The block holds no such transaction.", "区块中没有该交易。"),
    "transaction_other": ("The block holds another transaction in its place.", "区块中该位置是另一笔交易。"),
    "transaction_of_other_chain": (
        "It was signed for chain {found}, not for {stated}.",
        "它是为链 {found} 签名的，而非 {stated}。",
    ),
    "transaction_elsewhere": ("It calls another contract.", "它调用的是另一合约。"),
    "no_receipt": ("The block holds no such receipt.", "区块中没有该收据。"),
    "transaction_failed": ("The transaction failed.", "该交易失败。"),
    "no_mint_event": ("The receipt has no mint of this token in this place.", "收据的该位置没有此代币的铸造事件。"),
    "no_mint_call": ("The transaction does not call a mint.", "该交易没有调用铸造。"),
    "other_asset": ("The transaction mints another asset.", "该交易铸造的是另一资产。"),
    "other_recipient": ("The transaction names another recipient.", "该交易指明了另一接收方。"),
    "other_directory": ("The transaction names another metadata directory.", "该交易指明了另一元数据目录。"),
    "code_hash": ("Its hash is not the stated one.", "其哈希与所陈述的不符。"),
    "instance_id": ("The stated instance id is not in it.", "其中没有所陈述的实例 ID。"),
    "code_elsewhere": ("The contract has other code at that block.", "该区块上合约的代码不同。"),
    "no_account": ("The block's state has no such contract.", "区块状态中没有该合约。"),
    "no_token": ("The block's state has no such token.", "区块状态中没有该代币。"),
    "other_root": ("It is the archive of another directory.", "这是另一目录的存档。"),
    "bad_block": ("A block is not what its identifier says: {cid}", "有块与其标识符不符：{cid}"),
    "more_blocks": ("It holds blocks that do not belong to the directory.", "其中有不属于该目录的块。"),
    "name_twice": ("The directory has two files of one name.", "目录中有两个同名文件。"),
    "not_in_directory": ("The directory has no file {name}.", "目录中没有文件 {name}。"),
    "other_metadata_cid": ("The stated CID is another one.", "所陈述的 CID 不符。"),
    "other_uri": ("The stated token URI is not the one that follows: {uri}", "所陈述的代币 URI 与应得的不符：{uri}"),
    "other_metadata": ("The file is not the one of the directory.", "该文件不是目录中的文件。"),
    "other_attachments": ("The metadata names other files.", "元数据列出的是其他文件。"),
    "other_attachment": ("{name} is not the file that the metadata names.", "{name} 不是元数据所列的文件。"),
    "other_attachment_cid": ("{name} has another CID than the metadata says.", "{name} 的 CID 与元数据不符。"),
    "other_licence": ("The terms are not those of the metadata.", "条款与元数据不符。"),
    "other_fact": (
        "{name} is stated as {stated} and proved to be {proved}.",
        "{name} 陈述为 {stated}，证明为 {proved}。",
    ),
    "history_order": ("Event {number} does not follow from those before it.", "事件 {number} 与之前的事件不衔接。"),
    "history_event": ("Event {number} is not in its block as stated.", "事件 {number} 在其区块中与陈述不符。"),
    "history_end": (
        "The events end with the owner {owner} and a token that is {validity}, not as stated.",
        "事件最终的持有人为 {owner}、状态为“{validity}”，与陈述不符。",
    ),
    "other_state_block": ("The state is that of another block.", "状态属于另一区块。"),
    "other_state": (
        "The state has the owner {owner}, and the token is {validity}.",
        "状态中的持有人为 {owner}，有效性为“{validity}”。",
    ),
    "other_directory_now": ("The state has another metadata directory.", "状态中的元数据目录不同。"),
    "audit_order": ("Its rows are not those that are stated.", "其行与所陈述的不符。"),
    "audit_row": ("Row {row} says something else than its hash.", "第 {row} 行的内容与其哈希不符。"),
    "audit_other_mint": ("It tells of another mint.", "它记述的是另一次铸造。"),
    "other_proof": ("{name} says something else than the manifest.", "{name} 的内容与清单不符。"),
    "other_chain_id": (
        "The bundle is from another chain: this one has the id {found}, not {stated}.",
        "证据包来自另一条链：该链 ID 为 {found}，而非 {stated}。",
    ),
    "other_block": (
        "The bundle is from another chain: this one has another block {number}.",
        "证据包来自另一条链：该链的区块 {number} 不同。",
    ),
    "other_code": ("Other code stands at the contract's address now.", "合约地址上现在是其他代码。"),
    "no_code": ("No contract stands at the address any more.", "该地址上已没有合约。"),
    "other_instance": ("The contract answers with another instance id.", "合约答复的实例 ID 不同。"),
    "chain_silent": ("It could not be asked: {reason}.", "无法询问：{reason}。"),
    "not_checked": ("Not checked, for a part before it is broken.", "未核验，因为前面的部分不成立。"),
    # what changed since
    "owner_now": ("The token passed on since: from {then} to {now}.", "此后代币已转让：由 {then} 转给 {now}。"),
    "validity_now": ("The validity changed since: {then}, now {now}.", "此后有效性已变更：原为“{then}”，现为“{now}”。"),
    "uri_now": ("The token URI changed since: {then}, now {now}.", "此后代币 URI 已变更：原为 {then}，现为 {now}。"),
    "other_state_then": (
        "At block {number} the chain has the owner {owner} and the validity “{validity}”, not as stated.",
        "链上在区块 {number} 的持有人为 {owner}、有效性为“{validity}”，与陈述不符。",
    ),
    "other_uri_then": (
        "At block {number} the chain has the token URI {uri}, not the one that follows from the history.",
        "链上在区块 {number} 的代币 URI 为 {uri}，与历史所得的不符。",
    ),
    "state_block_gone": (
        "Block {number}, the newest when the bundle was made, is another one now.",
        "出具证据包时的最新区块 {number} 现已不同。",
    ),
    # the end
    "valid": ("THE EVIDENCE HOLDS: every part agrees.", "证据成立：每个部分均一致。"),
    "demonstration": (
        "DEMONSTRATION: every part agrees, but the key that signed is published, so this proves nothing to others.",
        "演示：每个部分均一致，但签名所用的密钥是公开的，因此对他人不构成证明。",
    ),
    "not_valid": (
        "THE EVIDENCE DOES NOT HOLD: the first part that does not is “{part}”.",
        "证据不成立：第一个不成立的部分是“{part}”。",
    ),
    "not_known": (
        "NOT KNOWN: the bundle holds by itself, but the chain did not answer.",
        "未知：证据包本身成立，但链没有答复。",
    ),
    # how the certificate stands
    "certificate_now": (
        "The certificate is {validity} now, as the chain says.",
        "证书现为“{validity}”，依据链的答复。",
    ),
    "certificate_then": (
        "The certificate was {validity} at block {number}, as the bundle says.",
        "证书在区块 {number} 为“{validity}”，依据证据包。",
    ),
    "subject": (
        "{name}, token {token}, owner {owner}",
        "{name}，代币 {token}，持有人 {owner}",
    ),
    "remember": (
        "No bundle can prove by itself that its blocks are of the chain you mean, or whose account signed. Compare "
        "with a source you trust: block {block_number} with the hash {block_hash}, block {state_number} with the hash "
        "{state_hash}, and the account {signer}.",
        "任何证据包都不能自证其区块属于您所指的链，或签名账户属于谁。请与您信任的来源比对："
        "区块 {block_number} 的哈希 {block_hash}、区块 {state_number} 的哈希 {state_hash}，以及账户 {signer}。",
    ),
    "remember_account": (
        "No bundle can prove by itself whose account signed. Compare the account {signer} with a source you trust.",
        "任何证据包都不能自证签名账户属于谁。请将账户 {signer} 与您信任的来源比对。",
    ),
    "remember_rpc": (
        "A node of the chain can be asked with --rpc.",
        "可用 --rpc 询问该链的节点。",
    ),
}


def sentence(key: str, language: str, **values: str) -> str:
    """A sentence in a language, filled."""
    return SENTENCES[key][LANGUAGES.index(language)].format(**values)


def told(finding: Finding, language: str) -> str:
    """What a finding says."""
    words = {name: _in_words(value, language) for name, value in finding.values.items()}
    return sentence(finding.key, language, **words)


def standing(report: Report, language: str) -> str | None:
    """How the certificate stands, which is another thing than whether the evidence holds; None where it does not."""
    if report.validity is None or report.subject is None:
        return None
    key = "certificate_now" if report.is_current else "certificate_then"
    return sentence(key, language, validity=_in_words(report.validity, language), number=report.subject["state_number"])


def subject(report: Report, language: str) -> str | None:
    """Which asset and token it is, and whose; None for a bundle that does not hold."""
    if report.owner is None or report.subject is None:
        return None
    told_of = report.subject
    return sentence("subject", language, name=told_of["name"], token=told_of["token"], owner=report.owner)


def _in_words(value: str, language: str) -> str:
    return _VALIDITY_WORDS[value][LANGUAGES.index(language)] if value in _VALIDITY_WORDS else value


def line(finding: Finding, language: str) -> str:
    """A part, its verdict and why, in a line."""
    name, verdict = part_name(finding.part, language), verdict_word(finding.verdict, language)
    text = told(finding, language)
    return f"{name}：{verdict}。{text}" if language == "zh" else f"{name}: {verdict}. {text}"


def part_name(part: Part, language: str) -> str:
    """What a part is called."""
    return PARTS[part][LANGUAGES.index(language)]


def verdict_word(verdict: Verdict, language: str) -> str:
    """A verdict in a word."""
    return VERDICTS[verdict][LANGUAGES.index(language)]


def conclusion(report: Report, language: str) -> str:
    """The verdict on the whole."""
    broken = report.first_broken
    if broken is not None:
        return sentence("not_valid", language, part=part_name(broken.part, language))
    if report.is_demonstration and report.holds:
        return sentence("demonstration", language)
    return sentence("valid" if report.is_valid else "not_known", language)


def remembered(report: Report, language: str) -> str:
    """What no bundle proves by itself, for a report whose parts hold; the blocks only until a chain was asked."""
    assert report.subject is not None
    is_asked = any(one.part is Part.CHAIN for one in report.findings)
    return sentence("remember_account" if is_asked else "remember", language, **report.subject)
