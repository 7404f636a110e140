"""The error catalogue: what each code means and what to do next, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ipnft_desktop.domain.error_codes import ErrorCode


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """The part of an error that does not change from one occurrence to the next, in both languages."""

    message_en: str
    message_zh: str
    solutions_en: tuple[str, ...]
    solutions_zh: tuple[str, ...]
    gas_spent: bool = False
    safe_to_retry: bool = True


def _entry(
    en: str, zh: str, do_en: tuple[str, ...], do_zh: tuple[str, ...], *, gas: bool = False, retry: bool = True
) -> CatalogueEntry:
    return CatalogueEntry(en, zh, do_en, do_zh, gas_spent=gas, safe_to_retry=retry)


CATALOGUE: Mapping[ErrorCode, CatalogueEntry] = MappingProxyType(
    {
        ErrorCode.VALIDATION_FAILED: _entry(
            "Some fields need correction; nothing was saved.",
            "部分内容需要更正，尚未保存。",
            ("Correct the marked fields and save again.",),
            ("请更正标出的字段后再保存。",),
            retry=False,
        ),
        ErrorCode.MINT_INVALID_STATE: _entry(
            "This asset cannot be minted in its present state.",
            "该资产在当前状态下不能铸造。",
            ("Open the asset and look at its status.", "Wait for a running mint to end."),
            ("打开资产查看其状态。", "等待正在进行的铸造结束。"),
            retry=False,
        ),
        ErrorCode.ASSET_NOT_FOUND: _entry(
            "The asset is not in the register.",
            "登记簿中没有该资产。",
            ("Refresh the list; it may have been deleted.",),
            ("请刷新列表；它可能已被删除。",),
            retry=False,
        ),
        ErrorCode.ASSET_CHANGED: _entry(
            "The asset was changed by someone else in the meantime.",
            "该资产已被他人修改。",
            ("Open it again, compare, and repeat your change.",),
            ("请重新打开、比较后再修改。",),
            retry=False,
        ),
        ErrorCode.PERMISSION_DENIED: _entry(
            "Your role does not allow this action.",
            "您的角色无权执行此操作。",
            ("Ask an administrator.",),
            ("请联系管理员。",),
            retry=False,
        ),
        ErrorCode.SIGN_IN_REQUIRED: _entry(
            "Nobody is signed in.",
            "尚未登录。",
            ("Sign in, then repeat the action; what you entered is kept.",),
            ("请登录后重试；您输入的内容已保留。",),
            retry=False,
        ),
        ErrorCode.SIGN_IN_REFUSED: _entry(
            "Name and password do not belong to an open account.",
            "名称与密码不符，或账户未开放。",
            ("Try again; after five wrong passwords the account is locked for a while.", "Or ask an administrator."),
            ("请重试；密码连续错误五次后账户将暂时锁定。", "或联系管理员。"),
            retry=False,
        ),
        ErrorCode.SIGN_IN_LOCKED: _entry(
            "The account is locked for a while: too many wrong passwords in a row.",
            "密码连续错误过多，账户暂时锁定。",
            ("Wait until the time named below, or ask an administrator to unlock it.",),
            ("请等到下方所示时间，或请管理员解锁。",),
            retry=False,
        ),
        ErrorCode.LAST_ADMIN: _entry(
            "Nobody else can administer this register.",
            "没有其他人能够管理此登记簿。",
            ("Make another person an administrator first.",),
            ("请先将另一人设为管理员。",),
            retry=False,
        ),
        ErrorCode.RECORD_CHANGED: _entry(
            "This entry was changed or removed by someone else in the meantime.",
            "该条目已被他人修改或删除。",
            ("Look at it as it is now, and repeat your change.",),
            ("请查看当前内容后再修改。",),
            retry=False,
        ),
        ErrorCode.RECIPIENT_INVALID: _entry(
            "The recipient is not a valid address.",
            "接收地址无效。",
            ("Use 0x and 40 hexadecimal digits with a correct checksum; the zero address is refused.",),
            ("请使用 0x 加 40 位十六进制并带正确校验和；不接受零地址。",),
            retry=False,
        ),
        ErrorCode.RECIPIENT_REFUSED: _entry(
            "The recipient is a contract that refuses NFTs.",
            "接收方合约拒绝接收 NFT。",
            ("Choose another recipient.", "Or have that contract accept NFTs, then retry: nothing was sent."),
            ("请选择其他接收方。", "或让该合约接受 NFT 后重试：尚未发送任何内容。"),
        ),
        ErrorCode.RECIPIENT_REENTERED: _entry(
            "The recipient is a contract that called the NFT contract back while it received the token.",
            "接收方合约在接收代币时回调了 NFT 合约。",
            (
                "Choose another recipient.",
                "Or have that contract changed, which must not mint while it receives; then retry.",
            ),
            ("请选择其他接收方。", "或修改该合约（接收代币期间不得铸造），然后重试。"),
        ),
        ErrorCode.METADATA_INVALID: _entry(
            "The metadata of this asset is not complete or not valid.",
            "该资产的元数据不完整或无效。",
            ("Edit the asset and mint again.",),
            ("请编辑资产后重新铸造。",),
        ),
        ErrorCode.ATTACHMENT_INVALID: _entry(
            "An attachment is missing, unreadable or not a file.",
            "附件缺失、无法读取或不是文件。",
            ("Choose the file again; check that it exists and may be read.",),
            ("请重新选择文件，并确认其存在且可读。",),
            retry=False,
        ),
        ErrorCode.CONTENT_STORE_UNAVAILABLE: _entry(
            "The content store cannot be used.",
            "内容存储不可用。",
            ("Check free disk space and access rights of the data folder.", "Start the environment again."),
            ("检查磁盘空间与数据文件夹权限。", "重新启动环境。"),
        ),
        ErrorCode.CONTENT_MISMATCH: _entry(
            "Stored content does not match its address (CID).",
            "存储的内容与其地址（CID）不符。",
            ("The stored block was damaged; attach the file again.",),
            ("存储块已损坏；请重新添加附件。",),
        ),
        ErrorCode.CONTENT_NOT_FOUND: _entry(
            "No source has this content.",
            "没有任何来源拥有此内容。",
            (
                "Choose the original file, where it is one.",
                "Set the address of an IPFS node that has it under Settings, or start that node; then try again.",
            ),
            (
                "若是文件，请选择原始文件。",
                "在“设置”中填写拥有该内容的 IPFS 节点地址，或启动该节点，然后重试。",
            ),
        ),
        ErrorCode.CONTENT_KEY_MISSING: _entry(
            "The key that this confidential file was encrypted under is missing.",
            "缺少加密此机密文件所用的密钥。",
            (
                "Put register.key back into the key folder from your copy of it; if another one is there, beside it "
                "as register-old.key. Then open the file again.",
                "Without that key the file cannot be read; attach it again from its source.",
            ),
            (
                "请将备份的 register.key 放回密钥文件夹；若其中已有新的密钥，请以 register-old.key 命名放在旁边，"
                "然后重新打开文件。",
                "没有该密钥便无法读取此文件；请从来源重新添加。",
            ),
        ),
        ErrorCode.DATABASE_UNAVAILABLE: _entry(
            "The database cannot be opened or written.",
            "数据库无法打开或写入。",
            ("Close other programs that use the register.", "Check free disk space, then start again."),
            ("关闭使用该登记簿的其他程序。", "检查磁盘空间后重试。"),
        ),
        ErrorCode.DATABASE_NEWER: _entry(
            "The register was written by a newer version of this program.",
            "登记簿由更新版本的程序写入。",
            ("Update the program, or open another profile with --profile.",),
            ("请更新程序，或用 --profile 打开其他配置文件夹。",),
            retry=False,
        ),
        ErrorCode.NODE_UNREACHABLE: _entry(
            "The chain node does not answer.",
            "链节点没有响应。",
            ("Start the node on the Environment page, then retry: the same signed transaction is used.",),
            ("在环境页启动节点后重试：将使用同一笔已签名交易。",),
        ),
        ErrorCode.NODE_MISSING: _entry(
            "Node.js or the Hardhat packages are not installed.",
            "未安装 Node.js 或 Hardhat 组件。",
            ("Run `python3 start.py` once in the program's folder; it installs what is missing.",),
            ("在程序文件夹运行一次 `python3 start.py`，它会安装缺少的部分。",),
        ),
        ErrorCode.NODE_START_FAILED: _entry(
            "The local chain node could not be started.",
            "本地链节点无法启动。",
            ("Read the log on the Environment page.", "Run `python3 start.py` to repair the installation."),
            ("查看环境页的日志。", "运行 `python3 start.py` 修复安装。"),
        ),
        ErrorCode.CHAIN_MISMATCH: _entry(
            "The node answers for a different chain than this register belongs to; writing is blocked.",
            "节点所在的链与登记簿不符；已停止写入。",
            ("Connect the right node, or open the profile that belongs to this chain.",),
            ("连接正确的节点，或打开属于该链的配置文件夹。",),
        ),
        ErrorCode.CHAIN_RESET: _entry(
            "The chain lost its state; sending is frozen.",
            "链已丢失状态；已冻结发送。",
            ("Restore: replay the recorded blocks.", "Or start a new chain; minted assets then count as vanished."),
            ("恢复：重放已记录的区块。", "或启用新链；已铸造资产的代币届时视为消失。"),
        ),
        ErrorCode.CONTRACT_MISSING: _entry(
            "There is no IPAssetNFT contract at the recorded address.",
            "记录的地址上没有 IPAssetNFT 合约。",
            ("Start the environment again; it restores or deploys the contract.",),
            ("重新启动环境，程序将恢复或部署合约。",),
        ),
        ErrorCode.CONTRACT_PAUSED: _entry(
            "The contract is paused: nothing is minted or moved until it is resumed.",
            "合约已暂停：恢复之前不能铸造或转移。",
            ("Wait, or ask an admin or pauser of the contract to resume it; then retry.",),
            ("请等待，或请合约的管理员或暂停员恢复合约，然后重试。",),
        ),
        ErrorCode.CONTRACT_ROLE_MISSING: _entry(
            "The signing account lacks the role that the contract asks for.",
            "签名账户缺少合约要求的角色。",
            ("Ask the contract's admin to grant the signing account the role MINTER, then retry.",),
            ("请合约管理员授予签名账户 MINTER 角色，然后重试。",),
        ),
        ErrorCode.ROYALTY_INVALID: _entry(
            "The royalty is not valid: at most 100 %, paid to an address that is not zero.",
            "版税无效：最高 100%，且收款地址不能为零。",
            ("Correct the royalty in the settings: 0 to 10,000 basis points.",),
            ("请在设置中更正版税：0 至 10,000 基点。",),
            retry=False,
        ),
        ErrorCode.DUPLICATE_ASSET: _entry(
            "A token for this asset exists already.",
            "该资产的代币已存在。",
            ("Nothing needs doing: open the card and verify it on chain.",),
            ("无需处理：打开卡片并在链上核验。",),
            retry=False,
        ),
        ErrorCode.DUPLICATE_IN_BATCH: _entry(
            "The same asset stands twice in this batch.",
            "同一资产在本批次中出现两次。",
            ("Select each asset once, then mint again.",),
            ("每项资产只选一次，然后重新铸造。",),
            retry=False,
        ),
        ErrorCode.ASSET_ID_INVALID: _entry(
            "The asset has no usable id: it is zero, or wider than 128 bits.",
            "资产编号不可用：为零或超过 128 位。",
            ("Create the asset anew; the program gives it an id of its own.",),
            ("请重新创建该资产，程序会为其分配编号。",),
            retry=False,
        ),
        ErrorCode.BATCH_EMPTY: _entry(
            "The batch holds no asset.",
            "批次中没有资产。",
            ("Select at least one asset.",),
            ("请至少选择一项资产。",),
            retry=False,
        ),
        ErrorCode.BATCH_TOO_LARGE: _entry(
            "The batch holds more assets than the contract takes at once.",
            "批次中的资产数超过合约单次上限。",
            ("Select at most 256 assets; mint the others after them.",),
            ("最多选择 256 项资产，其余稍后铸造。",),
            retry=False,
        ),
        ErrorCode.BATCH_UNEVEN: _entry(
            "The batch does not name one recipient for each asset.",
            "批次中的接收方与资产未一一对应。",
            ("Give every asset exactly one recipient.",),
            ("请为每项资产指定一个接收方。",),
            retry=False,
        ),
        ErrorCode.DIRECTORY_CLASH: _entry(
            "Another metadata directory on chain has the same short key as this one.",
            "链上另一元数据目录与本目录的短键相同。",
            ("Change any text of the asset, or mint it in another batch: the directory is then another one.",),
            ("修改资产的任意文字，或换一个批次铸造，目录即随之不同。",),
            retry=False,
        ),
        ErrorCode.INSUFFICIENT_FUNDS: _entry(
            "The signing account cannot pay for the gas.",
            "签名账户余额不足以支付 Gas。",
            ("Fund the account, then retry.",),
            ("为账户充值后重试。",),
        ),
        ErrorCode.GAS_ESTIMATION_FAILED: _entry(
            "The node could not estimate the gas for this call.",
            "节点无法估算该调用的 Gas。",
            ("Retry; if it stays, restart the node.",),
            ("请重试；若仍失败，重启节点。",),
        ),
        ErrorCode.FEE_CAP_EXCEEDED: _entry(
            "The fee would be higher than the cap you set.",
            "费用将超过您设定的上限。",
            ("Wait for lower prices, or raise the cap in the settings.",),
            ("等待价格下降，或在设置中提高上限。",),
        ),
        ErrorCode.TX_REJECTED: _entry(
            "The node refused the transaction.",
            "节点拒绝了交易。",
            ("Retry; the program checks the chain first.",),
            ("请重试；程序会先核查链上状态。",),
        ),
        ErrorCode.TX_REVERTED: _entry(
            "The contract refused the call (revert).",
            "合约拒绝了调用（回滚）。",
            ("Read the reason below; correct it before you retry.",),
            ("阅读下方原因，更正后再重试。",),
            gas=True,
        ),
        ErrorCode.NONCE_CONFLICT: _entry(
            "Another transaction of the same account took the place of ours.",
            "同一账户的另一笔交易占用了我们的序号。",
            ("No token exists; retry.",),
            ("代币不存在；请重试。",),
        ),
        ErrorCode.CONFIRMATION_TIMEOUT: _entry(
            "The transaction is not confirmed yet; it is still being watched.",
            "交易尚未确认；仍在观察中。",
            ("Wait: it completes by itself when the chain confirms it.", "Check the node on the Environment page."),
            ("请等待：链确认后会自动完成。", "在环境页检查节点。"),
            gas=True,
            retry=False,
        ),
        ErrorCode.QUEUE_TIMEOUT: _entry(
            "The request waited too long and was taken back; nothing was sent.",
            "请求等待过久已撤回；未发送任何交易。",
            ("Mend the cause named below, then retry or ask for the mint anew.",),
            ("请先排除下方所述原因，再重试或重新申请铸造。",),
        ),
        ErrorCode.RETRY_LIMIT: _entry(
            "This mint failed three times.",
            "该铸造已失败三次。",
            ("Ask an administrator to look at the cause before anything else is tried.",),
            ("请管理员先查明原因，再作其他尝试。",),
            retry=False,
        ),
        ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN: _entry(
            "A publicly known test key must not be used on this chain.",
            "公开的测试密钥不得用于该链。",
            ("Use an encrypted keystore of your own.",),
            ("请使用您自己的加密密钥库。",),
            retry=False,
        ),
        ErrorCode.SCENE_INVALID: _entry(
            "This scene cannot be played.",
            "该场景无法播放。",
            ("Mend what is named in its file, then load it again; the user guide tells how scenes are written.",),
            ("请修改文件中指出的问题后重新加载；用户指南说明了场景的写法。",),
            retry=False,
        ),
        ErrorCode.STEP_GIVEN_UP: _entry(
            "Nobody waits for this step any more.",
            "已不再等待此步骤。",
            ("Try it again: what it asked for goes on, and nothing is made twice.", "Or go on without it."),
            ("请重试：已请求的操作会继续，不会重复。", "或跳过它继续。"),
            retry=True,
        ),
        ErrorCode.IMPERSONATION_OFF: _entry(
            "Nobody here holds the key of this account.",
            "此处无人持有该账户的密钥。",
            (
                "Send from the account of the program.",
                "On a local chain, an administrator can switch impersonation on: Environment, Local chain.",
            ),
            ("请从程序自身的账户发送。", "在本地链上，管理员可以开启账户伪装：环境，本地链。"),
            retry=False,
        ),
        ErrorCode.SIGNER_BUSY: _entry(
            "Another program is sending with the same signing account.",
            "另一个程序正在使用同一签名账户发送交易。",
            ("Wait: this mint goes on by itself as soon as the account is free.",),
            ("请等待：账户空闲后将自动继续。",),
        ),
        ErrorCode.LEASE_LOST: _entry(
            "Another program took over this mint.",
            "另一个程序已接手该铸造。",
            ("Nothing needs doing: the other program brings it to its end.",),
            ("无需处理：另一程序将完成该铸造。",),
            retry=False,
        ),
        ErrorCode.KEYSTORE_INVALID: _entry(
            "The file is not a keystore this program can use.",
            "该文件不是本程序可用的密钥库。",
            ("Choose a keystore file of version 3 (JSON), as wallets export it.",),
            ("请选择钱包导出的第 3 版密钥库文件（JSON）。",),
            retry=False,
        ),
        ErrorCode.KEYSTORE_LOCKED: _entry(
            "The keystore is locked.",
            "密钥库已锁定。",
            ("Unlock it with your password.",),
            ("请用密码解锁。",),
        ),
        ErrorCode.KEYSTORE_WRONG_PASSWORD: _entry(
            "The password does not open the keystore.",
            "密码无法打开密钥库。",
            ("Try again; after five failures it is locked for a while.",),
            ("请重试；失败五次后将暂时锁定。",),
        ),
        ErrorCode.KEY_FOLDER_UNAVAILABLE: _entry(
            "The register's own keys cannot be read or written.",
            "无法读取或写入登记簿自身的密钥。",
            (
                "Make the folder named in the detail readable and writable for you alone.",
                "If a key file is damaged, put your copy of it back; only without a copy move it away.",
            ),
            ("请使详情中的文件夹仅供您本人读写。", "若密钥文件损坏，请恢复其副本；没有副本时才将其移走。"),
        ),
        ErrorCode.KUBO_UNAVAILABLE: _entry(
            "The IPFS node does not answer; everything else goes on.",
            "IPFS 节点没有响应；其他工作不受影响。",
            ("Start the node, or correct its address; what waits is published by itself then.",),
            ("请启动该节点或更正其地址；等待中的内容随后会自动发布。",),
        ),
        ErrorCode.PUBLISHING_FAILED: _entry(
            "The IPFS node did not take the content as it is.",
            "IPFS 节点未能原样接收该内容。",
            ("Read what the node says, look at its free space and its log, then publish again.",),
            ("查看节点的说明、剩余空间和日志，然后重新发布。",),
        ),
        ErrorCode.EVIDENCE_NOT_PROVED: _entry(
            "The chain does not prove what the register says of this token; no evidence was written.",
            "链未能证明登记簿关于该代币的陈述，未写出证据。",
            (
                "Compare register and chain on the asset's card.",
                "Ask a node that keeps the whole past of the chain, such as an archive node.",
            ),
            ("在资产卡片上核对登记簿与链。", "改用保存全部历史的节点，例如归档节点。"),
        ),
        ErrorCode.EVIDENCE_UNREADABLE: _entry(
            "The evidence bundle cannot be read.",
            "无法读取证据包。",
            ("Look whether the file is there and may be read, then choose it again.",),
            ("请检查文件是否存在且可读，然后重新选择。",),
            retry=False,
        ),
        ErrorCode.SHEET_INVALID: _entry(
            "This file cannot be imported; nothing was changed.",
            "无法导入该文件，未作任何更改。",
            ("Correct what is named below, save the file as CSV (UTF-8) or XLSX, and open it again.",),
            ("请更正下述问题，将文件另存为 CSV（UTF-8）或 XLSX 后重新打开。",),
            retry=False,
        ),
        ErrorCode.SHEET_NOT_WRITTEN: _entry(
            "The file could not be written.",
            "无法写入文件。",
            ("Choose another folder or name; close the file where it is open.",),
            ("请选择其他文件夹或文件名；如文件已打开，请先关闭。",),
        ),
        ErrorCode.WORKSPACE_IN_USE: _entry(
            "This workspace is open, here or in another window of the program.",
            "该工作区正在使用中（本窗口或另一个程序窗口）。",
            ("Open another workspace there, or close that window, and repeat.",),
            ("请在那里打开其他工作区或关闭该窗口，然后重试。",),
            retry=False,
        ),
        ErrorCode.WORKSPACE_UNUSABLE: _entry(
            "The folder of this workspace is missing or cannot be used.",
            "该工作区的文件夹缺失或无法使用。",
            ("Look at the folder named in the detail: it may be moved, read-only, or of a newer version.",),
            ("请检查详情中所示文件夹：是否已被移动、为只读，或属于更新版本。",),
            retry=False,
        ),
        ErrorCode.CHECKPOINT_UNUSABLE: _entry(
            "This checkpoint is missing or damaged; nothing was changed.",
            "该检查点缺失或已损坏；未作任何更改。",
            ("Return to another checkpoint, or restore a backup on the Environment page.",),
            ("请返回其他检查点，或在“环境”页恢复备份。",),
            retry=False,
        ),
        ErrorCode.LABORATORY_BUSY: _entry(
            "The gas laboratory measures already; it does one experiment at a time.",
            "Gas 实验室正在测量；一次只能进行一个实验。",
            ("Wait until it has ended, or cancel it.",),
            ("请等待其结束，或将其取消。",),
        ),
        ErrorCode.LABORATORY_RESULT_UNUSABLE: _entry(
            "This result of the gas laboratory is missing or cannot be read.",
            "该 Gas 实验室结果缺失或无法读取。",
            ("Delete it and run the experiment again; a result of a newer version needs that version.",),
            ("请将其删除并重新进行实验；更新版本的结果需用该版本打开。",),
            retry=False,
        ),
        ErrorCode.KEPT_BY_OTHERS: _entry(
            "Register or chain are kept by others here: neither can be copied or put back from this window.",
            "此处的登记簿或链由他人保管：无法在本窗口复制或回退。",
            ("Leave the settings rpc_url and database_url empty, for a register file and a local chain.",),
            ("将设置 rpc_url 和 database_url 留空，即使用登记簿文件和本地链。",),
            retry=False,
        ),
        ErrorCode.SETTINGS_UNUSABLE: _entry(
            "The file of settings cannot be read or written; nothing was changed.",
            "无法读取或写入设置文件；未做任何更改。",
            (
                "To import, choose a JSON file that was exported from the Settings page.",
                "If it is settings.json in the profile folder: correct what is named below, or move the file away; "
                "the defaults hold then.",
            ),
            (
                "导入时，请选择从“设置”页面导出的 JSON 文件。",
                "如果是配置文件夹中的 settings.json：请更正下面指出的内容，或将该文件移走；之后将使用默认值。",
            ),
        ),
        ErrorCode.DISK_FULL: _entry(
            "There is not enough free disk space.",
            "磁盘空间不足。",
            ("Free some space, then go on; nothing was lost.",),
            ("释放空间后继续；没有数据丢失。",),
        ),
        ErrorCode.REMEDY_FAILED: _entry(
            "What the doctor tried to mend could not be mended.",
            "诊断修复未能完成。",
            ("Read the reason, mend it by hand, then check again.",),
            ("查看原因，手动处理后重新检查。",),
        ),
        ErrorCode.ALREADY_RUNNING: _entry(
            "This register is already open in another window of the program.",
            "该登记簿已在另一个程序窗口中打开。",
            ("Use the open window, or open another profile with --profile.",),
            ("使用已打开的窗口，或用 --profile 打开其他配置文件夹。",),
            retry=False,
        ),
        ErrorCode.UNEXPECTED: _entry(
            "Something went wrong inside the program; your data is safe.",
            "程序内部出现问题；您的数据是安全的。",
            ("Repeat the action; if it happens again, the log in the profile folder tells more.",),
            ("请重试；若再次发生，请查看配置文件夹中的日志。",),
        ),
    }
)
