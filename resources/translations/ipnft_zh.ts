<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>AbiDialog</name>
    <message>
        <source>ABI</source>
        <translation>ABI</translation>
    </message>
    <message>
        <source>ABI of a contract</source>
        <translation>合约的 ABI</translation>
    </message>
    <message>
        <source>ABIs and artifacts (*.json *.abi *.txt)</source>
        <translation>ABI 与编译产物 (*.json *.abi *.txt)</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Import an ABI</source>
        <translation>导入 ABI</translation>
    </message>
    <message>
        <source>Imported ABIs</source>
        <translation>已导入的 ABI</translation>
    </message>
    <message>
        <source>Imported by</source>
        <translation>导入者</translation>
    </message>
    <message>
        <source>JSON, or an artifact of Hardhat or Foundry; at most 5 MB. A file may be dropped here.</source>
        <translation>JSON，或 Hardhat、Foundry 的编译产物，不超过 5 MB。可将文件拖放到此处。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Nothing for every contract that has none of its own</source>
        <translation>留空则用于所有没有自己 ABI 的合约</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The ABI of a contract names its functions, events and errors. That of before gives way.</source>
        <translation>合约的 ABI 给出其函数、事件和错误的名称。原有的 ABI 将被替换。</translation>
    </message>
    <message>
        <source>What the contract is called</source>
        <translation>合约叫什么</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>every one</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>About</name>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
</context>
<context>
    <name>Access</name>
    <message>
        <source>It belongs to an enterprise you are no member of.</source>
        <translation>它属于您未加入的企业。</translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation>请先登录。</translation>
    </message>
    <message>
        <source>You are signed in as {0}; this takes the role {1}.</source>
        <translation>您以“{0}”身份登录；此操作需要“{1}”角色。</translation>
    </message>
</context>
<context>
    <name>AccountPanel</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Address as a QR code</source>
        <translation>地址的二维码</translation>
    </message>
    <message>
        <source>Address of the account</source>
        <translation>账户地址</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Code hash</source>
        <translation>代码哈希</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Fund…</source>
        <translation>充值…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>It holds no token of this register.</source>
        <translation>它不持有本登记簿的代币。</translation>
    </message>
    <message>
        <source>Known as</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Label…</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>No account selected</source>
        <translation>未选择账户</translation>
    </message>
    <message>
        <source>No event names it.</source>
        <translation>没有事件提到它。</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>Open as a contract</source>
        <translation>作为合约打开</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Parts of an account</source>
        <translation>账户的各部分</translation>
    </message>
    <message>
        <source>Select an account to see what it holds.</source>
        <translation>选择账户以查看其持有的内容。</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>copies wei</source>
        <translation>复制为 wei</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>of this register</source>
        <translation>属于本登记簿</translation>
    </message>
</context>
<context>
    <name>AccountTable</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Balance, ETH</source>
        <translation>余额 (ETH)</translation>
    </message>
    <message>
        <source>Copy the account in focus</source>
        <translation>复制当前账户</translation>
    </message>
    <message>
        <source>Known as</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>{0} wei</source>
        <translation>{0} wei</translation>
    </message>
</context>
<context>
    <name>AccountsPresenter</name>
    <message>
        <source>It is the wallet of {0}: its name is changed with the enterprise.</source>
        <translation>这是 {0} 的钱包：其名称随企业一起更改。</translation>
    </message>
</context>
<context>
    <name>AccountsTab</name>
    <message numerus="yes">
        <source>%Ln accounts</source>
        <translation>
            <numerusform>%Ln 个账户</numerusform>
        </translation>
    </message>
    <message>
        <source>Fund the account…</source>
        <translation>为账户充值…</translation>
    </message>
    <message>
        <source>Give the account a label…</source>
        <translation>为账户添加标签…</translation>
    </message>
    <message>
        <source>History of the account</source>
        <translation>账户的历史</translation>
    </message>
    <message>
        <source>Label or address…</source>
        <translation>标签或地址…</translation>
    </message>
    <message>
        <source>No account is in focus.</source>
        <translation>未选中账户。</translation>
    </message>
    <message>
        <source>No account yet</source>
        <translation>尚无账户</translation>
    </message>
    <message>
        <source>Open the account as a contract</source>
        <translation>将账户作为合约打开</translation>
    </message>
    <message>
        <source>Tokens of the account</source>
        <translation>账户的代币</translation>
    </message>
    <message>
        <source>Wallets, the address book, and everybody whom events name stand here.</source>
        <translation>钱包、地址簿以及事件中提到的所有账户都列在这里。</translation>
    </message>
    <message>
        <source>{0}; others by their address</source>
        <translation>{0}；其他账户可按地址查找</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter history · Ctrl+C copy · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · Enter 历史 · Ctrl+C 复制 · Ctrl+F 查找 · F5 重新加载</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Batch of {0} · {1}</source>
        <translation>批量 {0} 项 · {1}</translation>
    </message>
    <message>
        <source>CANCELLED</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>CANCELLING</source>
        <translation>取消中</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>MINTED</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>MINTING</source>
        <translation>铸造中</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>需处理</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>WAITING</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>superseded</source>
        <translation>已被取代</translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation>{0} 天 {1} 小时</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
</context>
<context>
    <name>ActivityCommands</name>
    <message>
        <source>Cancel mint…</source>
        <translation>取消铸造…</translation>
    </message>
    <message>
        <source>Copy job id</source>
        <translation>复制任务 ID</translation>
    </message>
    <message>
        <source>Copy recipient</source>
        <translation>复制接收方</translation>
    </message>
    <message>
        <source>Copy row</source>
        <translation>复制行</translation>
    </message>
    <message>
        <source>Copy transaction hash</source>
        <translation>复制交易哈希</translation>
    </message>
    <message>
        <source>Export the mints in view…</source>
        <translation>导出当前列表中的铸造…</translation>
    </message>
    <message>
        <source>From the search back to the list</source>
        <translation>从搜索返回列表</translation>
    </message>
    <message>
        <source>No block has it yet.</source>
        <translation>还没有区块包含它。</translation>
    </message>
    <message>
        <source>No failed mint in view can be tried again.</source>
        <translation>当前列表中没有可重试的失败铸造。</translation>
    </message>
    <message>
        <source>Nothing is in view.</source>
        <translation>当前列表为空。</translation>
    </message>
    <message>
        <source>Nothing is signed yet.</source>
        <translation>尚未签名。</translation>
    </message>
    <message>
        <source>Nothing narrows the list.</source>
        <translation>列表未作筛选。</translation>
    </message>
    <message>
        <source>Only a mint that failed or is held up can be tried again.</source>
        <translation>只有失败或受阻的铸造才能重试。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open asset in the register</source>
        <translation>在登记簿中打开资产</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Retry the failed mints in view…</source>
        <translation>重试当前列表中失败的铸造…</translation>
    </message>
    <message>
        <source>Search the mints</source>
        <translation>搜索铸造</translation>
    </message>
    <message>
        <source>Search the mints for “{0}”</source>
        <translation>在铸造中搜索“{0}”</translation>
    </message>
    <message>
        <source>Select a mint first.</source>
        <translation>请先选择一笔铸造。</translation>
    </message>
    <message>
        <source>Show every mint</source>
        <translation>显示全部铸造</translation>
    </message>
    <message>
        <source>Show on chain</source>
        <translation>在链上查看</translation>
    </message>
    <message>
        <source>Show the mint of this transaction</source>
        <translation>显示此交易的铸造</translation>
    </message>
    <message>
        <source>The mint cannot be cancelled any more.</source>
        <translation>该铸造已无法取消。</translation>
    </message>
</context>
<context>
    <name>ActivityFaces</name>
    <message>
        <source>Every mint and every batch stands here, from the request to the receipt.</source>
        <translation>每笔铸造和批量都列在这里，从请求到收据。</translation>
    </message>
    <message>
        <source>Look for less, for something else, or for another state or time.</source>
        <translation>请放宽条件，或更换搜索内容、状态或时间。</translation>
    </message>
    <message>
        <source>Mints and batches are shown to people who are signed in.</source>
        <translation>登录后才能查看铸造与批量。</translation>
    </message>
    <message>
        <source>No mint matches</source>
        <translation>没有匹配的铸造</translation>
    </message>
    <message>
        <source>Nothing was minted yet</source>
        <translation>尚未铸造任何内容</translation>
    </message>
    <message>
        <source>Open the register</source>
        <translation>打开登记簿</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Start it to see every mint and batch: what runs, what waits, what failed and what came of it.</source>
        <translation>启动环境即可查看每笔铸造与批量：哪些在进行、哪些在等待、哪些失败及其结果。</translation>
    </message>
</context>
<context>
    <name>ActivityPresenter</name>
    <message numerus="yes">
        <source>%Ln mints were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 笔铸造写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation>导出已停止，未写入文件</translation>
    </message>
</context>
<context>
    <name>ActivityView</name>
    <message numerus="yes">
        <source>%Ln mints</source>
        <translation>
            <numerusform>%Ln 笔铸造</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints read, more below</source>
        <translation>
            <numerusform>已读取 %Ln 笔铸造，下方还有更多</numerusform>
        </translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Asset, transaction, recipient…</source>
        <translation>资产、交易、接收方…</translation>
    </message>
    <message>
        <source>Cancel the mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Cancel the mint of “{0}”?</source>
        <translation>取消“{0}”的铸造？</translation>
    </message>
    <message>
        <source>Every mint and batch</source>
        <translation>全部铸造与批量</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>It failed and is not tried again.</source>
        <translation>它已失败，不再重试。</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Leave them</source>
        <translation>暂不处理</translation>
    </message>
    <message>
        <source>Nothing was sent yet.</source>
        <translation>尚未发送任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation>
            <numerusform>一笔交易铸造 %Ln 项资产；将全部取消。</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed</source>
        <translation>
            <numerusform>重试 %Ln 笔失败</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed mints? Each of them gets another attempt.</source>
        <translation>
            <numerusform>重试 %Ln 笔失败的铸造？每笔将再尝试一次。</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败项</translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation>由链裁定：取消交易以同一 nonce 发出；若铸造交易先入块，代币即已存在。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Words of an asset, or what begins a transaction hash, an address or a token id with 0x.</source>
        <translation>资产中的词，或交易哈希、地址、代币 ID 以 0x 开头的前几位。</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter open · R retry · Del cancel · Ctrl+C copy · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · Enter 打开 · R 重试 · Del 取消 · Ctrl+C 复制 · Ctrl+F 查找 · F5 刷新</translation>
    </message>
</context>
<context>
    <name>AddressForm</name>
    <message>
        <source>0x and 40 hexadecimal digits</source>
        <translation>0x 加 40 位十六进制数字</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add an address</source>
        <translation>添加地址</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Edit {0}</source>
        <translation>编辑“{0}”</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Where the address is shown, its label stands before it.</source>
        <translation>凡显示该地址之处，前面都会带上标签。</translation>
    </message>
</context>
<context>
    <name>AddressImport</name>
    <message>
        <source>AS IT IS</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>About it</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>CHANGED</source>
        <translation>有变动</translation>
    </message>
    <message>
        <source>ENTERPRISE</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Keeps its name “{0}”</source>
        <translation>保留名称“{0}”</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>NEW</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行号</translation>
    </message>
    <message>
        <source>So far “{0}”</source>
        <translation>原为“{0}”</translation>
    </message>
    <message>
        <source>WRONG</source>
        <translation>有误</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>处理方式</translation>
    </message>
    <message>
        <source>Wrong lines: {0}. Correct the file and choose it again; nothing is taken in before.</source>
        <translation>有误的行数：{0}。请更正文件后重新选择；在此之前不会导入任何内容。</translation>
    </message>
    <message>
        <source>{0} new, {1} with another label or note, {2} as they are.</source>
        <translation>新增 {0} 个，标签或备注有变动 {1} 个，不变 {2} 个。</translation>
    </message>
</context>
<context>
    <name>AddressImportDialog</name>
    <message>
        <source>Import addresses from {0}</source>
        <translation>从 {0} 导入地址</translation>
    </message>
    <message>
        <source>Import {0}</source>
        <translation>导入 {0} 个</translation>
    </message>
    <message>
        <source>Lines of the file</source>
        <translation>文件各行</translation>
    </message>
</context>
<context>
    <name>AddressRow</name>
    <message>
        <source>Choose from the address book</source>
        <translation>从地址簿选择</translation>
    </message>
    <message>
        <source>No address has a name</source>
        <translation>没有已命名的地址</translation>
    </message>
</context>
<context>
    <name>AddressesPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses taken in</source>
        <translation>
            <numerusform>已导入 %Ln 个地址</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 个地址写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses (*.csv *.xlsx *.json)</source>
        <translation>地址 (*.csv *.xlsx *.json)</translation>
    </message>
    <message>
        <source>Import addresses</source>
        <translation>导入地址</translation>
    </message>
    <message>
        <source>{0} was added</source>
        <translation>已添加“{0}”</translation>
    </message>
    <message>
        <source>{0} was removed</source>
        <translation>已移除“{0}”</translation>
    </message>
</context>
<context>
    <name>AddressesTab</name>
    <message>
        <source>ADDRESS BOOK</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>Add address</source>
        <translation>添加地址</translation>
    </message>
    <message>
        <source>Add an address</source>
        <translation>添加地址</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>An address with a label is recognised wherever it is shown.</source>
        <translation>带标签的地址在任何地方都一目了然。</translation>
    </message>
    <message>
        <source>ENTERPRISE</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Enter edit · Del remove · Ctrl+N add · Ctrl+F find · click an address to copy it</source>
        <translation>Enter 编辑 · Del 移除 · Ctrl+N 添加 · Ctrl+F 查找 · 单击地址即可复制</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Kept with</source>
        <translation>保存于</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Label, address, note…</source>
        <translation>标签、地址、备注…</translation>
    </message>
    <message>
        <source>No address has a name</source>
        <translation>尚无命名的地址</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The wallet of an enterprise is changed with the enterprise.</source>
        <translation>企业的钱包随企业一起修改。</translation>
    </message>
</context>
<context>
    <name>AdminView</name>
    <message>
        <source>Accounts, enterprises, addresses and the audit log are shown to people who are signed in.</source>
        <translation>登录后才能查看账号、企业、地址簿和审计日志。</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Parts of the Admin page</source>
        <translation>管理页面的各部分</translation>
    </message>
    <message>
        <source>People, enterprises, addresses and the audit log</source>
        <translation>人员、企业、地址簿与审计日志</translation>
    </message>
    <message>
        <source>Start it to open the register: accounts, enterprises and addresses are kept there.</source>
        <translation>启动环境即可打开登记簿：账号、企业和地址都保存在其中。</translation>
    </message>
</context>
<context>
    <name>AgreementButton</name>
    <message>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>{0} is: {1}</source>
        <translation>{0} 的类别：{1}</translation>
    </message>
</context>
<context>
    <name>AgreementType</name>
    <message>
        <source>Assignment</source>
        <translation>转让协议</translation>
    </message>
    <message>
        <source>Collaboration agreement</source>
        <translation>合作协议</translation>
    </message>
    <message>
        <source>Confidentiality agreement</source>
        <translation>保密协议</translation>
    </message>
    <message>
        <source>Licence agreement</source>
        <translation>许可协议</translation>
    </message>
    <message>
        <source>Other agreement</source>
        <translation>其他协议</translation>
    </message>
</context>
<context>
    <name>AlertDetail</name>
    <message>
        <source>Alert</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>OPEN</source>
        <translation>未解除</translation>
    </message>
    <message>
        <source>PASSED</source>
        <translation>已解除</translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation>下一步</translation>
    </message>
</context>
<context>
    <name>AlertList</name>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
</context>
<context>
    <name>AlertListModel</name>
    <message>
        <source>Open</source>
        <translation>未解除</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>已解除</translation>
    </message>
</context>
<context>
    <name>AlertNotices</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
</context>
<context>
    <name>AlertPanel</name>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Alerts are kept in the register. They are read as soon as the environment is started.</source>
        <translation>告警保存在登记簿中，环境启动后即会读取。</translation>
    </message>
    <message>
        <source>Alerts name assets. Sign in to read them.</source>
        <translation>告警涉及具体资产，请登录后查看。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Mints that fail too often, stay open for too long or fail again at every retry are told here, and calls that no block takes.</source>
        <translation>失败过多、长时间未完成或每次重试都失败的铸造，以及没有区块收录的调用，会在此告知。</translation>
    </message>
    <message>
        <source>No alerts</source>
        <translation>没有告警</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>尚无人登录</translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation>尚未知晓</translation>
    </message>
</context>
<context>
    <name>AlertPresenter</name>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
</context>
<context>
    <name>Alerts</name>
    <message numerus="yes">
        <source>%Ln findings</source>
        <translation>
            <numerusform>%Ln 项发现</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are open for more than ten minutes</source>
        <translation>
            <numerusform>有 %Ln 笔铸造超过十分钟仍未完成</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln retries in a row failed</source>
        <translation>
            <numerusform>曾连续 %Ln 次重试失败</numerusform>
        </translation>
    </message>
    <message>
        <source>A call waited although blocks were mined</source>
        <translation>曾有调用在出块期间一直等待</translation>
    </message>
    <message>
        <source>A call waits although blocks are mined</source>
        <translation>有调用在出块期间一直等待</translation>
    </message>
    <message>
        <source>A later retry succeeded, or the failures are not among the latest mints any more.</source>
        <translation>之后的重试已成功，或这些失败已不在最近的铸造之列。</translation>
    </message>
    <message>
        <source>A mint is open for more than ten minutes</source>
        <translation>有一笔铸造超过十分钟仍未完成</translation>
    </message>
    <message>
        <source>A mint that failed three times needs an administrator.</source>
        <translation>失败三次的铸造需由管理员处理。</translation>
    </message>
    <message>
        <source>A mint was open for more than ten minutes</source>
        <translation>曾有一笔铸造超过十分钟未完成</translation>
    </message>
    <message>
        <source>All mints</source>
        <translation>所有铸造</translation>
    </message>
    <message>
        <source>Check the node and the content store on the Environment page.</source>
        <translation>请在“环境”页面检查节点和内容存储。</translation>
    </message>
    <message>
        <source>Check the node on the Environment page.</source>
        <translation>请在“环境”页面检查节点。</translation>
    </message>
    <message>
        <source>Each of them ended without a token, so trying once more is unlikely to help.</source>
        <translation>每次都未产生代币，再试一次多半无济于事。</translation>
    </message>
    <message>
        <source>If the key is lost, put your copy of keys/ back and start again.</source>
        <translation>若密钥丢失，请放回您保存的 keys/ 副本后重新启动。</translation>
    </message>
    <message numerus="yes">
        <source>It is recorded and sent, and no block takes it: it may offer too little. What has a later nonce waits with it, mints too. When this was noticed, %Ln transactions waited behind it.</source>
        <translation>
            <numerusform>它已记录并发送，但没有区块收录它：出价可能过低。nonce 更靠后的交易也随之等待，铸造也在其中。发现时，有 %Ln 笔交易排在它之后。</numerusform>
        </translation>
    </message>
    <message>
        <source>It is still watched and completes by itself once the chain confirms it. Nothing is sent twice.</source>
        <translation>程序仍在跟踪，链上确认后会自行完成，不会重复发送。</translation>
    </message>
    <message>
        <source>Keep a copy of the register as it is, and compare it with its backups and anchors.</source>
        <translation>请保留登记簿的现状副本，并与备份和锚点比对。</translation>
    </message>
    <message>
        <source>Latest failure: {0}</source>
        <translation>最近的失败：{0}</translation>
    </message>
    <message>
        <source>Mint in the log</source>
        <translation>日志中的铸造</translation>
    </message>
    <message>
        <source>Nothing needs doing: it passed.</source>
        <translation>已解除，无需处理。</translation>
    </message>
    <message>
        <source>Open Reconcile on the Admin page and go through the findings.</source>
        <translation>在管理页打开“对账”，逐项处理所列发现。</translation>
    </message>
    <message>
        <source>Open audit log</source>
        <translation>打开审计日志</translation>
    </message>
    <message>
        <source>Open for more than ten minutes: {0}</source>
        <translation>超过十分钟未完成：{0}</translation>
    </message>
    <message>
        <source>Open latest failure</source>
        <translation>打开最近的失败</translation>
    </message>
    <message>
        <source>Open mint</source>
        <translation>打开铸造</translation>
    </message>
    <message>
        <source>Open the audit log on the Admin page and verify all of it.</source>
        <translation>请在“管理”页面打开审计日志并完整核验。</translation>
    </message>
    <message>
        <source>Open the call</source>
        <translation>打开调用</translation>
    </message>
    <message>
        <source>Open the call: it says what the node replied to it.</source>
        <translation>打开该调用：其中写明节点对它的答复。</translation>
    </message>
    <message>
        <source>Open the findings</source>
        <translation>打开对账结果</translation>
    </message>
    <message>
        <source>Open the latest failure and correct its cause before anything is tried again.</source>
        <translation>请打开最近的失败，先排除原因再重试。</translation>
    </message>
    <message>
        <source>Open the latest failure and read its reason.</source>
        <translation>请打开最近的失败查看原因。</translation>
    </message>
    <message>
        <source>Open the mint: it says what it waits for, and what can be done about it.</source>
        <translation>请打开该铸造：其中说明在等待什么、可以如何处理。</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>已解除</translation>
    </message>
    <message>
        <source>Register, chain and content differ</source>
        <translation>登记簿、链与内容不一致</translation>
    </message>
    <message>
        <source>Register, chain and content differed</source>
        <translation>登记簿、链与内容曾不一致</translation>
    </message>
    <message numerus="yes">
        <source>Retries do not help: %Ln in a row failed</source>
        <translation>
            <numerusform>重试无效：已连续失败 %Ln 次</numerusform>
        </translation>
    </message>
    <message>
        <source>Row {0}</source>
        <translation>第 {0} 行</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>始于</translation>
    </message>
    <message>
        <source>The audit log is not proved</source>
        <translation>审计日志未获证实</translation>
    </message>
    <message>
        <source>The audit log was not proved</source>
        <translation>审计日志曾未获证实</translation>
    </message>
    <message>
        <source>The call is in a block now, or it was taken back or replaced.</source>
        <translation>该调用现已入块，或者已被撤回或替换。</translation>
    </message>
    <message>
        <source>The mint has ended since.</source>
        <translation>该铸造此后已结束。</translation>
    </message>
    <message>
        <source>The scheduled reconciliation found differences; each has its cause and what can be done.</source>
        <translation>定时对账发现了差异；每项都列有原因和可采取的措施。</translation>
    </message>
    <message>
        <source>The success rate is below 95 %</source>
        <translation>成功率低于 95%</translation>
    </message>
    <message>
        <source>The success rate was below 95 %</source>
        <translation>成功率曾低于 95%</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>转账</translation>
    </message>
    <message>
        <source>Wait for a cheaper block, or let an administrator take the call back and ask for it anew.</source>
        <translation>等待价格更低的区块，或请管理员撤回该调用后重新发起。</translation>
    </message>
    <message numerus="yes">
        <source>When this was noticed, {0} of the latest %Ln mints had ended with a token.</source>
        <translation>
            <numerusform>发现时，最近 %Ln 笔铸造中有 {0} 笔产生了代币。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} and %Ln more</source>
        <translation>
            <numerusform>{0} 等，另有 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} open · {1} passed</source>
        <translation>未解除 {0} · 已解除 {1}</translation>
    </message>
    <message>
        <source>{0}, nonce {1}</source>
        <translation>{0}，nonce {1}</translation>
    </message>
</context>
<context>
    <name>AnchorsDialog</name>
    <message>
        <source>An anchor writes the seal of the last row into the chain. From then on not even somebody who stole the key can change what was written before, unseen. Keep its transaction hash outside this computer.</source>
        <translation>锚定把最后一行的封印写入链上。此后即使密钥被盗，也无法不留痕迹地更改先前的记录。请把交易哈希保存在本机之外。</translation>
    </message>
    <message>
        <source>Anchor now</source>
        <translation>立即锚定</translation>
    </message>
    <message>
        <source>Anchoring…</source>
        <translation>正在锚定…</translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation>锚点</translation>
    </message>
    <message>
        <source>Anchors of the audit log</source>
        <translation>审计日志的锚点</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Block's time</source>
        <translation>区块时间</translation>
    </message>
    <message>
        <source>Choose an anchor, or paste the hash that you kept elsewhere.</source>
        <translation>请选择锚点，或粘贴您另行保存的哈希。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Compare with the log</source>
        <translation>与日志比对</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行号</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>on a chain that was given up</source>
        <translation>在已弃用的链上</translation>
    </message>
    <message>
        <source>waiting for a block</source>
        <translation>等待入块</translation>
    </message>
</context>
<context>
    <name>AssetColumn</name>
    <message>
        <source>Application number</source>
        <translation>申请号</translation>
    </message>
    <message>
        <source>Asset ID</source>
        <translation>资产 ID</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>署名</translation>
    </message>
    <message>
        <source>Commercial use</source>
        <translation>商业使用</translation>
    </message>
    <message>
        <source>Creation date</source>
        <translation>创作日期</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>创作者</translation>
    </message>
    <message>
        <source>Derivatives</source>
        <translation>改编</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Licence expires on</source>
        <translation>许可到期日</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Registered at</source>
        <translation>登记时间</translation>
    </message>
    <message>
        <source>Revenue share</source>
        <translation>收入分成</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Token ID</source>
        <translation>代币 ID</translation>
    </message>
    <message>
        <source>Transferable</source>
        <translation>可转让</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
</context>
<context>
    <name>AssetDetail</name>
    <message>
        <source>Accepted by node</source>
        <translation>节点已接受</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Created on</source>
        <translation>创作日期</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>创作者</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation>元数据 CID</translation>
    </message>
    <message>
        <source>Mined</source>
        <translation>已入块</translation>
    </message>
    <message>
        <source>Mint requested</source>
        <translation>请求铸造</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>持有人</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>已登记</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>已签名</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>{0} gas</source>
        <translation>{0} Gas</translation>
    </message>
    <message numerus="yes">
        <source>{0} gas for %Ln tokens</source>
        <translation>
            <numerusform>%Ln 个代币共 {0} Gas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln confirmations · {1}</source>
        <translation>
            <numerusform>已确认 {0}/%Ln · {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AssetField</name>
    <message>
        <source>Application or registration number</source>
        <translation>申请号或注册号</translation>
    </message>
    <message>
        <source>Commercial use</source>
        <translation>商业使用</translation>
    </message>
    <message>
        <source>Created on</source>
        <translation>创作日期</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>创作者</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>File “{0}”</source>
        <translation>文件“{0}”</translation>
    </message>
    <message>
        <source>Further field “{0}”</source>
        <translation>附加字段“{0}”</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Licence ends on</source>
        <translation>许可终止日</translation>
    </message>
    <message>
        <source>May be adapted</source>
        <translation>可改编</translation>
    </message>
    <message>
        <source>May be passed on</source>
        <translation>可转让</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name the creator</source>
        <translation>须署名</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Revenue share</source>
        <translation>收入分成</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>confidential</source>
        <translation>机密</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
</context>
<context>
    <name>AssetFilesPresenter</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation>已保存 {0}</translation>
    </message>
    <message>
        <source>The files of “{0}” cannot be changed any more.</source>
        <translation>“{0}”的文件已不能更改。</translation>
    </message>
</context>
<context>
    <name>AssetForm</name>
    <message>
        <source>Application or registration number</source>
        <translation>申请号或注册号</translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose an enterprise.</source>
        <translation>请选择企业。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Created on *</source>
        <translation>创作日期 *</translation>
    </message>
    <message>
        <source>Creator *</source>
        <translation>创作者 *</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Discard what you changed?</source>
        <translation>放弃所作的更改？</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Enterprise *</source>
        <translation>企业 *</translation>
    </message>
    <message>
        <source>Further fields</source>
        <translation>附加字段</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>继续编辑</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Legal status *</source>
        <translation>法律状态 *</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Name *</source>
        <translation>名称 *</translation>
    </message>
    <message>
        <source>Of confidential files only the hash is published.</source>
        <translation>机密文件仅发布其哈希。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save as a new asset</source>
        <translation>另存为新资产</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Storing files</source>
        <translation>正在存储文件</translation>
    </message>
    <message>
        <source>Storing {0} · {1} %</source>
        <translation>正在存储 {0} · {1}%</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Type *</source>
        <translation>类型 *</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>What you typed can be saved as a new asset.</source>
        <translation>您填写的内容可以另存为新资产。</translation>
    </message>
    <message>
        <source>“{0}” is used twice.</source>
        <translation>“{0}”重复使用。</translation>
    </message>
</context>
<context>
    <name>AssetFormPresenter</name>
    <message>
        <source>Edit asset</source>
        <translation>编辑资产</translation>
    </message>
    <message>
        <source>Made after “{0}”; its files are not copied.</source>
        <translation>参照“{0}”新建；不复制其文件。</translation>
    </message>
    <message>
        <source>New asset</source>
        <translation>新建资产</translation>
    </message>
</context>
<context>
    <name>AssetTable</name>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
</context>
<context>
    <name>AssetTableModel</name>
    <message>
        <source>Changed</source>
        <translation>修改日期</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>登记日期</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>创作者</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Made on</source>
        <translation>创作日期</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
</context>
<context>
    <name>AssetType</name>
    <message>
        <source>Copyright</source>
        <translation>著作权</translation>
    </message>
    <message>
        <source>Design</source>
        <translation>外观设计</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Patent</source>
        <translation>专利</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>软件</translation>
    </message>
    <message>
        <source>Trade secret</source>
        <translation>商业秘密</translation>
    </message>
    <message>
        <source>Trademark</source>
        <translation>商标</translation>
    </message>
</context>
<context>
    <name>AttachmentList</name>
    <message>
        <source>Confidential: only its hash is published</source>
        <translation>机密：仅发布其哈希</translation>
    </message>
    <message>
        <source>Copy CID</source>
        <translation>复制 CID</translation>
    </message>
    <message>
        <source>Copy SHA-256</source>
        <translation>复制 SHA-256</translation>
    </message>
    <message>
        <source>Look at {0}</source>
        <translation>查看 {0}</translation>
    </message>
    <message>
        <source>More about {0}</source>
        <translation>{0} 的更多操作</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>公开</translation>
    </message>
    <message>
        <source>Save {0} as…</source>
        <translation>将 {0} 另存为…</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message numerus="yes">
        <source>%Ln rows are from before rows were sealed.</source>
        <translation>
            <numerusform>有 %Ln 行早于封印启用之时。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are sealed with a key that is gone.</source>
        <translation>
            <numerusform>有 %Ln 行的封印所用密钥已不存在。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln sealed rows are as they were written.</source>
        <translation>
            <numerusform>全部 %Ln 行封印记录均与写入时一致。</numerusform>
        </translation>
    </message>
    <message>
        <source>Block {1} shows the seal of row {0}, which the log does not have.</source>
        <translation>区块 {1} 载有第 {0} 行的封印，而日志中没有该行。</translation>
    </message>
    <message>
        <source>Row {0} bears another seal than block {1} shows: the log was written anew since.</source>
        <translation>第 {0} 行的封印与区块 {1} 所载不同：日志此后被重写过。</translation>
    </message>
    <message>
        <source>Row {0} bears the seal that block {1} shows: up to it nothing was changed since.</source>
        <translation>第 {0} 行的封印与区块 {1} 所载一致：截至该行均未被更改。</translation>
    </message>
    <message>
        <source>Row {0} cannot be judged.</source>
        <translation>第 {0} 行无法判定。</translation>
    </message>
    <message>
        <source>Row {0} has no seal although rows before it have one: it was put there past the program.</source>
        <translation>第 {0} 行没有封印，而其前各行都有：它是绕过程序写入的。</translation>
    </message>
    <message>
        <source>Row {0} is missing: it was removed past the program.</source>
        <translation>第 {0} 行缺失：它被绕过程序删除了。</translation>
    </message>
    <message>
        <source>Row {0} is not what was sealed: it was changed, or put there, past the program.</source>
        <translation>第 {0} 行与封印不符：它被绕过程序更改或写入。</translation>
    </message>
    <message>
        <source>Row {0} is sealed with another key. Programs that share a register must share its key folder.</source>
        <translation>第 {0} 行由另一把密钥封印。共用登记簿的程序必须共用其密钥文件夹。</translation>
    </message>
    <message>
        <source>The chain has no such transaction: it is not mined yet, or was sent on another chain.</source>
        <translation>链上没有此交易：它尚未入块，或发送到了另一条链。</translation>
    </message>
    <message>
        <source>The key was missing and another one was made. Only rows from {0} on can be judged.</source>
        <translation>密钥曾缺失并已另行生成，只能判定第 {0} 行起的记录。</translation>
    </message>
    <message>
        <source>The last rows are missing: they were removed past the program. Noticed at row {0}.</source>
        <translation>末尾若干行缺失：它们被绕过程序删除。于第 {0} 行处发现。</translation>
    </message>
    <message>
        <source>The note of the last row was missing. Whether rows behind {0} were removed cannot be told.</source>
        <translation>末行标记缺失，无法判断第 {0} 行之后是否有记录被删除。</translation>
    </message>
    <message>
        <source>This transaction anchors no audit log.</source>
        <translation>此交易并未锚定任何审计日志。</translation>
    </message>
</context>
<context>
    <name>AuditDetail</name>
    <message>
        <source>(nothing)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>Choose a row to see what it says in full.</source>
        <translation>选择一行即可查看完整内容。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Row of the audit log</source>
        <translation>审计日志的行</translation>
    </message>
    <message>
        <source>Row {0} · {1} · {2}</source>
        <translation>第 {0} 行 · {1} · {2}</translation>
    </message>
    <message>
        <source>Seal</source>
        <translation>封印</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>none: from before rows were sealed</source>
        <translation>无：早于封印启用之时</translation>
    </message>
</context>
<context>
    <name>AuditInWindow</name>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
</context>
<context>
    <name>AuditModel</name>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行号</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
</context>
<context>
    <name>AuditPresenter</name>
    <message numerus="yes">
        <source>%Ln rows were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 行写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>A transaction hash is 0x and 64 hexadecimal digits.</source>
        <translation>交易哈希为 0x 加 64 位十六进制数字。</translation>
    </message>
    <message>
        <source>AGREES</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>BROKEN</source>
        <translation>已破坏</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>NOT VERIFIED</source>
        <translation>未核验</translation>
    </message>
    <message>
        <source>PROVES NOTHING</source>
        <translation>无证明力</translation>
    </message>
    <message>
        <source>Row {0} is anchored in block {1}</source>
        <translation>第 {0} 行已锚定于区块 {1}</translation>
    </message>
    <message>
        <source>Row {0} is on its way into the chain</source>
        <translation>第 {0} 行正在写入链上</translation>
    </message>
    <message>
        <source>SOUND</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation>导出已停止，未写入文件</translation>
    </message>
    <message>
        <source>The log could not be verified.</source>
        <translation>无法核验日志。</translation>
    </message>
    <message>
        <source>The verification was stopped.</source>
        <translation>核验已停止。</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>正在核验</translation>
    </message>
    <message>
        <source>Verifying: {0} of {1} rows</source>
        <translation>正在核验：第 {0}/{1} 行</translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows read, more below</source>
        <translation>
            <numerusform>已读取 %Ln 行，下方还有更多</numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>All actions</source>
        <translation>全部操作</translation>
    </message>
    <message>
        <source>Anchors of the audit log…</source>
        <translation>审计日志的锚点…</translation>
    </message>
    <message>
        <source>Anchors…</source>
        <translation>锚点…</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>返回列表</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>Copy the row in focus</source>
        <translation>复制当前行</translation>
    </message>
    <message>
        <source>Ctrl+F find · Ctrl+C copy · F5 reload</source>
        <translation>Ctrl+F 查找 · Ctrl+C 复制 · F5 刷新</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Everything that is done here leaves a row. Look for less, or for another time.</source>
        <translation>在此所做的一切都会留下记录。请放宽条件或更换时间。</translation>
    </message>
    <message>
        <source>Export the audit log…</source>
        <translation>导出审计日志…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>From YYYY-MM-DD</source>
        <translation>自 YYYY-MM-DD</translation>
    </message>
    <message>
        <source>Kind of action</source>
        <translation>操作类别</translation>
    </message>
    <message>
        <source>Mints</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>NOT VERIFIED YET</source>
        <translation>尚未核验</translation>
    </message>
    <message>
        <source>New rows are verified at every start.</source>
        <translation>每次启动都会核验新增的行。</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Other work is under way.</source>
        <translation>另有工作正在进行。</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Person, action, id, value…</source>
        <translation>人员、操作、ID、值…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Search the audit log</source>
        <translation>搜索审计日志</translation>
    </message>
    <message>
        <source>Search the audit log for “{0}”</source>
        <translation>在审计日志中搜索“{0}”</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>显示所有行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the verification or the export</source>
        <translation>停止核验或导出</translation>
    </message>
    <message>
        <source>To YYYY-MM-DD</source>
        <translation>至 YYYY-MM-DD</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>Verify the audit log</source>
        <translation>核验审计日志</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation>日期请写作 YYYY-MM-DD。</translation>
    </message>
</context>
<context>
    <name>BackupReason</name>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation>恢复前</translation>
    </message>
    <message>
        <source>before an update of the register</source>
        <translation>登记簿升级前</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>last of its day</source>
        <translation>当日最后一份</translation>
    </message>
    <message>
        <source>last of its week</source>
        <translation>当周最后一份</translation>
    </message>
</context>
<context>
    <name>BackupsCard</name>
    <message numerus="yes">
        <source>%Ln earlier ones in the profile folder</source>
        <translation>
            <numerusform>配置文件夹中另有 %Ln 份更早的备份</numerusform>
        </translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Backups are shown to people who are signed in.</source>
        <translation>登录后才能查看备份。</translation>
    </message>
    <message>
        <source>No backup was made yet.</source>
        <translation>尚无备份。</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>正在处理…</translation>
    </message>
</context>
<context>
    <name>BackupsPresenter</name>
    <message>
        <source>Backup made and checked, {0}</source>
        <translation>备份已完成并校验，{0}</translation>
    </message>
    <message>
        <source>The register was brought back; starting again.</source>
        <translation>登记簿已恢复，正在重新启动。</translation>
    </message>
</context>
<context>
    <name>Batch</name>
    <message>
        <source>CANCELLED</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>It was cancelled before it was sent.</source>
        <translation>发送前已取消。</translation>
    </message>
    <message>
        <source>MINTED</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>MINTING</source>
        <translation>铸造中</translation>
    </message>
    <message>
        <source>NOT ATTEMPTED</source>
        <translation>未尝试</translation>
    </message>
    <message>
        <source>WAITING</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{0} cancelled.</source>
        <translation>已取消 {0} 项。</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} 项失败</translation>
    </message>
    <message>
        <source>{0} had ended.</source>
        <translation>{0} 项已结束。</translation>
    </message>
    <message>
        <source>{0} minted</source>
        <translation>{0} 项已铸造</translation>
    </message>
    <message>
        <source>{0} not attempted</source>
        <translation>{0} 项未尝试</translation>
    </message>
    <message>
        <source>{0} on the way</source>
        <translation>{0} 项进行中</translation>
    </message>
    <message>
        <source>{0} were sent already: the chain decides.</source>
        <translation>{0} 项已发送：由链决定。</translation>
    </message>
    <message>
        <source>{0} were sent, and the chain cannot be asked now.</source>
        <translation>{0} 项已发送，目前无法查询链。</translation>
    </message>
</context>
<context>
    <name>BatchCommands</name>
    <message>
        <source>Cancel the rest of the batch…</source>
        <translation>取消本批其余部分…</translation>
    </message>
    <message>
        <source>Choose for whom it is minted</source>
        <translation>选择为谁铸造</translation>
    </message>
    <message>
        <source>Close the result</source>
        <translation>关闭结果</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>复制行</translation>
    </message>
    <message>
        <source>Export the result…</source>
        <translation>导出结果…</translation>
    </message>
    <message>
        <source>From the search back to the list</source>
        <translation>从搜索返回列表</translation>
    </message>
    <message>
        <source>List all that can be minted</source>
        <translation>列出所有可铸造的资产</translation>
    </message>
    <message>
        <source>Mint what is ticked</source>
        <translation>铸造已勾选的资产</translation>
    </message>
    <message>
        <source>No batch is shown.</source>
        <translation>没有显示任何批次。</translation>
    </message>
    <message>
        <source>Nothing is listed.</source>
        <translation>列表为空。</translation>
    </message>
    <message>
        <source>Nothing is ticked.</source>
        <translation>没有勾选任何资产。</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Retry what failed of the batch</source>
        <translation>重试本批失败的资产</translation>
    </message>
    <message>
        <source>Search what can be minted</source>
        <translation>搜索可铸造的资产</translation>
    </message>
    <message>
        <source>Show what is left out…</source>
        <translation>查看未纳入的资产…</translation>
    </message>
    <message>
        <source>Tick all that are listed</source>
        <translation>勾选列表中的全部资产</translation>
    </message>
    <message>
        <source>Tick what can be minted first.</source>
        <translation>请先勾选可铸造的资产。</translation>
    </message>
    <message>
        <source>Tick what is selected</source>
        <translation>勾选所选行</translation>
    </message>
    <message>
        <source>Untick all</source>
        <translation>全部取消勾选</translation>
    </message>
    <message>
        <source>What waits for others</source>
        <translation>等待同批的铸造</translation>
    </message>
</context>
<context>
    <name>BatchEfficiency</name>
    <message>
        <source>Against baseline A</source>
        <translation>相对基线 A</translation>
    </message>
    <message>
        <source>Against own single mints</source>
        <translation>相对本合约单笔</translation>
    </message>
    <message>
        <source>Assets in one transaction</source>
        <translation>每笔交易的资产数</translation>
    </message>
    <message>
        <source>Published by others</source>
        <translation>文献值</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>This batch, as measured</source>
        <translation>本批实测</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>本计划</translation>
    </message>
    <message>
        <source>What a batch saves</source>
        <translation>批量的节省</translation>
    </message>
    <message>
        <source>{0} or more</source>
        <translation>{0} 项以上</translation>
    </message>
</context>
<context>
    <name>BatchFaces</name>
    <message>
        <source>Assets can be ticked and minted by people who are signed in.</source>
        <translation>登录后才能勾选和铸造资产。</translation>
    </message>
    <message>
        <source>Drafts stand here to be ticked, and so does what failed or was cancelled.</source>
        <translation>草稿以及失败或已取消的资产列在这里，供勾选。</translation>
    </message>
    <message>
        <source>Look for less, or for something else. What is ticked stays ticked.</source>
        <translation>减少条件或换个词再找。已勾选的仍保持勾选。</translation>
    </message>
    <message>
        <source>No asset matches</source>
        <translation>没有匹配的资产</translation>
    </message>
    <message>
        <source>Nothing waits to be minted</source>
        <translation>没有待铸造的资产</translation>
    </message>
    <message>
        <source>Open the register</source>
        <translation>打开登记簿</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Start it to mint many assets at once and to see what that saves.</source>
        <translation>启动环境即可一次铸造多项资产，并查看节省了多少。</translation>
    </message>
</context>
<context>
    <name>BatchPresenter</name>
    <message numerus="yes">
        <source>%Ln rows copied</source>
        <translation>
            <numerusform>已复制 %Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>More than %Ln assets cannot be ticked at once.</source>
        <translation>
            <numerusform>一次最多勾选 %Ln 项资产。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing that is listed can be minted by you.</source>
        <translation>列表中没有您可以铸造的资产。</translation>
    </message>
    <message>
        <source>So many rows are not here at once: narrow the list and press “Tick all”.</source>
        <translation>所选行过多，无法一次载入：请缩小列表并按“全部勾选”。</translation>
    </message>
</context>
<context>
    <name>BatchTables</name>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Assets of the batch</source>
        <translation>本批资产</translation>
    </message>
    <message>
        <source>Copy the asset in focus</source>
        <translation>复制当前资产</translation>
    </message>
    <message>
        <source>Copy the transaction in focus</source>
        <translation>复制当前交易</translation>
    </message>
    <message>
        <source>Expected: {0} gas</source>
        <translation>预计：{0} gas</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Token, or why not</source>
        <translation>代币或原因</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transactions of the batch</source>
        <translation>本批交易</translation>
    </message>
</context>
<context>
    <name>BatchView</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>All states</source>
        <translation>全部状态</translation>
    </message>
    <message>
        <source>All that can be minted</source>
        <translation>所有可铸造的</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Earlier batches</source>
        <translation>历次批量</translation>
    </message>
    <message>
        <source>Many assets in one transaction</source>
        <translation>一笔交易铸造多项资产</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message numerus="yes">
        <source>Mint %Ln assets</source>
        <translation>
            <numerusform>铸造 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Search everything…</source>
        <translation>搜索全部…</translation>
    </message>
    <message>
        <source>Several states</source>
        <translation>多种状态</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>全部勾选</translation>
    </message>
    <message>
        <source>Untick all</source>
        <translation>全部取消勾选</translation>
    </message>
    <message>
        <source>counting…</source>
        <translation>正在计数…</translation>
    </message>
    <message numerus="yes">
        <source>first {0} of more than %Ln matches</source>
        <translation>
            <numerusform>前 {0} 项，共超过 %Ln 项匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} · {1} ticked</source>
        <translation>{0} · 已勾选 {1} 项</translation>
    </message>
    <message>
        <source>↑↓ browse · Space tick · M mint · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · 空格 勾选 · M 铸造 · Ctrl+F 查找 · F5 刷新</translation>
    </message>
</context>
<context>
    <name>BatchWords</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中</translation>
    </message>
</context>
<context>
    <name>BlockField</name>
    <message>
        <source>As of block</source>
        <translation>截至区块</translation>
    </message>
    <message>
        <source>newest</source>
        <translation>最新</translation>
    </message>
</context>
<context>
    <name>BlockPanel</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Base fee</source>
        <translation>基础费</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Block before it</source>
        <translation>前一个区块</translation>
    </message>
    <message>
        <source>Block {0}</source>
        <translation>区块 {0}</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Compare it with the block before it, or with any other.</source>
        <translation>可与前一个区块比较，也可与任意区块比较。</translation>
    </message>
    <message>
        <source>Comparing block {0} with block {1}…</source>
        <translation>正在比较区块 {0} 与区块 {1}…</translation>
    </message>
    <message>
        <source>Copy the difference in focus</source>
        <translation>复制当前差异</translation>
    </message>
    <message>
        <source>Copy the field in focus</source>
        <translation>复制当前字段</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Differences between two blocks</source>
        <translation>两个区块之间的差异</translation>
    </message>
    <message numerus="yes">
        <source>From block {0} to block {1}: %Ln transactions.</source>
        <translation>
            <numerusform>从区块 {0} 到区块 {1}：%Ln 笔交易。</numerusform>
        </translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>区块头</translation>
    </message>
    <message>
        <source>Header of the block</source>
        <translation>该区块的区块头</translation>
    </message>
    <message>
        <source>Height of the block to compare with</source>
        <translation>要比较的区块高度</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>未选择</translation>
    </message>
    <message numerus="yes">
        <source>Only the first %Ln were looked at.</source>
        <translation>
            <numerusform>只查看了前 %Ln 笔。</numerusform>
        </translation>
    </message>
    <message>
        <source>Parent</source>
        <translation>父区块</translation>
    </message>
    <message>
        <source>Select a block to see what is in it.</source>
        <translation>选择一个区块以查看其内容。</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>The chain has this block no more: another one has taken its place.</source>
        <translation>链上已没有这个区块：另一个区块取代了它。</translation>
    </message>
    <message>
        <source>The node does not tell what they changed: {0}</source>
        <translation>节点未提供它们改变的内容：{0}</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>What is in the block</source>
        <translation>区块内容</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
</context>
<context>
    <name>BlocksPresenter</name>
    <message numerus="yes">
        <source>%Ln blocks were written to {0}</source>
        <translation>
            <numerusform>%Ln 个区块已写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Writing the blocks</source>
        <translation>正在写入区块</translation>
    </message>
</context>
<context>
    <name>BlocksTab</name>
    <message numerus="yes">
        <source>%Ln blocks</source>
        <translation>
            <numerusform>%Ln 个区块</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln blocks read</source>
        <translation>
            <numerusform>已读取 %Ln 个区块</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare the block</source>
        <translation>比较该区块</translation>
    </message>
    <message>
        <source>Enter transactions · Ctrl+E export · F5 reload</source>
        <translation>Enter 交易 · Ctrl+E 导出 · F5 重新加载</translation>
    </message>
    <message>
        <source>Export the blocks…</source>
        <translation>导出区块…</translation>
    </message>
    <message>
        <source>From height…</source>
        <translation>从高度…</translation>
    </message>
    <message>
        <source>No block yet</source>
        <translation>还没有区块</translation>
    </message>
    <message>
        <source>The blocks of the chain stand here as soon as it answers.</source>
        <translation>链一有应答，其区块就会列在这里。</translation>
    </message>
    <message>
        <source>There is no block in view.</source>
        <translation>没有显示区块。</translation>
    </message>
</context>
<context>
    <name>CallPanel</name>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>By</source>
        <translation>发起人</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation>Gas 上限</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Mined</source>
        <translation>入块</translation>
    </message>
    <message>
        <source>No call selected</source>
        <translation>未选择调用</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>理由：{0}</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>已记录</translation>
    </message>
    <message>
        <source>Replaced by</source>
        <translation>替换它的交易</translation>
    </message>
    <message>
        <source>Select a call to see what became of it.</source>
        <translation>选择一个调用，查看其结果。</translation>
    </message>
    <message>
        <source>Sent along</source>
        <translation>随附金额</translation>
    </message>
    <message>
        <source>Show on chain</source>
        <translation>在链上查看</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>签名账户</translation>
    </message>
    <message>
        <source>Take back…</source>
        <translation>撤回…</translation>
    </message>
    <message>
        <source>Taken back by</source>
        <translation>撤回它的交易</translation>
    </message>
    <message>
        <source>To</source>
        <translation>收款账户</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>CallTable</name>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>By</source>
        <translation>发起人</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the call in focus</source>
        <translation>复制当前调用</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>已记录</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>CallWords</name>
    <message>
        <source>Argument {0}</source>
        <translation>参数 {0}</translation>
    </message>
    <message>
        <source>Being taken back</source>
        <translation>撤回中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Replaced</source>
        <translation>被替换</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>转账</translation>
    </message>
    <message>
        <source>Vanished</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
</context>
<context>
    <name>CallsPresenter</name>
    <message numerus="yes">
        <source>%Ln calls were written to {0}</source>
        <translation>
            <numerusform>%Ln 个调用已写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Writing the calls</source>
        <translation>正在写入调用</translation>
    </message>
</context>
<context>
    <name>CallsTab</name>
    <message numerus="yes">
        <source>%Ln calls</source>
        <translation>
            <numerusform>%Ln 个调用</numerusform>
        </translation>
    </message>
    <message>
        <source>All calls</source>
        <translation>全部调用</translation>
    </message>
    <message>
        <source>Export the calls…</source>
        <translation>导出调用…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Function, contract, person, reason, nonce…</source>
        <translation>函数、合约、人员、理由、nonce…</translation>
    </message>
    <message>
        <source>Functions called on the Contracts tab, changes of certificates and accounts that were paid stand here, each with its reason and what became of it.</source>
        <translation>在“合约”标签页调用的函数、证书的变更以及向账户的付款都列在此处，各附理由与结果。</translation>
    </message>
    <message>
        <source>Let it wait</source>
        <translation>继续等待</translation>
    </message>
    <message>
        <source>No call yet</source>
        <translation>尚无调用</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Show every call</source>
        <translation>显示全部调用</translation>
    </message>
    <message>
        <source>Show the call on chain</source>
        <translation>在链上查看该调用</translation>
    </message>
    <message>
        <source>State of the call</source>
        <translation>调用的状态</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Take the call back…</source>
        <translation>撤回该调用…</translation>
    </message>
    <message>
        <source>The chain has nothing of this call yet.</source>
        <translation>链上还没有该调用的任何内容。</translation>
    </message>
    <message>
        <source>There is no call in view.</source>
        <translation>没有显示中的调用。</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter show on chain · Ctrl+C copy · Ctrl+E export · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · Enter 在链上查看 · Ctrl+C 复制 · Ctrl+E 导出 · Ctrl+F 查找 · F5 重新读取</translation>
    </message>
</context>
<context>
    <name>CardGrid</name>
    <message>
        <source>NFT cards</source>
        <translation>NFT 卡片</translation>
    </message>
</context>
<context>
    <name>CardPanel</name>
    <message>
        <source>Attachments · {0}</source>
        <translation>附件 · {0}</translation>
    </message>
    <message>
        <source>Choose a card to see it in full and verify it on chain.</source>
        <translation>选择一张卡片即可查看全貌并在链上核验。</translation>
    </message>
    <message>
        <source>Export CAR</source>
        <translation>导出 CAR</translation>
    </message>
    <message>
        <source>Export evidence…</source>
        <translation>导出证据…</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Minted metadata, image and public files as an IPFS archive</source>
        <translation>将已铸造的元数据、图片和公开文件导出为 IPFS 归档</translation>
    </message>
    <message>
        <source>NFT card</source>
        <translation>NFT 卡片</translation>
    </message>
    <message>
        <source>No card is open</source>
        <translation>未打开卡片</translation>
    </message>
    <message>
        <source>Not verified</source>
        <translation>未核验</translation>
    </message>
    <message>
        <source>One file that proves the token without this program, and a certificate to print</source>
        <translation>无需本程序即可证明代币的单一文件，以及可打印的证书</translation>
    </message>
    <message>
        <source>Picture of {0}</source>
        <translation>“{0}”的图片</translation>
    </message>
    <message>
        <source>Save metadata</source>
        <translation>保存元数据</translation>
    </message>
    <message>
        <source>Show on chain</source>
        <translation>在链上查看</translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>重新核验</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>正在核验…</translation>
    </message>
</context>
<context>
    <name>CauseWords</name>
    <message>
        <source>Adopt the token</source>
        <translation>收录代币</translation>
    </message>
    <message>
        <source>Another amount of gas</source>
        <translation>Gas 用量不同</translation>
    </message>
    <message>
        <source>Another block</source>
        <translation>区块不同</translation>
    </message>
    <message>
        <source>Another metadata address</source>
        <translation>元数据地址不同</translation>
    </message>
    <message>
        <source>Another validity</source>
        <translation>有效性不同</translation>
    </message>
    <message>
        <source>Asset changed in the register</source>
        <translation>登记簿中的资产已更改</translation>
    </message>
    <message>
        <source>File damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>File missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <source>Hash changed in the register</source>
        <translation>登记簿中的哈希已更改</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Index behind the chain</source>
        <translation>索引落后于链</translation>
    </message>
    <message>
        <source>It is not told again, for a reason that is kept.</source>
        <translation>不再报告，并保留理由。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Metadata damaged</source>
        <translation>元数据已损坏</translation>
    </message>
    <message>
        <source>Metadata missing</source>
        <translation>元数据缺失</translation>
    </message>
    <message>
        <source>Note the holder</source>
        <translation>记录持有人</translation>
    </message>
    <message>
        <source>Nothing on record</source>
        <translation>没有记录</translation>
    </message>
    <message>
        <source>Owner moved on the chain</source>
        <translation>链上持有人已变更</translation>
    </message>
    <message>
        <source>Read on</source>
        <translation>继续读取</translation>
    </message>
    <message>
        <source>Restore metadata</source>
        <translation>恢复元数据</translation>
    </message>
    <message>
        <source>Restore the file</source>
        <translation>恢复文件</translation>
    </message>
    <message>
        <source>Take the address</source>
        <translation>采用链上地址</translation>
    </message>
    <message>
        <source>Take the fields back</source>
        <translation>恢复字段</translation>
    </message>
    <message>
        <source>Take the hash</source>
        <translation>采用文件哈希</translation>
    </message>
    <message>
        <source>Take the receipt</source>
        <translation>采用收据</translation>
    </message>
    <message>
        <source>Take the validity</source>
        <translation>采用链上有效性</translation>
    </message>
    <message>
        <source>The asset takes its fields back from the minted metadata.</source>
        <translation>资产的字段按已铸造的元数据恢复。</translation>
    </message>
    <message>
        <source>The certificate's standing on the chain is not the one on record.</source>
        <translation>证书在链上的状态与记录不符。</translation>
    </message>
    <message>
        <source>The chain has a token for an asset that is not minted by the register.</source>
        <translation>某项资产在登记簿中未铸造，链上却有其代币。</translation>
    </message>
    <message>
        <source>The chain has a token of our contract that no asset has the id of.</source>
        <translation>链上有本合约的一个代币，其 ID 不属于任何资产。</translation>
    </message>
    <message>
        <source>The chain has no such mined transaction.</source>
        <translation>链上没有这笔已打包的交易。</translation>
    </message>
    <message>
        <source>The content store lacks the metadata that was minted.</source>
        <translation>内容存储缺少铸造时的元数据。</translation>
    </message>
    <message>
        <source>The content store lacks this file.</source>
        <translation>内容存储缺少此文件。</translation>
    </message>
    <message>
        <source>The contract names another metadata address than the one on record.</source>
        <translation>合约给出的元数据地址与记录不符。</translation>
    </message>
    <message>
        <source>The file is fetched, or is the original that you choose; its address proves it.</source>
        <translation>取回该文件，或采用您选择的原始文件；其地址即为证明。</translation>
    </message>
    <message>
        <source>The file is sound, but the hash on record is that of another one.</source>
        <translation>文件完好，但记录的哈希属于另一个文件。</translation>
    </message>
    <message>
        <source>The index lacks the newest blocks, so that tokens may be missing here.</source>
        <translation>索引缺少最新的区块，此处可能缺少代币。</translation>
    </message>
    <message>
        <source>The index reads on to the newest block.</source>
        <translation>索引继续读取到最新区块。</translation>
    </message>
    <message>
        <source>The metadata is made anew or fetched; its address proves it.</source>
        <translation>重新生成或取回元数据；其地址即为证明。</translation>
    </message>
    <message>
        <source>The mint is open again and ends by what the chain shows.</source>
        <translation>该铸造重新打开，并按链上所示结束。</translation>
    </message>
    <message>
        <source>The minted metadata is sound, but the asset's fields say something else by now.</source>
        <translation>铸造的元数据完好，但资产的字段现已不同。</translation>
    </message>
    <message>
        <source>The receipt names another amount of gas than the one on record.</source>
        <translation>回执中的 Gas 用量与记录不符。</translation>
    </message>
    <message>
        <source>The register keeps the chain's owner as the holder of the token.</source>
        <translation>登记簿将链上持有人记为该代币的持有人。</translation>
    </message>
    <message>
        <source>The register lacks what it should say about a minted asset.</source>
        <translation>登记簿缺少已铸造资产应有的记录。</translation>
    </message>
    <message>
        <source>The register says minted, and the contract knows no such token.</source>
        <translation>登记簿记为已铸造，而合约中没有这个代币。</translation>
    </message>
    <message>
        <source>The register takes from the chain what it lacks, or says otherwise, about the mint.</source>
        <translation>对于该笔铸造，登记簿缺少或记录不符之处以链上为准。</translation>
    </message>
    <message>
        <source>The register takes the chain's validity.</source>
        <translation>登记簿采用链上的有效性。</translation>
    </message>
    <message>
        <source>The register takes the hash of the file from its bytes.</source>
        <translation>登记簿按文件的字节记录其哈希。</translation>
    </message>
    <message>
        <source>The register takes the metadata address that the contract names.</source>
        <translation>登记簿采用合约所指的元数据地址。</translation>
    </message>
    <message>
        <source>The token belongs to another account than the one on record.</source>
        <translation>代币属于记录以外的另一个账户。</translation>
    </message>
    <message>
        <source>The token is taken into the register with its transaction.</source>
        <translation>将代币连同其交易收入登记簿。</translation>
    </message>
    <message>
        <source>The transaction is mined in another block than the one on record.</source>
        <translation>交易所在区块与记录不符。</translation>
    </message>
    <message>
        <source>Token missing on the chain</source>
        <translation>链上缺少代币</translation>
    </message>
    <message>
        <source>Token not in the register</source>
        <translation>代币不在登记簿中</translation>
    </message>
    <message>
        <source>Token without an asset</source>
        <translation>没有资产的代币</translation>
    </message>
    <message>
        <source>Transaction unknown</source>
        <translation>交易未知</translation>
    </message>
    <message>
        <source>What is stored under the file's address is something else.</source>
        <translation>该文件地址下存储的是别的内容。</translation>
    </message>
    <message>
        <source>What is stored under the metadata's address is something else.</source>
        <translation>该元数据地址下存储的是别的内容。</translation>
    </message>
</context>
<context>
    <name>CertificateCommands</name>
    <message>
        <source>Choose minted assets first.</source>
        <translation>请先选择已铸造的资产。</translation>
    </message>
    <message>
        <source>Restore certificates…</source>
        <translation>恢复证书…</translation>
    </message>
    <message>
        <source>Revoke certificates…</source>
        <translation>吊销证书…</translation>
    </message>
    <message>
        <source>Suspend certificates…</source>
        <translation>暂停证书…</translation>
    </message>
</context>
<context>
    <name>CertificatePanel</name>
    <message numerus="yes">
        <source>%Ln earlier ones</source>
        <translation>
            <numerusform>另有 %Ln 条更早的记录</numerusform>
        </translation>
    </message>
    <message>
        <source>As of block</source>
        <translation>截至区块</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>吊销…</translation>
    </message>
    <message>
        <source>Suspend…</source>
        <translation>暂停…</translation>
    </message>
</context>
<context>
    <name>CertificatePresenter</name>
    <message numerus="yes">
        <source>%Ln certificates changed.</source>
        <translation>
            <numerusform>已变更 %Ln 份证书。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln stood so already.</source>
        <translation>
            <numerusform>%Ln 份原已如此。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were left as they are.</source>
        <translation>
            <numerusform>%Ln 份保持原样。</numerusform>
        </translation>
    </message>
    <message>
        <source>Refused on the chain: {0}</source>
        <translation>链上拒绝：{0}</translation>
    </message>
    <message>
        <source>The change is recorded and sent; no block shows it yet.</source>
        <translation>变更已记录并发送；尚无区块包含它。</translation>
    </message>
    <message>
        <source>{0} failed: {1}</source>
        <translation>{0} 份失败：{1}</translation>
    </message>
</context>
<context>
    <name>Certificates</name>
    <message>
        <source>Block {0}, {1}:</source>
        <translation>区块 {0}，{1}：</translation>
    </message>
    <message>
        <source>By {0}, past this register: it has no reason for the hash {1}.</source>
        <translation>由 {0} 在本登记簿之外执行：登记簿中没有哈希 {1} 对应的理由。</translation>
    </message>
    <message>
        <source>It was revoked. The contract allows it to count again; whoever relied on its end should know.</source>
        <translation>该证书曾被吊销。合约允许其重新生效；应告知依赖其失效的各方。</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Restore the certificate</source>
        <translation>恢复证书</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>吊销</translation>
    </message>
    <message>
        <source>Revoke the certificate</source>
        <translation>吊销证书</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已吊销</translation>
    </message>
    <message>
        <source>So the contract answers for that block.</source>
        <translation>合约对该区块如此作答。</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Suspend the certificate</source>
        <translation>暂停证书</translation>
    </message>
    <message>
        <source>Suspended</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>The certificate counts again, and its token can be transferred.</source>
        <translation>证书重新有效，其代币可以转让。</translation>
    </message>
    <message>
        <source>The certificate counts no more and its token cannot be transferred.</source>
        <translation>证书不再有效，其代币不能转让。</translation>
    </message>
    <message>
        <source>The certificate is revoked.</source>
        <translation>证书已吊销。</translation>
    </message>
    <message>
        <source>The certificate is suspended.</source>
        <translation>证书已暂停。</translation>
    </message>
    <message>
        <source>The certificate is valid again.</source>
        <translation>证书已恢复有效。</translation>
    </message>
    <message>
        <source>The node keeps no state of that time: it follows from the events.</source>
        <translation>节点未保留当时的状态：此结果由事件推得。</translation>
    </message>
    <message>
        <source>The token stays where it is and cannot be transferred until the certificate is restored.</source>
        <translation>代币保持原处，在证书恢复之前不能转让。</translation>
    </message>
    <message>
        <source>Transferred</source>
        <translation>已转让</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>on its way</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>there was no such token yet.</source>
        <translation>当时尚无此代币。</translation>
    </message>
    <message>
        <source>to {0}</source>
        <translation>转至 {0}</translation>
    </message>
    <message>
        <source>{0}, held by {1}.</source>
        <translation>{0}，由 {1} 持有。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>ChainCalls</name>
    <message>
        <source>Another account signed this call: it is taken back where that account signs.</source>
        <translation>该调用由另一个账户签名：请在该账户签名的地方撤回。</translation>
    </message>
    <message>
        <source>Another transaction of the account has its nonce. It can never be mined.</source>
        <translation>该账户的另一笔交易占用了它的 nonce，它不可能再入块。</translation>
    </message>
    <message>
        <source>By function</source>
        <translation>按函数</translation>
    </message>
    <message>
        <source>By nonce, highest first</source>
        <translation>按 nonce，从高到低</translation>
    </message>
    <message>
        <source>By person</source>
        <translation>按人员</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>It is being taken back: what takes its place is sent until a block has one of the two.</source>
        <translation>正在撤回：替换它的交易会一直发送，直到二者之一入块。</translation>
    </message>
    <message>
        <source>It was made on a chain that this register gave up.</source>
        <translation>它发起于本登记簿已放弃的链上。</translation>
    </message>
    <message>
        <source>It was taken back: a transaction that sends nothing has its nonce. It can never be mined.</source>
        <translation>它已被撤回：一笔不转出任何内容的交易占用了它的 nonce，它不可能再入块。</translation>
    </message>
    <message>
        <source>Its block refused it: {0}</source>
        <translation>它在区块中被拒绝：{0}</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新在前</translation>
    </message>
    <message>
        <source>Nothing is sent before the environment is ready.</source>
        <translation>环境就绪之前不会发送任何内容。</translation>
    </message>
    <message>
        <source>Of an earlier chain</source>
        <translation>属于先前的链</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早在前</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>已记录</translation>
    </message>
    <message>
        <source>Recorded, and refused by the node, which is asked again: {0}</source>
        <translation>已记录，但被节点拒绝，将再次发送：{0}</translation>
    </message>
    <message>
        <source>Recorded; it is sent as soon as the node can be reached.</source>
        <translation>已记录；一旦可以连接节点就会发送。</translation>
    </message>
    <message>
        <source>Recorded; the node has not confirmed it, and it is sent again.</source>
        <translation>已记录；节点尚未答复，将再次发送。</translation>
    </message>
    <message>
        <source>Refused in their block</source>
        <translation>在区块中被拒绝</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Take “{0}” back? A transaction that sends nothing is recorded and sent under its nonce {1}, and offers at least 13 % more. The chain mines one of the two and charges its gas: if the call is quicker, it is done all the same. Then what waits behind this nonce goes on.</source>
        <translation>要撤回“{0}”吗？将在其 nonce {1} 下记录并发送一笔不转出任何内容的交易，出价至少高 13%。链只收录二者之一，并收取其 Gas 费用：如果调用更快，它仍会完成。之后，排在该 nonce 后面的交易继续进行。</translation>
    </message>
    <message>
        <source>Taken back or replaced</source>
        <translation>已撤回或被替换</translation>
    </message>
    <message>
        <source>The chain was quicker: “{0}” is done</source>
        <translation>链更快：“{0}”已完成</translation>
    </message>
    <message>
        <source>The node has it, and no block shows it yet. Whatever has a later nonce waits with it.</source>
        <translation>节点已收到，但尚无区块收录。nonce 更靠后的交易都随之等待。</translation>
    </message>
    <message>
        <source>There is no call in view.</source>
        <translation>没有显示中的调用。</translation>
    </message>
    <message>
        <source>This call waits no more.</source>
        <translation>该调用已不再等待。</translation>
    </message>
    <message>
        <source>Waiting for a block</source>
        <translation>等待入块</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>未给出理由</translation>
    </message>
    <message>
        <source>“{0}” is being taken back; no block shows it yet</source>
        <translation>“{0}”正在撤回；尚无区块收录</translation>
    </message>
    <message>
        <source>“{0}” is taken back</source>
        <translation>“{0}”已撤回</translation>
    </message>
    <message>
        <source>“{0}”: {1}</source>
        <translation>“{0}”：{1}</translation>
    </message>
</context>
<context>
    <name>ChainListPresenter</name>
    <message>
        <source>One file is being written already. Wait for it, or stop it.</source>
        <translation>已有一个文件正在写入。请等它完成，或先停止它。</translation>
    </message>
</context>
<context>
    <name>ChainListTab</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
</context>
<context>
    <name>ChainPage</name>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Balance of {0}</source>
        <translation>{0} 的余额</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Calls inside</source>
        <translation>内部调用</translation>
    </message>
    <message>
        <source>Code of {0}</source>
        <translation>{0} 的代码</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the block in focus</source>
        <translation>复制当前区块</translation>
    </message>
    <message>
        <source>Copy the call in focus</source>
        <translation>复制当前调用</translation>
    </message>
    <message>
        <source>Copy the change in focus</source>
        <translation>复制当前变化</translation>
    </message>
    <message>
        <source>Copy the event in focus</source>
        <translation>复制当前事件</translation>
    </message>
    <message>
        <source>Copy the transaction in focus</source>
        <translation>复制当前交易</translation>
    </message>
    <message>
        <source>Creation</source>
        <translation>创建合约</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Events of the transaction</source>
        <translation>该交易的事件</translation>
    </message>
    <message>
        <source>Fee, ETH</source>
        <translation>手续费（ETH）</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>已用 Gas</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Nonce of {0}</source>
        <translation>{0} 的 nonce</translation>
    </message>
    <message>
        <source>Not told apart</source>
        <translation>未细分</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Read by</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>槽</translation>
    </message>
    <message>
        <source>State changes</source>
        <translation>状态变化</translation>
    </message>
    <message>
        <source>The node does not tell what a transaction did inside: {0}</source>
        <translation>节点不提供交易的内部执行情况：{0}</translation>
    </message>
    <message>
        <source>This chain counts gas by other rules: {0}</source>
        <translation>该链按其他规则计算 Gas：{0}</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transactions of the block</source>
        <translation>该区块的交易</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>转账</translation>
    </message>
    <message>
        <source>Txs</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>金额</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>What the node tells of the inside is too long to be read: {0}</source>
        <translation>节点提供的内部执行情况过长，无法读取：{0}</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>failed here</source>
        <translation>在此失败</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>success</source>
        <translation>成功</translation>
    </message>
</context>
<context>
    <name>ChainPresenter</name>
    <message>
        <source>Nothing on this chain is called “{0}”.</source>
        <translation>该链上没有“{0}”。</translation>
    </message>
    <message>
        <source>The chain has no token of this asset.</source>
        <translation>链上没有该资产的代币。</translation>
    </message>
</context>
<context>
    <name>ChainTabs</name>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Contracts</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
</context>
<context>
    <name>ChainView</name>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Blocks, transactions, and what they changed</source>
        <translation>区块、交易及其带来的变化</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>Events of {0}</source>
        <translation>{0} 的事件</translation>
    </message>
    <message>
        <source>Find on the chain</source>
        <translation>在链上查找</translation>
    </message>
    <message>
        <source>Hash, address, block, token, name…</source>
        <translation>哈希、地址、区块、代币、名称…</translation>
    </message>
    <message>
        <source>Parts of the Chain page</source>
        <translation>“链”页面的各部分</translation>
    </message>
    <message>
        <source>Start it to look into the chain.</source>
        <translation>启动后即可查看链。</translation>
    </message>
    <message>
        <source>The chain is shown to people who are signed in.</source>
        <translation>登录后才能查看链。</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>查找结果</translation>
    </message>
</context>
<context>
    <name>ChainWords</name>
    <message>
        <source>Address book</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>An ABI knows it by name, but the data do not fit.</source>
        <translation>有 ABI 认得其名称，但数据不符。</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>已授权</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Default royalty</source>
        <translation>默认版税</translation>
    </message>
    <message>
        <source>Directory amended</source>
        <translation>目录已更正</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Handover cancelled</source>
        <translation>移交已取消</translation>
    </message>
    <message>
        <source>Handover requested</source>
        <translation>已请求移交</translation>
    </message>
    <message>
        <source>In events</source>
        <translation>见于事件</translation>
    </message>
    <message>
        <source>Metadata updated</source>
        <translation>元数据已更新</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>No ABI at hand knows it. Import the ABI of the contract to read it.</source>
        <translation>现有 ABI 都不认得它。导入该合约的 ABI 后即可解读。</translation>
    </message>
    <message>
        <source>No code</source>
        <translation>无代码</translation>
    </message>
    <message>
        <source>No contract is at this address, any more or yet.</source>
        <translation>该地址上没有合约（已不存在或尚未部署）。</translation>
    </message>
    <message>
        <source>Node's account</source>
        <translation>节点账户</translation>
    </message>
    <message>
        <source>Operator approved</source>
        <translation>已授权操作者</translation>
    </message>
    <message>
        <source>Other contract</source>
        <translation>其他合约</translation>
    </message>
    <message>
        <source>Ownership transferred</source>
        <translation>所有权已转移</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Roles updated</source>
        <translation>角色已更新</translation>
    </message>
    <message>
        <source>Royalty of a token</source>
        <translation>代币版税</translation>
    </message>
    <message>
        <source>Searched for</source>
        <translation>查找所得</translation>
    </message>
    <message>
        <source>Signs here</source>
        <translation>在此签名</translation>
    </message>
    <message>
        <source>There is nothing to decode.</source>
        <translation>没有可解码的内容。</translation>
    </message>
    <message>
        <source>This is the code of a new contract.</source>
        <translation>这是新合约的代码。</translation>
    </message>
    <message>
        <source>This register</source>
        <translation>本登记簿</translation>
    </message>
    <message>
        <source>Transferred</source>
        <translation>已转移</translation>
    </message>
    <message>
        <source>Unpaused</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>无法解读</translation>
    </message>
    <message>
        <source>Validity changed</source>
        <translation>有效性已变更</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无</translation>
    </message>
    <message>
        <source>revoked</source>
        <translation>已吊销</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>已暂停效力</translation>
    </message>
    <message>
        <source>valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>另有 {0} 项</translation>
    </message>
</context>
<context>
    <name>ChangePasswordDialog</name>
    <message>
        <source>Change the password</source>
        <translation>更改密码</translation>
    </message>
    <message>
        <source>Of the account of {0}.</source>
        <translation>“{0}”的账号。</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>当前密码</translation>
    </message>
    <message>
        <source>This is not the present password.</source>
        <translation>当前密码不正确。</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
</context>
<context>
    <name>ChartCards</name>
    <message>
        <source>How many mints succeeded and failed stands here, by the time they ended.</source>
        <translation>这里按结束时间显示铸造成功与失败的数量。</translation>
    </message>
    <message>
        <source>How many mints were open at once stands here.</source>
        <translation>这里显示同时进行中的铸造数量。</translation>
    </message>
    <message>
        <source>What mined transactions took stands here, by the time they were signed.</source>
        <translation>这里按签名时间显示已入块交易的消耗。</translation>
    </message>
</context>
<context>
    <name>ChartExport</name>
    <message>
        <source>Saved {0}</source>
        <translation>已保存 {0}</translation>
    </message>
</context>
<context>
    <name>ChartView</name>
    <message>
        <source>Drawing (SVG)</source>
        <translation>矢量图（SVG）</translation>
    </message>
    <message>
        <source>Export the chart</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <source>Figures (CSV)</source>
        <translation>数据（CSV）</translation>
    </message>
    <message>
        <source>Left, Right, Home and End read its points, + and − zoom, 0 shows all of it.</source>
        <translation>左、右方向键以及 Home、End 键逐点读数，+ 和 − 缩放，0 显示全部。</translation>
    </message>
    <message>
        <source>Log x</source>
        <translation>x 轴对数</translation>
    </message>
    <message>
        <source>Log y</source>
        <translation>y 轴对数</translation>
    </message>
    <message>
        <source>Needs values above zero, and no bars or times.</source>
        <translation>只适用于大于零的数值，不适用于柱形图和时间轴。</translation>
    </message>
    <message>
        <source>No figures yet</source>
        <translation>尚无数据</translation>
    </message>
    <message>
        <source>Picture (PNG)</source>
        <translation>图片（PNG）</translation>
    </message>
    <message>
        <source>Preparing the chart…</source>
        <translation>正在准备图表…</translation>
    </message>
    <message>
        <source>Show all of the chart (0)</source>
        <translation>显示整个图表（0）</translation>
    </message>
    <message>
        <source>Show the chart</source>
        <translation>显示图表</translation>
    </message>
    <message>
        <source>Show the figures as a table</source>
        <translation>以表格显示数据</translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message numerus="yes">
        <source>%Ln new assets</source>
        <translation>
            <numerusform>%Ln 项新资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln 个问题</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are left out: these assets are in the register already, or were deleted.</source>
        <translation>
            <numerusform>略过 %Ln 行：这些资产已在登记簿中，或已被删除。</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>复制列表</translation>
    </message>
    <message>
        <source>Nothing is imported until the file is without them. Correct it and choose it again.</source>
        <translation>问题全部解决之前不会导入任何内容。请更正文件后重新选择。</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Save the list…</source>
        <translation>保存列表…</translation>
    </message>
    <message numerus="yes">
        <source>The first %Ln are listed.</source>
        <translation>
            <numerusform>列出前 %Ln 个。</numerusform>
        </translation>
    </message>
    <message>
        <source>These are the first rows as they were understood.</source>
        <translation>以下是前几行的识别结果。</translation>
    </message>
</context>
<context>
    <name>CheckRow</name>
    <message>
        <source>Leave it</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}，{1}：{2}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>CheckpointsPanel</name>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Checkpoint now…</source>
        <translation>立即创建检查点…</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>None yet. A checkpoint keeps register, chain and content as they are now, so that you can come back to this moment whatever happens next.</source>
        <translation>尚无检查点。检查点会保存登记簿、链和内容的当前状态，无论之后发生什么都可以回到此刻。</translation>
    </message>
    <message>
        <source>Open this workspace to see its checkpoints.</source>
        <translation>打开此工作区后可查看其检查点。</translation>
    </message>
    <message>
        <source>Register {0}; content {1}, shared with the workspace where the disk allows it</source>
        <translation>登记簿 {0}；内容 {1}，在磁盘支持时与工作区共用</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>返回…</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>代币</translation>
    </message>
</context>
<context>
    <name>CheckpointsPresenter</name>
    <message>
        <source>Checkpoint now</source>
        <translation>立即创建检查点</translation>
    </message>
    <message>
        <source>Checkpoint {0}</source>
        <translation>检查点 {0}</translation>
    </message>
    <message>
        <source>Checkpoint “{0}” kept</source>
        <translation>已保存检查点“{0}”</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keeps register, chain and content as they are at this moment. Everything goes on meanwhile.</source>
        <translation>保存登记簿、链和内容的当前状态。其间一切照常进行。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Rename the checkpoint</source>
        <translation>重命名检查点</translation>
    </message>
    <message>
        <source>The workspace is back at “{0}”; starting again.</source>
        <translation>工作区已回到“{0}”；正在重新启动。</translation>
    </message>
    <message>
        <source>What it holds stays as it is.</source>
        <translation>其内容保持不变。</translation>
    </message>
</context>
<context>
    <name>ChipButton</name>
    <message>
        <source>Remove the filter {0}</source>
        <translation>移除筛选“{0}”</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>Not possible now.</source>
        <translation>目前无法执行。</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>没有这样的命令。</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>您想做什么？</translation>
    </message>
    <message>
        <source>↑↓ choose · Enter do it · Esc close</source>
        <translation>↑↓ 选择 · Enter 执行 · Esc 关闭</translation>
    </message>
</context>
<context>
    <name>Company</name>
    <message>
        <source>Recording the request…</source>
        <translation>正在记录请求…</translation>
    </message>
</context>
<context>
    <name>ComparingInWindow</name>
    <message>
        <source>Reconcile</source>
        <translation>对账</translation>
    </message>
</context>
<context>
    <name>ConfirmPanel</name>
    <message>
        <source>All to one recipient</source>
        <translation>全部发给同一接收方</translation>
    </message>
    <message>
        <source>Assets to mint</source>
        <translation>待铸造资产</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Each to its own enterprise's wallet</source>
        <translation>各自发往所属企业的钱包</translation>
    </message>
    <message>
        <source>Estimate again</source>
        <translation>重新估算</translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation>最高手续费</translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation>Gas 上限</translation>
    </message>
    <message>
        <source>Gas price</source>
        <translation>Gas 价格</translation>
    </message>
    <message>
        <source>Gathers with other mints into one transaction, which costs less for each; not for what is urgent</source>
        <translation>与其他铸造合为一笔交易，每项费用更低；不适合紧急的铸造</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Mint {0}</source>
        <translation>铸造 {0} 个</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation>启动环境</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Use the enterprise's wallet</source>
        <translation>使用企业钱包</translation>
    </message>
    <message>
        <source>Wait for others</source>
        <translation>等待同批</translation>
    </message>
    <message>
        <source>What is published…</source>
        <translation>查看发布内容…</translation>
    </message>
    <message>
        <source>What was minted cannot be edited any more</source>
        <translation>铸造后即不可再编辑</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>for each unit of gas</source>
        <translation>每单位 Gas</translation>
    </message>
    <message>
        <source>{0} a token</source>
        <translation>每个代币 {0}</translation>
    </message>
    <message>
        <source>{0} left out: minted already or being minted</source>
        <translation>略过 {0} 项：已铸造或正在铸造</translation>
    </message>
</context>
<context>
    <name>Confirmation</name>
    <message>
        <source>Recording the request…</source>
        <translation>正在记录请求…</translation>
    </message>
    <message>
        <source>Starting the environment…</source>
        <translation>正在启动环境…</translation>
    </message>
</context>
<context>
    <name>ConflictDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>返回表单</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>原值</translation>
    </message>
    <message>
        <source>Changed by both of you: {0}, marked. Decide whose value to take.</source>
        <translation>双方都改动了 {0} 项，已作标记。请决定采用谁的值。</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Keep all of mine</source>
        <translation>全部采用我的</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>采用我的</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>Save this</source>
        <translation>保存此结果</translation>
    </message>
    <message>
        <source>Somebody saved it at {0}. What only one of you changed is merged already.</source>
        <translation>他人已于 {0} 保存。仅一方改动的内容已自动合并。</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Take all of theirs</source>
        <translation>全部采用对方的</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>采用对方的</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>对方的</translation>
    </message>
    <message>
        <source>This asset was changed meanwhile</source>
        <translation>该资产期间已被修改</translation>
    </message>
    <message>
        <source>{0}: whose value to take</source>
        <translation>{0}：采用谁的值</translation>
    </message>
</context>
<context>
    <name>ContractCalls</name>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Copy the call in focus</source>
        <translation>复制当前调用</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
</context>
<context>
    <name>ContractPanel</name>
    <message>
        <source>Address of the contract</source>
        <translation>合约地址</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>No contract selected</source>
        <translation>未选择合约</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Parts of a contract</source>
        <translation>合约的各部分</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Select a contract to read it, or to write to it.</source>
        <translation>选择合约以读取或写入。</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>写入</translation>
    </message>
</context>
<context>
    <name>ContractStorage</name>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>槽</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>变量</translation>
    </message>
</context>
<context>
    <name>ContractTable</name>
    <message>
        <source>ABI</source>
        <translation>ABI</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Contracts</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the contract in focus</source>
        <translation>复制当前合约</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
</context>
<context>
    <name>ContractsPresenter</name>
    <message>
        <source>The ABI “{0}” was imported</source>
        <translation>已导入 ABI“{0}”</translation>
    </message>
</context>
<context>
    <name>ContractsTab</name>
    <message numerus="yes">
        <source>%Ln contracts</source>
        <translation>
            <numerusform>%Ln 个合约</numerusform>
        </translation>
    </message>
    <message>
        <source>Ask the function that is chosen</source>
        <translation>调用所选的读取函数</translation>
    </message>
    <message>
        <source>Import ABI…</source>
        <translation>导入 ABI…</translation>
    </message>
    <message>
        <source>Import the ABI of a contract…</source>
        <translation>导入合约的 ABI…</translation>
    </message>
    <message>
        <source>Look into the storage</source>
        <translation>查看存储</translation>
    </message>
    <message>
        <source>Name, address, kind…</source>
        <translation>名称、地址、类型…</translation>
    </message>
    <message>
        <source>No contract is in focus.</source>
        <translation>未选中合约。</translation>
    </message>
    <message>
        <source>No contract yet</source>
        <translation>尚无合约</translation>
    </message>
    <message>
        <source>Read the contract</source>
        <translation>读取合约</translation>
    </message>
    <message>
        <source>Simulate the call that is described</source>
        <translation>模拟所填写的调用</translation>
    </message>
    <message>
        <source>Storage of the contract</source>
        <translation>合约的存储</translation>
    </message>
    <message>
        <source>The register's contract stands here once it is deployed, and every other that is known.</source>
        <translation>登记簿的合约部署后列在这里，其他已知的合约也是。</translation>
    </message>
    <message>
        <source>What the contract is</source>
        <translation>合约概况</translation>
    </message>
    <message>
        <source>Write to the contract</source>
        <translation>写入合约</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter read · Ctrl+C copy · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · Enter 读取 · Ctrl+C 复制 · Ctrl+F 查找 · F5 重新加载</translation>
    </message>
</context>
<context>
    <name>CopyableText</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copies the full text when pressed</source>
        <translation>按下即复制完整文本</translation>
    </message>
</context>
<context>
    <name>CreateKeystoreDialog</name>
    <message numerus="yes">
        <source>%Ln characters: enough; longer is safer</source>
        <translation>
            <numerusform>%Ln 个字符：足够；更长更安全</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: good</source>
        <translation>
            <numerusform>%Ln 个字符：良好</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: strong, unless it can be guessed</source>
        <translation>
            <numerusform>%Ln 个字符：很强，除非容易猜到</numerusform>
        </translation>
    </message>
    <message>
        <source>A few unrelated words are easy to keep.</source>
        <translation>几个互不相关的词便于记忆。</translation>
    </message>
    <message>
        <source>A new random key, encrypted with your password in a file only you can read.</source>
        <translation>新的随机密钥，以您的密码加密，保存在只有您能读取的文件中。</translation>
    </message>
    <message numerus="yes">
        <source>At least %Ln characters: {0} more</source>
        <translation>
            <numerusform>至少 %Ln 个字符：还差 {0} 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Create a signing key</source>
        <translation>新建签名密钥</translation>
    </message>
    <message>
        <source>Create the key</source>
        <translation>新建密钥</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Encrypting…</source>
        <translation>正在加密…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Make a copy of this file now.</source>
        <translation>请立即备份此文件。</translation>
    </message>
    <message>
        <source>Neither can be restored: keep a copy of the file, and the password, in a safe place.</source>
        <translation>两者都无法找回：请将文件副本和密码妥善保管。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>The file will be written to</source>
        <translation>文件将写入</translation>
    </message>
    <message>
        <source>The key is there</source>
        <translation>密钥已生成</translation>
    </message>
    <message>
        <source>The program signs with it from its next start on.</source>
        <translation>程序将从下次启动起用它签名。</translation>
    </message>
    <message>
        <source>The same password again</source>
        <translation>再次输入密码</translation>
    </message>
    <message>
        <source>Without this file and its password nobody can mint from this account.</source>
        <translation>没有此文件及其密码，任何人都无法用该账户铸造。</translation>
    </message>
</context>
<context>
    <name>CustomFieldsEditor</name>
    <message>
        <source>Add field</source>
        <translation>添加字段</translation>
    </message>
    <message>
        <source>{0} of {1} · names up to {2}, values up to {3} characters</source>
        <translation>{0}/{1} · 名称最多 {2} 个字符，值最多 {3} 个字符</translation>
    </message>
</context>
<context>
    <name>DeletedDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln assets for good? They cannot be restored.</source>
        <translation>
            <numerusform>永久删除 %Ln 项资产？此后无法恢复。</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>永久删除…</translation>
    </message>
    <message>
        <source>Delete “{0}” for good? It cannot be restored.</source>
        <translation>永久删除“{0}”？此后无法恢复。</translation>
    </message>
    <message>
        <source>Deleted at</source>
        <translation>删除时间</translation>
    </message>
    <message>
        <source>Deleted by</source>
        <translation>删除人</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name or person…</source>
        <translation>名称或人员…</translation>
    </message>
    <message>
        <source>Nothing here</source>
        <translation>这里没有内容</translation>
    </message>
    <message>
        <source>Recently deleted</source>
        <translation>最近删除</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Restore {0}</source>
        <translation>恢复 {0} 项</translation>
    </message>
    <message>
        <source>Restored assets are drafts with their files.</source>
        <translation>恢复的资产为草稿，文件一并恢复。</translation>
    </message>
    <message>
        <source>What is deleted on the Register page can be restored here.</source>
        <translation>在“登记簿”页面删除的资产可在此恢复。</translation>
    </message>
</context>
<context>
    <name>DeletionPresenter</name>
    <message numerus="yes">
        <source>%Ln assets deleted</source>
        <translation>
            <numerusform>已删除 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets restored</source>
        <translation>
            <numerusform>已恢复 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was deleted.</source>
        <translation>没有删除过内容。</translation>
    </message>
    <message>
        <source>Take back the latest deletion</source>
        <translation>撤销最近的删除</translation>
    </message>
    <message>
        <source>“{0}” deleted</source>
        <translation>已删除“{0}”</translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Asset details</source>
        <translation>资产详情</translation>
    </message>
    <message>
        <source>Attachments · {0}</source>
        <translation>附件 · {0}</translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制为新资产</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Mint history</source>
        <translation>铸造历史</translation>
    </message>
    <message>
        <source>Mint progress</source>
        <translation>铸造进度</translation>
    </message>
    <message>
        <source>More actions</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>未选择任何资产</translation>
    </message>
    <message>
        <source>Open card</source>
        <translation>打开卡片</translation>
    </message>
    <message>
        <source>Picture of {0}</source>
        <translation>“{0}”的图片</translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation>重置为草稿…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Select an asset to see all about it.</source>
        <translation>选择一项资产即可查看其全部信息。</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Watch progress</source>
        <translation>查看进度</translation>
    </message>
    <message>
        <source>What is published…</source>
        <translation>查看发布内容…</translation>
    </message>
</context>
<context>
    <name>DifferenceList</name>
    <message numerus="yes">
        <source>%Ln become what they were</source>
        <translation>
            <numerusform>%Ln 项恢复原状</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln come back</source>
        <translation>
            <numerusform>%Ln 项将重新出现</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln disappear</source>
        <translation>
            <numerusform>%Ln 项将消失</numerusform>
        </translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>将发生的变化</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} 等，另有 {1} 个</translation>
    </message>
</context>
<context>
    <name>DoctorDialog</name>
    <message numerus="yes">
        <source>%Ln good</source>
        <translation>
            <numerusform>%Ln 项正常</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not known</source>
        <translation>
            <numerusform>%Ln 项未知</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln to look at</source>
        <translation>
            <numerusform>%Ln 项需留意</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wrong</source>
        <translation>
            <numerusform>%Ln 项有误</numerusform>
        </translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Looking… {0} of {1}</source>
        <translation>正在检查… {0}/{1}</translation>
    </message>
    <message>
        <source>Progress of the doctor</source>
        <translation>诊断进度</translation>
    </message>
    <message>
        <source>What the doctor found</source>
        <translation>诊断结果</translation>
    </message>
</context>
<context>
    <name>DoctorLevel</name>
    <message>
        <source>Good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>To look at</source>
        <translation>需留意</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>有误</translation>
    </message>
</context>
<context>
    <name>DoctorPresenter</name>
    <message>
        <source>Doctor…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>The doctor's report was copied.</source>
        <translation>已复制诊断报告。</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>Show or hide what stands here</source>
        <translation>显示或隐藏此处内容</translation>
    </message>
</context>
<context>
    <name>EnterpriseForm</name>
    <message>
        <source>0x and 40 hexadecimal digits</source>
        <translation>0x 加 40 位十六进制数字</translation>
    </message>
    <message>
        <source>A new wallet receives what is minted from now on; tokens that exist stay where they are.</source>
        <translation>新钱包接收今后铸造的代币；已有代币仍在原处。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add an enterprise</source>
        <translation>添加企业</translation>
    </message>
    <message>
        <source>Address of the wallet</source>
        <translation>钱包地址</translation>
    </message>
    <message>
        <source>Edit {0}</source>
        <translation>编辑“{0}”</translation>
    </message>
    <message>
        <source>It owns assets, and their tokens are minted to its wallet.</source>
        <translation>企业拥有资产，其代币铸造到企业的钱包。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>What the wallet is called</source>
        <translation>钱包名称</translation>
    </message>
</context>
<context>
    <name>EnterprisesPresenter</name>
    <message>
        <source>{0} was added</source>
        <translation>已添加“{0}”</translation>
    </message>
</context>
<context>
    <name>EnterprisesTab</name>
    <message>
        <source>Add an enterprise</source>
        <translation>添加企业</translation>
    </message>
    <message>
        <source>Add enterprise</source>
        <translation>添加企业</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Enter edit · Ctrl+N add · Ctrl+F find · click an address to copy it</source>
        <translation>Enter 编辑 · Ctrl+N 添加 · Ctrl+F 查找 · 单击地址即可复制</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Every asset belongs to an enterprise, and its token goes to that enterprise's wallet.</source>
        <translation>每项资产都属于某个企业，其代币归入该企业的钱包。</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Name, wallet, member…</source>
        <translation>名称、钱包、成员…</translation>
    </message>
    <message>
        <source>There is no enterprise</source>
        <translation>尚无企业</translation>
    </message>
    <message>
        <source>Wallet</source>
        <translation>钱包</translation>
    </message>
    <message>
        <source>{0} (closed)</source>
        <translation>{0}（已停用）</translation>
    </message>
    <message>
        <source>{0} people</source>
        <translation>{0} 人</translation>
    </message>
</context>
<context>
    <name>EnvironmentCommands</name>
    <message>
        <source>Back up the register now</source>
        <translation>立即备份登记簿</translation>
    </message>
    <message>
        <source>Cancel the start</source>
        <translation>取消启动</translation>
    </message>
    <message>
        <source>No node is running.</source>
        <translation>没有正在运行的节点。</translation>
    </message>
    <message>
        <source>Nothing is starting.</source>
        <translation>没有正在进行的启动。</translation>
    </message>
    <message>
        <source>Restart the node</source>
        <translation>重启节点</translation>
    </message>
    <message>
        <source>Simulate a crash of the node</source>
        <translation>模拟节点崩溃</translation>
    </message>
    <message>
        <source>Start a new chain…</source>
        <translation>启用新链…</translation>
    </message>
    <message>
        <source>Start or restart everything</source>
        <translation>启动或重启全部</translation>
    </message>
    <message>
        <source>Start with the program, or not</source>
        <translation>切换是否随程序启动</translation>
    </message>
    <message>
        <source>Stop the node</source>
        <translation>停止节点</translation>
    </message>
    <message>
        <source>The chain is not lost.</source>
        <translation>链并未丢失。</translation>
    </message>
</context>
<context>
    <name>EnvironmentPresenter</name>
    <message>
        <source>A local Ethereum chain on this computer</source>
        <translation>本机上的本地以太坊链</translation>
    </message>
    <message>
        <source>Blocks of metadata, images and attachments</source>
        <translation>元数据、图片和附件的内容块</translation>
    </message>
    <message>
        <source>Brings every unfinished mint to its end</source>
        <translation>将每笔未完成的铸造处理完毕</translation>
    </message>
    <message>
        <source>Chain node</source>
        <translation>链节点</translation>
    </message>
    <message>
        <source>Content store</source>
        <translation>内容存储</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Demonstration data</source>
        <translation>演示数据</translation>
    </message>
    <message>
        <source>Each stage is checked; what still stands is kept.</source>
        <translation>逐阶段检查；仍然有效的予以保留。</translation>
    </message>
    <message>
        <source>Environment ready</source>
        <translation>环境就绪</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>身份核对</translation>
    </message>
    <message>
        <source>Is this the chain the register knows?</source>
        <translation>这是登记簿所认的链吗？</translation>
    </message>
    <message>
        <source>Node, Hardhat, disk space and port</source>
        <translation>Node、Hardhat、磁盘空间和端口</translation>
    </message>
    <message>
        <source>Nothing is half done: starting again is safe.</source>
        <translation>没有半途而废的工作：可以放心重新启动。</translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation>尚未运行</translation>
    </message>
    <message>
        <source>One click starts node, database, content store, contract and demonstration data.</source>
        <translation>一键启动节点、数据库、内容存储、合约和演示数据。</translation>
    </message>
    <message>
        <source>Open, check and bring up to date</source>
        <translation>打开、检查并更新</translation>
    </message>
    <message>
        <source>Preflight</source>
        <translation>启动前检查</translation>
    </message>
    <message>
        <source>Reading goes on. Restore replays the recorded blocks; a new chain begins empty.</source>
        <translation>仍可读取。“恢复”会重放已记录的区块；新链则从空白开始。</translation>
    </message>
    <message>
        <source>Reading goes on. What to do stands under the stage.</source>
        <translation>仍可读取。处理办法见该阶段下方。</translation>
    </message>
    <message>
        <source>Real assets to look at and to mint</source>
        <translation>可供查看和铸造的真实资产</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Start cancelled</source>
        <translation>启动已取消</translation>
    </message>
    <message>
        <source>Start everything restores the chain from its journal.</source>
        <translation>“全部启动”会从日志恢复该链。</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>The NFT contract, deployed and verified</source>
        <translation>NFT 合约，部署并核验</translation>
    </message>
    <message>
        <source>The node has ended by itself</source>
        <translation>节点自行终止</translation>
    </message>
    <message>
        <source>The node was ended without warning</source>
        <translation>节点被突然终止</translation>
    </message>
    <message>
        <source>Took {0} · started {1}</source>
        <translation>耗时 {0} · 启动于 {1}</translation>
    </message>
    <message>
        <source>What to do stands under the stage; the stages before it are kept.</source>
        <translation>处理办法见该阶段下方；之前的阶段予以保留。</translation>
    </message>
    <message>
        <source>Writing is frozen: {0}</source>
        <translation>写入已冻结：{0}</translation>
    </message>
    <message>
        <source>{0} did not succeed</source>
        <translation>“{0}”未成功</translation>
    </message>
</context>
<context>
    <name>EnvironmentView</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Doctor…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Everything the program stands on</source>
        <translation>程序运行所依赖的一切</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>保留旧链</translation>
    </message>
    <message>
        <source>Looks at what the program stands on, and mends what can be mended</source>
        <translation>检查程序所依赖的一切，并修复可以修复的问题</translation>
    </message>
    <message>
        <source>Progress of the stage</source>
        <translation>阶段进度</translation>
    </message>
    <message>
        <source>Restart everything</source>
        <translation>全部重启</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Start a new chain</source>
        <translation>启用新链</translation>
    </message>
    <message>
        <source>Start a new chain…</source>
        <translation>启用新链…</translation>
    </message>
    <message>
        <source>Start everything</source>
        <translation>全部启动</translation>
    </message>
    <message>
        <source>Start with the program</source>
        <translation>随程序启动</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Tokens of the old chain count as vanished; their assets become drafts again. All files stay.</source>
        <translation>旧链的代币视为消失，其资产重新变为草稿。所有文件都会保留。</translation>
    </message>
</context>
<context>
    <name>EventPanel</name>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the data, {0} bytes</source>
        <translation>复制数据（{0} 字节）</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Hide the raw log</source>
        <translation>隐藏原始日志</translation>
    </message>
    <message>
        <source>Log number</source>
        <translation>日志序号</translation>
    </message>
    <message>
        <source>Log that is not decoded</source>
        <translation>未解码的日志</translation>
    </message>
    <message>
        <source>No event selected</source>
        <translation>未选择事件</translation>
    </message>
    <message>
        <source>Read by the imported ABI “{0}”: {1}</source>
        <translation>按导入的 ABI“{0}”解读：{1}</translation>
    </message>
    <message>
        <source>Read by the standard {0}; the contract may mean something else: {1}</source>
        <translation>按标准 {0} 解读，合约的含义可能不同：{1}</translation>
    </message>
    <message>
        <source>Read by this register's contract: {0}</source>
        <translation>按本登记簿的合约解读：{0}</translation>
    </message>
    <message>
        <source>Select an event to see all it says.</source>
        <translation>选择事件以查看其全部内容。</translation>
    </message>
    <message>
        <source>Show the raw log</source>
        <translation>显示原始日志</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Topic {0}</source>
        <translation>主题 {0}</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>EventTable</name>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the event in focus</source>
        <translation>复制当前事件</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>EventsPresenter</name>
    <message numerus="yes">
        <source>%Ln events were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 个事件写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>The index is being made anew.</source>
        <translation>正在重建索引。</translation>
    </message>
    <message>
        <source>Writing the events</source>
        <translation>正在写出事件</translation>
    </message>
</context>
<context>
    <name>EventsTab</name>
    <message numerus="yes">
        <source>%Ln events</source>
        <translation>
            <numerusform>%Ln 个事件</numerusform>
        </translation>
    </message>
    <message>
        <source>Address, token, transaction, name…</source>
        <translation>地址、代币、交易、名称…</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>所有类型</translation>
    </message>
    <message>
        <source>Export the events…</source>
        <translation>导出事件…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>From block</source>
        <translation>起始区块</translation>
    </message>
    <message>
        <source>Kind of event</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>No event yet</source>
        <translation>尚无事件</translation>
    </message>
    <message>
        <source>Open the event's asset</source>
        <translation>打开事件的资产</translation>
    </message>
    <message>
        <source>Open the event's transaction</source>
        <translation>打开事件的交易</translation>
    </message>
    <message>
        <source>Read every block of the chain again? Events are missing here until it is done; mints go on.</source>
        <translation>要重新读取链上的所有区块吗？完成之前这里会缺少事件，铸造照常进行。</translation>
    </message>
    <message>
        <source>Rebuild</source>
        <translation>重建</translation>
    </message>
    <message>
        <source>Rebuild the index of events…</source>
        <translation>重建事件索引…</translation>
    </message>
    <message>
        <source>Rebuild the index…</source>
        <translation>重建索引…</translation>
    </message>
    <message>
        <source>Show every event</source>
        <translation>显示所有事件</translation>
    </message>
    <message>
        <source>Show or hide the raw log</source>
        <translation>显示或隐藏原始日志</translation>
    </message>
    <message>
        <source>There is no event in view.</source>
        <translation>没有可见的事件。</translation>
    </message>
    <message>
        <source>To block</source>
        <translation>截止区块</translation>
    </message>
    <message>
        <source>What contracts tell in their logs stands here as soon as a block has it.</source>
        <translation>合约日志中的内容一经入块即列在这里。</translation>
    </message>
    <message>
        <source>indexed up to block {0}</source>
        <translation>已索引至区块 {0}</translation>
    </message>
    <message>
        <source>indexed up to block {0} of {1}</source>
        <translation>已索引至区块 {0}，共 {1}</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter transaction · Ctrl+C copy · Ctrl+E export · Ctrl+F find · F5 reload</source>
        <translation>↑↓ 浏览 · Enter 交易 · Ctrl+C 复制 · Ctrl+E 导出 · Ctrl+F 查找 · F5 重新加载</translation>
    </message>
</context>
<context>
    <name>EvidenceInWindow</name>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
</context>
<context>
    <name>EvidencePresenter</name>
    <message numerus="yes">
        <source>%Ln bundles written</source>
        <translation>
            <numerusform>已写出 %Ln 个证据包</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancelled; %Ln bundles are finished</source>
        <translation>
            <numerusform>已取消；已完成 %Ln 个证据包</numerusform>
        </translation>
    </message>
    <message>
        <source>Evidence bundles (*.zip)</source>
        <translation>证据包 (*.zip)</translation>
    </message>
    <message>
        <source>Folder for the evidence</source>
        <translation>存放证据的文件夹</translation>
    </message>
    <message>
        <source>Verify a bundle</source>
        <translation>核核验据包</translation>
    </message>
</context>
<context>
    <name>ExperimentForm</name>
    <message>
        <source>5, 10 … 30 goes on in the same step up to 30.</source>
        <translation>“5, 10 … 30” 按相同步长继续到 30。</translation>
    </message>
    <message>
        <source>Batch sizes, 1 to {0}</source>
        <translation>批量大小，1 至 {0}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Contracts side by side</source>
        <translation>并列的合约</translation>
    </message>
    <message>
        <source>Ending the node…</source>
        <translation>正在结束节点…</translation>
    </message>
    <message>
        <source>Every fifth</source>
        <translation>每隔 5 个</translation>
    </message>
    <message>
        <source>Experiment</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Gas price in gwei</source>
        <translation>Gas 价格（gwei）</translation>
    </message>
    <message>
        <source>No token yet</source>
        <translation>尚无代币</translation>
    </message>
    <message>
        <source>On a chain of its own, never the register's</source>
        <translation>在独立的链上进行，绝不触及登记簿的链</translation>
    </message>
    <message>
        <source>One for all</source>
        <translation>共用一个</translation>
    </message>
    <message>
        <source>One for each token</source>
        <translation>每个代币各一个</translation>
    </message>
    <message>
        <source>Powers of two</source>
        <translation>2 的幂</translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>They have</source>
        <translation>接收方已有</translation>
    </message>
    <message>
        <source>Tokens already</source>
        <translation>已有代币</translation>
    </message>
    <message>
        <source>Usual</source>
        <translation>常用</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>All</source>
        <translation>全选</translation>
    </message>
    <message numerus="yes">
        <source>All that match, more than %Ln assets, in the order of the list.</source>
        <translation>
            <numerusform>全部匹配项，超过 %Ln 项资产，按列表顺序。</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Custom fields</source>
        <translation>自定义字段</translation>
    </message>
    <message>
        <source>Export assets</source>
        <translation>导出资产</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>None</source>
        <translation>全不选</translation>
    </message>
    <message numerus="yes">
        <source>The %Ln assets in view, in the order of the list.</source>
        <translation>
            <numerusform>当前列表中的 %Ln 项资产，按列表顺序。</numerusform>
        </translation>
    </message>
    <message>
        <source>Writing the file…</source>
        <translation>正在写入文件…</translation>
    </message>
</context>
<context>
    <name>ExportEvidenceDialog</name>
    <message numerus="yes">
        <source>%Ln selected cards</source>
        <translation>
            <numerusform>选中的 %Ln 张卡片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln listed</source>
        <translation>
            <numerusform>列出的全部 %Ln 项</numerusform>
        </translation>
    </message>
    <message>
        <source>All certificates in one file</source>
        <translation>所有证书合为一个文件</translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Certificate (PDF)</source>
        <translation>证书（PDF）</translation>
    </message>
    <message>
        <source>Certificate to print</source>
        <translation>要打印的证书</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Export evidence</source>
        <translation>导出证据</translation>
    </message>
    <message>
        <source>In Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>In English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>In both languages</source>
        <translation>两种语言</translation>
    </message>
    <message>
        <source>No certificate</source>
        <translation>不出证书</translation>
    </message>
    <message>
        <source>One file an asset, signed by the register, which anybody can check without this program.</source>
        <translation>每项资产一个文件，由登记簿签名，任何人无需本程序即可核验。</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>The open card</source>
        <translation>打开的卡片</translation>
    </message>
    <message>
        <source>What became of each asset</source>
        <translation>各资产的结果</translation>
    </message>
    <message>
        <source>Which assets</source>
        <translation>哪些资产</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln assets</source>
        <translation>
            <numerusform>{0} / %Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln certificates</source>
        <translation>
            <numerusform>{0} / %Ln 份证书</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}; signed by another account than the mint's: --signer {1}</source>
        <translation>{0}；签名账户并非铸造账户：--signer {1}</translation>
    </message>
</context>
<context>
    <name>ExportPresenter</name>
    <message numerus="yes">
        <source>%Ln assets exported to {0}</source>
        <translation>
            <numerusform>已将 %Ln 项资产导出到 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing in view to export.</source>
        <translation>当前列表中没有可导出的内容。</translation>
    </message>
</context>
<context>
    <name>FailurePanel</name>
    <message>
        <source>Change and mint again</source>
        <translation>修改后重新铸造</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Reset to draft</source>
        <translation>重置为草稿</translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation>重置为草稿…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>The chain is asked first; where a token exists nothing changes. The reason is kept for good.</source>
        <translation>会先查询链上；若代币已存在则不作更改。理由将永久保留。</translation>
    </message>
    <message>
        <source>Why is it reset to a draft?</source>
        <translation>为何重置为草稿？</translation>
    </message>
</context>
<context>
    <name>FigureCards</name>
    <message numerus="yes">
        <source>%Ln tokens are left out of the first saving: no single mint was measured before them.</source>
        <translation>
            <numerusform>有 %Ln 个代币未计入第一项节省：此前没有实测的单笔铸造。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens in them</source>
        <translation>
            <numerusform>共 %Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>成本</translation>
    </message>
    <message>
        <source>Figures of this register</source>
        <translation>本登记簿的数字</translation>
    </message>
    <message>
        <source>Gas saved, baseline A</source>
        <translation>节省 Gas，对基线 A</translation>
    </message>
    <message>
        <source>Gas saved, own single mint</source>
        <translation>节省 Gas，对自身单笔</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Tokens a batch</source>
        <translation>每批代币</translation>
    </message>
    <message>
        <source>What was mined on the present chain, by the time it was signed. A batch mints two tokens or more in one transaction; what it saved is told beside the single mint that was measured before it, and beside the single mint of a common contract (baseline A, {0} gas).</source>
        <translation>统计当前链上已入块的交易，按签名时间归入。批次是在一笔交易中铸造两个或更多代币；其节省分别对照此前实测的单笔铸造，以及常见合约的单笔铸造（基线 A，{0} Gas）。</translation>
    </message>
    <message numerus="yes">
        <source>in %Ln transactions</source>
        <translation>
            <numerusform>共 %Ln 笔交易</numerusform>
        </translation>
    </message>
    <message>
        <source>minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>no batch yet</source>
        <translation>尚无批次</translation>
    </message>
    <message>
        <source>no single mint measured</source>
        <translation>没有实测的单笔铸造</translation>
    </message>
    <message>
        <source>on average</source>
        <translation>平均</translation>
    </message>
</context>
<context>
    <name>FigureCharts</name>
    <message>
        <source>Average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Fee a transaction</source>
        <translation>每笔交易手续费</translation>
    </message>
    <message>
        <source>Gas a token</source>
        <translation>每个代币的 Gas</translation>
    </message>
    <message>
        <source>Gas a transaction</source>
        <translation>每笔交易的 Gas</translation>
    </message>
    <message>
        <source>Gas price</source>
        <translation>Gas 价格</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>Minted and failed</source>
        <translation>成功与失败</translation>
    </message>
    <message>
        <source>Mints</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Open at once, at most</source>
        <translation>同时进行的最大数量</translation>
    </message>
    <message>
        <source>Open mints</source>
        <translation>进行中的铸造</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>steps of {0} d</source>
        <translation>每格 {0} 天</translation>
    </message>
    <message>
        <source>steps of {0} h</source>
        <translation>每格 {0} 小时</translation>
    </message>
    <message>
        <source>steps of {0} min</source>
        <translation>每格 {0} 分钟</translation>
    </message>
    <message>
        <source>steps of {0} s</source>
        <translation>每格 {0} 秒</translation>
    </message>
    <message>
        <source>{0}: {1} minted</source>
        <translation>{0}：{1} 成功</translation>
    </message>
</context>
<context>
    <name>FigureFaces</name>
    <message>
        <source>Figures of the register are shown to people who are signed in.</source>
        <translation>登录后才能查看登记簿的数字。</translation>
    </message>
    <message>
        <source>Mints of earlier days are among the figures of all time.</source>
        <translation>更早的铸造计入全部时间的数字。</translation>
    </message>
    <message>
        <source>No mint yet</source>
        <translation>尚无铸造</translation>
    </message>
    <message>
        <source>Nothing in the last 24 hours</source>
        <translation>最近 24 小时没有铸造</translation>
    </message>
    <message>
        <source>Open the register</source>
        <translation>打开登记簿</translation>
    </message>
    <message>
        <source>Show all time</source>
        <translation>显示全部时间</translation>
    </message>
    <message>
        <source>Start it to see what the mints of this register cost and what batches saved.</source>
        <translation>启动环境即可查看本登记簿铸造的成本与批次的节省。</translation>
    </message>
    <message>
        <source>Tokens, batches, what they saved and what they cost stand here, with charts over time.</source>
        <translation>代币、批次及其节省与成本列在这里，并配有随时间变化的图表。</translation>
    </message>
</context>
<context>
    <name>FiguresInWindow</name>
    <message>
        <source>This register</source>
        <translation>本登记簿</translation>
    </message>
</context>
<context>
    <name>FiguresPresenter</name>
    <message numerus="yes">
        <source>%Ln batches were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 个批次写入 {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FiguresTab</name>
    <message numerus="yes">
        <source>%Ln batches</source>
        <translation>
            <numerusform>%Ln 个批次</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln batches read, more below</source>
        <translation>
            <numerusform>已读取 %Ln 个批次，下方还有</numerusform>
        </translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Export the batches…</source>
        <translation>导出批次…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>无人登录。</translation>
    </message>
    <message>
        <source>Read the figures anew</source>
        <translation>重新读取数字</translation>
    </message>
    <message>
        <source>The environment is not running.</source>
        <translation>环境未运行。</translation>
    </message>
    <message>
        <source>There is no batch yet.</source>
        <translation>尚无批次。</translation>
    </message>
    <message>
        <source>↑↓ browse · Ctrl+C copy · Ctrl+E export · F5 reload</source>
        <translation>↑↓ 浏览 · Ctrl+C 复制 · Ctrl+E 导出 · F5 重新加载</translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Save file</source>
        <translation>保存文件</translation>
    </message>
</context>
<context>
    <name>FilePreviewDialog</name>
    <message>
        <source>Access</source>
        <translation>访问权限</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>First lines of {0}</source>
        <translation>{0} 的前几行</translation>
    </message>
    <message>
        <source>It says to be of this kind, but cannot be shown: it may be damaged.</source>
        <translation>文件声称属于此类型，但无法显示：可能已损坏。</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Media type</source>
        <translation>媒体类型</translation>
    </message>
    <message>
        <source>Page 1 of {0}</source>
        <translation>第 1 页，共 {0} 页</translation>
    </message>
    <message>
        <source>Preview of {0}</source>
        <translation>{0} 的预览</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>confidential</source>
        <translation>机密</translation>
    </message>
    <message>
        <source>confidential: stored encrypted</source>
        <translation>机密：加密存储</translation>
    </message>
    <message>
        <source>public</source>
        <translation>公开</translation>
    </message>
</context>
<context>
    <name>FilePreviewPresenter</name>
    <message>
        <source>Files of this kind have no preview. Save it to open it elsewhere.</source>
        <translation>此类文件不支持预览。请保存后用其他程序打开。</translation>
    </message>
    <message>
        <source>It takes too long to draw.</source>
        <translation>绘制耗时过长。</translation>
    </message>
    <message>
        <source>Larger than {0}: too large for a preview.</source>
        <translation>大于 {0}：文件过大，无法预览。</translation>
    </message>
</context>
<context>
    <name>FilesEditor</name>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Confidential</source>
        <translation>机密</translation>
    </message>
    <message>
        <source>Move {0} up</source>
        <translation>上移 {0}</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <source>Several at once, or drop them here</source>
        <translation>可一次选择多个，或拖放到此处</translation>
    </message>
    <message>
        <source>Two files are called {0}.</source>
        <translation>有两个文件名为 {0}。</translation>
    </message>
    <message>
        <source>copying {0} %</source>
        <translation>正在复制 {0}%</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{0} is confidential</source>
        <translation>{0} 为机密</translation>
    </message>
    <message>
        <source>{0} is listed already.</source>
        <translation>{0} 已在列表中。</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>Enterprise: {0}</source>
        <translation>企业：{0}</translation>
    </message>
    <message>
        <source>Legal status: {0}</source>
        <translation>法律状态：{0}</translation>
    </message>
    <message>
        <source>Made: {0}</source>
        <translation>创作：{0}</translation>
    </message>
    <message>
        <source>Registered: {0}</source>
        <translation>登记：{0}</translation>
    </message>
    <message>
        <source>Type: {0}</source>
        <translation>类型：{0}</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>{0} 起</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>截至 {0}</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} 等，另有 {1} 个</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Clear all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Narrow the list (Ctrl+Shift+F)</source>
        <translation>缩小列表范围 (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Nothing saved yet</source>
        <translation>尚无保存的筛选</translation>
    </message>
    <message>
        <source>Save or change filters…</source>
        <translation>保存或更改筛选…</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>已保存的筛选</translation>
    </message>
</context>
<context>
    <name>FilterPopup</name>
    <message>
        <source>Clear all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation>法律状态</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创作日期</translation>
    </message>
    <message>
        <source>Nothing ticked means all.</source>
        <translation>不勾选即表示全部。</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>登记日期</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
</context>
<context>
    <name>FilterPresenter</name>
    <message>
        <source>Now listed: {0}</source>
        <translation>当前列表：{0}</translation>
    </message>
    <message>
        <source>State: {0}</source>
        <translation>状态：{0}</translation>
    </message>
    <message>
        <source>Words: {0}</source>
        <translation>关键词：{0}</translation>
    </message>
    <message>
        <source>all assets</source>
        <translation>全部资产</translation>
    </message>
</context>
<context>
    <name>FindingsPresenter</name>
    <message numerus="yes">
        <source>%Ln findings were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 项发现写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Done: {0}</source>
        <translation>已完成：{0}</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>The comparison was stopped; the last one stays</source>
        <translation>比较已停止；保留上次的结果</translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation>导出已停止，未写入文件</translation>
    </message>
</context>
<context>
    <name>FindingsTab</name>
    <message>
        <source>AGREES</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>All causes</source>
        <translation>所有原因</translation>
    </message>
    <message>
        <source>Asset, cause, value…</source>
        <translation>资产、原因、值…</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Causes</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Enter repair · Ctrl+F find · Ctrl+C copy · F5 reload</source>
        <translation>Enter 修复 · Ctrl+F 查找 · Ctrl+C 复制 · F5 重新加载</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Last compared {0}, {1}: {2} assets, {3} tokens, {4} findings.</source>
        <translation>上次比较于 {0}（{1}）：{2} 项资产，{3} 个代币，{4} 项发现。</translation>
    </message>
    <message>
        <source>NEVER RUN</source>
        <translation>从未运行</translation>
    </message>
    <message>
        <source>No differences are on record</source>
        <translation>没有记录任何差异</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Reconcile compares register, chain and content, and lists every difference with its cause.</source>
        <translation>对账会比较登记簿、链与内容，并列出每项差异及其原因。</translation>
    </message>
    <message>
        <source>Reconcile now</source>
        <translation>立即对账</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Register, chain and content were not compared yet.</source>
        <translation>尚未比较登记簿、链与内容。</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Repair…</source>
        <translation>修复…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>on demand</source>
        <translation>手动</translation>
    </message>
</context>
<context>
    <name>FirstAdminDialog</name>
    <message>
        <source>Create the account</source>
        <translation>创建账号</translation>
    </message>
    <message>
        <source>It stays: the audit log names it.</source>
        <translation>设定后不能更改：审计日志以它记名。</translation>
    </message>
    <message>
        <source>Nobody can sign in to this register yet. This account may do everything; it adds the others.</source>
        <translation>目前还没有人能登录此登记簿。该账号拥有全部权限，并由它添加其他人员。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation>显示名称</translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>The first administrator</source>
        <translation>首位管理员</translation>
    </message>
</context>
<context>
    <name>Following</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets are tried again.</source>
        <translation>
            <numerusform>正在重试 %Ln 项资产。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets cannot be tried again: {0}</source>
        <translation>
            <numerusform>%Ln 项资产不能重试：{0}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 项资产写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>No batch was minted yet</source>
        <translation>尚未铸造任何批次</translation>
    </message>
    <message>
        <source>gathered</source>
        <translation>自动汇集</translation>
    </message>
</context>
<context>
    <name>FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Discard what you entered?</source>
        <translation>放弃所填内容？</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>继续编辑</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>正在处理…</translation>
    </message>
</context>
<context>
    <name>FunctionForm</name>
    <message>
        <source>0x and 40 hexadecimal digits</source>
        <translation>0x 加 40 位十六进制数字</translation>
    </message>
    <message>
        <source>0x and hexadecimal digits</source>
        <translation>0x 加十六进制数字</translation>
    </message>
    <message>
        <source>A number, 0x…, the id of an asset, or an amount such as 1.5 ETH or 20 gwei</source>
        <translation>数字、0x…、资产 ID，或如 1.5 ETH、20 gwei 的金额</translation>
    </message>
    <message>
        <source>A number, or 0x…</source>
        <translation>数字，或 0x…</translation>
    </message>
    <message>
        <source>An amount in ETH, or 20 gwei; nothing for none</source>
        <translation>以 ETH 计的金额，或如 20 gwei；不付则留空</translation>
    </message>
    <message>
        <source>Argument {0}</source>
        <translation>参数 {0}</translation>
    </message>
    <message>
        <source>JSON, such as [1, 2] or ["0x…"]</source>
        <translation>JSON，例如 [1, 2] 或 ["0x…"]</translation>
    </message>
    <message>
        <source>Sent along</source>
        <translation>随附金额</translation>
    </message>
    <message>
        <source>The id of an asset, or 0x and 32 hexadecimal digits</source>
        <translation>资产 ID，或 0x 加 32 位十六进制数字</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
</context>
<context>
    <name>FundDialog</name>
    <message>
        <source>A demonstration account of the node pays. The transfer is a transaction as any other.</source>
        <translation>由节点的演示账户支付。此转账与其他交易无异。</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>金额</translation>
    </message>
    <message>
        <source>Fund an account</source>
        <translation>为账户充值</translation>
    </message>
    <message>
        <source>In ETH, or with its unit: 20 gwei, 5 wei</source>
        <translation>以 ETH 计，或带单位：20 gwei、5 wei</translation>
    </message>
    <message>
        <source>Pay</source>
        <translation>支付</translation>
    </message>
</context>
<context>
    <name>GalleryCard</name>
    <message numerus="yes">
        <source>All %Ln facts agree · {0}</source>
        <translation>
            <numerusform>全部 %Ln 项一致 · {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Gas / fee</source>
        <translation>Gas / 手续费</translation>
    </message>
    <message>
        <source>Mined at</source>
        <translation>入块时间</translation>
    </message>
    <message>
        <source>Minted to</source>
        <translation>铸造给</translation>
    </message>
    <message>
        <source>No revenue share</source>
        <translation>无收入分成</translation>
    </message>
    <message>
        <source>Royalty</source>
        <translation>版税</translation>
    </message>
    <message>
        <source>Token id</source>
        <translation>代币 ID</translation>
    </message>
    <message numerus="yes">
        <source>for %Ln tokens</source>
        <translation>
            <numerusform>共 %Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>on every sale (ERC-2981)</source>
        <translation>每次转售 (ERC-2981)</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln facts differ · {1}</source>
        <translation>
            <numerusform>%Ln 项中有 {0} 项不一致 · {1}</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} revenue share</source>
        <translation>{0} 收入分成</translation>
    </message>
</context>
<context>
    <name>GalleryCommands</name>
    <message>
        <source>Choose an NFT first.</source>
        <translation>请先选择一个 NFT。</translation>
    </message>
    <message>
        <source>No NFT is listed.</source>
        <translation>列表中没有 NFT。</translation>
    </message>
    <message>
        <source>Reload the gallery</source>
        <translation>重新加载画廊</translation>
    </message>
    <message>
        <source>Search the gallery</source>
        <translation>搜索画廊</translation>
    </message>
    <message>
        <source>Show the NFT {0}</source>
        <translation>显示 NFT {0}</translation>
    </message>
</context>
<context>
    <name>GalleryFaces</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Every asset you mint gets its card here.</source>
        <translation>您铸造的每项资产都会在此获得一张卡片。</translation>
    </message>
    <message>
        <source>Go to the register</source>
        <translation>前往登记簿</translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation>请放宽或更换搜索条件。</translation>
    </message>
    <message>
        <source>No NFT matches</source>
        <translation>没有匹配的 NFT</translation>
    </message>
    <message>
        <source>No NFTs yet</source>
        <translation>尚无 NFT</translation>
    </message>
    <message>
        <source>Start it to see your NFTs and to verify them on the chain.</source>
        <translation>启动环境即可查看您的 NFT 并在链上核验。</translation>
    </message>
    <message>
        <source>The gallery shows its NFTs to people who are signed in.</source>
        <translation>登录后才能查看画廊中的 NFT。</translation>
    </message>
</context>
<context>
    <name>GalleryPresenter</name>
    <message>
        <source>{0} saved</source>
        <translation>已保存 {0}</translation>
    </message>
    <message>
        <source>{0} saved, {1}</source>
        <translation>已保存 {0}，{1}</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>By type</source>
        <translation>按类型</translation>
    </message>
    <message>
        <source>Compare register, chain and content for every NFT of the list</source>
        <translation>为列表中的每个 NFT 比较登记簿、链与内容</translation>
    </message>
    <message>
        <source>Compare register, chain and content for every selected NFT</source>
        <translation>为选中的每个 NFT 比较登记簿、链与内容</translation>
    </message>
    <message>
        <source>Evidence of several…</source>
        <translation>多项证据…</translation>
    </message>
    <message>
        <source>NFT gallery</source>
        <translation>NFT 画廊</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新在前</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Search name, number, creator…</source>
        <translation>搜索名称、编号、创作者…</translation>
    </message>
    <message numerus="yes">
        <source>Verify %Ln selected…</source>
        <translation>
            <numerusform>核验选中的 %Ln 个…</numerusform>
        </translation>
    </message>
    <message>
        <source>Verify a bundle…</source>
        <translation>核核验据包…</translation>
    </message>
    <message>
        <source>Verify all…</source>
        <translation>全部核验…</translation>
    </message>
</context>
<context>
    <name>Gas</name>
    <message>
        <source>#{0} against A's single mint</source>
        <translation>#{0} 相对于 A 的单笔铸造</translation>
    </message>
    <message>
        <source>#{0} against its single mint</source>
        <translation>#{0} 相对于自身的单笔铸造</translation>
    </message>
    <message numerus="yes">
        <source>%Ln sizes, {0} to {1}</source>
        <translation>
            <numerusform>%Ln 种大小，{0} 至 {1}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>Added where call data would cost less than its least price (EIP-7623).</source>
        <translation>调用数据低于其最低价格时补足的部分（EIP-7623）。</translation>
    </message>
    <message>
        <source>All other steps: arithmetic, memory, hashes, calls.</source>
        <translation>其余所有步骤：算术、内存、哈希、调用。</translation>
    </message>
    <message>
        <source>An experiment is under way.</source>
        <translation>实验正在进行。</translation>
    </message>
    <message>
        <source>At the gas price of the experiment.</source>
        <translation>按实验的 Gas 价格计算。</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基础</translation>
    </message>
    <message>
        <source>Baseline A</source>
        <translation>基线 A</translation>
    </message>
    <message>
        <source>Being a transaction: 21,000.</source>
        <translation>作为一笔交易：21,000。</translation>
    </message>
    <message>
        <source>CANCELLED</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>COMPLETE</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Call data</source>
        <translation>调用数据</translation>
    </message>
    <message>
        <source>Call data: {0} zero bytes, {1} others</source>
        <translation>调用数据：{0} 个零字节，{1} 个其他字节</translation>
    </message>
    <message>
        <source>Cancel the experiment</source>
        <translation>取消实验</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Copy the measurement in focus</source>
        <translation>复制所选的测量数据</translation>
    </message>
    <message>
        <source>Copy the part in focus</source>
        <translation>复制所选的部分</translation>
    </message>
    <message>
        <source>Creating a contract, and looking at the code of another.</source>
        <translation>创建合约，以及查看另一合约的代码。</translation>
    </message>
    <message>
        <source>Delete the result in focus…</source>
        <translation>删除所选结果…</translation>
    </message>
    <message>
        <source>Distinct existing holders</source>
        <translation>各不相同的现有持有人</translation>
    </message>
    <message>
        <source>Distinct new holders</source>
        <translation>各不相同的新持有人</translation>
    </message>
    <message>
        <source>ERC721A against A's single mint</source>
        <translation>ERC721A 相对于 A 的单笔铸造</translation>
    </message>
    <message>
        <source>Execution</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Export the measurements…</source>
        <translation>导出测量数据…</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Fee in ETH</source>
        <translation>手续费（ETH）</translation>
    </message>
    <message>
        <source>Fees at {0}</source>
        <translation>手续费按 {0} 计</translation>
    </message>
    <message>
        <source>Floor for one existing holder</source>
        <translation>一个现有持有人的下限</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Gas per token</source>
        <translation>每个代币的 Gas</translation>
    </message>
    <message>
        <source>Gas per token by what it was paid for</source>
        <translation>每个代币的 Gas，按用途划分</translation>
    </message>
    <message>
        <source>Gas per token in a batch</source>
        <translation>批量中每个代币的 Gas</translation>
    </message>
    <message>
        <source>Given back for emptied slots (EIP-3529).</source>
        <translation>因清空存储槽而退还（EIP-3529）。</translation>
    </message>
    <message>
        <source>Least price of call data</source>
        <translation>调用数据的最低价格</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量数据</translation>
    </message>
    <message>
        <source>No experiment is under way.</source>
        <translation>没有正在进行的实验。</translation>
    </message>
    <message>
        <source>Nothing was measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>Of baseline A's single mint to the same kind of holder.</source>
        <translation>相对于基线 A 铸造给同类持有人的单笔铸造。</translation>
    </message>
    <message>
        <source>Of our own single mint to the same kind of holder.</source>
        <translation>相对于本合约铸造给同类持有人的单笔铸造。</translation>
    </message>
    <message>
        <source>Of the whole transaction, as its receipt says.</source>
        <translation>整笔交易的 Gas，以收据为准。</translation>
    </message>
    <message>
        <source>One existing holder</source>
        <translation>一个现有持有人</translation>
    </message>
    <message>
        <source>One new holder</source>
        <translation>一个新持有人</translation>
    </message>
    <message>
        <source>Ours</source>
        <translation>本合约</translation>
    </message>
    <message>
        <source>Ours against A's single mint</source>
        <translation>本合约相对于 A 的单笔铸造</translation>
    </message>
    <message>
        <source>Ours against its single mint</source>
        <translation>本合约相对于自身的单笔铸造</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Per token</source>
        <translation>每个代币</translation>
    </message>
    <message>
        <source>Published, high</source>
        <translation>已发表，上限</translation>
    </message>
    <message>
        <source>Published, low</source>
        <translation>已发表，下限</translation>
    </message>
    <message>
        <source>Published: savings of ERC-20 batches, {0} at best for {1}. No base is named with them: they seem to set a single mint to a new holder beside batches to existing ones, which shows more than the batch saves. Ours set like beside like.</source>
        <translation>已发表的数字：ERC-20 批量的节省，最好为 {0}（{1}）。其中未说明基准：似乎是以铸造给新持有人的单笔，与铸造给现有持有人的批量相比，显示的节省多于批量本身。我们只把同类相比。</translation>
    </message>
    <message>
        <source>Reading and writing the contract's slots.</source>
        <translation>读写合约的存储槽。</translation>
    </message>
    <message>
        <source>Recommended: {0} to {1}</source>
        <translation>推荐：{0} 至 {1}</translation>
    </message>
    <message>
        <source>Refund</source>
        <translation>退还</translation>
    </message>
    <message>
        <source>Reload the results</source>
        <translation>重新读取结果</translation>
    </message>
    <message>
        <source>Run the experiment</source>
        <translation>运行实验</translation>
    </message>
    <message>
        <source>Saved, A</source>
        <translation>节省，较 A</translation>
    </message>
    <message>
        <source>Saved, own</source>
        <translation>节省，较自身</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Show all measurements</source>
        <translation>显示全部测量数据</translation>
    </message>
    <message>
        <source>Show the gas per token</source>
        <translation>显示每个代币的 Gas</translation>
    </message>
    <message>
        <source>Show what a batch saves</source>
        <translation>显示批量的节省</translation>
    </message>
    <message>
        <source>Show where the gas went</source>
        <translation>显示 Gas 的去向</translation>
    </message>
    <message>
        <source>Single</source>
        <translation>单笔</translation>
    </message>
    <message>
        <source>Single mint</source>
        <translation>单笔铸造</translation>
    </message>
    <message>
        <source>Single, new</source>
        <translation>单笔，新</translation>
    </message>
    <message>
        <source>Starting a node…</source>
        <translation>正在启动节点…</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>The common textbook contract: OpenZeppelin, asset ids and one address a token as text.</source>
        <translation>常见的教科书式合约：OpenZeppelin，以文本保存资产 ID 和每个代币的地址。</translation>
    </message>
    <message>
        <source>The contract of this register.</source>
        <translation>本登记簿的合约。</translation>
    </message>
    <message>
        <source>The events that tell of the tokens.</source>
        <translation>记录代币的事件。</translation>
    </message>
    <message>
        <source>The same duties on ERC721A, with counted token ids and one directory a call.</source>
        <translation>以 ERC721A 实现同样的职责，代币 ID 依次编号，每次调用一个目录。</translation>
    </message>
    <message>
        <source>The transaction's gas divided by its tokens.</source>
        <translation>交易的 Gas 除以代币数。</translation>
    </message>
    <message>
        <source>This was not measured.</source>
        <translation>此项未测量。</translation>
    </message>
    <message>
        <source>Tick the result for a comparison</source>
        <translation>勾选结果以作比较</translation>
    </message>
    <message>
        <source>Together {0} gas, as the receipt says; {1} a token</source>
        <translation>合计 {0} Gas，与收据一致；每个代币 {1}</translation>
    </message>
    <message>
        <source>Tokens at once</source>
        <translation>一次铸造的代币数</translation>
    </message>
    <message>
        <source>What a token saves in a batch</source>
        <translation>批量中每个代币的节省</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>What the call carries: 4 gas a zero byte, 16 any other.</source>
        <translation>调用所携带的数据：零字节 4 Gas，其他字节 16 Gas。</translation>
    </message>
    <message>
        <source>Where the gas went</source>
        <translation>Gas 的去向</translation>
    </message>
    <message>
        <source>gas</source>
        <translation>Gas</translation>
    </message>
    <message numerus="yes">
        <source>{0}: %Ln tokens at once</source>
        <translation>
            <numerusform>{0}：一次 %Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: deployment and single mints</source>
        <translation>{0}：部署和单笔铸造</translation>
    </message>
</context>
<context>
    <name>GasView</name>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Laboratory</source>
        <translation>实验室</translation>
    </message>
    <message>
        <source>Measurements are shown to people who are signed in.</source>
        <translation>测量数据只向已登录的人显示。</translation>
    </message>
    <message>
        <source>Parts of the Gas page</source>
        <translation>“Gas”页面的各部分</translation>
    </message>
    <message>
        <source>What mints cost, and what a batch saves</source>
        <translation>铸造的成本与批量的节省</translation>
    </message>
</context>
<context>
    <name>GroupBar</name>
    <message>
        <source>State of the mints in view</source>
        <translation>当前列表的铸造状态</translation>
    </message>
</context>
<context>
    <name>HeightField</name>
    <message>
        <source>Not a height: digits only</source>
        <translation>不是区块高度：只能填数字</translation>
    </message>
</context>
<context>
    <name>HeldTable</name>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Copy the token in focus</source>
        <translation>复制当前代币</translation>
    </message>
    <message>
        <source>Minted in block</source>
        <translation>铸造区块</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Tokens held</source>
        <translation>持有的代币</translation>
    </message>
    <message>
        <source>Validity</source>
        <translation>有效性</translation>
    </message>
    <message>
        <source>no asset of this register</source>
        <translation>非本登记簿的资产</translation>
    </message>
</context>
<context>
    <name>HoldPanel</name>
    <message>
        <source>Pay up to {0}</source>
        <translation>最高支付 {0}</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Unlock key</source>
        <translation>解锁密钥</translation>
    </message>
</context>
<context>
    <name>ImagePicker</name>
    <message>
        <source>Choose picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Choose picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>PNG, JPEG, SVG… or drop one here</source>
        <translation>PNG、JPEG、SVG…，或拖放到此处</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.svg);;All files (*)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.svg);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Remove picture</source>
        <translation>移除图片</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Check the rows</source>
        <translation>检查各行</translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation>选择其他文件…</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message numerus="yes">
        <source>Import %Ln assets</source>
        <translation>
            <numerusform>导入 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Import assets</source>
        <translation>导入资产</translation>
    </message>
    <message>
        <source>Reading the file…</source>
        <translation>正在读取文件…</translation>
    </message>
</context>
<context>
    <name>ImportPresenter</name>
    <message>
        <source>Checking the rows…</source>
        <translation>正在检查各行…</translation>
    </message>
    <message>
        <source>Choose a spreadsheet</source>
        <translation>选择电子表格</translation>
    </message>
    <message>
        <source>Reading the file…</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation>已保存 {0}</translation>
    </message>
    <message>
        <source>Spreadsheets (*.csv *.tsv *.txt *.xlsx);;All files (*)</source>
        <translation>电子表格 (*.csv *.tsv *.txt *.xlsx);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Storing the assets…</source>
        <translation>正在存储资产…</translation>
    </message>
    <message>
        <source>problems.csv</source>
        <translation>问题列表.csv</translation>
    </message>
</context>
<context>
    <name>InspectionTab</name>
    <message>
        <source>Back to the list</source>
        <translation>返回列表</translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation>请减少条件，或查找其他内容。</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>尚未登录。</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Read the list anew</source>
        <translation>重新读取列表</translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation>搜索列表</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Start it to look into the chain.</source>
        <translation>启动后即可查看链。</translation>
    </message>
    <message>
        <source>The chain is shown to people who are signed in.</source>
        <translation>登录后才能查看链。</translation>
    </message>
    <message>
        <source>The environment is not running.</source>
        <translation>环境未运行。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>JobActions</name>
    <message>
        <source>Open card</source>
        <translation>打开卡片</translation>
    </message>
    <message>
        <source>Open in the register</source>
        <translation>在登记簿中打开</translation>
    </message>
    <message>
        <source>Show failure</source>
        <translation>显示失败原因</translation>
    </message>
    <message>
        <source>Watch progress</source>
        <translation>查看进度</translation>
    </message>
</context>
<context>
    <name>JobDecisions</name>
    <message numerus="yes">
        <source>%Ln mints are tried again</source>
        <translation>
            <numerusform>正在重试 %Ln 笔铸造</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are tried again, {0} could not be: {1}</source>
        <translation>
            <numerusform>正在重试 %Ln 笔铸造，{0} 笔无法重试：{1}</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancellation sent; the chain decides</source>
        <translation>取消交易已发送，由链裁定</translation>
    </message>
    <message>
        <source>Mint cancelled; no token exists</source>
        <translation>铸造已取消，未产生代币</translation>
    </message>
    <message>
        <source>No failed mint in view can be tried again.</source>
        <translation>当前列表中没有可重试的失败铸造。</translation>
    </message>
    <message>
        <source>Retrying: {0} of {1}</source>
        <translation>正在重试：{0}/{1}</translation>
    </message>
    <message>
        <source>The mint is tried again</source>
        <translation>正在重试该铸造</translation>
    </message>
</context>
<context>
    <name>JobDetail</name>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation>
            <numerusform>%Ln 家企业</numerusform>
        </translation>
    </message>
    <message>
        <source>Accepted by node</source>
        <translation>节点已接受</translation>
    </message>
    <message>
        <source>An administrator resets it</source>
        <translation>由管理员重置</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>请求人</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Attempt {0} of {1}</source>
        <translation>第 {0}/{1} 次尝试</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Cancellation signed</source>
        <translation>取消交易已签名</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Correct it, then mint again</source>
        <translation>更正后重新铸造</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>手续费</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Gas was spent</source>
        <translation>已消耗 Gas</translation>
    </message>
    <message>
        <source>It goes on once that has passed</source>
        <translation>问题消除后会自行继续</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation>元数据 CID</translation>
    </message>
    <message>
        <source>Mined</source>
        <translation>已入块</translation>
    </message>
    <message>
        <source>Mint it again from the register</source>
        <translation>从登记簿重新铸造</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>No gas spent</source>
        <translation>未消耗 Gas</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>None: it goes on by itself</source>
        <translation>无：会自行继续</translation>
    </message>
    <message>
        <source>None: it is done</source>
        <translation>无：已完成</translation>
    </message>
    <message>
        <source>None: its assets went on without it</source>
        <translation>无：其资产已另行处理</translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation>
            <numerusform>一笔交易 · %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Requested</source>
        <translation>已请求</translation>
    </message>
    <message>
        <source>Retry: the chain is asked first</source>
        <translation>重试：会先查询链上</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>已签名</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>mined · {0}</source>
        <translation>已入块 · {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>{0}, attempt {1}</source>
        <translation>{0}，第 {1} 次尝试</translation>
    </message>
    <message>
        <source>· {0} a token</source>
        <translation>· 每个代币 {0}</translation>
    </message>
</context>
<context>
    <name>JobModel</name>
    <message>
        <source>Asked by</source>
        <translation>请求人</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>手续费</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Requested</source>
        <translation>请求时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
</context>
<context>
    <name>JobPanel</name>
    <message>
        <source>Assets of the batch</source>
        <translation>批量中的资产</translation>
    </message>
    <message>
        <source>Assets · {0}</source>
        <translation>资产 · {0}</translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Mint details</source>
        <translation>铸造详情</translation>
    </message>
    <message>
        <source>Mint progress</source>
        <translation>铸造进度</translation>
    </message>
    <message>
        <source>More actions</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>未选择任何项</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Select a mint to see all about it.</source>
        <translation>选择一笔铸造即可查看其全部信息。</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>JobTable</name>
    <message>
        <source>Mints and batches</source>
        <translation>铸造与批量</translation>
    </message>
</context>
<context>
    <name>KeyCard</name>
    <message>
        <source>Another signing key</source>
        <translation>更换签名密钥</translation>
    </message>
    <message>
        <source>Back to the demonstration key</source>
        <translation>改回演示密钥</translation>
    </message>
    <message>
        <source>Create a new key…</source>
        <translation>新建密钥…</translation>
    </message>
    <message>
        <source>Demonstration key</source>
        <translation>演示密钥</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>立即锁定</translation>
    </message>
    <message>
        <source>Lock the signing key</source>
        <translation>锁定签名密钥</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Signing account</source>
        <translation>签名账户</translation>
    </message>
    <message>
        <source>Signing key</source>
        <translation>签名密钥</translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation>请先启动环境。</translation>
    </message>
    <message>
        <source>Unlock the signing key…</source>
        <translation>解锁签名密钥…</translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation>已解锁</translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation>解锁…</translation>
    </message>
    <message>
        <source>Use a keystore file…</source>
        <translation>使用密钥库文件…</translation>
    </message>
</context>
<context>
    <name>KeyFigures</name>
    <message>
        <source>Gas per token</source>
        <translation>每个代币的 Gas</translation>
    </message>
    <message>
        <source>Recommended batch</source>
        <translation>推荐的批量</translation>
    </message>
    <message>
        <source>Saved in a batch</source>
        <translation>批量的节省</translation>
    </message>
    <message>
        <source>at {0}</source>
        <translation>{0}时</translation>
    </message>
    <message>
        <source>at {0}, of A's single mint</source>
        <translation>{0} 个，较 A 的单笔</translation>
    </message>
    <message>
        <source>at {0}, of our single mint</source>
        <translation>{0} 个，较自身的单笔</translation>
    </message>
    <message>
        <source>floor</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>one more adds &lt; 0.5 %</source>
        <translation>再多一个增加 &lt; 0.5 %</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
</context>
<context>
    <name>KeyLines</name>
    <message>
        <source>Close; what was typed is asked about first</source>
        <translation>关闭；已填内容会先询问</translation>
    </message>
    <message>
        <source>Delete the line in focus</source>
        <translation>删除当前行</translation>
    </message>
    <message>
        <source>Do what the dialog is for</source>
        <translation>执行对话框的主操作</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>Go to the search field</source>
        <translation>转到搜索框</translation>
    </message>
    <message>
        <source>In a dialog</source>
        <translation>对话框中</translation>
    </message>
    <message>
        <source>In a list</source>
        <translation>列表中</translation>
    </message>
    <message>
        <source>Move a further field of the form</source>
        <translation>移动表单中的附加字段</translation>
    </message>
    <message>
        <source>Move the focus; with Shift select as well</source>
        <translation>移动焦点；按住 Shift 可同时选择</translation>
    </message>
    <message>
        <source>Press the button, tick the box, copy the value in focus</source>
        <translation>按下按钮、勾选复选框、复制当前值</translation>
    </message>
    <message>
        <source>Restore, or apply, the line in focus</source>
        <translation>恢复或应用当前行</translation>
    </message>
    <message>
        <source>Save a form</source>
        <translation>保存表单</translation>
    </message>
    <message>
        <source>Select everything</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation>到下一个控件，或返回</translation>
    </message>
    <message>
        <source>Where something is asked: no</source>
        <translation>出现提问时：否</translation>
    </message>
</context>
<context>
    <name>KeyPresenter</name>
    <message>
        <source>Demonstration key of the local chain. Everybody knows it; it signs nowhere else.</source>
        <translation>本地链的演示密钥，人人皆知，不会在别处签名。</translation>
    </message>
    <message>
        <source>Locks after {0} min without a signature.</source>
        <translation>{0} 分钟内没有签名即自动锁定。</translation>
    </message>
    <message>
        <source>Mints wait until it is unlocked.</source>
        <translation>解锁之前铸造会一直等待。</translation>
    </message>
    <message>
        <source>The program signs with the demonstration key from its next start on.</source>
        <translation>程序将从下次启动起用演示密钥签名。</translation>
    </message>
    <message>
        <source>The program signs with this keystore from its next start on.</source>
        <translation>程序将从下次启动起用此密钥库签名。</translation>
    </message>
    <message>
        <source>Use a keystore file</source>
        <translation>使用密钥库文件</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>Key, action, page…</source>
        <translation>按键、操作、页面…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>The command palette finds every action by its name, also those without keys.</source>
        <translation>命令面板可按名称找到每项操作，包括没有快捷键的操作。</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
</context>
<context>
    <name>KuboCard</name>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Also as /ip4/127.0.0.1/tcp/5001</source>
        <translation>也可写作 /ip4/127.0.0.1/tcp/5001</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>有响应</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Check what is on IPFS</source>
        <translation>检查 IPFS 上的内容</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>Export CAR of everything…</source>
        <translation>导出全部内容的 CAR…</translation>
    </message>
    <message>
        <source>IPFS node (Kubo)</source>
        <translation>IPFS 节点 (Kubo)</translation>
    </message>
    <message>
        <source>More about publishing</source>
        <translation>发布的更多操作</translation>
    </message>
    <message>
        <source>No IPFS node is set.</source>
        <translation>未设置 IPFS 节点。</translation>
    </message>
    <message>
        <source>Not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Other work is under way.</source>
        <translation>另有工作正在进行。</translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation>节点 ID</translation>
    </message>
    <message>
        <source>Public content stays in this register. A node would keep it for others to fetch.</source>
        <translation>公开内容保存在本登记簿中。IPFS 节点可保管内容供他人获取。</translation>
    </message>
    <message>
        <source>Publish all</source>
        <translation>全部发布</translation>
    </message>
    <message>
        <source>Publish everything to IPFS</source>
        <translation>全部发布到 IPFS</translation>
    </message>
    <message>
        <source>Publish what is minted</source>
        <translation>铸造后即发布</translation>
    </message>
    <message>
        <source>Set the address…</source>
        <translation>设置地址…</translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation>请先登录。</translation>
    </message>
    <message>
        <source>Sign in to see what is published.</source>
        <translation>登录后查看已发布的内容。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use no IPFS node</source>
        <translation>不使用 IPFS 节点</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Waits: {0}. It goes on by itself.</source>
        <translation>等待中：{0}。之后会自行继续。</translation>
    </message>
</context>
<context>
    <name>KuboPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses asked for</source>
        <translation>
            <numerusform>已查询 %Ln 个地址</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses go out to the IPFS node</source>
        <translation>
            <numerusform>%Ln 个地址将发往 IPFS 节点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets looked at</source>
        <translation>
            <numerusform>已查看 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is published or on its way.</source>
        <translation>全部内容已发布或正在发布。</translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node has all %Ln addresses</source>
        <translation>
            <numerusform>IPFS 节点拥有全部 %Ln 个地址</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node lacks {0} of %Ln addresses; Publish all brings them back.</source>
        <translation>
            <numerusform>%Ln 个地址中，IPFS 节点缺少 {0} 个；“全部发布”可补齐。</numerusform>
        </translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>正在处理…</translation>
    </message>
    <message>
        <source>local</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>local + Kubo</source>
        <translation>本地 + Kubo</translation>
    </message>
    <message>
        <source>local + Kubo, {0} to come</source>
        <translation>本地 + Kubo，待发布 {0}</translation>
    </message>
    <message>
        <source>local, Kubo away</source>
        <translation>本地，Kubo 不在线</translation>
    </message>
    <message>
        <source>{0} saved, {1}</source>
        <translation>已保存 {0}，{1}</translation>
    </message>
    <message>
        <source>{0} written</source>
        <translation>已写入 {0}</translation>
    </message>
</context>
<context>
    <name>LaboratoryPresenter</name>
    <message numerus="yes">
        <source>%Ln measurements were written to {0}</source>
        <translation>
            <numerusform>%Ln 条测量数据已写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>The experiment is complete, after {0}</source>
        <translation>实验已完成，用时 {0}</translation>
    </message>
    <message>
        <source>The experiment was cancelled; what was measured is kept</source>
        <translation>实验已取消；已测量的数据予以保留</translation>
    </message>
    <message>
        <source>The result of {0} was deleted</source>
        <translation>{0} 的结果已删除</translation>
    </message>
</context>
<context>
    <name>LaboratoryTab</name>
    <message numerus="yes">
        <source>%Ln kept</source>
        <translation>
            <numerusform>保留 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the result in focus…</source>
        <translation>删除所选结果…</translation>
    </message>
    <message>
        <source>Delete the result of {0}? Nothing brings it back.</source>
        <translation>删除 {0} 的结果？删除后无法恢复。</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Space ticks · what is ticked is compared</source>
        <translation>空格勾选 · 勾选的结果并列比较</translation>
    </message>
</context>
<context>
    <name>LegalStatus</name>
    <message>
        <source>Disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已失效</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>审理中</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>已登记</translation>
    </message>
    <message>
        <source>Unregistered</source>
        <translation>未登记</translation>
    </message>
</context>
<context>
    <name>Licence</name>
    <message>
        <source>commercial use</source>
        <translation>可商用</translation>
    </message>
    <message>
        <source>may be adapted</source>
        <translation>可改编</translation>
    </message>
    <message>
        <source>may be passed on</source>
        <translation>可转让</translation>
    </message>
    <message>
        <source>name the creator</source>
        <translation>须署名</translation>
    </message>
    <message>
        <source>no adaptations</source>
        <translation>不可改编</translation>
    </message>
    <message>
        <source>no commercial use</source>
        <translation>不可商用</translation>
    </message>
    <message>
        <source>stays with the first owner</source>
        <translation>归首位持有人</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>至 {0} 止</translation>
    </message>
    <message>
        <source>{0} revenue share</source>
        <translation>{0} 收入分成</translation>
    </message>
</context>
<context>
    <name>LicenceEditor</name>
    <message>
        <source>Commercial use</source>
        <translation>商业使用</translation>
    </message>
    <message>
        <source>Ends on (empty: never)</source>
        <translation>终止日（空：无期限）</translation>
    </message>
    <message>
        <source>May be adapted</source>
        <translation>可改编</translation>
    </message>
    <message>
        <source>May be passed on</source>
        <translation>可转让</translation>
    </message>
    <message>
        <source>Name the creator</source>
        <translation>须署名</translation>
    </message>
    <message>
        <source>Revenue share in %</source>
        <translation>收入分成（%）</translation>
    </message>
    <message>
        <source>Write a share from 0 to 100, with two decimals at most.</source>
        <translation>请填写 0 到 100 之间的比例，最多两位小数。</translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation>日期请写作 YYYY-MM-DD。</translation>
    </message>
</context>
<context>
    <name>LicenceSummaryView</name>
    <message>
        <source>In Chinese · 中文</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>In English</source>
        <translation>英文 · English</translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation>请先登录。</translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation>请先启动环境。</translation>
    </message>
</context>
<context>
    <name>LocalChain</name>
    <message numerus="yes">
        <source>%Ln blocks are gone.</source>
        <translation>
            <numerusform>%Ln 个区块已撤回。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln blocks go.</source>
        <translation>
            <numerusform>将撤回 %Ln 个区块。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln later snapshots are lost.</source>
        <translation>
            <numerusform>之后的 %Ln 个快照将丢失。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints lose their block.</source>
        <translation>
            <numerusform>%Ln 项铸造将失去所在区块。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other calls lose theirs.</source>
        <translation>
            <numerusform>另有 %Ln 次调用将失去所在区块。</numerusform>
        </translation>
    </message>
    <message>
        <source>Go back to “{0}”?</source>
        <translation>退回到“{0}”？</translation>
    </message>
    <message>
        <source>The chain is back at block #{0}.</source>
        <translation>链已退回到区块 #{0}。</translation>
    </message>
    <message>
        <source>The transfer of {0} is recorded and sent; no block shows it yet.</source>
        <translation>{0} 的转账已记录并发送，尚未入块。</translation>
    </message>
    <message>
        <source>What was signed for them is sent again, so it comes back in new blocks.</source>
        <translation>已签名的交易会重新发送，因此会出现在新的区块中。</translation>
    </message>
    <message numerus="yes">
        <source>a block every %Ln seconds</source>
        <translation>
            <numerusform>每 %Ln 秒一个区块</numerusform>
        </translation>
    </message>
    <message>
        <source>another transaction took its place</source>
        <translation>另一笔交易占用了其 nonce</translation>
    </message>
    <message>
        <source>by the clock</source>
        <translation>按时间间隔</translation>
    </message>
    <message>
        <source>each transaction at once</source>
        <translation>每笔交易即时出块</translation>
    </message>
    <message>
        <source>only when somebody mines</source>
        <translation>仅在手动出块时</translation>
    </message>
    <message>
        <source>{0} was not paid: {1}</source>
        <translation>{0} 未支付：{1}</translation>
    </message>
    <message>
        <source>{0} was paid to {1}</source>
        <translation>已向 {1} 支付 {0}</translation>
    </message>
</context>
<context>
    <name>LocalChainCard</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块数</translation>
    </message>
    <message>
        <source>Blocks mined</source>
        <translation>已出区块</translation>
    </message>
    <message>
        <source>Calls from accounts that sign nothing (impersonation)</source>
        <translation>无需签名的账户发起调用（账户伪装）</translation>
    </message>
    <message>
        <source>Cancel the rest</source>
        <translation>取消其余</translation>
    </message>
    <message>
        <source>ETH</source>
        <translation>ETH</translation>
    </message>
    <message>
        <source>Fund</source>
        <translation>充值</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Keep the chain</source>
        <translation>保留现状</translation>
    </message>
    <message>
        <source>Local chain</source>
        <translation>本地链</translation>
    </message>
    <message>
        <source>Mine blocks</source>
        <translation>出块</translation>
    </message>
    <message>
        <source>Mining</source>
        <translation>出块</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Pays</source>
        <translation>付款账户</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Set time</source>
        <translation>设定时间</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>快照</translation>
    </message>
    <message>
        <source>Take snapshot</source>
        <translation>创建快照</translation>
    </message>
    <message>
        <source>The chain is not there yet.</source>
        <translation>链尚未就绪。</translation>
    </message>
    <message>
        <source>Time of the next block (UTC), never back</source>
        <translation>下一区块的时间（UTC），不可后退</translation>
    </message>
    <message>
        <source>When blocks come</source>
        <translation>出块方式</translation>
    </message>
    <message>
        <source>With impersonation, a call of a contract may be sent as any account. Such calls are recorded, marked in the audit log, and restored with the chain. It is switched off, and snapshots, how the node mines and a time that no block carries yet are lost, when the node ends.</source>
        <translation>开启账户伪装后，合约调用可以任意账户的名义发送。此类调用均有记录，在审计日志中标明，并随链一起恢复。节点结束时账户伪装随之关闭，快照、出块方式以及尚无区块采用的时间也随之失效。</translation>
    </message>
    <message>
        <source>{0} UTC</source>
        <translation>{0} UTC</translation>
    </message>
</context>
<context>
    <name>LocalChainCommands</name>
    <message>
        <source>Apply when blocks come</source>
        <translation>应用出块方式</translation>
    </message>
    <message>
        <source>Fund an account…</source>
        <translation>为账户充值…</translation>
    </message>
    <message>
        <source>Go back to the newest snapshot…</source>
        <translation>退回到最新的快照…</translation>
    </message>
    <message>
        <source>Mine blocks</source>
        <translation>出块</translation>
    </message>
    <message>
        <source>No local chain is running.</source>
        <translation>没有本地链在运行。</translation>
    </message>
    <message>
        <source>No snapshot was taken.</source>
        <translation>尚未创建快照。</translation>
    </message>
    <message>
        <source>Set the time of the next block…</source>
        <translation>设定下一个区块的时间…</translation>
    </message>
    <message>
        <source>Take a snapshot of the chain…</source>
        <translation>创建链的快照…</translation>
    </message>
</context>
<context>
    <name>LocalChainPresenter</name>
    <message numerus="yes">
        <source>%Ln blocks mined</source>
        <translation>
            <numerusform>已出 %Ln 个区块</numerusform>
        </translation>
    </message>
    <message>
        <source>A call of a contract may now be sent as any account: Chain, Contracts, Write.</source>
        <translation>现在可以任意账户的名义发送合约调用：链、合约、写入。</translation>
    </message>
    <message>
        <source>Blocks come: {0}</source>
        <translation>出块方式：{0}</translation>
    </message>
    <message>
        <source>Only accounts that sign can send.</source>
        <translation>只有签名的账户才能发送。</translation>
    </message>
    <message>
        <source>Snapshot “{0}” taken at block #{1}</source>
        <translation>已在区块 #{1} 创建快照“{0}”</translation>
    </message>
    <message>
        <source>The next block carries this time.</source>
        <translation>下一区块将采用此时间。</translation>
    </message>
</context>
<context>
    <name>LogCard</name>
    <message>
        <source>Clear the view</source>
        <translation>清空显示</translation>
    </message>
    <message>
        <source>Copy the lines shown</source>
        <translation>复制显示的行</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>仅错误</translation>
    </message>
    <message>
        <source>Find in the log</source>
        <translation>在日志中查找</translation>
    </message>
    <message>
        <source>Go on; {0} new</source>
        <translation>继续；新增 {0} 行</translation>
    </message>
    <message>
        <source>Hold the log still</source>
        <translation>暂停滚动</translation>
    </message>
    <message>
        <source>Lines shown</source>
        <translation>显示的行</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>No line fits yet.</source>
        <translation>尚无符合的行。</translation>
    </message>
    <message>
        <source>Open the folder of the log</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Program and node</source>
        <translation>程序和节点</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>警告和错误</translation>
    </message>
</context>
<context>
    <name>LoopOverlay</name>
    <message>
        <source>Loop, last minute</source>
        <translation>事件循环，最近一分钟</translation>
    </message>
    <message>
        <source>Loop, last second</source>
        <translation>事件循环，最近一秒</translation>
    </message>
    <message>
        <source>Memory: {0}</source>
        <translation>内存：{0}</translation>
    </message>
    <message>
        <source>Slowest frame: {0} ms</source>
        <translation>最慢帧：{0} 毫秒</translation>
    </message>
    <message>
        <source>Tasks: {0}</source>
        <translation>任务：{0}</translation>
    </message>
    <message>
        <source>{0}: {1} ms ({2})</source>
        <translation>{0}：{1} 毫秒（{2}）</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>MappingPanel</name>
    <message>
        <source>(no name)</source>
        <translation>（无名称）</translation>
    </message>
    <message>
        <source>Column of the file</source>
        <translation>文件中的列</translation>
    </message>
    <message>
        <source>First values</source>
        <translation>前几个值</translation>
    </message>
    <message>
        <source>More than one column is read as: {0}</source>
        <translation>多个列被识别为：{0}</translation>
    </message>
    <message>
        <source>Read as</source>
        <translation>识别为</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>尚缺：{0}</translation>
    </message>
    <message>
        <source>What column {0} is read as</source>
        <translation>列“{0}”识别为</translation>
    </message>
</context>
<context>
    <name>Measure</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>second {0}</source>
        <translation>第 {0} 秒</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>MetadataDialog</name>
    <message numerus="yes">
        <source>%Ln bytes</source>
        <translation>
            <numerusform>%Ln 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>CID</source>
        <translation>CID</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Confidential, only the hash is published:</source>
        <translation>机密，仅发布哈希：</translation>
    </message>
    <message>
        <source>Copies the metadata as it is stored, without the layout</source>
        <translation>按存储原样复制元数据，不含排版</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Minting now would publish this, byte for byte. After that it cannot be changed.</source>
        <translation>现在铸造将逐字节发布以下内容，此后不可更改。</translation>
    </message>
    <message>
        <source>No files.</source>
        <translation>没有文件。</translation>
    </message>
    <message>
        <source>Picture in the metadata</source>
        <translation>元数据中的图片</translation>
    </message>
    <message>
        <source>Public, anybody can fetch it:</source>
        <translation>公开，任何人都可获取：</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Schema</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>The metadata that the token was minted with, byte for byte.</source>
        <translation>代币铸造时所用的元数据，逐字节一致。</translation>
    </message>
    <message>
        <source>Token URI</source>
        <translation>代币 URI</translation>
    </message>
    <message>
        <source>What is published</source>
        <translation>发布内容</translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation>版本 {0}</translation>
    </message>
</context>
<context>
    <name>MetadataPreviewPresenter</name>
    <message>
        <source>Saved {0}</source>
        <translation>已保存 {0}</translation>
    </message>
</context>
<context>
    <name>MintActions</name>
    <message>
        <source>Cancel mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation>重置为草稿…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>MintContext</name>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation>
            <numerusform>铸造 %Ln 个 NFT</numerusform>
        </translation>
    </message>
    <message>
        <source>Mint NFT – {0}</source>
        <translation>铸造 NFT – {0}</translation>
    </message>
    <message>
        <source>The environment is not started.</source>
        <translation>环境尚未启动。</translation>
    </message>
</context>
<context>
    <name>MintControlPresenter</name>
    <message>
        <source>Cancellation sent; the chain decides</source>
        <translation>取消交易已发送，由链裁定</translation>
    </message>
    <message>
        <source>Mint cancelled; nothing was sent</source>
        <translation>铸造已取消，未发送任何内容</translation>
    </message>
    <message>
        <source>Reset to a draft</source>
        <translation>已重置为草稿</translation>
    </message>
    <message>
        <source>no mint of this asset is open</source>
        <translation>该资产没有进行中的铸造</translation>
    </message>
</context>
<context>
    <name>MintDialog</name>
    <message numerus="yes">
        <source>%Ln assets wait for others, and go in {0} at the latest.</source>
        <translation>
            <numerusform>%Ln 项资产正在等待同批，最迟 {0}后发出。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets wait, and go once the environment is started.</source>
        <translation>
            <numerusform>%Ln 项资产正在等待，环境启动后发出。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln attempts failed; an administrator goes on</source>
        <translation>
            <numerusform>已失败 %Ln 次，需由管理员继续处理</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation>
            <numerusform>%Ln 家企业</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of these wait for others already.</source>
        <translation>
            <numerusform>其中 %Ln 项已在等待同批。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens minted in one transaction</source>
        <translation>
            <numerusform>一笔交易铸造了 %Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Cancellation</source>
        <translation>取消交易</translation>
    </message>
    <message>
        <source>Cancelled · no token exists</source>
        <translation>已取消 · 未产生代币</translation>
    </message>
    <message>
        <source>Cancelled · no tokens exist</source>
        <translation>已取消 · 未产生代币</translation>
    </message>
    <message>
        <source>Correct the cause first</source>
        <translation>请先排除原因</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>手续费</translation>
    </message>
    <message>
        <source>Gas spent</source>
        <translation>是否消耗 Gas</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Given up; it is not tried again</source>
        <translation>已放弃，不再尝试</translation>
    </message>
    <message>
        <source>It waits for others since {0}, asked for by {1}, and goes at {2} at the latest.</source>
        <translation>由 {1} 请求，自 {0} 起等待同批，最迟 {2} 发出。</translation>
    </message>
    <message>
        <source>It waits for others since {0}, asked for by {1}.</source>
        <translation>由 {1} 请求，自 {0} 起等待同批。</translation>
    </message>
    <message>
        <source>It waits for others, and goes in {0} at the latest.</source>
        <translation>正在等待同批，最迟 {0}后发出。</translation>
    </message>
    <message numerus="yes">
        <source>It waits with %Ln others, and goes in {0} at the latest.</source>
        <translation>
            <numerusform>正与另外 %Ln 项一同等待，最迟 {0}后发出。</numerusform>
        </translation>
    </message>
    <message>
        <source>LOCAL</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>Left out before</source>
        <translation>此前未纳入</translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation>元数据 CID</translation>
    </message>
    <message>
        <source>Minted</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Not a wallet of the enterprise · check it twice, a token cannot be called back</source>
        <translation>不是该企业的钱包 · 请再三核对，代币发出后无法收回</translation>
    </message>
    <message>
        <source>Not minted · no token exists</source>
        <translation>未铸造 · 未产生代币</translation>
    </message>
    <message>
        <source>Nothing was sent</source>
        <translation>未发送任何内容</translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation>
            <numerusform>一笔交易 · %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>持有人</translation>
    </message>
    <message>
        <source>Recorded; nothing is lost</source>
        <translation>已记录，没有丢失</translation>
    </message>
    <message>
        <source>Safe to retry</source>
        <translation>可安全重试</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>The chain mined the cancellation in place of the mint</source>
        <translation>链上入块的是取消交易，而非铸造交易</translation>
    </message>
    <message>
        <source>The chain on this computer; its coins are worth nothing</source>
        <translation>本机上的链，其中的币没有价值</translation>
    </message>
    <message numerus="yes">
        <source>The mint was faster: %Ln tokens exist</source>
        <translation>
            <numerusform>铸造抢先完成：%Ln 个代币已存在</numerusform>
        </translation>
    </message>
    <message>
        <source>The mint was faster: the token exists</source>
        <translation>铸造抢先完成：代币已存在</translation>
    </message>
    <message>
        <source>Token id</source>
        <translation>代币 ID</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Yes · {0} gas, {1}</source>
        <translation>是 · {0} Gas，{1}</translation>
    </message>
    <message>
        <source>against single mints of {0} gas</source>
        <translation>相较单次铸造的 {0} Gas</translation>
    </message>
    <message>
        <source>it goes in a transaction of its own</source>
        <translation>将由单独的交易铸造</translation>
    </message>
    <message>
        <source>one of {0} signed under number {1}</source>
        <translation>以 nonce {1} 签名的 {0} 笔之一</translation>
    </message>
    <message>
        <source>took {0}</source>
        <translation>耗时 {0}</translation>
    </message>
    <message>
        <source>{0} · wallet of {1}</source>
        <translation>{0} · {1}的钱包</translation>
    </message>
    <message>
        <source>{0} · {1} a token</source>
        <translation>{0} · 每个代币 {1}</translation>
    </message>
    <message>
        <source>{0}: {1}.</source>
        <translation>{0}：{1}。</translation>
    </message>
</context>
<context>
    <name>MintHistory</name>
    <message>
        <source>An administrator resets it</source>
        <translation>由管理员重置</translation>
    </message>
    <message>
        <source>Attempt {0} of {1}</source>
        <translation>第 {0}/{1} 次尝试</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试次数</translation>
    </message>
    <message>
        <source>Correct it, then mint again</source>
        <translation>更正后重新铸造</translation>
    </message>
    <message>
        <source>Failure</source>
        <translation>失败原因</translation>
    </message>
    <message>
        <source>Gas spent</source>
        <translation>是否消耗 Gas</translation>
    </message>
    <message>
        <source>Gas was spent</source>
        <translation>已消耗 Gas</translation>
    </message>
    <message>
        <source>Last attempt</source>
        <translation>最近尝试</translation>
    </message>
    <message>
        <source>Mint it</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Mint it again</source>
        <translation>重新铸造</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>No gas spent</source>
        <translation>未消耗 Gas</translation>
    </message>
    <message>
        <source>None: it goes on by itself</source>
        <translation>无：会自行继续</translation>
    </message>
    <message>
        <source>Retry: the chain is asked first</source>
        <translation>重试：会先查询链上</translation>
    </message>
    <message>
        <source>Safe to retry</source>
        <translation>可安全重试</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Yes · {0} gas, {1}</source>
        <translation>是 · {0} Gas，{1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
</context>
<context>
    <name>MintHold</name>
    <message>
        <source>Mined; the confirmations are counted on as soon as the node answers.</source>
        <translation>已入块；节点一有响应即继续计算确认数。</translation>
    </message>
    <message>
        <source>Needed now: {0}; your cap: {1}.</source>
        <translation>目前所需：{0}；您的上限：{1}。</translation>
    </message>
    <message>
        <source>Not confirmed for 10 minutes; still being watched.</source>
        <translation>10 分钟仍未确认；仍在跟踪。</translation>
    </message>
    <message>
        <source>Nothing was sent; it goes on by itself.</source>
        <translation>尚未发送任何内容；会自行继续。</translation>
    </message>
    <message>
        <source>Signed; being sent again with the same bytes.</source>
        <translation>已签名；正以相同字节重新发送。</translation>
    </message>
    <message>
        <source>Signed; what the chain says is recorded as soon as the register can be written.</source>
        <translation>已签名；登记簿一可写入即记录链上结果。</translation>
    </message>
    <message>
        <source>Waiting for a free number of the signing account.</source>
        <translation>等待签名账户的可用 nonce。</translation>
    </message>
    <message>
        <source>Waiting for free disk space.</source>
        <translation>等待可用磁盘空间。</translation>
    </message>
    <message>
        <source>Waiting for lower prices.</source>
        <translation>等待价格回落。</translation>
    </message>
    <message>
        <source>Waiting for the content store.</source>
        <translation>等待内容存储。</translation>
    </message>
    <message>
        <source>Waiting for the node.</source>
        <translation>等待节点。</translation>
    </message>
    <message>
        <source>Waiting for the register's database.</source>
        <translation>等待登记簿的数据库。</translation>
    </message>
    <message>
        <source>Waiting for the signing account.</source>
        <translation>等待签名账户。</translation>
    </message>
    <message>
        <source>Waiting for the signing key to be unlocked.</source>
        <translation>等待解锁签名密钥。</translation>
    </message>
    <message>
        <source>Waiting until the contract is resumed.</source>
        <translation>等待合约恢复运行。</translation>
    </message>
</context>
<context>
    <name>MintNotices</name>
    <message numerus="yes">
        <source>%Ln assets minted</source>
        <translation>
            <numerusform>已铸造 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints failed</source>
        <translation>
            <numerusform>%Ln 笔铸造失败</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints were cancelled; no tokens exist</source>
        <translation>
            <numerusform>已取消 %Ln 笔铸造，未产生代币</numerusform>
        </translation>
    </message>
    <message>
        <source>Open card</source>
        <translation>打开卡片</translation>
    </message>
    <message>
        <source>Open gallery</source>
        <translation>打开画廊</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The mint was faster than its cancellation; the token exists</source>
        <translation>铸造先于取消完成，代币已存在</translation>
    </message>
</context>
<context>
    <name>MintPresenter</name>
    <message numerus="yes">
        <source>%Ln assets wait no more; nothing was sent.</source>
        <translation>
            <numerusform>%Ln 项资产不再等待；未发送任何内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>The batch has gone already.</source>
        <translation>批次已经发出。</translation>
    </message>
</context>
<context>
    <name>MintStages</name>
    <message numerus="yes">
        <source>%Ln transactions sent</source>
        <translation>
            <numerusform>已发送 %Ln 笔交易</numerusform>
        </translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>Confirmed {0} of {1}</source>
        <translation>已确认 {0}/{1}</translation>
    </message>
    <message>
        <source>Confirming</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Finalizing</source>
        <translation>完成登记</translation>
    </message>
    <message>
        <source>Metadata {0} stored and verified</source>
        <translation>元数据 {0} 已存储并核验</translation>
    </message>
    <message>
        <source>Mined</source>
        <translation>已入块</translation>
    </message>
    <message>
        <source>Mined in #{0}</source>
        <translation>已入块 #{0}</translation>
    </message>
    <message>
        <source>Mined in block #{0} · confirmations {1} of {2}</source>
        <translation>已入块 #{0} · 确认 {1}/{2}</translation>
    </message>
    <message>
        <source>Mined, then confirmed by more blocks</source>
        <translation>先入块，再由后续区块确认</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Record token, gas and block</source>
        <translation>记录代币、Gas 和区块</translation>
    </message>
    <message>
        <source>Recorded · waiting for its turn</source>
        <translation>已记录 · 等待轮到</translation>
    </message>
    <message>
        <source>Sign, write to the journal, then send</source>
        <translation>签名、写入日志，然后发送</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>已签名</translation>
    </message>
    <message>
        <source>Signed and journalled · nonce {0}</source>
        <translation>已签名并记入日志 · nonce {0}</translation>
    </message>
    <message>
        <source>Storing the metadata and reading it back</source>
        <translation>存储元数据并回读校验</translation>
    </message>
    <message>
        <source>Submitting</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Token, block and {0} gas recorded</source>
        <translation>已记录代币、区块和 {0} Gas</translation>
    </message>
    <message>
        <source>Waiting for a block</source>
        <translation>等待入块</translation>
    </message>
    <message>
        <source>Waiting for the block that holds the mint or its cancellation</source>
        <translation>等待包含铸造或取消交易的区块</translation>
    </message>
    <message>
        <source>node accepted {0}</source>
        <translation>节点已接受 {0}</translation>
    </message>
    <message>
        <source>simulation passed</source>
        <translation>模拟通过</translation>
    </message>
</context>
<context>
    <name>MintTrack</name>
    <message>
        <source>Progress of the mint</source>
        <translation>铸造进度</translation>
    </message>
</context>
<context>
    <name>NameForm</name>
    <message>
        <source>Copying…</source>
        <translation>正在复制…</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
</context>
<context>
    <name>NewPassword</name>
    <message>
        <source>At least {0} characters; a few unrelated words are easy to keep.</source>
        <translation>至少 {0} 个字符；几个互不相关的词便于记忆。</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>The same password again</source>
        <translation>再次输入密码</translation>
    </message>
</context>
<context>
    <name>NoEnvironment</name>
    <message>
        <source>Start the environment</source>
        <translation>启动环境</translation>
    </message>
    <message>
        <source>The environment is not running</source>
        <translation>环境未运行</translation>
    </message>
</context>
<context>
    <name>NodeCard</name>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>断开连接</translation>
    </message>
    <message>
        <source>Ends the node and starts everything; the chain is restored from its journal</source>
        <translation>结束节点并重新启动全部；链由日志恢复</translation>
    </message>
    <message>
        <source>Ends the node without warning, as a power cut would</source>
        <translation>像断电一样突然终止节点</translation>
    </message>
    <message>
        <source>Ends the node; the register stays open, open mints wait</source>
        <translation>结束节点；登记簿仍打开，未完成的铸造等待</translation>
    </message>
    <message>
        <source>Leaves the node and starts everything anew</source>
        <translation>断开节点并重新启动全部</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Mining</source>
        <translation>出块</translation>
    </message>
    <message>
        <source>No node is running.</source>
        <translation>没有正在运行的节点。</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>PID</source>
        <translation>PID</translation>
    </message>
    <message>
        <source>RPC</source>
        <translation>RPC</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>重新连接</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Simulate crash</source>
        <translation>模拟崩溃</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Up for</source>
        <translation>运行时长</translation>
    </message>
    <message>
        <source>Uses the node no more; it is not ours to end</source>
        <translation>不再使用该节点；它不由本程序结束</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>each transaction at once</source>
        <translation>每笔交易即时出块</translation>
    </message>
    <message>
        <source>of {0} ETH each</source>
        <translation>个，每个 {0} ETH</translation>
    </message>
    <message>
        <source>on demand</source>
        <translation>按需</translation>
    </message>
    <message>
        <source>{0} h {1} min, since {2}</source>
        <translation>{0} 小时 {1} 分钟，始于 {2}</translation>
    </message>
    <message>
        <source>{0} min, since {1}</source>
        <translation>{0} 分钟，始于 {1}</translation>
    </message>
</context>
<context>
    <name>NotesPanel</name>
    <message>
        <source>Next scene: {0}</source>
        <translation>下一场景：{0}</translation>
    </message>
    <message>
        <source>Next: {0}</source>
        <translation>下一步：{0}</translation>
    </message>
    <message>
        <source>Since the first step: {0}</source>
        <translation>自第一步以来：{0}</translation>
    </message>
    <message>
        <source>This is the end of the show.</source>
        <translation>演示到此结束。</translation>
    </message>
    <message>
        <source>this scene {0}</source>
        <translation>本场景 {0}</translation>
    </message>
</context>
<context>
    <name>OmissionsDialog</name>
    <message numerus="yes">
        <source>%Ln assets are left out</source>
        <translation>
            <numerusform>有 %Ln 项资产未纳入</numerusform>
        </translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Assets that are left out</source>
        <translation>未纳入的资产</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>未纳入</translation>
    </message>
    <message>
        <source>Name or reason…</source>
        <translation>名称或原因…</translation>
    </message>
    <message>
        <source>The others are minted without them. What is mended here can be ticked again.</source>
        <translation>其余资产照常铸造。修正后可再次勾选。</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>OverviewPart</name>
    <message>
        <source>ABI</source>
        <translation>ABI</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Code hash</source>
        <translation>代码哈希</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建于</translation>
    </message>
    <message>
        <source>Created by</source>
        <translation>创建者</translation>
    </message>
    <message>
        <source>Created in</source>
        <translation>创建交易</translation>
    </message>
    <message>
        <source>Default royalty</source>
        <translation>默认版税</translation>
    </message>
    <message>
        <source>Instance id</source>
        <translation>实例 ID</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No code is at this address: the contract destroyed itself, or there never was one.</source>
        <translation>此地址没有代码：合约已自毁，或从未存在。</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Recorded code</source>
        <translation>登记的代码</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Royalty goes to</source>
        <translation>版税接收方</translation>
    </message>
    <message>
        <source>This register's contract</source>
        <translation>本登记簿的合约</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>asked to become owner</source>
        <translation>请求成为所有者</translation>
    </message>
    <message>
        <source>block {0}</source>
        <translation>区块 {0}</translation>
    </message>
    <message>
        <source>by the index of events</source>
        <translation>按事件索引</translation>
    </message>
    <message>
        <source>mints</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>not among the transactions that were looked through</source>
        <translation>不在已查看的交易中</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>of a standard</source>
        <translation>标准 ABI</translation>
    </message>
    <message>
        <source>pauses</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>role {0}</source>
        <translation>角色 {0}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>{0}: {1} to read, {2} to write</source>
        <translation>{0}：{1} 个读取，{2} 个写入</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>A backup is being made; try again in a moment.</source>
        <translation>正在备份，请稍后再试。</translation>
    </message>
    <message>
        <source>A batch is being recorded or exported; try again in a moment.</source>
        <translation>正在登记或导出一个批次，请稍后再试。</translation>
    </message>
    <message>
        <source>A file of the chain is being written; try again in a moment.</source>
        <translation>正在写入链的文件；请稍后再试。</translation>
    </message>
    <message>
        <source>A step is under way on stage; wait for it or try again in a moment.</source>
        <translation>舞台上有一步正在进行；请等待其结束或稍后重试。</translation>
    </message>
    <message>
        <source>A workspace is being copied or put back; try again in a moment.</source>
        <translation>正在复制或回退工作区；请稍后再试。</translation>
    </message>
    <message>
        <source>Activity is still at work on mints; stop it or try again in a moment.</source>
        <translation>“活动”页仍在处理铸造；请停止该操作或稍后再试。</translation>
    </message>
    <message>
        <source>Certificates or the local chain are being changed; try again in a moment.</source>
        <translation>正在变更证书或本地链；请稍后再试。</translation>
    </message>
    <message>
        <source>Close the dialog “{0}” first: what stands in it would be lost.</source>
        <translation>请先关闭对话框“{0}”，否则其中内容会丢失。</translation>
    </message>
    <message>
        <source>Evidence is being written; cancel it or try again in a moment.</source>
        <translation>正在写出证据；请取消或稍后再试。</translation>
    </message>
    <message>
        <source>It is the folder {0}</source>
        <translation>文件夹是 {0}</translation>
    </message>
    <message>
        <source>Register, chain and content are being compared; stop it or try again in a moment.</source>
        <translation>正在比较登记簿、链与内容；请停止或稍后再试。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>The IPFS node is being filled or checked; stop it or try again in a moment.</source>
        <translation>正在向 IPFS 节点写入内容或检查该节点；请停止该操作或稍后再试。</translation>
    </message>
    <message>
        <source>The audit log is being verified or exported; stop it or try again in a moment.</source>
        <translation>正在校验或导出审计日志；请停止该操作或稍后再试。</translation>
    </message>
    <message>
        <source>The batches are being written into a file; try again in a moment.</source>
        <translation>正在将批次写入文件；请稍后再试。</translation>
    </message>
    <message>
        <source>The chain node ended. Start everything restores it.</source>
        <translation>链节点已终止。“全部启动”可恢复。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>Hide the password</source>
        <translation>隐藏密码</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>显示密码</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>Administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>Everything, for every enterprise: people, chain, keys and backups too.</source>
        <translation>对所有企业拥有全部权限，包括人员、链、密钥和备份。</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Reads and exports; changes nothing.</source>
        <translation>可查看和导出，不能更改。</translation>
    </message>
    <message>
        <source>Registers and mints the assets of the enterprises chosen below.</source>
        <translation>登记并铸造下列所选企业的资产。</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>查看者</translation>
    </message>
</context>
<context>
    <name>PeopleInWindow</name>
    <message>
        <source>Addresses</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
</context>
<context>
    <name>PeoplePresenter</name>
    <message>
        <source>The account of {0} is open again</source>
        <translation>“{0}”的账号已重新启用</translation>
    </message>
    <message>
        <source>The account of {0} was closed</source>
        <translation>已停用“{0}”的账号</translation>
    </message>
    <message>
        <source>{0} can sign in again</source>
        <translation>“{0}”可以重新登录</translation>
    </message>
    <message>
        <source>{0} has a new password</source>
        <translation>已为“{0}”设置新密码</translation>
    </message>
    <message>
        <source>{0} was added</source>
        <translation>已添加“{0}”</translation>
    </message>
</context>
<context>
    <name>PeopleTab</name>
    <message>
        <source>Add a person</source>
        <translation>添加人员</translation>
    </message>
    <message>
        <source>Add person</source>
        <translation>添加人员</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>Close account</source>
        <translation>停用账号</translation>
    </message>
    <message>
        <source>DEMONSTRATION</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Enter edit · Ctrl+N add · Ctrl+F find · F5 reload</source>
        <translation>Enter 编辑 · Ctrl+N 添加 · Ctrl+F 查找 · F5 刷新</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Everybody who works with this register signs in with an own name.</source>
        <translation>使用本登记簿的每个人都以自己的名字登录。</translation>
    </message>
    <message>
        <source>LOCKED</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Last sign-in</source>
        <translation>最近登录</translation>
    </message>
    <message>
        <source>Name, role, enterprise…</source>
        <translation>姓名、角色、企业…</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Nobody has an account</source>
        <translation>尚无账号</translation>
    </message>
    <message>
        <source>OPEN</source>
        <translation>启用中</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Reopen account</source>
        <translation>重新启用账号</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Set password…</source>
        <translation>设置密码…</translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
</context>
<context>
    <name>PeriodBar</name>
    <message>
        <source>All time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Time of the figures</source>
        <translation>数字的时间范围</translation>
    </message>
</context>
<context>
    <name>Phrase</name>
    <message>
        <source>"{column}" of entry {row} is no text</source>
        <translation>第 {row} 条的“{column}”不是文本</translation>
    </message>
    <message>
        <source>A rehearsal was cut short; the register still holds its works.</source>
        <translation>有一次彩排被中断；登记簿仍含有其作品。</translation>
    </message>
    <message>
        <source>A screen is small for large type: {sizes}</source>
        <translation>有一块屏幕太小，不适合大字显示：{sizes}</translation>
    </message>
    <message>
        <source>ADMIN</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>ANCHOR_AUDIT</source>
        <translation>锚定审计日志</translation>
    </message>
    <message>
        <source>Add one on the Admin page, or open a workspace with the demonstration assets.</source>
        <translation>请在“管理”页面添加一个，或打开含演示资产的工作区。</translation>
    </message>
    <message>
        <source>All libraries can be loaded.</source>
        <translation>所有库均可加载。</translation>
    </message>
    <message>
        <source>Amended by transaction {tx_hash} in block {block}, in the name of the contract's owner; {signer} sent it.</source>
        <translation>由区块 {block} 中的交易 {tx_hash} 以合约所有者名义修改；发送者为 {signer}。</translation>
    </message>
    <message>
        <source>Amended by transaction {tx_hash} in block {block}, which was sent from this register.</source>
        <translation>由区块 {block} 中的交易 {tx_hash} 修改，该交易由本登记簿发送。</translation>
    </message>
    <message>
        <source>Another program holds the profile; the system does not name it.</source>
        <translation>配置文件夹被另一个程序占用，系统未给出其名称。</translation>
    </message>
    <message>
        <source>BACK_UP</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>By the receipt and the event of {tx_hash}, in block {block}.</source>
        <translation>依据区块 {block} 中 {tx_hash} 的收据和事件。</translation>
    </message>
    <message>
        <source>CANCELLED</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>CHANGE_SETTINGS</source>
        <translation>更改设置</translation>
    </message>
    <message>
        <source>CHANGE_VALIDITY</source>
        <translation>更改有效性</translation>
    </message>
    <message>
        <source>COMPLETED</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>CONFIRMING</source>
        <translation>确认中</translation>
    </message>
    <message>
        <source>Choose a resolution of at least 1280 × 720.</source>
        <translation>请选择至少 1280 × 720 的分辨率。</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Close programs that you do not need.</source>
        <translation>请关闭不需要的程序。</translation>
    </message>
    <message>
        <source>Close them to others</source>
        <translation>禁止他人读取</translation>
    </message>
    <message>
        <source>Contract, fonts, icons, translations and migrations are there.</source>
        <translation>合约、字体、图标、翻译和迁移文件齐全。</translation>
    </message>
    <message>
        <source>Copies all of this as plain text, for whoever helps.</source>
        <translation>将以上内容复制为纯文本，供协助者查看。</translation>
    </message>
    <message>
        <source>Copies of a damaged register are kept until somebody has looked at them.</source>
        <translation>损坏登记簿的副本会保留，直到有人查看。</translation>
    </message>
    <message>
        <source>Copies the register into the folder backups and reads the copy through.</source>
        <translation>将登记簿复制到 backups 文件夹并通读副本校验。</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>DELETE_FOR_GOOD</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>DRAFT</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Demonstration</source>
        <translation>演示用户</translation>
    </message>
    <message>
        <source>Demonstration assets: {done} of {total}</source>
        <translation>演示资产：{done}/{total}</translation>
    </message>
    <message>
        <source>Deploying IPAssetNFT</source>
        <translation>正在部署 IPAssetNFT</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>磁盘空间</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>EDIT_ADDRESSES</source>
        <translation>编辑地址簿</translation>
    </message>
    <message>
        <source>EDIT_ASSETS</source>
        <translation>编辑资产</translation>
    </message>
    <message>
        <source>End it</source>
        <translation>结束它</translation>
    </message>
    <message>
        <source>End it; until then the node uses another port.</source>
        <translation>请结束它；在此之前节点使用其他端口。</translation>
    </message>
    <message>
        <source>End them</source>
        <translation>结束它们</translation>
    </message>
    <message>
        <source>End {name}, PID {pids}? It is a node that this program started; the program is gone.</source>
        <translation>结束 {name}，PID {pids}？它是本程序启动的节点，而启动它的程序已不在。</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Every letter of the captions can be drawn.</source>
        <translation>字幕的每个字都能显示。</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>FINALIZING</source>
        <translation>登记中</translation>
    </message>
    <message>
        <source>Files and folders left over: {count}, {size}</source>
        <translation>遗留的文件和文件夹：{count} 个，{size}</translation>
    </message>
    <message>
        <source>Files of the program</source>
        <translation>程序文件</translation>
    </message>
    <message>
        <source>Files that are missing or cannot be read: {count}</source>
        <translation>缺失或无法读取的文件：{count} 个</translation>
    </message>
    <message>
        <source>Fonts</source>
        <translation>字体</translation>
    </message>
    <message>
        <source>Free some space on this volume.</source>
        <translation>请在此卷上腾出空间。</translation>
    </message>
    <message>
        <source>Give yourself the right to write there, or open another profile with --profile.</source>
        <translation>请取得该处的写入权限，或用 --profile 打开其他配置文件夹。</translation>
    </message>
    <message>
        <source>Gives settings.json another name; the next start uses the defaults.</source>
        <translation>将 settings.json 改名；下次启动使用默认值。</translation>
    </message>
    <message>
        <source>Hardhat {found} is used; 3 is needed.</source>
        <translation>当前为 Hardhat {found}，需要 3。</translation>
    </message>
    <message>
        <source>Hardhat {version} at {rpc_url}, PID {pid}, chain {chain_id}</source>
        <translation>Hardhat {version}，位于 {rpc_url}，PID {pid}，链 {chain_id}</translation>
    </message>
    <message>
        <source>Holder of the profile</source>
        <translation>配置文件夹占用者</translation>
    </message>
    <message>
        <source>IPAssetNFT at {address}, code verified</source>
        <translation>IPAssetNFT 位于 {address}，代码已核验</translation>
    </message>
    <message>
        <source>IPNFT Desktop {program}, Python {python}, Qt {qt}, Node {node}, Hardhat {hardhat}, SQLite {sqlite}</source>
        <translation>IPNFT Desktop {program}，Python {python}，Qt {qt}，Node {node}，Hardhat {hardhat}，SQLite {sqlite}</translation>
    </message>
    <message>
        <source>ISSUE_EVIDENCE</source>
        <translation>出具证据</translation>
    </message>
    <message>
        <source>Install again</source>
        <translation>重新安装</translation>
    </message>
    <message>
        <source>Install them again; what is not on this computer is fetched over the network.</source>
        <translation>请重新安装；本机没有的内容将通过网络获取。</translation>
    </message>
    <message>
        <source>Installed. Close the program and start it again.</source>
        <translation>安装完成。请关闭程序后重新启动。</translation>
    </message>
    <message>
        <source>Installs what the lock files name; without a network it may not succeed.</source>
        <translation>按锁定文件安装；没有网络可能无法成功。</translation>
    </message>
    <message>
        <source>Instance {instance} restored: {blocks} blocks, {transactions} transactions, hashes equal</source>
        <translation>实例 {instance} 已恢复：{blocks} 个区块，{transactions} 笔交易，哈希一致</translation>
    </message>
    <message>
        <source>Instance {instance} unchanged</source>
        <translation>实例 {instance} 未变</translation>
    </message>
    <message>
        <source>It comes from {where}.</source>
        <translation>取自{where}。</translation>
    </message>
    <message>
        <source>It could not be looked at: {why}</source>
        <translation>无法检查：{why}</translation>
    </message>
    <message>
        <source>It is made anew from the register.</source>
        <translation>由登记簿重新生成。</translation>
    </message>
    <message>
        <source>It runs on battery, {percent} % left.</source>
        <translation>正在使用电池，剩余 {percent}%。</translation>
    </message>
    <message>
        <source>Its fields give the minted metadata again.</source>
        <translation>恢复后的字段重新得出已铸造的元数据。</translation>
    </message>
    <message>
        <source>Keeps port {port} as the setting node_port; the next start uses it.</source>
        <translation>将端口 {port} 保存为设置 node_port；下次启动使用。</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Keys that others on this computer may read: {count}</source>
        <translation>本机其他用户可读取的密钥：{count} 个</translation>
    </message>
    <message>
        <source>Leftovers</source>
        <translation>遗留文件</translation>
    </message>
    <message>
        <source>Let the firewall or the protection software allow connections to 127.0.0.1.</source>
        <translation>请让防火墙或安全软件允许连接 127.0.0.1。</translation>
    </message>
    <message>
        <source>Lets only their owner read these; files and folders: {count}</source>
        <translation>仅允许所有者读取；文件和文件夹：{count} 个</translation>
    </message>
    <message>
        <source>Lets this program have {wanted} files open until it ends.</source>
        <translation>允许本程序在结束前最多打开 {wanted} 个文件。</translation>
    </message>
    <message>
        <source>Local blocks: {count} CIDs, {megabytes} MB</source>
        <translation>本地内容块：{count} 个 CID，{megabytes} MB</translation>
    </message>
    <message>
        <source>MANAGE_CHAIN</source>
        <translation>管理链</translation>
    </message>
    <message>
        <source>MANAGE_KEYS</source>
        <translation>管理密钥</translation>
    </message>
    <message>
        <source>MANAGE_PEOPLE</source>
        <translation>管理人员</translation>
    </message>
    <message>
        <source>MANAGE_WORKSPACES</source>
        <translation>管理工作区</translation>
    </message>
    <message>
        <source>MINT</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>MINTED</source>
        <translation>已铸造</translation>
    </message>
    <message>
        <source>MINTING</source>
        <translation>铸造中</translation>
    </message>
    <message>
        <source>MINT_CANCELLED</source>
        <translation>铸造已取消</translation>
    </message>
    <message>
        <source>MINT_FAILED</source>
        <translation>铸造失败</translation>
    </message>
    <message>
        <source>MINT_PENDING</source>
        <translation>等待铸造</translation>
    </message>
    <message>
        <source>Make one now; it is also made by itself while you work.</source>
        <translation>请立即备份；工作期间也会自动备份。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Mend the value, or go on with the defaults.</source>
        <translation>请更正该值，或使用默认值继续。</translation>
    </message>
    <message>
        <source>Mend what the rehearsal names, then press Rehearse again.</source>
        <translation>请解决彩排指出的问题，然后再次按“彩排”。</translation>
    </message>
    <message>
        <source>New chain; the contract comes next</source>
        <translation>新链；接下来部署合约</translation>
    </message>
    <message>
        <source>New works will belong to {name}.</source>
        <translation>新作品将归属于 {name}。</translation>
    </message>
    <message>
        <source>No answer within {seconds} s.</source>
        <translation>{seconds} 秒内无应答。</translation>
    </message>
    <message>
        <source>No event amended it, so the record was changed. The contract's address is the one that counts.</source>
        <translation>没有任何事件修改过它，因此是记录被更改了。以合约中的地址为准。</translation>
    </message>
    <message>
        <source>No font draws these letters of the captions: {letters}</source>
        <translation>没有字体能显示字幕中的这些字：{letters}</translation>
    </message>
    <message>
        <source>No mint was left open</source>
        <translation>没有遗留未完成的铸造</translation>
    </message>
    <message>
        <source>No node of an earlier run is left.</source>
        <translation>没有先前运行遗留的节点。</translation>
    </message>
    <message>
        <source>No program holds the profile.</source>
        <translation>没有程序占用配置文件夹。</translation>
    </message>
    <message>
        <source>Nobody who can be asked has it.</source>
        <translation>可询问的来源中均没有它。</translation>
    </message>
    <message>
        <source>Node and Hardhat</source>
        <translation>Node 与 Hardhat</translation>
    </message>
    <message>
        <source>Node and Hardhat are installed.</source>
        <translation>已安装 Node 与 Hardhat。</translation>
    </message>
    <message>
        <source>Node and Hardhat are there.</source>
        <translation>Node 与 Hardhat 齐备。</translation>
    </message>
    <message>
        <source>Node of others</source>
        <translation>外部节点</translation>
    </message>
    <message>
        <source>Node {found} is used; 24 is needed.</source>
        <translation>当前为 Node {found}，需要 24。</translation>
    </message>
    <message>
        <source>Nodes left behind</source>
        <translation>遗留节点</translation>
    </message>
    <message>
        <source>Nodes of an earlier run still work, although their program is gone: {count}</source>
        <translation>先前运行的节点仍在工作，而其程序已不在：{count} 个</translation>
    </message>
    <message>
        <source>Not ready: {what}</source>
        <translation>未就绪：{what}</translation>
    </message>
    <message>
        <source>Not ready: {what} And {count} more.</source>
        <translation>未就绪：{what}另有 {count} 项。</translation>
    </message>
    <message>
        <source>Nothing is left over from earlier runs.</source>
        <translation>先前的运行没有遗留。</translation>
    </message>
    <message>
        <source>OPERATOR</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Old backups removed, {size} freed.</source>
        <translation>已移除旧备份，释放 {size}。</translation>
    </message>
    <message>
        <source>One screen, {sizes}: the notes stay out of sight.</source>
        <translation>一块屏幕，{sizes}：备注不会显示。</translation>
    </message>
    <message>
        <source>Only their owner can read the keys now.</source>
        <translation>现在只有所有者可以读取密钥。</translation>
    </message>
    <message>
        <source>Only their owner can read the keys.</source>
        <translation>只有所有者可以读取密钥。</translation>
    </message>
    <message>
        <source>Only {limit} files may be open at once; {needed} are needed.</source>
        <translation>最多只能同时打开 {limit} 个文件，需要 {needed} 个。</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>打开文件数</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open it with the newer version of the program that wrote it.</source>
        <translation>请用写入它的较新版本程序打开。</translation>
    </message>
    <message>
        <source>Open mints taken up: {count}, settled: {settled}</source>
        <translation>接续未完成铸造：{count}，已了结：{settled}</translation>
    </message>
    <message>
        <source>Open mints taken up: {count}, settled: {settled}, taken back by the chain: {reopened}</source>
        <translation>接续未完成铸造：{count}，已了结：{settled}，被链回退：{reopened}</translation>
    </message>
    <message>
        <source>Open mints to follow: {count}</source>
        <translation>待跟踪的未完成铸造：{count}</translation>
    </message>
    <message>
        <source>Our own node answers at port {ours}; port {port} is free again.</source>
        <translation>本程序的节点在端口 {ours} 应答；端口 {port} 已空闲。</translation>
    </message>
    <message>
        <source>Our own node answers at port {port}.</source>
        <translation>本程序的节点在端口 {port} 应答。</translation>
    </message>
    <message>
        <source>PREPARING</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>PUBLISH</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Plug it in.</source>
        <translation>请接通电源。</translation>
    </message>
    <message>
        <source>Port of the node</source>
        <translation>节点端口</translation>
    </message>
    <message>
        <source>Port {port} is free.</source>
        <translation>端口 {port} 空闲。</translation>
    </message>
    <message>
        <source>Port {port} is held by a node that this program left behind.</source>
        <translation>端口 {port} 被本程序遗留的节点占用。</translation>
    </message>
    <message>
        <source>Port {port} is used by a program that the system does not name.</source>
        <translation>端口 {port} 被某程序占用，系统未给出其名称。</translation>
    </message>
    <message>
        <source>Port {port} is used by {name}, PID {pid}, user {user}: {command}</source>
        <translation>端口 {port} 被 {name} 占用，PID {pid}，用户 {user}：{command}</translation>
    </message>
    <message>
        <source>PostgreSQL {name}, revision {revision}</source>
        <translation>PostgreSQL {name}，版本 {revision}</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>电源</translation>
    </message>
    <message>
        <source>Press Rehearse.</source>
        <translation>请按“彩排”。</translation>
    </message>
    <message>
        <source>Press Rehearse: the state before it comes back first.</source>
        <translation>请按“彩排”：会先恢复之前的状态。</translation>
    </message>
    <message>
        <source>Press Start everything on its page.</source>
        <translation>请在其页面按“全部启动”。</translation>
    </message>
    <message>
        <source>Processes ended: {count}</source>
        <translation>已结束的进程：{count} 个</translation>
    </message>
    <message>
        <source>Profile folder</source>
        <translation>配置文件夹</translation>
    </message>
    <message>
        <source>Programs on this computer do not reach each other over 127.0.0.1: {problem}</source>
        <translation>本机程序之间无法通过 127.0.0.1 通信：{problem}</translation>
    </message>
    <message>
        <source>Programs on this computer reach each other over 127.0.0.1.</source>
        <translation>本机程序之间可通过 127.0.0.1 通信。</translation>
    </message>
    <message>
        <source>Put the program's folder in place anew. Your register is elsewhere and stays.</source>
        <translation>请重新放置程序文件夹。您的登记簿在别处，不受影响。</translation>
    </message>
    <message>
        <source>Python libraries</source>
        <translation>Python 库</translation>
    </message>
    <message>
        <source>Python {found} is used; 3.11, 3.12 or 3.13 is needed.</source>
        <translation>当前为 Python {found}，需要 3.11、3.12 或 3.13。</translation>
    </message>
    <message>
        <source>Qt {found} is used; 6.11 is needed: others crash after some time.</source>
        <translation>当前为 Qt {found}，需要 6.11：其他版本运行一段时间后会崩溃。</translation>
    </message>
    <message>
        <source>REQUESTED</source>
        <translation>已请求</translation>
    </message>
    <message>
        <source>RESET_MINTS</source>
        <translation>重置铸造</translation>
    </message>
    <message>
        <source>RESTORE_REGISTER</source>
        <translation>恢复登记簿</translation>
    </message>
    <message>
        <source>Raise it for this run</source>
        <translation>本次运行调高</translation>
    </message>
    <message>
        <source>Raise the limit, for good with ulimit -n {wanted} where the program is started.</source>
        <translation>请调高上限；在启动程序之处用 ulimit -n {wanted} 可长期生效。</translation>
    </message>
    <message>
        <source>Ready.</source>
        <translation>已就绪。</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Register {register}, content {content}, backups {backups}, log {logs}.</source>
        <translation>登记簿 {register}，内容 {content}，备份 {backups}，日志 {logs}。</translation>
    </message>
    <message>
        <source>Rehearsal</source>
        <translation>彩排</translation>
    </message>
    <message>
        <source>Rehearsed {at}, and nothing failed.</source>
        <translation>已于 {at} 彩排，没有失败。</translation>
    </message>
    <message>
        <source>Remove damaged copies</source>
        <translation>移除损坏的副本</translation>
    </message>
    <message>
        <source>Remove for good, {size}? {names}</source>
        <translation>永久移除，{size}？{names}</translation>
    </message>
    <message>
        <source>Remove leftovers</source>
        <translation>移除遗留文件</translation>
    </message>
    <message>
        <source>Remove old backups, {count} of {size} together? The last of each day and week stay.</source>
        <translation>移除旧备份 {count} 份，共 {size}？每日和每周的最后一份保留。</translation>
    </message>
    <message>
        <source>Removed, {size} freed.</source>
        <translation>已移除，释放 {size}。</translation>
    </message>
    <message>
        <source>Restart everything: the newest backup that verifies takes its place, the damaged file is kept.</source>
        <translation>请全部重启：校验通过的最新备份将取而代之，损坏的文件予以保留。</translation>
    </message>
    <message>
        <source>Restoring the chain: block {done} of {total}</source>
        <translation>正在恢复链：区块 {done}/{total}</translation>
    </message>
    <message>
        <source>Revision {revision}, {size}, every page looked at.</source>
        <translation>版本 {revision}，{size}，已检查每一页。</translation>
    </message>
    <message>
        <source>Revision {revision}, {size}; the next start brings it to {known}.</source>
        <translation>版本 {revision}，{size}；下次启动升级到 {known}。</translation>
    </message>
    <message>
        <source>Revision {revision}, {size}; too large to look at every page in passing.</source>
        <translation>版本 {revision}，{size}；过大，未逐页检查。</translation>
    </message>
    <message>
        <source>Run the doctor: a library of the program is missing.</source>
        <translation>请运行诊断：程序缺少一个库。</translation>
    </message>
    <message>
        <source>SQLite {found} is used; 3.35 with full-text search is needed.</source>
        <translation>当前为 SQLite {found}，需要带全文搜索的 3.35。</translation>
    </message>
    <message>
        <source>SQLite {name}, revision {revision}</source>
        <translation>SQLite {name}，版本 {revision}</translation>
    </message>
    <message>
        <source>SUBMITTING</source>
        <translation>提交中</translation>
    </message>
    <message>
        <source>Screens</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Set the clock of this computer, or let it be set over the network.</source>
        <translation>请校准本机时钟，或启用网络对时。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Shows the profile folder.</source>
        <translation>显示配置文件夹。</translation>
    </message>
    <message>
        <source>Start that node, mend the way to it, or empty the setting rpc_url to use a node of your own.</source>
        <translation>请启动该节点、修复通往它的网络，或清空设置 rpc_url 以使用本程序的节点。</translation>
    </message>
    <message>
        <source>Start the program with start.py, which keeps to the versions it was made for.</source>
        <translation>请用 start.py 启动程序，它会使用相配的版本。</translation>
    </message>
    <message>
        <source>Starting the node</source>
        <translation>正在启动节点</translation>
    </message>
    <message>
        <source>Steps that would have failed in the rehearsal: {count}</source>
        <translation>彩排中会失败的步骤数：{count}</translation>
    </message>
    <message>
        <source>Take the right from them.</source>
        <translation>请撤销他们的权限。</translation>
    </message>
    <message>
        <source>Talk on this computer</source>
        <translation>本机通信</translation>
    </message>
    <message>
        <source>The backup was made and checked.</source>
        <translation>备份已完成并校验。</translation>
    </message>
    <message>
        <source>The chain node cannot be started: {problem}</source>
        <translation>无法启动链节点：{problem}</translation>
    </message>
    <message>
        <source>The clock says {now}, but the register has a record of {newest}.</source>
        <translation>时钟显示 {now}，而登记簿中有 {newest} 的记录。</translation>
    </message>
    <message>
        <source>The clock says {now}, which cannot be.</source>
        <translation>时钟显示 {now}，这不可能。</translation>
    </message>
    <message>
        <source>The computer is plugged in.</source>
        <translation>电脑已接通电源。</translation>
    </message>
    <message>
        <source>The content store has it; the address on record is set right.</source>
        <translation>内容存储中有它；将更正所记录的地址。</translation>
    </message>
    <message>
        <source>The environment is not running.</source>
        <translation>环境未运行。</translation>
    </message>
    <message>
        <source>The environment stands.</source>
        <translation>环境已运行。</translation>
    </message>
    <message>
        <source>The index of the chain lacks the newest blocks, so what amended it cannot be told yet.</source>
        <translation>链的索引缺少最新区块，因此尚无法得知是什么修改了它。</translation>
    </message>
    <message>
        <source>The latest backup could not be made: {code}, {why}</source>
        <translation>最近一次备份未能完成：{code}，{why}</translation>
    </message>
    <message>
        <source>The minted metadata names this file; its hash is taken from its bytes.</source>
        <translation>已铸造的元数据列有此文件；其哈希按字节计算。</translation>
    </message>
    <message>
        <source>The newest is {days} days old, {size}.</source>
        <translation>最新备份为 {days} 天前，{size}。</translation>
    </message>
    <message>
        <source>The newest is {hours} h old, {size}.</source>
        <translation>最新备份为 {hours} 小时前，{size}。</translation>
    </message>
    <message>
        <source>The next start of the node uses port {port}.</source>
        <translation>节点下次启动使用端口 {port}。</translation>
    </message>
    <message>
        <source>The node uses any free port instead. For an address that stays, end that program or choose a port.</source>
        <translation>节点会改用任一空闲端口。若需固定地址，请结束该程序或另选端口。</translation>
    </message>
    <message>
        <source>The old settings are kept as {name}; start the program again.</source>
        <translation>旧设置已保存为 {name}；请重新启动程序。</translation>
    </message>
    <message>
        <source>The process does not end.</source>
        <translation>进程没有结束。</translation>
    </message>
    <message>
        <source>The register has no enterprise that could own a work.</source>
        <translation>登记簿中没有可拥有作品的企业。</translation>
    </message>
    <message>
        <source>The register is damaged: {damage}</source>
        <translation>登记簿已损坏：{damage}</translation>
    </message>
    <message>
        <source>The register is of revision {revision}; this program knows {known}.</source>
        <translation>登记簿版本为 {revision}；本程序支持 {known}。</translation>
    </message>
    <message>
        <source>The register is on a server.</source>
        <translation>登记簿位于服务器上。</translation>
    </message>
    <message>
        <source>The scenes changed since the rehearsal.</source>
        <translation>场景在彩排之后有改动。</translation>
    </message>
    <message>
        <source>The scenes were never rehearsed here.</source>
        <translation>这里尚未彩排过这些场景。</translation>
    </message>
    <message>
        <source>The server's administrator keeps them.</source>
        <translation>由服务器管理员负责备份。</translation>
    </message>
    <message>
        <source>The settings can be read and used.</source>
        <translation>设置可以读取和使用。</translation>
    </message>
    <message>
        <source>The settings cannot be used: {problem}</source>
        <translation>设置无法使用：{problem}</translation>
    </message>
    <message>
        <source>The window of the program knows it.</source>
        <translation>由程序窗口得知。</translation>
    </message>
    <message>
        <source>There is no backup of this register.</source>
        <translation>此登记簿没有备份。</translation>
    </message>
    <message>
        <source>There is no limit to open files.</source>
        <translation>打开文件数没有上限。</translation>
    </message>
    <message>
        <source>There is no register yet; the first start makes it.</source>
        <translation>尚无登记簿；首次启动时创建。</translation>
    </message>
    <message>
        <source>There is nothing to back up yet.</source>
        <translation>尚无可备份的内容。</translation>
    </message>
    <message>
        <source>These libraries cannot be loaded: {names}</source>
        <translation>以下库无法加载：{names}</translation>
    </message>
    <message>
        <source>They come with the program: get its folder anew. Your register is elsewhere and stays.</source>
        <translation>它们随程序提供：请重新获取程序文件夹。您的登记簿在别处，不受影响。</translation>
    </message>
    <message>
        <source>They hold memory and perhaps the port; nothing uses them any more.</source>
        <translation>它们占用内存，可能还占用端口；已无程序使用。</translation>
    </message>
    <message>
        <source>Thin the backups</source>
        <translation>精简备份</translation>
    </message>
    <message>
        <source>This program holds the profile.</source>
        <translation>本程序占用配置文件夹。</translation>
    </message>
    <message>
        <source>Use port {port}</source>
        <translation>使用端口 {port}</translation>
    </message>
    <message>
        <source>Use the defaults</source>
        <translation>使用默认值</translation>
    </message>
    <message>
        <source>VIEWER</source>
        <translation>查看者</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>WRITE_CONTRACTS</source>
        <translation>写入合约</translation>
    </message>
    <message>
        <source>Whether the computer runs on a battery is not known.</source>
        <translation>不知道电脑是否使用电池。</translation>
    </message>
    <message>
        <source>Without a window no font is known.</source>
        <translation>没有窗口时无法得知字体情况。</translation>
    </message>
    <message>
        <source>Without a window no screen is known.</source>
        <translation>没有窗口时无法得知屏幕情况。</translation>
    </message>
    <message>
        <source>Work in its window, or close it there; one program at a time writes a register.</source>
        <translation>请在其窗口中工作或将其关闭；同一时间只能有一个程序写入登记簿。</translation>
    </message>
    <message>
        <source>a block vanished while it was read</source>
        <translation>读取时有区块消失</translation>
    </message>
    <message>
        <source>a fault is not undone: a later step needs heal = true</source>
        <translation>有故障未撤销：之后须有一步设 heal = true</translation>
    </message>
    <message>
        <source>a later mint or a new chain took the place of this one</source>
        <translation>它已被后来的铸造或新链取代</translation>
    </message>
    <message>
        <source>a list is wanted</source>
        <translation>需要一个列表</translation>
    </message>
    <message>
        <source>a measured transaction failed: {tx_hash}</source>
        <translation>被测量的交易失败：{tx_hash}</translation>
    </message>
    <message>
        <source>a mint of this asset is open already</source>
        <translation>该资产已有进行中的铸造</translation>
    </message>
    <message>
        <source>a mint of this enterprise is under way; its name is in it</source>
        <translation>该企业有进行中的铸造，其中含有企业名称</translation>
    </message>
    <message>
        <source>a node that others keep is not broken for a show</source>
        <translation>不会为演示破坏他人维护的节点</translation>
    </message>
    <message>
        <source>a row of {table} refers to a missing row of {other}</source>
        <translation>{table} 中有一行引用了 {other} 中不存在的行</translation>
    </message>
    <message>
        <source>a scene has 1 to {most} steps</source>
        <translation>一个场景有 1 至 {most} 步</translation>
    </message>
    <message>
        <source>a shared register needs a shared network, see rpc_url</source>
        <translation>共享登记簿需要共享网络，参见 rpc_url</translation>
    </message>
    <message>
        <source>a sheet has 1,048,576 rows, 16,384 columns and 32,767 characters a cell at most; export fewer assets, or as CSV</source>
        <translation>工作表最多 1,048,576 行、16,384 列，每格最多 32,767 个字符；请减少导出的资产，或导出为 CSV</translation>
    </message>
    <message>
        <source>a signed transaction of ours holds this nonce</source>
        <translation>此 nonce 已被我方一笔已签名交易占用</translation>
    </message>
    <message>
        <source>a step begins a fault or undoes all, not both</source>
        <translation>一步要么引发故障，要么撤销全部故障，不能两者兼有</translation>
    </message>
    <message>
        <source>a step is a table: [[step]]</source>
        <translation>步骤必须是一个表：[[step]]</translation>
    </message>
    <message>
        <source>a token was there a moment ago and is not now</source>
        <translation>代币片刻之前还在，现已不见</translation>
    </message>
    <message>
        <source>a transaction hash is 0x and 64 hexadecimal digits</source>
        <translation>交易哈希为 0x 加 64 位十六进制数字</translation>
    </message>
    <message>
        <source>a transaction of this mint is mined already</source>
        <translation>该铸造已有一笔交易入块</translation>
    </message>
    <message>
        <source>above 100 %</source>
        <translation>超过 100%</translation>
    </message>
    <message>
        <source>an address looks like http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001</source>
        <translation>地址形如 http://127.0.0.1:5001 或 /ip4/127.0.0.1/tcp/5001</translation>
    </message>
    <message>
        <source>an archive holds at most {most} addresses, these are {count}</source>
        <translation>一个归档最多容纳 {most} 个地址，现有 {count} 个</translation>
    </message>
    <message>
        <source>an asset of the file was added meanwhile; check the file again</source>
        <translation>文件中的某项资产期间已被添加；请重新检查文件</translation>
    </message>
    <message>
        <source>an asset of the mint cannot become {target}</source>
        <translation>该铸造中有资产无法变为“{target}”</translation>
    </message>
    <message>
        <source>an asset of this request is not in the register</source>
        <translation>此请求中有资产不在登记簿中</translation>
    </message>
    <message>
        <source>an enterprise of the file was removed; check the file again</source>
        <translation>文件中的某家企业已被移除；请重新检查文件</translation>
    </message>
    <message>
        <source>another change of this certificate is on its way</source>
        <translation>该证书的另一项变更正在进行</translation>
    </message>
    <message>
        <source>another program bound this register to a new chain</source>
        <translation>另一个程序已将此登记簿绑定到新链</translation>
    </message>
    <message>
        <source>another program has it open</source>
        <translation>它已被另一个程序打开</translation>
    </message>
    <message>
        <source>another program holds it</source>
        <translation>另一个程序正占用它</translation>
    </message>
    <message>
        <source>another program sends from {signer}</source>
        <translation>另一个程序正从 {signer} 发送交易</translation>
    </message>
    <message>
        <source>another program works on this register</source>
        <translation>另一个程序正在使用此登记簿</translation>
    </message>
    <message>
        <source>another scene has the id “{scene_id}”</source>
        <translation>另一个场景已使用 id“{scene_id}”</translation>
    </message>
    <message>
        <source>another step has this id</source>
        <translation>另有一步使用此 id</translation>
    </message>
    <message>
        <source>at most {count} at once</source>
        <translation>一次最多 {count} 个</translation>
    </message>
    <message>
        <source>at most {most} facts have room</source>
        <translation>最多容纳 {most} 项事实</translation>
    </message>
    <message>
        <source>backup of revision {revision}, this program knows {head}</source>
        <translation>备份的版本为 {revision}，本程序支持到 {head}</translation>
    </message>
    <message>
        <source>block {block} was not mined again: {reason}</source>
        <translation>未能重新挖出区块 {block}：{reason}</translation>
    </message>
    <message>
        <source>block {number} came out with another hash than recorded</source>
        <translation>区块 {number} 的哈希与记录不符</translation>
    </message>
    <message>
        <source>block {number} was replaced by another</source>
        <translation>区块 {number} 已被另一区块取代</translation>
    </message>
    <message>
        <source>blocks are counted from 0</source>
        <translation>区块从 0 开始计数</translation>
    </message>
    <message>
        <source>blocks are missing</source>
        <translation>缺少内容块</translation>
    </message>
    <message>
        <source>cannot be read: {reason}</source>
        <translation>无法读取：{reason}</translation>
    </message>
    <message>
        <source>chain id, code or instance differs from the register</source>
        <translation>链 ID、代码或实例与登记簿不符</translation>
    </message>
    <message>
        <source>checkpoint of revision {revision}, this program knows {head}</source>
        <translation>检查点的版本为 {revision}，本程序支持到 {head}</translation>
    </message>
    <message>
        <source>disconnected meanwhile</source>
        <translation>期间连接已断开</translation>
    </message>
    <message>
        <source>entry {row} is no object</source>
        <translation>第 {row} 条不是对象</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>it belongs to an enterprise you are no member of</source>
        <translation>它属于您未加入的企业</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>it ended with code {code}</source>
        <translation>它以退出码 {code} 结束</translation>
    </message>
    <message>
        <source>it had a token on a former chain; that record is kept</source>
        <translation>它在旧链上曾有代币；该记录予以保留</translation>
    </message>
    <message>
        <source>it holds no JSON object</source>
        <translation>其中不是 JSON 对象</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>文件为空</translation>
    </message>
    <message>
        <source>it is gone</source>
        <translation>它已不存在</translation>
    </message>
    <message>
        <source>it is more than gather_most, {count}</source>
        <translation>它大于 gather_most（{count}）</translation>
    </message>
    <message>
        <source>it is no address: {reason}</source>
        <translation>这不是地址：{reason}</translation>
    </message>
    <message>
        <source>it is no file or directory that this program can read: {reason}</source>
        <translation>不是本程序能读取的文件或目录：{reason}</translation>
    </message>
    <message>
        <source>it is no {type}</source>
        <translation>这不是 {type}</translation>
    </message>
    <message>
        <source>it is not a folder</source>
        <translation>它不是文件夹</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>它不存在</translation>
    </message>
    <message>
        <source>it is of a newer version of the program</source>
        <translation>它属于更新版本的程序</translation>
    </message>
    <message>
        <source>it is out of the range of {type}</source>
        <translation>超出 {type} 的范围</translation>
    </message>
    <message>
        <source>it is {validity} already</source>
        <translation>它已经是 {validity}</translation>
    </message>
    <message>
        <source>it is {validity} by now</source>
        <translation>它现在是 {validity}</translation>
    </message>
    <message>
        <source>it was minted before anything could go wrong</source>
        <translation>在任何故障发生之前已铸造完成</translation>
    </message>
    <message>
        <source>it was signed meanwhile</source>
        <translation>期间已签名</translation>
    </message>
    <message>
        <source>it was signed or ended meanwhile</source>
        <translation>期间已签名或已结束</translation>
    </message>
    <message>
        <source>its address proves it; there is nothing to take back</source>
        <translation>其地址即为证明；没有可撤回的内容</translation>
    </message>
    <message>
        <source>its certificate was changed; that record is kept</source>
        <translation>其证书状态曾变更；该记录予以保留</translation>
    </message>
    <message>
        <source>its files have more than 4 GB, which no evidence bundle can hold</source>
        <translation>其文件超过 4 GB，证据包无法容纳</translation>
    </message>
    <message>
        <source>its lock: {reason}</source>
        <translation>其锁文件：{reason}</translation>
    </message>
    <message>
        <source>its register is not what was kept</source>
        <translation>其登记簿与保存时不同</translation>
    </message>
    <message>
        <source>its register is of another revision than it says</source>
        <translation>其登记簿的版本与所述不符</translation>
    </message>
    <message>
        <source>mint engine</source>
        <translation>铸造引擎</translation>
    </message>
    <message>
        <source>more than one column is read as: {names}</source>
        <translation>多个列被识别为：{names}</translation>
    </message>
    <message>
        <source>more than {most} addresses; split the file</source>
        <translation>超过 {most} 个地址；请拆分文件</translation>
    </message>
    <message>
        <source>no address is set</source>
        <translation>未设置地址</translation>
    </message>
    <message>
        <source>no block is on record for this mint</source>
        <translation>此铸造没有区块记录</translation>
    </message>
    <message>
        <source>no block of ours ended this mint</source>
        <translation>我方没有区块了结这笔铸造</translation>
    </message>
    <message>
        <source>no block shows it yet; it is sent until one does</source>
        <translation>还没有区块显示它；在此之前会持续发送</translation>
    </message>
    <message>
        <source>no column is read as: {missing}</source>
        <translation>没有列被识别为：{missing}</translation>
    </message>
    <message>
        <source>no contract is in use</source>
        <translation>没有使用中的合约</translation>
    </message>
    <message>
        <source>no contract is recorded for this register</source>
        <translation>此登记簿没有记录合约</translation>
    </message>
    <message>
        <source>no contract of ours there</source>
        <translation>该处没有我方的合约</translation>
    </message>
    <message>
        <source>no event of ours for asset {asset_id}</source>
        <translation>资产 {asset_id} 没有我方的事件</translation>
    </message>
    <message>
        <source>no local chain is connected</source>
        <translation>没有连接本地链</translation>
    </message>
    <message>
        <source>no metadata address is named</source>
        <translation>未指明元数据地址</translation>
    </message>
    <message>
        <source>no metadata directory is named</source>
        <translation>未指明元数据目录</translation>
    </message>
    <message>
        <source>no migration without a backup: {reason}</source>
        <translation>没有备份就不迁移：{reason}</translation>
    </message>
    <message>
        <source>no mint of this asset is on record</source>
        <translation>没有此资产的铸造记录</translation>
    </message>
    <message>
        <source>no node is connected</source>
        <translation>没有连接节点</translation>
    </message>
    <message>
        <source>no node runs</source>
        <translation>没有节点在运行</translation>
    </message>
    <message>
        <source>no owner is shown yet for asset {asset_id}</source>
        <translation>资产 {asset_id} 尚未显示持有人</translation>
    </message>
    <message>
        <source>no readable answer to {function}</source>
        <translation>{function} 没有可读的应答</translation>
    </message>
    <message>
        <source>no row of the audit log is sealed yet</source>
        <translation>审计日志尚无封印的行</translation>
    </message>
    <message>
        <source>nobody here holds the key of {address}</source>
        <translation>此处无人持有 {address} 的密钥</translation>
    </message>
    <message>
        <source>nobody works on this job</source>
        <translation>没有程序在处理此任务</translation>
    </message>
    <message>
        <source>nonce {nonce} was used by {tx_hash}</source>
        <translation>nonce {nonce} 已被 {tx_hash} 使用</translation>
    </message>
    <message>
        <source>not 0x and 40 hexadecimal digits</source>
        <translation>不是 0x 加 40 位十六进制数字</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>nothing answers at this address</source>
        <translation>此地址无应答</translation>
    </message>
    <message>
        <source>nothing arrives</source>
        <translation>收不到任何数据</translation>
    </message>
    <message>
        <source>nothing before it makes “{subject}”</source>
        <translation>此前没有步骤创建“{subject}”</translation>
    </message>
    <message>
        <source>nothing differs any more</source>
        <translation>已不再有差异</translation>
    </message>
    <message>
        <source>nothing is done before the environment is ready</source>
        <translation>环境就绪之前不执行任何操作</translation>
    </message>
    <message>
        <source>nothing is minted that could be exported</source>
        <translation>尚未铸造任何可导出的内容</translation>
    </message>
    <message>
        <source>nothing is selected</source>
        <translation>未选择任何内容</translation>
    </message>
    <message>
        <source>nothing is sent before the environment is ready</source>
        <translation>环境就绪之前不会发送任何内容</translation>
    </message>
    <message>
        <source>nothing of the selection can be minted</source>
        <translation>所选内容均无法铸造</translation>
    </message>
    <message>
        <source>one of several mints cannot take this step</source>
        <translation>多笔铸造中的一笔不能执行此步骤</translation>
    </message>
    <message>
        <source>one value is wanted, not a list</source>
        <translation>需要一个值，而不是列表</translation>
    </message>
    <message>
        <source>only a local node takes what nobody signed</source>
        <translation>只有本地节点才接受无人签名的交易</translation>
    </message>
    <message>
        <source>only a signed mint that is not mined can be replaced</source>
        <translation>只有已签名而未入块的铸造才能被替换</translation>
    </message>
    <message>
        <source>only what is minted is published</source>
        <translation>只发布已铸造的内容</translation>
    </message>
    <message>
        <source>only “{doing}” has a count</source>
        <translation>只有“{doing}”可带数量</translation>
    </message>
    <message>
        <source>paid to the zero address</source>
        <translation>支付给零地址</translation>
    </message>
    <message>
        <source>port 8545</source>
        <translation>端口 8545</translation>
    </message>
    <message>
        <source>program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>restored from the backup of {at} UTC; the damaged file is kept as {aside}</source>
        <translation>已从 {at} UTC 的备份恢复；损坏的文件保存为 {aside}</translation>
    </message>
    <message>
        <source>revision {revision}, this program knows {head}</source>
        <translation>版本为 {revision}，本程序支持到 {head}</translation>
    </message>
    <message>
        <source>row {row} is not right</source>
        <translation>第 {row} 行有误</translation>
    </message>
    <message>
        <source>set contract_address, or allow_deployment to deploy one on this network</source>
        <translation>请设置 contract_address，或以 allow_deployment 允许在此网络上部署</translation>
    </message>
    <message>
        <source>the IPFS node {address}</source>
        <translation> IPFS 节点 {address}</translation>
    </message>
    <message>
        <source>the address on record is none; take the asset's fields back first</source>
        <translation>所记录的地址无效；请先恢复资产的字段</translation>
    </message>
    <message>
        <source>the asset changed after its content was frozen</source>
        <translation>资产在内容冻结之后被更改</translation>
    </message>
    <message>
        <source>the asset is {state}</source>
        <translation>资产状态为“{state}”</translation>
    </message>
    <message>
        <source>the asset's fields do not give the metadata that was minted</source>
        <translation>资产的字段无法得出铸造时的元数据</translation>
    </message>
    <message>
        <source>the backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>the backup needs {needed} MB, {free} MB are free</source>
        <translation>备份需要 {needed} MB，可用 {free} MB</translation>
    </message>
    <message>
        <source>the call needs {needed} gas, above the limit</source>
        <translation>调用需要 {needed} Gas，超过上限</translation>
    </message>
    <message>
        <source>the chain changed while it was read</source>
        <translation>读取期间链发生了变化</translation>
    </message>
    <message>
        <source>the chain does not have the transaction</source>
        <translation>链上没有该交易</translation>
    </message>
    <message>
        <source>the chain does not tell all of a token that it holds</source>
        <translation>链上有该代币，却未给出其全部信息</translation>
    </message>
    <message>
        <source>the chain has a token of this asset</source>
        <translation>链上已有该资产的代币</translation>
    </message>
    <message>
        <source>the chain has it already, or the mint has ended</source>
        <translation>链上已有，或铸造已结束</translation>
    </message>
    <message>
        <source>the chain has no such token any more</source>
        <translation>链上已没有这个代币</translation>
    </message>
    <message>
        <source>the chain has no token of this asset that is deep enough</source>
        <translation>链上没有该资产确认深度足够的代币</translation>
    </message>
    <message>
        <source>the chain has not mined the cancellation</source>
        <translation>取消交易尚未入块</translation>
    </message>
    <message>
        <source>the checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>the checkpoint {name}</source>
        <translation>检查点“{name}”</translation>
    </message>
    <message>
        <source>the column "{column}" is missing</source>
        <translation>缺少列“{column}”</translation>
    </message>
    <message>
        <source>the connection was closed</source>
        <translation>连接已关闭</translation>
    </message>
    <message>
        <source>the content store was closed</source>
        <translation>内容存储已关闭</translation>
    </message>
    <message>
        <source>the contract has no such token</source>
        <translation>合约没有该代币</translation>
    </message>
    <message>
        <source>the contract is gone from the chain</source>
        <translation>链上的合约已不存在</translation>
    </message>
    <message>
        <source>the contract is gone, and this chain is not ours to restore</source>
        <translation>合约已不存在，而此链无法由我方恢复</translation>
    </message>
    <message>
        <source>the contract of this register stands on its chain</source>
        <translation>此登记簿的合约仍在其链上</translation>
    </message>
    <message>
        <source>the copy differs from the register</source>
        <translation>副本与登记簿不一致</translation>
    </message>
    <message>
        <source>the copy needs {needed} MB, {free} MB are free</source>
        <translation>副本需要 {needed} MB，可用 {free} MB</translation>
    </message>
    <message>
        <source>the demonstration user has no password</source>
        <translation>演示用户没有密码</translation>
    </message>
    <message>
        <source>the deployment {tx_hash} is signed and not mined yet; the next start goes on with it</source>
        <translation>部署交易 {tx_hash} 已签名但尚未入块；下次启动会继续</translation>
    </message>
    <message>
        <source>the duplicate</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>the environment does not stand</source>
        <translation>环境未运行</translation>
    </message>
    <message>
        <source>the environment is not started</source>
        <translation>环境尚未启动</translation>
    </message>
    <message>
        <source>the file has more than {most} bytes</source>
        <translation>文件超过 {most} 字节</translation>
    </message>
    <message>
        <source>the file is a database, but not of this program</source>
        <translation>该文件是数据库，但不属于本程序</translation>
    </message>
    <message>
        <source>the file is damaged: {finding}</source>
        <translation>文件已损坏：{finding}</translation>
    </message>
    <message>
        <source>the file is larger than {most} MB</source>
        <translation>文件大于 {most} MB</translation>
    </message>
    <message>
        <source>the file name {name} is not valid Unicode</source>
        <translation>文件名 {name} 不是有效的 Unicode</translation>
    </message>
    <message>
        <source>the finished bundle would not hold: {why}</source>
        <translation>完成的证据包不能成立：{why}</translation>
    </message>
    <message>
        <source>the journal does not lead back to the recorded chain</source>
        <translation>日志无法还原所记录的链</translation>
    </message>
    <message>
        <source>the journal has no block {first}</source>
        <translation>日志中没有区块 {first}</translation>
    </message>
    <message>
        <source>the keystore was not written</source>
        <translation>密钥库未写入</translation>
    </message>
    <message>
        <source>the mint has ended</source>
        <translation>铸造已结束</translation>
    </message>
    <message>
        <source>the mint is {stage}</source>
        <translation>铸造处于“{stage}”</translation>
    </message>
    <message>
        <source>the mint {job_id} has another worker</source>
        <translation>铸造 {job_id} 已由另一个程序处理</translation>
    </message>
    <message>
        <source>the minted metadata does not tell all that the asset needs</source>
        <translation>已铸造的元数据不足以得出资产的全部字段</translation>
    </message>
    <message>
        <source>the minted metadata names another file</source>
        <translation>已铸造的元数据列的是另一个文件</translation>
    </message>
    <message>
        <source>the next address serves another chain</source>
        <translation>下一个地址提供的是另一条链</translation>
    </message>
    <message>
        <source>the node answered with HTTP status {status}</source>
        <translation>节点以 HTTP 状态 {status} 应答</translation>
    </message>
    <message>
        <source>the node answered {method} with an error: {message}</source>
        <translation>节点对 {method} 应答错误：{message}</translation>
    </message>
    <message>
        <source>the node answers with HTTP status {status}</source>
        <translation>节点以 HTTP 状态 {status} 应答</translation>
    </message>
    <message>
        <source>the node answers with other bytes than it was given</source>
        <translation>节点返回的字节与提交的不同</translation>
    </message>
    <message>
        <source>the node answers: {reason}</source>
        <translation>节点应答：{reason}</translation>
    </message>
    <message>
        <source>the node could not pin it: {reason}</source>
        <translation>节点无法固定该内容：{reason}</translation>
    </message>
    <message>
        <source>the node did not name the content it was given</source>
        <translation>节点未指明收到的内容</translation>
    </message>
    <message>
        <source>the node does not answer in time</source>
        <translation>节点未及时应答</translation>
    </message>
    <message>
        <source>the node does not know this snapshot any more</source>
        <translation>节点已不认得这个快照</translation>
    </message>
    <message>
        <source>the node holds a block {number} that this register never recorded</source>
        <translation>节点拥有区块 {number}，而此登记簿从未记录</translation>
    </message>
    <message>
        <source>the node process ended</source>
        <translation>节点进程已结束</translation>
    </message>
    <message>
        <source>the node serves chain {found}, not {expected}</source>
        <translation>节点提供的是链 {found}，而不是链 {expected}</translation>
    </message>
    <message>
        <source>the node shows no mint event of {asset_id}</source>
        <translation>节点未显示 {asset_id} 的铸造事件</translation>
    </message>
    <message>
        <source>the node shows no receipt for it yet</source>
        <translation>节点尚未给出其收据</translation>
    </message>
    <message>
        <source>the node took the content and did not pin it</source>
        <translation>节点接收了内容，但未将其固定</translation>
    </message>
    <message>
        <source>the node's answer is longer than {count} MB</source>
        <translation>节点的应答超过 {count} MB</translation>
    </message>
    <message>
        <source>the node's answer lacks {name}</source>
        <translation>节点的应答缺少 {name}</translation>
    </message>
    <message>
        <source>the node's answer to {what} could not be read</source>
        <translation>无法解读节点对 {what} 的应答</translation>
    </message>
    <message>
        <source>the open workspace and the profile itself cannot be deleted</source>
        <translation>已打开的工作区和配置文件夹本身不能删除</translation>
    </message>
    <message>
        <source>the profile folder: {reason}</source>
        <translation>配置文件夹：{reason}</translation>
    </message>
    <message>
        <source>the register does not know this mint</source>
        <translation>登记簿中没有这笔铸造</translation>
    </message>
    <message>
        <source>the register does not know this run</source>
        <translation>登记簿中没有这次批量铸造</translation>
    </message>
    <message>
        <source>the register has no chain yet</source>
        <translation>登记簿尚未绑定链</translation>
    </message>
    <message>
        <source>the register has no enterprise that could own a work</source>
        <translation>登记簿中没有可拥有作品的企业</translation>
    </message>
    <message>
        <source>the register has this token already</source>
        <translation>登记簿中已有此代币</translation>
    </message>
    <message>
        <source>the register is not open</source>
        <translation>登记簿未打开</translation>
    </message>
    <message>
        <source>the register was bound to another chain meanwhile</source>
        <translation>登记簿在此期间绑定到了另一条链</translation>
    </message>
    <message>
        <source>the return to a checkpoint</source>
        <translation>返回检查点</translation>
    </message>
    <message>
        <source>the signing key is locked</source>
        <translation>签名密钥已锁定</translation>
    </message>
    <message>
        <source>the start was cancelled</source>
        <translation>启动已取消</translation>
    </message>
    <message>
        <source>the stored bytes are damaged</source>
        <translation>存储的字节已损坏</translation>
    </message>
    <message>
        <source>the token is on another chain</source>
        <translation>该代币在另一条链上</translation>
    </message>
    <message>
        <source>the token that exists is not confirmed yet</source>
        <translation>已存在的代币尚未确认</translation>
    </message>
    <message>
        <source>the token was minted by another program</source>
        <translation>该代币由另一个程序铸造</translation>
    </message>
    <message>
        <source>the transaction deployed nothing</source>
        <translation>该交易未部署任何内容</translation>
    </message>
    <message>
        <source>the transaction is signed already, or the mint has ended</source>
        <translation>交易已签名，或铸造已结束</translation>
    </message>
    <message>
        <source>the upload was stopped</source>
        <translation>上传已停止</translation>
    </message>
    <message>
        <source>the validity of a certificate is changed where certificates are, with its reason on record</source>
        <translation>证书的有效性须在证书处更改，并将理由记录在案</translation>
    </message>
    <message>
        <source>there are more than {most} rows; split the file</source>
        <translation>超过 {most} 行；请拆分文件</translation>
    </message>
    <message>
        <source>there is no address in it</source>
        <translation>其中没有地址</translation>
    </message>
    <message>
        <source>there is no backup {name}</source>
        <translation>没有备份 {name}</translation>
    </message>
    <message>
        <source>there is no call number {number}</source>
        <translation>没有编号为 {number} 的调用</translation>
    </message>
    <message>
        <source>there is no demonstration user here</source>
        <translation>此处没有演示用户</translation>
    </message>
    <message>
        <source>there is no failed mint to retry</source>
        <translation>没有可重试的失败铸造</translation>
    </message>
    <message>
        <source>there is no folder {folder}</source>
        <translation>没有文件夹 {folder}</translation>
    </message>
    <message>
        <source>there is no rehearsal of this scene as it is now</source>
        <translation>这个场景的当前文本没有彩排过</translation>
    </message>
    <message>
        <source>there is no row below the header</source>
        <translation>表头下没有数据行</translation>
    </message>
    <message>
        <source>there is no row in the file</source>
        <translation>文件中没有数据行</translation>
    </message>
    <message>
        <source>there is no snapshot {number}</source>
        <translation>没有快照 {number}</translation>
    </message>
    <message>
        <source>there is no such account</source>
        <translation>没有此账号</translation>
    </message>
    <message>
        <source>there is no such mint</source>
        <translation>没有这笔铸造</translation>
    </message>
    <message>
        <source>these are other bytes</source>
        <translation>字节不符</translation>
    </message>
    <message>
        <source>this asset has no token</source>
        <translation>该资产没有代币</translation>
    </message>
    <message>
        <source>this asset is not minted</source>
        <translation>此资产未铸造</translation>
    </message>
    <message>
        <source>this call waits no more</source>
        <translation>该调用已不在等待</translation>
    </message>
    <message>
        <source>this certificate was changed meanwhile</source>
        <translation>该证书在此期间已变更</translation>
    </message>
    <message>
        <source>this chain is not kept by this program</source>
        <translation>这条链不由本程序维护</translation>
    </message>
    <message>
        <source>this file is not on record any more</source>
        <translation>此文件已不在记录中</translation>
    </message>
    <message>
        <source>this file tells its account only after it is unlocked</source>
        <translation>此文件须解锁后才显示账户</translation>
    </message>
    <message>
        <source>this follows the chain and cannot be taken back</source>
        <translation>此项以链为准，无法撤回</translation>
    </message>
    <message>
        <source>this is about no asset</source>
        <translation>此项不涉及任何资产</translation>
    </message>
    <message>
        <source>this is another file: {cid}</source>
        <translation>这是另一个文件：{cid}</translation>
    </message>
    <message>
        <source>this is no JSON in UTF-8: {error}</source>
        <translation>这不是 UTF-8 编码的 JSON：{error}</translation>
    </message>
    <message>
        <source>this is no list of addresses</source>
        <translation>这不是地址列表</translation>
    </message>
    <message>
        <source>this is no name of a result</source>
        <translation>这不是结果的名称</translation>
    </message>
    <message>
        <source>this is not TOML: {reason}</source>
        <translation>这不是 TOML：{reason}</translation>
    </message>
    <message>
        <source>this is not UTF-8</source>
        <translation>这不是 UTF-8</translation>
    </message>
    <message>
        <source>this is the account that pays</source>
        <translation>这是付款的账户</translation>
    </message>
    <message>
        <source>this is the zero address</source>
        <translation>这是零地址</translation>
    </message>
    <message>
        <source>this key is published with Hardhat</source>
        <translation>此密钥随 Hardhat 公开</translation>
    </message>
    <message>
        <source>this node is not ours to end</source>
        <translation>此节点不由本程序终止</translation>
    </message>
    <message>
        <source>this register has an administrator</source>
        <translation>此登记簿已有管理员</translation>
    </message>
    <message>
        <source>this request was recorded already</source>
        <translation>此请求已有记录</translation>
    </message>
    <message>
        <source>to look at</source>
        <translation>需留意</translation>
    </message>
    <message>
        <source>transaction {position} of block {block} was not taken again: {reason}</source>
        <translation>区块 {block} 的交易 {position} 未被重新接受：{reason}</translation>
    </message>
    <message>
        <source>unknown key “{key}”</source>
        <translation>未知的键“{key}”</translation>
    </message>
    <message>
        <source>until {until} UTC</source>
        <translation>至 {until} UTC</translation>
    </message>
    <message>
        <source>values of the type {type} cannot be written here</source>
        <translation>此处不能填写 {type} 类型的值</translation>
    </message>
    <message>
        <source>what answers there is no IPFS node, or it broke off ({kind})</source>
        <translation>应答方不是 IPFS 节点，或连接中断（{kind}）</translation>
    </message>
    <message>
        <source>what stood there before is not at hand any more; the audit log tells it</source>
        <translation>此前的内容已不再保留；请查看审计日志</translation>
    </message>
    <message>
        <source>what the node tells of the block does not give its hash</source>
        <translation>节点提供的区块内容与其哈希不符</translation>
    </message>
    <message>
        <source>what the node tells of the block does not give its root</source>
        <translation>节点提供的区块内容与其根不符</translation>
    </message>
    <message>
        <source>wider than 128 bits</source>
        <translation>超过 128 位</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>有问题</translation>
    </message>
    <message>
        <source>wrong checksum: a character may be mistyped</source>
        <translation>校验和错误：可能有字符输错</translation>
    </message>
    <message>
        <source>{agreeing} of {total} facts agree</source>
        <translation>{total} 项事实中 {agreeing} 项一致</translation>
    </message>
    <message>
        <source>{aside} was not set aside</source>
        <translation>{aside} 未能移开</translation>
    </message>
    <message>
        <source>{available} of {total} are available.</source>
        <translation>可用 {available}，共 {total}。</translation>
    </message>
    <message>
        <source>{available} of {total} are available; the program and its node need {needed}.</source>
        <translation>可用 {available}，共 {total}；程序及其节点需要 {needed}。</translation>
    </message>
    <message>
        <source>{balance} wei &lt; {needed} wei</source>
        <translation>{balance} wei &lt; {needed} wei</translation>
    </message>
    <message>
        <source>{cid} has no file {name}</source>
        <translation>{cid} 中没有文件 {name}</translation>
    </message>
    <message>
        <source>{cid} is a directory, not a file</source>
        <translation>{cid} 是目录，不是文件</translation>
    </message>
    <message>
        <source>{cid} is not in the content store</source>
        <translation>内容存储中没有 {cid}</translation>
    </message>
    <message>
        <source>{count} assets, {enterprises} enterprises</source>
        <translation>{count} 项资产，{enterprises} 家企业</translation>
    </message>
    <message>
        <source>{count} bytes are wanted, {given} given</source>
        <translation>需要 {count} 个字节，给出了 {given} 个</translation>
    </message>
    <message>
        <source>{count} files are too many for one directory; use smaller batches</source>
        <translation>一个目录放不下 {count} 个文件；请减小批量</translation>
    </message>
    <message>
        <source>{count} screens: {sizes}</source>
        <translation>{count} 块屏幕：{sizes}</translation>
    </message>
    <message>
        <source>{count} tokens of {works} works on the chain</source>
        <translation>链上有 {works} 件作品的 {count} 个代币</translation>
    </message>
    <message>
        <source>{count} values are wanted</source>
        <translation>需要 {count} 个值</translation>
    </message>
    <message>
        <source>{file_name} is not what was attached</source>
        <translation>{file_name} 与当初所附的不同</translation>
    </message>
    <message>
        <source>{file}</source>
        <translation>{file}</translation>
    </message>
    <message>
        <source>{file} holds no key</source>
        <translation>{file} 中没有密钥</translation>
    </message>
    <message>
        <source>{file} is in use</source>
        <translation>{file} 正在使用中</translation>
    </message>
    <message>
        <source>{file} was removed</source>
        <translation>{file} 已被移除</translation>
    </message>
    <message>
        <source>{file}, {size}</source>
        <translation>{file}，{size}</translation>
    </message>
    <message>
        <source>{folder} can be written.</source>
        <translation>{folder} 可以写入。</translation>
    </message>
    <message>
        <source>{folder} cannot be written: {problem}</source>
        <translation>无法写入 {folder}：{problem}</translation>
    </message>
    <message>
        <source>{folder} is of version {schema}, this program knows {known}</source>
        <translation>{folder} 的版本为 {schema}，本程序支持 {known}</translation>
    </message>
    <message>
        <source>{free} MB free</source>
        <translation>可用 {free} MB</translation>
    </message>
    <message>
        <source>{free} of {total} are free.</source>
        <translation>可用 {free}，共 {total}。</translation>
    </message>
    <message>
        <source>{free} of {total} are free; a backup and an update of this register need {needed}.</source>
        <translation>可用 {free}，共 {total}；备份和升级此登记簿需要 {needed}。</translation>
    </message>
    <message>
        <source>{function} is no function with its types</source>
        <translation>{function} 不是带类型的函数</translation>
    </message>
    <message>
        <source>{id} is no name of a workspace's folder</source>
        <translation>{id} 不是工作区文件夹的名称</translation>
    </message>
    <message>
        <source>{limit} files may be open at once now.</source>
        <translation>现在最多可同时打开 {limit} 个文件。</translation>
    </message>
    <message>
        <source>{limit} files may be open at once.</source>
        <translation>最多可同时打开 {limit} 个文件。</translation>
    </message>
    <message>
        <source>{line}, {replaced}</source>
        <translation>{line}，{replaced}</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}</source>
        <translation>无法读取 {name}：{reason}</translation>
    </message>
    <message>
        <source>{name} cannot be the name of a file in a directory</source>
        <translation>{name} 不能作为目录中的文件名</translation>
    </message>
    <message>
        <source>{name} cannot be written: {reason}</source>
        <translation>无法写入 {name}：{reason}</translation>
    </message>
    <message>
        <source>{name} changed while it was read; add it again</source>
        <translation>{name} 在读取时发生变化；请重新添加</translation>
    </message>
    <message>
        <source>{name} is not a file</source>
        <translation>{name} 不是文件</translation>
    </message>
    <message>
        <source>{name} is of another revision than it says</source>
        <translation>{name} 的实际版本与所标不符</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} 未写入</translation>
    </message>
    <message>
        <source>{name}, PID {pid}, user {user}, holds the profile.</source>
        <translation>{name}（PID {pid}，用户 {user}）占用配置文件夹。</translation>
    </message>
    <message>
        <source>{name}, PID {pid}, user {user}: {command}</source>
        <translation>{name}，PID {pid}，用户 {user}：{command}</translation>
    </message>
    <message>
        <source>{name}: the asset is {state}</source>
        <translation>{name}：资产状态为“{state}”</translation>
    </message>
    <message>
        <source>{name}: {why}</source>
        <translation>{name}：{why}</translation>
    </message>
    <message>
        <source>{needed} wei &gt; {cap} wei</source>
        <translation>{needed} wei &gt; {cap} wei</translation>
    </message>
    <message>
        <source>{now}, {zone}; no record is later.</source>
        <translation>{now}，{zone}；没有更晚的记录。</translation>
    </message>
    <message>
        <source>{role} may not {permission}</source>
        <translation>{role}无权执行“{permission}”</translation>
    </message>
    <message>
        <source>{scene}, {step}: {code}</source>
        <translation>{scene}，{step}：{code}</translation>
    </message>
    <message>
        <source>{uri} is not in the content store; restore it first</source>
        <translation>内容存储中没有 {uri}；请先恢复它</translation>
    </message>
    <message>
        <source>{value} is none of {choices}</source>
        <translation>{value} 不是以下任何一项：{choices}</translation>
    </message>
    <message>
        <source>{value} is not of the type {type}</source>
        <translation>{value} 不是 {type} 类型</translation>
    </message>
    <message>
        <source>{value} is outside {lowest} to {highest}</source>
        <translation>{value} 不在 {lowest} 到 {highest} 之间</translation>
    </message>
    <message>
        <source>{versions} · {free} GB free</source>
        <translation>{versions} · 可用 {free} GB</translation>
    </message>
    <message>
        <source>{version} at {rpc_url}, chain {chain_id}</source>
        <translation>{version}，位于 {rpc_url}，链 {chain_id}</translation>
    </message>
    <message>
        <source>{wanted} values are wanted, {given} given</source>
        <translation>需要 {wanted} 个值，给出了 {given} 个</translation>
    </message>
    <message>
        <source>{what} is not installed; {hint}</source>
        <translation>未安装 {what}；{hint}</translation>
    </message>
    <message>
        <source>{what} · tokens found on the chain and taken into the register: {adopted}, nonce gaps filled: {filled}</source>
        <translation>{what} · 在链上找到并收入登记簿的代币：{adopted}，补上的 nonce 空缺：{filled}</translation>
    </message>
    <message>
        <source>{what}: {message}</source>
        <translation>{what}：{message}</translation>
    </message>
    <message>
        <source>{what}: {reason}</source>
        <translation>{what}：{reason}</translation>
    </message>
    <message>
        <source>{where} takes connections.</source>
        <translation>{where} 接受连接。</translation>
    </message>
    <message>
        <source>{where} takes no connection: {problem}</source>
        <translation>{where} 不接受连接：{problem}</translation>
    </message>
    <message>
        <source>“{doing}” ends by {goals}</source>
        <translation>“{doing}”以 {goals} 结束</translation>
    </message>
    <message>
        <source>“{doing}” has no subject</source>
        <translation>“{doing}”没有对象</translation>
    </message>
    <message>
        <source>“{doing}” needs a subject</source>
        <translation>“{doing}”需要对象</translation>
    </message>
    <message>
        <source>“{key}” has more than {most} characters</source>
        <translation>“{key}”超过 {most} 个字符</translation>
    </message>
    <message>
        <source>“{key}” is a number from 1 to {most}</source>
        <translation>“{key}”是 1 至 {most} 的数字</translation>
    </message>
    <message>
        <source>“{key}” is missing, or not a word of a to z, digits, - and _</source>
        <translation>缺少“{key}”，或其不是由 a 至 z、数字、- 和 _ 组成的词</translation>
    </message>
    <message>
        <source>“{key}” is none of {known}</source>
        <translation>“{key}”不属于 {known}</translation>
    </message>
    <message>
        <source>“{key}” is true or false</source>
        <translation>“{key}”须为 true 或 false</translation>
    </message>
    <message>
        <source>“{key}” needs its words in en and in zh</source>
        <translation>“{key}”须有 en 和 zh 两种文字</translation>
    </message>
    <message>
        <source>“{subject}” is made already</source>
        <translation>“{subject}”已创建</translation>
    </message>
</context>
<context>
    <name>PictureCover</name>
    <message>
        <source>Recorded picture of the step</source>
        <translation>该步录制的图片</translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln left out…</source>
        <translation>
            <numerusform>%Ln 项未纳入…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln transactions</source>
        <translation>
            <numerusform>%Ln 笔交易</numerusform>
        </translation>
    </message>
    <message>
        <source>A single mint should take {0} gas; none was measured on this contract yet.</source>
        <translation>单笔铸造预计需要 {0} gas；本合约上尚无实测值。</translation>
    </message>
    <message>
        <source>A single mint took {0} gas, measured on this contract.</source>
        <translation>单笔铸造消耗 {0} gas，在本合约上实测。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Against baseline A</source>
        <translation>相对基线 A</translation>
    </message>
    <message>
        <source>Against single mints</source>
        <translation>相对单笔铸造</translation>
    </message>
    <message>
        <source>All to one address</source>
        <translation>全部发到一个地址</translation>
    </message>
    <message>
        <source>At most {0} a transaction</source>
        <translation>每笔交易最多 {0} 项</translation>
    </message>
    <message>
        <source>Baseline A is the common way to mint: OpenZeppelin's ERC721URIStorage, one transaction an asset.</source>
        <translation>基线 A 是常见的铸造方式：OpenZeppelin 的 ERC721URIStorage，每项资产一笔交易。</translation>
    </message>
    <message>
        <source>Each to its own enterprise</source>
        <translation>各归其所属企业</translation>
    </message>
    <message>
        <source>Expected gas</source>
        <translation>预计 gas</translation>
    </message>
    <message>
        <source>Mints that wait for others to go with them, and the rule for that</source>
        <translation>等待同批一起铸造的资产及其规则</translation>
    </message>
    <message>
        <source>Most assets in one transaction</source>
        <translation>每笔交易的最多资产数</translation>
    </message>
    <message>
        <source>No plan yet</source>
        <translation>尚无计划</translation>
    </message>
    <message>
        <source>Nothing is ticked</source>
        <translation>未勾选任何资产</translation>
    </message>
    <message>
        <source>Nothing of it can be minted</source>
        <translation>其中没有可铸造的资产</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Plan again</source>
        <translation>重新计划</translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation>启动环境</translation>
    </message>
    <message>
        <source>Tick assets, and what their batch saves is shown here.</source>
        <translation>勾选资产后，这里显示批量的节省。</translation>
    </message>
    <message>
        <source>Type the address in full</source>
        <translation>请输入完整地址</translation>
    </message>
    <message>
        <source>What waits…</source>
        <translation>等待中…</translation>
    </message>
    <message>
        <source>{0} an asset</source>
        <translation>每项 {0}</translation>
    </message>
</context>
<context>
    <name>Planning</name>
    <message>
        <source>Not tried: the chain cannot be asked now.</source>
        <translation>未试算：目前无法查询链。</translation>
    </message>
    <message>
        <source>Tried on the chain: what is planned would be minted.</source>
        <translation>已在链上试算：计划中的资产都能铸造。</translation>
    </message>
    <message>
        <source>Trying it on the chain: {0} of {1}…</source>
        <translation>正在链上试算：第 {0} 笔，共 {1} 笔…</translation>
    </message>
    <message>
        <source>Trying it on the chain…</source>
        <translation>正在链上试算…</translation>
    </message>
</context>
<context>
    <name>PreparationBar</name>
    <message>
        <source>Checkpoint now…</source>
        <translation>立即创建检查点…</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Ready?</source>
        <translation>就绪？</translation>
    </message>
    <message>
        <source>Rehearse</source>
        <translation>彩排</translation>
    </message>
    <message>
        <source>Return to “{0}”, {1}…</source>
        <translation>返回“{0}”，{1}…</translation>
    </message>
</context>
<context>
    <name>PresenterNotes</name>
    <message>
        <source>Presenter's notes</source>
        <translation>演讲者备注</translation>
    </message>
</context>
<context>
    <name>ProblemKind</name>
    <message>
        <source>A shared register needs a shared network: set the address of the node first.</source>
        <translation>共用登记簿需要共用网络：请先设置节点地址。</translation>
    </message>
    <message>
        <source>An entry of the ABI cannot be read; it is number {limit}.</source>
        <translation>ABI 中有一项无法读取，是第 {limit} 项。</translation>
    </message>
    <message>
        <source>At least {limit} characters.</source>
        <translation>至少 {limit} 个字符。</translation>
    </message>
    <message>
        <source>At most {limit} characters.</source>
        <translation>最多 {limit} 个字符。</translation>
    </message>
    <message>
        <source>At most {limit} entries.</source>
        <translation>最多 {limit} 项。</translation>
    </message>
    <message>
        <source>Choose one of the listed values.</source>
        <translation>请从列出的值中选择。</translation>
    </message>
    <message>
        <source>Contains control or direction characters that could mislead a reader.</source>
        <translation>含有可能误导读者的控制字符或方向字符。</translation>
    </message>
    <message>
        <source>Must be from {limit}.</source>
        <translation>取值范围：{limit}。</translation>
    </message>
    <message>
        <source>Must not be the name that signs in.</source>
        <translation>不得与登录名相同。</translation>
    </message>
    <message>
        <source>No enterprise has this name.</source>
        <translation>没有此名称的企业。</translation>
    </message>
    <message>
        <source>No fewer than go together at least: {limit}</source>
        <translation>不得小于一起铸造的最少数量：{limit}</translation>
    </message>
    <message>
        <source>No more than go together at most: {limit}</source>
        <translation>不得大于一起铸造的最多数量：{limit}</translation>
    </message>
    <message>
        <source>Row {limit} has the same id.</source>
        <translation>与第 {limit} 行的 ID 相同。</translation>
    </message>
    <message>
        <source>Several enterprises have this name.</source>
        <translation>有多家企业使用此名称。</translation>
    </message>
    <message>
        <source>The date lies in the future.</source>
        <translation>日期在将来。</translation>
    </message>
    <message>
        <source>The file cannot be read: {limit}</source>
        <translation>无法读取文件：{limit}</translation>
    </message>
    <message>
        <source>The file changed or went away while it was read; add it again: {limit}</source>
        <translation>文件在读取时发生变化或消失；请重新添加：{limit}</translation>
    </message>
    <message>
        <source>The file is empty: {limit}</source>
        <translation>文件为空：{limit}</translation>
    </message>
    <message>
        <source>The file name holds control or direction characters that could mislead a reader: {limit}</source>
        <translation>文件名含有可能误导读者的控制字符或方向字符：{limit}</translation>
    </message>
    <message>
        <source>The file name is longer than 255 characters: {limit}</source>
        <translation>文件名超过 255 个字符：{limit}</translation>
    </message>
    <message>
        <source>The header has no name for this cell.</source>
        <translation>表头中没有此单元格对应的列名。</translation>
    </message>
    <message>
        <source>The shared register needs a shared network: clear the address of the register first.</source>
        <translation>共用登记簿需要共用网络：请先清除登记簿地址。</translation>
    </message>
    <message>
        <source>The two entries differ.</source>
        <translation>两次输入不一致。</translation>
    </message>
    <message>
        <source>There is a file in its place: {limit}</source>
        <translation>该位置已有文件：{limit}</translation>
    </message>
    <message>
        <source>There is no ABI in it: neither a list of functions and events, nor an artifact that has one.</source>
        <translation>其中没有 ABI：既不是函数和事件的列表，也不是含有 ABI 的编译产物。</translation>
    </message>
    <message>
        <source>There is no such file: {limit}</source>
        <translation>没有此文件：{limit}</translation>
    </message>
    <message>
        <source>This cannot change now; try again once other work has ended.</source>
        <translation>现在无法更改；请等其他操作结束后重试。</translation>
    </message>
    <message>
        <source>This does not fit the type {limit}.</source>
        <translation>这不符合类型 {limit}。</translation>
    </message>
    <message>
        <source>This field is required.</source>
        <translation>此项必填。</translation>
    </message>
    <message>
        <source>This is a folder or link, not a file: {limit}</source>
        <translation>这是文件夹或链接，不是文件：{limit}</translation>
    </message>
    <message>
        <source>This is no JSON. Line and column of the mistake: {limit}</source>
        <translation>这不是 JSON。错误所在的行和列：{limit}</translation>
    </message>
    <message>
        <source>This is no id of an asset.</source>
        <translation>这不是资产 ID。</translation>
    </message>
    <message>
        <source>This is not the file on record: {limit}</source>
        <translation>这不是所记录的文件：{limit}</translation>
    </message>
    <message>
        <source>This is taken already.</source>
        <translation>已被占用。</translation>
    </message>
    <message>
        <source>Write 0x and 40 hexadecimal digits with a correct checksum; not the zero address.</source>
        <translation>请填写 0x 加 40 位十六进制数字，校验和须正确，且不能是零地址。</translation>
    </message>
    <message>
        <source>Write a number.</source>
        <translation>请填写数字。</translation>
    </message>
    <message>
        <source>Write a web address such as https://example.org/page; other letters than ASCII as %-codes.</source>
        <translation>请填写网址，如 https://example.org/page；非 ASCII 字符用 % 编码。</translation>
    </message>
    <message>
        <source>Write a whole number.</source>
        <translation>请填写整数。</translation>
    </message>
    <message>
        <source>Write an address such as http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001.</source>
        <translation>请填写地址，如 http://127.0.0.1:5001 或 /ip4/127.0.0.1/tcp/5001。</translation>
    </message>
    <message>
        <source>Write an address such as http://127.0.0.1:8545; it begins with http:// or https://.</source>
        <translation>请填写以 http:// 或 https:// 开头的地址，如 http://127.0.0.1:8545。</translation>
    </message>
    <message>
        <source>Write one of: {limit}</source>
        <translation>请填写其中之一：{limit}</translation>
    </message>
    <message>
        <source>Write postgresql+psycopg://user:password@host/database.</source>
        <translation>请按此格式填写：postgresql+psycopg://user:password@host/database。</translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation>日期请写作 YYYY-MM-DD。</translation>
    </message>
    <message>
        <source>Write the share in percent with its sign, such as 2.5%.</source>
        <translation>请以百分比填写，并带百分号，如 2.5%。</translation>
    </message>
    <message>
        <source>Write yes or no.</source>
        <translation>请填写 yes 或 no。</translation>
    </message>
    <message>
        <source>You are no member of this enterprise.</source>
        <translation>您未加入该企业。</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>A setting cannot be used: {0}</source>
        <translation>有设置无法使用：{0}</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>画廊</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>舞台</translation>
    </message>
    <message>
        <source>The translation {0} is missing.</source>
        <translation>缺少翻译文件 {0}。</translation>
    </message>
    <message>
        <source>The workspace of last time cannot be opened; this is the profile's own. {0}</source>
        <translation>无法打开上次的工作区；现在打开的是配置文件夹自身的工作区。{0}</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Closing this window does not stop the mint</source>
        <translation>关闭此窗口不会中止铸造</translation>
    </message>
    <message>
        <source>Elapsed {0}</source>
        <translation>已用 {0}</translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation>最高手续费</translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation>Gas 上限</translation>
    </message>
    <message>
        <source>Gas price</source>
        <translation>Gas 价格</translation>
    </message>
    <message>
        <source>Keep minting</source>
        <translation>继续铸造</translation>
    </message>
    <message>
        <source>Not in a block yet; a higher fee may help</source>
        <translation>尚未入块；提高手续费或可加快</translation>
    </message>
    <message>
        <source>Offering a higher fee…</source>
        <translation>正在提高手续费…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Progress of the mint</source>
        <translation>铸造进度</translation>
    </message>
    <message>
        <source>Run in background</source>
        <translation>转入后台</translation>
    </message>
    <message>
        <source>Send the cancellation</source>
        <translation>发送取消交易</translation>
    </message>
    <message>
        <source>Signs the same mint under the same number with a higher fee</source>
        <translation>以同一 nonce 和更高手续费重新签名同一铸造</translation>
    </message>
    <message>
        <source>Speed up</source>
        <translation>加速</translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation>由链裁定：取消交易以同一 nonce 发出；若铸造交易先入块，代币即已存在。</translation>
    </message>
    <message>
        <source>Too late: the chain has decided already</source>
        <translation>为时已晚：链上已有定论</translation>
    </message>
</context>
<context>
    <name>PublicationPanel</name>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>On IPFS</source>
        <translation>IPFS 发布</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Publish again</source>
        <translation>重新发布</translation>
    </message>
</context>
<context>
    <name>PublicationPresenter</name>
    <message numerus="yes">
        <source>The IPFS node has all %Ln</source>
        <translation>
            <numerusform>IPFS 节点拥有全部 %Ln 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node lacks {0} of %Ln</source>
        <translation>
            <numerusform>%Ln 个中，IPFS 节点缺少 {0} 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Publications</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Nothing is minted yet</source>
        <translation>尚未铸造任何内容</translation>
    </message>
    <message>
        <source>Only here</source>
        <translation>仅在本地</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>已发布</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{0} missing</source>
        <translation>缺失 {0}</translation>
    </message>
    <message>
        <source>{0} only here</source>
        <translation>仅在本地 {0}</translation>
    </message>
    <message>
        <source>{0} published</source>
        <translation>已发布 {0}</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>等待中 {0}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Menu (F10)</source>
        <translation>菜单 (F10)</translation>
    </message>
</context>
<context>
    <name>RawPart</name>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Raw data</source>
        <translation>原始数据</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>The first {0} of {1} characters</source>
        <translation>共 {1} 个字符，显示前 {0} 个</translation>
    </message>
</context>
<context>
    <name>ReadPart</name>
    <message>
        <source>Answer at block {0}</source>
        <translation>区块 {0} 的回答</translation>
    </message>
    <message>
        <source>Answer at block {0}, raw only. {1}</source>
        <translation>区块 {0} 的回答，仅有原始数据。{1}</translation>
    </message>
    <message>
        <source>Copy the raw answer, {0} bytes</source>
        <translation>复制原始回答（{0} 字节）</translation>
    </message>
    <message>
        <source>Function to read</source>
        <translation>要读取的函数</translation>
    </message>
    <message>
        <source>Import ABI…</source>
        <translation>导入 ABI…</translation>
    </message>
    <message>
        <source>No ABI is known for this contract. It can be asked with raw call data only.</source>
        <translation>此合约的 ABI 未知，只能用原始调用数据查询。</translation>
    </message>
    <message>
        <source>Raw answer</source>
        <translation>原始回答</translation>
    </message>
    <message>
        <source>Raw call data</source>
        <translation>原始调用数据</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Refused at block {0}: {1}</source>
        <translation>区块 {0} 拒绝：{1}</translation>
    </message>
    <message>
        <source>The selector and its arguments, 0x and hexadecimal digits</source>
        <translation>选择器及其参数，0x 加十六进制数字</translation>
    </message>
</context>
<context>
    <name>ReadingDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Find in the text…</source>
        <translation>在文中查找…</translation>
    </message>
</context>
<context>
    <name>ReadyDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Ready for the show?</source>
        <translation>演示就绪了吗？</translation>
    </message>
</context>
<context>
    <name>ReasonForm</name>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
</context>
<context>
    <name>RecordTab</name>
    <message numerus="yes">
        <source>%Ln entries</source>
        <translation>
            <numerusform>%Ln 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>返回列表</translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation>请放宽或更换搜索条件。</translation>
    </message>
    <message>
        <source>No line is in focus.</source>
        <translation>没有选中的行。</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation>搜索列表</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln entries</source>
        <translation>
            <numerusform>{0}/%Ln 条</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordTable</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy the line in focus</source>
        <translation>复制当前行</translation>
    </message>
    <message>
        <source>No line is in focus.</source>
        <translation>没有选中的行。</translation>
    </message>
    <message>
        <source>Open the line in focus</source>
        <translation>打开当前行</translation>
    </message>
    <message>
        <source>Remove the line in focus</source>
        <translation>移除当前行</translation>
    </message>
</context>
<context>
    <name>RecordingPresenter</name>
    <message>
        <source>A scene is being saved.</source>
        <translation>正在保存一个场景。</translation>
    </message>
    <message>
        <source>A step is under way.</source>
        <translation>有步骤正在进行。</translation>
    </message>
    <message>
        <source>Nothing of the scene was played yet.</source>
        <translation>该场景尚未演示任何步骤。</translation>
    </message>
    <message>
        <source>Save the scene in a folder</source>
        <translation>将场景保存到文件夹</translation>
    </message>
    <message>
        <source>Saving the scene: {0}</source>
        <translation>正在保存场景：{0}</translation>
    </message>
    <message>
        <source>Stopped. Nothing was saved.</source>
        <translation>已停止，未保存任何内容。</translation>
    </message>
    <message>
        <source>The scene is saved in “{0}”</source>
        <translation>场景已保存到“{0}”</translation>
    </message>
</context>
<context>
    <name>RegisterCommands</name>
    <message>
        <source>Copy asset id</source>
        <translation>复制资产 ID</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>复制行</translation>
    </message>
    <message>
        <source>Copy token id</source>
        <translation>复制代币 ID</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制为新资产</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Export what is in view…</source>
        <translation>导出当前列表…</translation>
    </message>
    <message>
        <source>From the search back to the list</source>
        <translation>从搜索返回列表</translation>
    </message>
    <message>
        <source>Import from a spreadsheet…</source>
        <translation>从电子表格导入…</translation>
    </message>
    <message>
        <source>It has no token.</source>
        <translation>该资产没有代币。</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Narrow the list by type, owner, day…</source>
        <translation>按类型、所属企业、日期筛选…</translation>
    </message>
    <message>
        <source>Nothing narrows the list.</source>
        <translation>列表未作筛选。</translation>
    </message>
    <message>
        <source>Nothing selected can be deleted.</source>
        <translation>所选内容均不能删除。</translation>
    </message>
    <message>
        <source>Nothing selected can be minted.</source>
        <translation>所选内容均不能铸造。</translation>
    </message>
    <message>
        <source>Nothing selected is minted.</source>
        <translation>选中的资产都尚未铸造。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>重新加载列表</translation>
    </message>
    <message>
        <source>Save or change filters…</source>
        <translation>保存或更改筛选…</translation>
    </message>
    <message>
        <source>Search the register</source>
        <translation>搜索登记簿</translation>
    </message>
    <message>
        <source>Search the register for “{0}”</source>
        <translation>在登记簿中搜索“{0}”</translation>
    </message>
    <message>
        <source>Select an asset first.</source>
        <translation>请先选择资产。</translation>
    </message>
    <message>
        <source>Show every asset</source>
        <translation>显示全部资产</translation>
    </message>
    <message>
        <source>The asset's state does not allow it.</source>
        <translation>资产当前状态不允许此操作。</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>核验…</translation>
    </message>
</context>
<context>
    <name>RegisterFaces</name>
    <message>
        <source>Look for less, or for something else.</source>
        <translation>请放宽或更换搜索条件。</translation>
    </message>
    <message>
        <source>New asset</source>
        <translation>新建资产</translation>
    </message>
    <message>
        <source>No asset matches</source>
        <translation>没有匹配的资产</translation>
    </message>
    <message>
        <source>Patents, trademarks, works and designs stand here, ready to be minted.</source>
        <translation>专利、商标、作品和外观设计将列在这里，随时可以铸造。</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Start it to open the register of assets, to mint them and to look at their tokens.</source>
        <translation>启动环境即可打开资产登记簿、铸造资产并查看其代币。</translation>
    </message>
    <message>
        <source>The register is empty</source>
        <translation>登记簿为空</translation>
    </message>
    <message>
        <source>The register shows its assets to people who are signed in.</source>
        <translation>登录后才能查看登记簿中的资产。</translation>
    </message>
</context>
<context>
    <name>RegisterPresenter</name>
    <message numerus="yes">
        <source>%Ln rows copied</source>
        <translation>
            <numerusform>已复制 %Ln 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing selected here can be minted.</source>
        <translation>所选内容均不能铸造。</translation>
    </message>
    <message numerus="yes">
        <source>Select at most %Ln assets for this.</source>
        <translation>
            <numerusform>此操作最多选择 %Ln 项资产。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterView</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln matches</source>
        <translation>
            <numerusform>%Ln 项匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>All states</source>
        <translation>全部状态</translation>
    </message>
    <message>
        <source>Cancel the mint</source>
        <translation>取消铸造</translation>
    </message>
    <message>
        <source>Columns…</source>
        <translation>列…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln assets? They can be restored.</source>
        <translation>
            <numerusform>删除 %Ln 项资产？之后可以恢复。</numerusform>
        </translation>
    </message>
    <message>
        <source>Import, export</source>
        <translation>导入、导出</translation>
    </message>
    <message>
        <source>Intellectual-property assets</source>
        <translation>知识产权资产</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep minting</source>
        <translation>继续铸造</translation>
    </message>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation>
            <numerusform>铸造 %Ln 个 NFT</numerusform>
        </translation>
    </message>
    <message>
        <source>Mint NFT</source>
        <translation>铸造 NFT</translation>
    </message>
    <message>
        <source>New asset</source>
        <translation>新建资产</translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation>
            <numerusform>一笔交易铸造 %Ln 项资产；将全部取消。</numerusform>
        </translation>
    </message>
    <message>
        <source>Recently deleted…</source>
        <translation>最近删除…</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Search everything…</source>
        <translation>搜索全部…</translation>
    </message>
    <message>
        <source>Several states</source>
        <translation>多种状态</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation>由链裁定：取消交易以同一 nonce 发出；若铸造交易先入块，代币即已存在。</translation>
    </message>
    <message>
        <source>Words of name, number, creator or description; “in quotes” what belongs together.</source>
        <translation>名称、编号、创作者或说明中的词；“加引号”表示整体匹配。</translation>
    </message>
    <message>
        <source>counting…</source>
        <translation>正在计数…</translation>
    </message>
    <message numerus="yes">
        <source>first {0} of more than %Ln matches</source>
        <translation>
            <numerusform>前 {0} 项，共超过 %Ln 项匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} · {1} selected</source>
        <translation>{0} · 已选 {1} 项</translation>
    </message>
    <message>
        <source>↑↓ browse · Enter open · M mint · R retry · X cancel · Ctrl+F find · Ctrl+N new</source>
        <translation>↑↓ 浏览 · Enter 打开 · M 铸造 · R 重试 · X 取消 · Ctrl+F 查找 · Ctrl+N 新建</translation>
    </message>
</context>
<context>
    <name>RehearsalDialog</name>
    <message numerus="yes">
        <source>%Ln steps would have failed.</source>
        <translation>
            <numerusform>有 %Ln 步会失败。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个代币</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln works</source>
        <translation>
            <numerusform>%Ln 件作品</numerusform>
        </translation>
    </message>
    <message>
        <source>All scenes are played for real. Then register, chain and content are as they were before.</source>
        <translation>所有场景都会真实演出。之后登记簿、链和内容恢复原状。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keeping what is here…</source>
        <translation>正在保存当前状态…</translation>
    </message>
    <message>
        <source>Nothing would have failed. The show takes {0}.</source>
        <translation>没有步骤会失败。演示用时 {0}。</translation>
    </message>
    <message>
        <source>Putting back what was before…</source>
        <translation>正在恢复之前的状态…</translation>
    </message>
    <message>
        <source>Rehearsal</source>
        <translation>彩排</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Went well</source>
        <translation>顺利</translation>
    </message>
    <message>
        <source>Would have failed</source>
        <translation>会失败</translation>
    </message>
</context>
<context>
    <name>RehearsalPresenter</name>
    <message>
        <source>Going to the result that the rehearsal made…</source>
        <translation>正在转到彩排得到的结果…</translation>
    </message>
    <message>
        <source>Something is under way on stage. Rehearse when it is done.</source>
        <translation>舞台上有操作正在进行。请在其完成后彩排。</translation>
    </message>
    <message>
        <source>The recorded picture cannot be read.</source>
        <translation>无法读取录制的图片。</translation>
    </message>
    <message>
        <source>The rehearsal was stopped; everything is as it was before.</source>
        <translation>彩排已停止；一切恢复原状。</translation>
    </message>
    <message>
        <source>The scene is at its result.</source>
        <translation>场景已到达其结果。</translation>
    </message>
</context>
<context>
    <name>RepairDialog</name>
    <message numerus="yes">
        <source>%Ln more fields</source>
        <translation>
            <numerusform>另有 %Ln 个字段</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose the original file…</source>
        <translation>选择原始文件…</translation>
    </message>
    <message>
        <source>It can be taken back.</source>
        <translation>可以撤回。</translation>
    </message>
    <message>
        <source>It follows the chain, or is proved by its address, and is not taken back.</source>
        <translation>此项以链为准或由其地址证明，不可撤回。</translation>
    </message>
    <message>
        <source>Kept in the register and in its audit log.</source>
        <translation>保存在登记簿及其审计日志中。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Original file</source>
        <translation>原始文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Taken only if its address is the one on record; its name does not matter.</source>
        <translation>仅当其地址与记录相符时才采用；文件名无关紧要。</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>ResetDialog</name>
    <message>
        <source>Its attempts count anew and it can be edited again. The chain is asked first: where a token exists, nothing is changed.</source>
        <translation>尝试次数重新计算，并可再次编辑。会先查询链上：若代币已存在则不作更改。</translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Kept in the audit log for good.</source>
        <translation>将永久保留在审计日志中。</translation>
    </message>
    <message>
        <source>Reason *</source>
        <translation>理由 *</translation>
    </message>
    <message>
        <source>Reset to draft</source>
        <translation>重置为草稿</translation>
    </message>
    <message>
        <source>Reset “{0}” to a draft</source>
        <translation>将“{0}”重置为草稿</translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message numerus="yes">
        <source>%Ln lines of the audit log are only in the backup made now.</source>
        <translation>
            <numerusform>审计日志中有 %Ln 行只存于现在所做的备份。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are not in the backup.</source>
        <translation>
            <numerusform>有 %Ln 笔铸造不在备份中。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are taken up where the backup has them.</source>
        <translation>
            <numerusform>有 %Ln 笔铸造将从备份中的状态接续。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens stay on the chain; the start behind the restore takes them in again.</source>
        <translation>
            <numerusform>有 %Ln 个代币仍在链上；恢复后的启动会重新收入。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens vanish: this computer's own chain goes back with the register.</source>
        <translation>
            <numerusform>%Ln 枚代币将消失：本机自有的链随登记簿一同回退。</numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Bring back the register of {0}</source>
        <translation>恢复 {0} 的登记簿</translation>
    </message>
    <message>
        <source>Comparing it with the present register…</source>
        <translation>正在与当前登记簿比对…</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Keep the present register</source>
        <translation>保留当前登记簿</translation>
    </message>
    <message>
        <source>Last change of the register: {0}. Last change in the backup: {1}.</source>
        <translation>登记簿的最后更改：{0}。备份中的最后更改：{1}。</translation>
    </message>
    <message>
        <source>Mints and tokens</source>
        <translation>铸造与代币</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Restore the backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Restoring…</source>
        <translation>正在恢复…</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>The backup holds the very same; a restore would change nothing.</source>
        <translation>备份内容完全相同，恢复不会带来任何变化。</translation>
    </message>
    <message>
        <source>The environment stops and starts again; the present register is kept as a backup. Everybody signs in anew. {0}, checked.</source>
        <translation>环境将停止并重新启动；当前登记簿会留作备份。所有人须重新登录。{0}，已校验。</translation>
    </message>
    <message>
        <source>What would change cannot be told.</source>
        <translation>无法得知将发生的变化。</translation>
    </message>
</context>
<context>
    <name>ResultList</name>
    <message>
        <source>Results that are kept</source>
        <translation>保留的结果</translation>
    </message>
</context>
<context>
    <name>ResultPanel</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Gas per token</source>
        <translation>每个代币的 Gas</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量数据</translation>
    </message>
    <message>
        <source>No batch was measured in this result.</source>
        <translation>此结果中没有测量批量。</translation>
    </message>
    <message>
        <source>Nothing was measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>Of other code, so not the same contract: {0}.</source>
        <translation>代码不同，因此不是同一合约：{0}。</translation>
    </message>
    <message>
        <source>Our contract's batches were not measured in this result.</source>
        <translation>此结果中没有测量本合约的批量。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Run the experiment again; the log on the Environment page may tell why.</source>
        <translation>请再次运行实验；“环境”页面上的日志可能说明原因。</translation>
    </message>
    <message>
        <source>Savings</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>The laboratory mints with this register's contract and with two others, each batch size for real, and shows what a token costs, what a batch saves and where the gas went.</source>
        <translation>实验室用本登记簿的合约和另外两个合约，对每种批量大小真实地铸造，显示每个代币的成本、批量的节省和 Gas 的去向。</translation>
    </message>
    <message>
        <source>What is shown of the result</source>
        <translation>显示结果的哪一部分</translation>
    </message>
    <message>
        <source>Where the gas went</source>
        <translation>Gas 的去向</translation>
    </message>
    <message>
        <source>{0} of {1} steps were measured.</source>
        <translation>已测量 {1} 步中的 {0} 步。</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message numerus="yes">
        <source>%Ln lines of the audit log are only in the checkpoint made now.</source>
        <translation>
            <numerusform>审计日志中有 %Ln 行只保留在此刻创建的检查点中。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are taken up where the checkpoint has them.</source>
        <translation>
            <numerusform>%Ln 笔铸造将从检查点记录的阶段继续。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are undone.</source>
        <translation>
            <numerusform>%Ln 笔铸造将被撤销。</numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址簿</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Comparing it with the workspace…</source>
        <translation>正在与工作区比较…</translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation>企业</translation>
    </message>
    <message>
        <source>Keep everything as it is</source>
        <translation>保持现状</translation>
    </message>
    <message>
        <source>Keeping what is here, then going back…</source>
        <translation>正在保存现状，然后返回…</translation>
    </message>
    <message>
        <source>Made {0}, with {1}. Register, chain and content go back to it together; the environment starts again and the show begins anew. What is here now is kept as a checkpoint, so that this can be undone.</source>
        <translation>创建于 {0}，含 {1}。登记簿、链和内容将一同返回到该状态；环境重新启动，演示从头开始。当前内容会保存为检查点，因此可以撤销。</translation>
    </message>
    <message>
        <source>Made {0}, with {1}. Register, chain and content go back to it together; the environment stops and starts again, and everybody signs in anew. What is here now is kept as a checkpoint, so that this can be undone.</source>
        <translation>创建于 {0}，含 {1}。登记簿、链和内容将一同回到该时刻；环境会停止并重新启动，所有人需要重新登录。现状会另存为检查点，因此可以撤销。</translation>
    </message>
    <message>
        <source>Mints and records</source>
        <translation>铸造与记录</translation>
    </message>
    <message>
        <source>No asset and no token is newer than it.</source>
        <translation>没有比它更新的资产或代币。</translation>
    </message>
    <message>
        <source>Nothing changed since; a return would undo nothing.</source>
        <translation>此后没有任何更改；返回不会撤销任何内容。</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Return to the checkpoint</source>
        <translation>返回该检查点</translation>
    </message>
    <message>
        <source>Return to “{0}”</source>
        <translation>返回“{0}”</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What would be undone cannot be told.</source>
        <translation>无法得知将撤销的内容。</translation>
    </message>
    <message>
        <source>{0} and {1} newer than it vanish from this local chain and its register.</source>
        <translation>比它更新的 {0} 和 {1} 将从本地链及登记簿中消失。</translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message>
        <source>Against baseline A</source>
        <translation>相对基线 A</translation>
    </message>
    <message>
        <source>Against single mints</source>
        <translation>相对单笔铸造</translation>
    </message>
    <message numerus="yes">
        <source>Assets (%Ln)</source>
        <translation>
            <numerusform>资产（%Ln）</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel the rest</source>
        <translation>取消其余</translation>
    </message>
    <message>
        <source>Cancel the rest…</source>
        <translation>取消其余…</translation>
    </message>
    <message>
        <source>Cancel what was not sent yet? Of what was sent the chain decides; minted tokens stay.</source>
        <translation>取消尚未发送的部分吗？已发送的由链决定；已铸造的代币保留。</translation>
    </message>
    <message>
        <source>Close the result</source>
        <translation>关闭结果</translation>
    </message>
    <message>
        <source>Expected: {0} gas</source>
        <translation>预计：{0} gas</translation>
    </message>
    <message>
        <source>Export the result…</source>
        <translation>导出结果…</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 gas</translation>
    </message>
    <message>
        <source>Keep minting</source>
        <translation>继续铸造</translation>
    </message>
    <message>
        <source>Parts of the result</source>
        <translation>结果的各部分</translation>
    </message>
    <message>
        <source>Progress of the batch</source>
        <translation>本批进度</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Retry failed only</source>
        <translation>只重试失败项</translation>
    </message>
    <message numerus="yes">
        <source>Transactions (%Ln)</source>
        <translation>
            <numerusform>交易（%Ln）</numerusform>
        </translation>
    </message>
    <message>
        <source>none was measured</source>
        <translation>尚无实测值</translation>
    </message>
    <message>
        <source>single mints</source>
        <translation>单笔铸造</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>Asked by</source>
        <translation>发起人</translation>
    </message>
    <message>
        <source>Assets</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Congestion</source>
        <translation>拥堵程度</translation>
    </message>
    <message>
        <source>Gas estimated</source>
        <translation>预计 Gas</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Minted singly</source>
        <translation>按单笔计</translation>
    </message>
    <message>
        <source>No single mint was measured before it, or nothing is minted yet.</source>
        <translation>此前没有实测的单笔铸造，或尚未铸造。</translation>
    </message>
    <message>
        <source>Requested</source>
        <translation>请求时间</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>{0} minted, {1} failed, {2} not attempted</source>
        <translation>已铸造 {0} 项，失败 {1} 项，未尝试 {2} 项</translation>
    </message>
</context>
<context>
    <name>RunTable</name>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Copy the selected batches</source>
        <translation>复制选中的批次</translation>
    </message>
    <message>
        <source>No batch is selected.</source>
        <translation>未选中批次。</translation>
    </message>
</context>
<context>
    <name>SavedFiltersDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Gives the chosen filter the name that is written above</source>
        <translation>将所选筛选改为上面填写的名称</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Nothing saved yet.</source>
        <translation>尚无保存的筛选。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The same name again replaces what it held.</source>
        <translation>名称相同则替换原有筛选。</translation>
    </message>
</context>
<context>
    <name>SceneList</name>
    <message>
        <source>Play again</source>
        <translation>重新演示</translation>
    </message>
    <message>
        <source>Play {0} again</source>
        <translation>重新演示“{0}”</translation>
    </message>
    <message>
        <source>{0} of {1} steps played</source>
        <translation>已演示 {1} 步中的 {0} 步</translation>
    </message>
</context>
<context>
    <name>SceneReport</name>
    <message>
        <source>Chain ID</source>
        <translation>链 ID</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Gas saved by minting together</source>
        <translation>合并铸造节省的 Gas</translation>
    </message>
    <message>
        <source>Saved at</source>
        <translation>保存时间</translation>
    </message>
    <message>
        <source>Scene {0} of the show</source>
        <translation>演示的第 {0} 个场景</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Tokens are counted by the node's own events, past the register. Written by IPNFT Desktop {0}.</source>
        <translation>代币按节点自身的事件计数，绕过登记簿。由 IPNFT Desktop {0} 生成。</translation>
    </message>
    <message>
        <source>Tokens on the chain</source>
        <translation>链上代币数</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transactions, their tokens and their gas</source>
        <translation>交易及其代币和 Gas</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>作品</translation>
    </message>
</context>
<context>
    <name>SendDialog</name>
    <message>
        <source>Call data</source>
        <translation>调用数据</translation>
    </message>
    <message>
        <source>Call {0}?</source>
        <translation>调用 {0}？</translation>
    </message>
    <message>
        <source>Chain id</source>
        <translation>链 ID</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation>最高手续费</translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation>Gas 上限</translation>
    </message>
    <message>
        <source>Kept in the audit log.</source>
        <translation>记入审计日志。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Send the transaction</source>
        <translation>发送交易</translation>
    </message>
    <message>
        <source>Sent along</source>
        <translation>随附金额</translation>
    </message>
    <message>
        <source>Sent as</source>
        <translation>发送账户</translation>
    </message>
    <message>
        <source>The simulation succeeded. A transaction that is mined cannot be taken back.</source>
        <translation>模拟成功。交易入块后无法撤回。</translation>
    </message>
    <message>
        <source>at {0} a gas</source>
        <translation>每单位 Gas {0}</translation>
    </message>
    <message>
        <source>signs nothing</source>
        <translation>不签名</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
</context>
<context>
    <name>SetPasswordForm</name>
    <message>
        <source>For {0}. The old one ends at once; tell the new one in person.</source>
        <translation>用于“{0}”。旧密码立即失效；请当面告知新密码。</translation>
    </message>
    <message>
        <source>Set a password</source>
        <translation>设置密码</translation>
    </message>
    <message>
        <source>Set the password</source>
        <translation>设置密码</translation>
    </message>
</context>
<context>
    <name>Setting</name>
    <message>
        <source>A PostgreSQL database that several operators share, together with a network they share. Empty keeps the register in a file.</source>
        <translation>多名操作员共用的 PostgreSQL 数据库，须同时共用网络。留空则将登记簿保存在文件中。</translation>
    </message>
    <message>
        <source>A node that runs already, such as http://127.0.0.1:8545. Empty starts a local one.</source>
        <translation>已在运行的节点，如 http://127.0.0.1:8545。留空则启动本地节点。</translation>
    </message>
    <message>
        <source>Colours of the window. Ctrl+Shift+L changes them too.</source>
        <translation>窗口的配色。也可按 Ctrl+Shift+L 切换。</translation>
    </message>
    <message>
        <source>Columns of the Register page by name, separated by spaces; empty shows the usual ones.</source>
        <translation>“登记簿”页面显示的列名，以空格分隔；留空则显示常用列。</translation>
    </message>
    <message>
        <source>Deploy, and pay for, a contract where the network is not local and none is named.</source>
        <translation>网络非本地且未指定合约时，部署合约并支付费用。</translation>
    </message>
    <message>
        <source>Fill an empty register with thirty demonstration assets. Only with a node and a register file of the program's own.</source>
        <translation>用三十项演示资产填充空的登记簿。仅在使用程序自带的节点和登记簿文件时有效。</translation>
    </message>
    <message>
        <source>Folder in workspaces/ of the workspace that is opened at the start; empty is the profile itself.</source>
        <translation>启动时打开的工作区在 workspaces/ 中的文件夹；留空则为配置文件夹本身。</translation>
    </message>
    <message>
        <source>Further nodes of the same network, separated by spaces, asked when the first one does not answer.</source>
        <translation>同一网络的其他节点，以空格分隔，首个节点无应答时使用。</translation>
    </message>
    <message>
        <source>Hand the public files of an asset to the IPFS node as soon as it is minted.</source>
        <translation>资产铸造后即把其公开文件交给 IPFS 节点。</translation>
    </message>
    <message>
        <source>How busy the chain is: read from the base fees and the fullness of its newest blocks, or set by hand for a demonstration.</source>
        <translation>链的繁忙程度：根据最新区块的基础费用和填充程度读取，或为演示而手动设定。</translation>
    </message>
    <message>
        <source>How long nothing may be signed before the key asks for its password again.</source>
        <translation>多久没有签名后密钥须重新输入密码。</translation>
    </message>
    <message>
        <source>How long one answer of the node may take before it counts as unreachable.</source>
        <translation>节点单次应答超过多久即视为无法连接。</translation>
    </message>
    <message>
        <source>How long the first answer of the node may take before the start counts as failed.</source>
        <translation>节点首次应答超过多久即视为启动失败。</translation>
    </message>
    <message>
        <source>How many blocks below its head a network of others is not asked again about a finished mint.</source>
        <translation>距链头多少个区块以下，不再就已完成的铸造查询他人的网络。</translation>
    </message>
    <message>
        <source>How many blocks must show a mint before it counts. 6 lets an audience see it count.</source>
        <translation>铸造须获得多少个区块确认才算完成。设为 6 可让观众看到计数过程。</translation>
    </message>
    <message>
        <source>How many go together while it is neither quiet nor busy.</source>
        <translation>链既不空闲也不繁忙时一起铸造的数量。</translation>
    </message>
    <message>
        <source>How many go together while the chain is busy: a smaller transaction finds room sooner.</source>
        <translation>链繁忙时一起铸造的数量：较小的交易更快获得位置。</translation>
    </message>
    <message>
        <source>How many go together while the chain is quiet, within the two bounds above.</source>
        <translation>链空闲时一起铸造的数量，不超出上面的两个界限。</translation>
    </message>
    <message>
        <source>How often register, chain and content are compared by themselves while the environment stands. 0 is never.</source>
        <translation>环境运行期间，登记簿、链与内容多久自动比较一次。0 为从不。</translation>
    </message>
    <message>
        <source>How often the local node mines a block while a mint waits for more than one confirmation.</source>
        <translation>铸造等待多个确认期间，本地节点的出块间隔。</translation>
    </message>
    <message>
        <source>However busy the chain is, mints wait until they are so many, or until the longest wait is over.</source>
        <translation>无论链有多繁忙，铸造都会等到达到此数量，或等到最长等待时间结束。</translation>
    </message>
    <message>
        <source>In which language the window speaks.</source>
        <translation>窗口使用的语言。</translation>
    </message>
    <message>
        <source>No more of them go together in one transaction.</source>
        <translation>一笔交易中一起铸造的数量不超过此值。</translation>
    </message>
    <message>
        <source>No transaction may offer more in total unless it was allowed to for that one mint.</source>
        <translation>任何交易的总手续费不得超过此值，除非为该次铸造单独允许。</translation>
    </message>
    <message>
        <source>Nobody waits longer for others; then the batch goes as small as it is.</source>
        <translation>等待同批的时间不超过此值；到时批次无论大小都会发出。</translation>
    </message>
    <message>
        <source>Show over the window how long its event loop was held up, how long a frame took, and what runs. Ctrl+Shift+F12 too.</source>
        <translation>在窗口上方显示事件循环被阻塞的时长、一帧所需时间以及正在运行的内容。也可按 Ctrl+Shift+F12。</translation>
    </message>
    <message>
        <source>Start the environment by itself as soon as the program starts.</source>
        <translation>程序启动后自动启动环境。</translation>
    </message>
    <message>
        <source>The IPAssetNFT contract to use on that network. Empty keeps or deploys one.</source>
        <translation>在该网络上使用的 IPAssetNFT 合约。留空则沿用或部署。</translation>
    </message>
    <message>
        <source>The chain that node must serve; any other is refused. 0 takes whichever it is.</source>
        <translation>该节点必须提供的链，其他一律拒绝。0 表示不限。</translation>
    </message>
    <message>
        <source>The encrypted file (version 3) that signs. Empty uses the demonstration key.</source>
        <translation>用于签名的加密文件（第 3 版）。留空则使用演示密钥。</translation>
    </message>
    <message>
        <source>The node that keeps public content for others: http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001. Empty publishes nowhere.</source>
        <translation>为他人保管公开内容的节点：http://127.0.0.1:5001 或 /ip4/127.0.0.1/tcp/5001。留空则不发布。</translation>
    </message>
    <message>
        <source>What a newly deployed contract asks of a resale; 100 basis points are 1 %.</source>
        <translation>新部署的合约在转售时收取的比例；100 基点即 1%。</translation>
    </message>
    <message>
        <source>Where the keys lie that encrypt confidential files and seal the audit log. Empty is keys in the profile.</source>
        <translation>加密机密文件和封印审计日志的密钥所在位置。留空则为配置文件夹中的 keys。</translation>
    </message>
    <message>
        <source>Where the local chain node listens on this computer; another port if it is taken.</source>
        <translation>本地链节点在本机监听的端口；被占用时改用其他端口。</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Next start</source>
        <translation>下次启动</translation>
    </message>
    <message>
        <source>Reset to: {0}</source>
        <translation>恢复为：{0}</translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation>恢复“{0}”</translation>
    </message>
    <message>
        <source>The environment variable {0} decides. Start the program without it to choose here.</source>
        <translation>由环境变量 {0} 决定。不带该变量启动程序方可在此选择。</translation>
    </message>
    <message>
        <source>default: {0}</source>
        <translation>默认：{0}</translation>
    </message>
    <message>
        <source>holds at once</source>
        <translation>立即生效</translation>
    </message>
    <message>
        <source>holds from the next start on</source>
        <translation>下次启动起生效</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0} {1}</translation>
    </message>
</context>
<context>
    <name>SettingTexts</name>
    <message numerus="yes">
        <source>%n asset(s)</source>
        <translation>
            <numerusform>%n 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n block(s)</source>
        <translation>
            <numerusform>%n 个区块</numerusform>
        </translation>
    </message>
    <message>
        <source>Address of the node</source>
        <translation>节点地址</translation>
    </message>
    <message>
        <source>As the chain has it</source>
        <translation>按链上情况</translation>
    </message>
    <message>
        <source>As this computer has it</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Automatic batches</source>
        <translation>自动批量</translation>
    </message>
    <message>
        <source>Chain id</source>
        <translation>链 ID</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>确认数</translation>
    </message>
    <message>
        <source>Congestion</source>
        <translation>拥堵程度</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Demonstration assets</source>
        <translation>演示资产</translation>
    </message>
    <message>
        <source>Deploy on foreign networks</source>
        <translation>在外部网络上部署</translation>
    </message>
    <message>
        <source>Depth of finality</source>
        <translation>终局深度</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Environment and node</source>
        <translation>环境与节点</translation>
    </message>
    <message>
        <source>Fallback addresses</source>
        <translation>备用地址</translation>
    </message>
    <message>
        <source>Folder of the register's keys</source>
        <translation>登记簿密钥文件夹</translation>
    </message>
    <message>
        <source>Highest fee</source>
        <translation>最高手续费</translation>
    </message>
    <message>
        <source>IPFS node (Kubo)</source>
        <translation>IPFS 节点 (Kubo)</translation>
    </message>
    <message>
        <source>Keystore</source>
        <translation>密钥库</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Lock the key after</source>
        <translation>密钥锁定时间</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>最长等待</translation>
    </message>
    <message>
        <source>Minting and fees</source>
        <translation>铸造与手续费</translation>
    </message>
    <message>
        <source>Network and contract</source>
        <translation>网络与合约</translation>
    </message>
    <message>
        <source>Pace of the blocks</source>
        <translation>出块间隔</translation>
    </message>
    <message>
        <source>Port of the node</source>
        <translation>节点端口</translation>
    </message>
    <message>
        <source>Publish what is minted</source>
        <translation>铸造后即发布</translation>
    </message>
    <message>
        <source>Publishing</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Reconcile every</source>
        <translation>对账间隔</translation>
    </message>
    <message>
        <source>Register and storage</source>
        <translation>登记簿与存储</translation>
    </message>
    <message>
        <source>Royalty</source>
        <translation>版税</translation>
    </message>
    <message>
        <source>Shared register</source>
        <translation>共用登记簿</translation>
    </message>
    <message>
        <source>Signing key</source>
        <translation>签名密钥</translation>
    </message>
    <message>
        <source>Smoothness over the window</source>
        <translation>在窗口上显示流畅度</translation>
    </message>
    <message>
        <source>Start with the program</source>
        <translation>随程序启动</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Together as a rule</source>
        <translation>通常一起铸造</translation>
    </message>
    <message>
        <source>Together at least</source>
        <translation>至少一起铸造</translation>
    </message>
    <message>
        <source>Together at most</source>
        <translation>最多一起铸造</translation>
    </message>
    <message>
        <source>Together on a busy chain</source>
        <translation>链繁忙时一起铸造</translation>
    </message>
    <message>
        <source>Together on a quiet chain</source>
        <translation>链空闲时一起铸造</translation>
    </message>
    <message>
        <source>Wait for an answer</source>
        <translation>应答等待时间</translation>
    </message>
    <message>
        <source>Wait for the node to start</source>
        <translation>节点启动等待时间</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>assets</source>
        <translation>项资产</translation>
    </message>
    <message>
        <source>basis points</source>
        <translation>基点</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>个区块</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>h</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0} {1}</translation>
    </message>
</context>
<context>
    <name>SettingsCommands</name>
    <message>
        <source>Export settings…</source>
        <translation>导出设置…</translation>
    </message>
    <message>
        <source>Import settings…</source>
        <translation>导入设置…</translation>
    </message>
    <message>
        <source>Leave the search</source>
        <translation>退出搜索</translation>
    </message>
    <message>
        <source>Nothing waits for a restart.</source>
        <translation>没有需要重启的更改。</translation>
    </message>
    <message>
        <source>Only what was changed, or everything</source>
        <translation>仅显示已更改，或全部</translation>
    </message>
    <message>
        <source>Open the profile folder</source>
        <translation>打开配置文件夹</translation>
    </message>
    <message>
        <source>Reset all settings…</source>
        <translation>全部设置恢复默认…</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
</context>
<context>
    <name>SettingsPresenter</name>
    <message numerus="yes">
        <source>%n change(s) hold from the next start of the environment.</source>
        <translation>
            <numerusform>%n 项更改将在环境下次启动时生效。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) have their default again.</source>
        <translation>
            <numerusform>%n 项设置已恢复默认值。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) taken from {0}.</source>
        <translation>
            <numerusform>已从 {0} 导入 %n 项设置。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) written to {0}.</source>
        <translation>
            <numerusform>已将 %n 项设置写入 {0}。</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is already as {0} has it.</source>
        <translation>现有设置已与 {0} 相同。</translation>
    </message>
    <message>
        <source>Everything that you may change has its default.</source>
        <translation>您可更改的设置均为默认值。</translation>
    </message>
    <message numerus="yes">
        <source>Give %n setting(s) their default again? Those a variable decides stay.</source>
        <translation>
            <numerusform>将 %n 项设置恢复为默认值？由环境变量决定的设置保持不变。</numerusform>
        </translation>
    </message>
    <message>
        <source>Import settings</source>
        <translation>导入设置</translation>
    </message>
    <message>
        <source>Left out, for they hold a secret: {0}</source>
        <translation>因含有机密而略过：{0}</translation>
    </message>
    <message>
        <source>Nobody can sign in yet, so whoever works at this computer may choose.</source>
        <translation>目前还没有人能登录，因此使用本机者均可更改。</translation>
    </message>
    <message>
        <source>Settings (*.json)</source>
        <translation>设置 (*.json)</translation>
    </message>
    <message>
        <source>What others depend on can be looked at only. {0}</source>
        <translation>他人所依赖的设置只能查看。{0}</translation>
    </message>
    <message>
        <source>{0} has its default again.</source>
        <translation>“{0}”已恢复默认值。</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Changed only</source>
        <translation>仅显示已更改</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>设置分组</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>More about settings</source>
        <translation>设置的更多操作</translation>
    </message>
    <message>
        <source>No setting matches</source>
        <translation>没有匹配的设置</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>Restart the environment</source>
        <translation>重启环境</translation>
    </message>
    <message>
        <source>Search looks in titles, sentences and names.</source>
        <translation>搜索范围包括标题、说明和名称。</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>What the program does is yours to choose</source>
        <translation>程序的行为由您决定</translation>
    </message>
</context>
<context>
    <name>Sheets</name>
    <message>
        <source>CSV: opens in every spreadsheet</source>
        <translation>CSV：任何电子表格程序均可打开</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Custom field “{0}”</source>
        <translation>自定义字段“{0}”</translation>
    </message>
    <message>
        <source>JSON: for other programs</source>
        <translation>JSON：供其他程序使用</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>略过</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行号</translation>
    </message>
    <message>
        <source>Stands there</source>
        <translation>现有内容</translation>
    </message>
    <message>
        <source>XLSX: a workbook of Excel</source>
        <translation>XLSX：Excel 工作簿</translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Go on as the demonstration user</source>
        <translation>以演示用户继续</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name and password do not belong together. After five wrong passwords in a row it is locked.</source>
        <translation>名称与密码不匹配。连续五次输错密码将被锁定。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Too many wrong passwords. Try again in {0}, or ask an administrator to unlock it.</source>
        <translation>密码输错次数过多。请在 {0} 后重试，或请管理员解锁。</translation>
    </message>
    <message>
        <source>Without signing in nothing of the register can be seen.</source>
        <translation>未登录则无法查看登记簿的任何内容。</translation>
    </message>
</context>
<context>
    <name>SignInPresenter</name>
    <message>
        <source>Change the password…</source>
        <translation>更改密码…</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>尚无人登录。</translation>
    </message>
    <message>
        <source>Sign in (start the environment first)</source>
        <translation>登录（请先启动环境）</translation>
    </message>
    <message>
        <source>Sign in as somebody else…</source>
        <translation>以其他身份登录…</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Signed in as {0}</source>
        <translation>已以“{0}”身份登录</translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation>请先启动环境。</translation>
    </message>
    <message>
        <source>The demonstration user has no password.</source>
        <translation>演示用户没有密码。</translation>
    </message>
    <message>
        <source>The password was changed</source>
        <translation>密码已更改</translation>
    </message>
</context>
<context>
    <name>SignedOut</name>
    <message>
        <source>Nobody is signed in</source>
        <translation>尚无人登录</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
</context>
<context>
    <name>Slide</name>
    <message>
        <source>Choose a scene at the left.</source>
        <translation>请在左侧选择一个场景。</translation>
    </message>
    <message>
        <source>No scene</source>
        <translation>没有场景</translation>
    </message>
    <message>
        <source>Scene {0} · {1}</source>
        <translation>场景 {0} · {1}</translation>
    </message>
    <message>
        <source>Show the picture</source>
        <translation>显示图片</translation>
    </message>
    <message>
        <source>Skip to its result</source>
        <translation>跳到其结果</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再试一次</translation>
    </message>
    <message>
        <source>Undo the fault</source>
        <translation>撤销故障</translation>
    </message>
    <message>
        <source>Wait no longer</source>
        <translation>不再等待</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>A recipient that refuses</source>
        <translation>接收方拒收</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Connect again and retry</source>
        <translation>恢复连接并重试</translation>
    </message>
    <message>
        <source>Cut the connection</source>
        <translation>切断连接</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Facts that agree</source>
        <translation>一致的事实</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Gas per token</source>
        <translation>每个代币的 Gas</translation>
    </message>
    <message>
        <source>Gas saved</source>
        <translation>节省的 Gas</translation>
    </message>
    <message>
        <source>Kill the node</source>
        <translation>终止节点</translation>
    </message>
    <message>
        <source>Lose the next answer</source>
        <translation>丢失下一个应答</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>No funds</source>
        <translation>没有余额</translation>
    </message>
    <message>
        <source>Not played yet</source>
        <translation>尚未演示</translation>
    </message>
    <message>
        <source>Run out of funds</source>
        <translation>余额耗尽</translation>
    </message>
    <message>
        <source>Scenes that cannot be played are left out:</source>
        <translation>无法演示的场景未列入：</translation>
    </message>
    <message>
        <source>Shown as a picture</source>
        <translation>已用图片代替</translation>
    </message>
    <message>
        <source>Skipped: a checkpoint has its result</source>
        <translation>已跳过：检查点中有其结果</translation>
    </message>
    <message>
        <source>Slow the network</source>
        <translation>放慢网络</translation>
    </message>
    <message>
        <source>Start the node again</source>
        <translation>重新启动节点</translation>
    </message>
    <message>
        <source>The connection is cut</source>
        <translation>连接已切断</translation>
    </message>
    <message>
        <source>The network is slow</source>
        <translation>网络缓慢</translation>
    </message>
    <message>
        <source>The next answer gets lost</source>
        <translation>下一个应答将丢失</translation>
    </message>
    <message>
        <source>The node is killed</source>
        <translation>节点已终止</translation>
    </message>
    <message>
        <source>The recipient refuses</source>
        <translation>接收方拒收</translation>
    </message>
    <message>
        <source>Times asked for</source>
        <translation>请求次数</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Tokens on the chain</source>
        <translation>链上代币数</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Undo the fault and go on</source>
        <translation>撤销故障并继续</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>作品</translation>
    </message>
    <message>
        <source>another one</source>
        <translation>另一笔</translation>
    </message>
    <message>
        <source>safe to retry</source>
        <translation>可安全重试</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>StageCommands</name>
    <message>
        <source>Black screen</source>
        <translation>黑屏</translation>
    </message>
    <message>
        <source>Checkpoint of the stage now</source>
        <translation>立即为舞台创建检查点</translation>
    </message>
    <message>
        <source>Leave the full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Nothing is on the full screen.</source>
        <translation>没有内容在全屏显示。</translation>
    </message>
    <message>
        <source>Ready for the show?</source>
        <translation>演示就绪了吗？</translation>
    </message>
    <message>
        <source>Rehearse the scenes</source>
        <translation>彩排所有场景</translation>
    </message>
    <message>
        <source>Show or hide the presenter's notes</source>
        <translation>显示或隐藏演讲者备注</translation>
    </message>
    <message>
        <source>Show the stage on the full screen</source>
        <translation>全屏显示舞台</translation>
    </message>
    <message>
        <source>Show the step's picture</source>
        <translation>显示该步的图片</translation>
    </message>
    <message>
        <source>Skip to the step's result</source>
        <translation>跳到该步的结果</translation>
    </message>
    <message>
        <source>Step before</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>The step in view does not need it.</source>
        <translation>当前步骤不需要它。</translation>
    </message>
    <message>
        <source>There is no stage now; the page says why.</source>
        <translation>现在没有舞台；页面上说明了原因。</translation>
    </message>
    <message>
        <source>Try the step again</source>
        <translation>再试一次该步</translation>
    </message>
    <message>
        <source>Undo every fault</source>
        <translation>撤销所有故障</translation>
    </message>
    <message>
        <source>Wait no longer for the step</source>
        <translation>不再等待该步</translation>
    </message>
</context>
<context>
    <name>StageInWindow</name>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
</context>
<context>
    <name>StageScreen</name>
    <message>
        <source>Black screen</source>
        <translation>黑屏</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>舞台</translation>
    </message>
</context>
<context>
    <name>StageView</name>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>No stage here</source>
        <translation>此处没有舞台</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>PgDown next · PgUp back · B black · F full screen · H undo the fault</source>
        <translation>PgDown 下一步 · PgUp 返回 · B 黑屏 · F 全屏 · H 撤销故障</translation>
    </message>
    <message>
        <source>Read the scenes again</source>
        <translation>重新读取场景</translation>
    </message>
    <message>
        <source>Save the scene…</source>
        <translation>保存场景…</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>舞台</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The scenes are played on its chain.</source>
        <translation>场景在其链上演示。</translation>
    </message>
    <message>
        <source>The show, scene by scene, on the real chain</source>
        <translation>在真实的链上逐场演示</translation>
    </message>
    <message>
        <source>Undo every fault</source>
        <translation>撤销所有故障</translation>
    </message>
</context>
<context>
    <name>StatusFeed</name>
    <message>
        <source>LOCAL CHAIN</source>
        <translation>本地链</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>PUBLIC CHAIN</source>
        <translation>公有链</translation>
    </message>
    <message>
        <source>WRITING BLOCKED</source>
        <translation>写入已禁止</translation>
    </message>
    <message>
        <source>local</source>
        <translation>本地</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message numerus="yes">
        <source>%Ln open alerts</source>
        <translation>
            <numerusform>%Ln 条未解除的告警</numerusform>
        </translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>No chain</source>
        <translation>无链</translation>
    </message>
    <message>
        <source>No open alerts</source>
        <translation>没有未解除的告警</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
</context>
<context>
    <name>StoragePart</name>
    <message>
        <source>An address, a token or an asset's id</source>
        <translation>地址、代币或资产 ID</translation>
    </message>
    <message>
        <source>Copy the variable in focus</source>
        <translation>复制当前变量</translation>
    </message>
    <message>
        <source>Its number, or 0x…</source>
        <translation>槽位号，或 0x…</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>槽</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>The names of its variables are not known: a word is looked up by the number of its slot.</source>
        <translation>其变量名称未知：按槽位号查看存储字。</translation>
    </message>
    <message>
        <source>Variables without a key are shown by name; a key shows all that is kept under it.</source>
        <translation>不需要键的变量按名称显示；输入键则显示其下保存的全部内容。</translation>
    </message>
</context>
<context>
    <name>SuccessPanel</name>
    <message numerus="yes">
        <source>%Ln assets were left out of the transaction</source>
        <translation>
            <numerusform>%Ln 项资产未纳入该交易</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>And %Ln more; the Activity page lists them.</source>
        <translation>
            <numerusform>另有 %Ln 项，见“活动”页面。</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Minted tokens</source>
        <translation>已铸造的代币</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Open card</source>
        <translation>打开卡片</translation>
    </message>
    <message>
        <source>Recorded in the register and on the chain</source>
        <translation>已记录于登记簿和链上</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Token id</source>
        <translation>代币 ID</translation>
    </message>
</context>
<context>
    <name>TabPresenter</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>TickTable</name>
    <message>
        <source>Assets to tick</source>
        <translation>可勾选的资产</translation>
    </message>
</context>
<context>
    <name>TransactionPanel</name>
    <message>
        <source>Asset</source>
        <translation>资产</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Failed: {0}</source>
        <translation>失败：{0}</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>手续费</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>No transaction selected</source>
        <translation>未选择交易</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>Read by the imported ABI “{0}”.</source>
        <translation>依据导入的 ABI“{0}”解读。</translation>
    </message>
    <message>
        <source>Read by the standard {0}; the contract may mean something else.</source>
        <translation>依据标准 {0} 解读；合约可能另有含义。</translation>
    </message>
    <message>
        <source>Select one to see all about it.</source>
        <translation>选择一笔以查看全部内容。</translation>
    </message>
    <message>
        <source>State changes</source>
        <translation>状态变化</translation>
    </message>
    <message>
        <source>The chain has this transaction no more: the block that held it was replaced.</source>
        <translation>链上已没有这笔交易：包含它的区块被取代了。</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Transaction hash</source>
        <translation>交易哈希</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>金额</translation>
    </message>
    <message>
        <source>What the transaction did</source>
        <translation>交易做了什么</translation>
    </message>
    <message>
        <source>Where the gas went</source>
        <translation>Gas 去向</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more events</source>
        <translation>
            <numerusform>另有 %Ln 个事件</numerusform>
        </translation>
    </message>
    <message>
        <source>block {0} · no. {1} · {2}</source>
        <translation>区块 {0} · 序号 {1} · {2}</translation>
    </message>
    <message>
        <source>nonce {0}</source>
        <translation>nonce {0}</translation>
    </message>
    <message>
        <source>signed nothing: impersonated</source>
        <translation>未签名：账户伪装</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
</context>
<context>
    <name>TransactionsPanel</name>
    <message numerus="yes">
        <source>%Ln transactions signed under number {0}; the chain mines one of them.</source>
        <translation>
            <numerusform>以 nonce {0} 签名了 %Ln 笔交易；其中一笔会入块。</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancellation</source>
        <translation>取消交易</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>铸造</translation>
    </message>
    <message>
        <source>Mint, higher fee</source>
        <translation>铸造，更高手续费</translation>
    </message>
    <message>
        <source>Sped up</source>
        <translation>已加速</translation>
    </message>
    <message>
        <source>The chain has decided</source>
        <translation>链上已有定论</translation>
    </message>
    <message>
        <source>{0} · mined</source>
        <translation>{0} · 已入块</translation>
    </message>
</context>
<context>
    <name>TransactionsPresenter</name>
    <message numerus="yes">
        <source>%Ln transactions were written to {0}</source>
        <translation>
            <numerusform>%Ln 笔交易已写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>The chain has no such transaction.</source>
        <translation>链上没有该交易。</translation>
    </message>
    <message>
        <source>The transaction was written to {0}</source>
        <translation>该交易已写入 {0}</translation>
    </message>
    <message>
        <source>Writing the transaction</source>
        <translation>正在写入交易</translation>
    </message>
    <message>
        <source>Writing the transactions</source>
        <translation>正在写入交易</translation>
    </message>
</context>
<context>
    <name>TransactionsTab</name>
    <message numerus="yes">
        <source>%Ln transactions</source>
        <translation>
            <numerusform>%Ln 笔交易</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln transactions read</source>
        <translation>
            <numerusform>已读取 %Ln 笔交易</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the transaction in focus…</source>
        <translation>导出当前交易…</translation>
    </message>
    <message>
        <source>Export the transactions…</source>
        <translation>导出交易…</translation>
    </message>
    <message>
        <source>Look further down</source>
        <translation>继续向下查找</translation>
    </message>
    <message>
        <source>No transaction in the newest blocks</source>
        <translation>最新的区块中没有交易</translation>
    </message>
    <message>
        <source>No transaction yet</source>
        <translation>还没有交易</translation>
    </message>
    <message numerus="yes">
        <source>None in %Ln more blocks, down to block {0}.</source>
        <translation>
            <numerusform>再往下 %Ln 个区块（到区块 {0}）都没有交易。</numerusform>
        </translation>
    </message>
    <message>
        <source>Of block…</source>
        <translation>属于区块…</translation>
    </message>
    <message>
        <source>Open the transaction's asset</source>
        <translation>打开该交易的资产</translation>
    </message>
    <message>
        <source>Show the calls inside the transaction</source>
        <translation>显示交易的内部调用</translation>
    </message>
    <message>
        <source>Show the transaction's events</source>
        <translation>显示交易的事件</translation>
    </message>
    <message>
        <source>Show the transaction's raw data</source>
        <translation>显示交易的原始数据</translation>
    </message>
    <message>
        <source>Show what the transaction changed</source>
        <translation>显示交易改变的内容</translation>
    </message>
    <message numerus="yes">
        <source>The newest %Ln blocks, down to block {0}, are empty.</source>
        <translation>
            <numerusform>最新的 %Ln 个区块（到区块 {0}）都是空的。</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no transaction in view.</source>
        <translation>没有显示交易。</translation>
    </message>
    <message>
        <source>What is sent to the chain stands here as soon as a block has it.</source>
        <translation>发送到链上的交易一进入区块，就会列在这里。</translation>
    </message>
    <message>
        <source>↑↓ browse · Ctrl+E export · F5 reload</source>
        <translation>↑↓ 浏览 · Ctrl+E 导出 · F5 重新加载</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Mints that wait for it go on by themselves. Without a signature it locks after {0} min.</source>
        <translation>等待中的铸造会自行继续。{0} 分钟内没有签名即锁定。</translation>
    </message>
    <message>
        <source>Password of the keystore</source>
        <translation>密钥库密码</translation>
    </message>
    <message>
        <source>This password does not open the keystore.</source>
        <translation>此密码无法打开密钥库。</translation>
    </message>
    <message numerus="yes">
        <source>This password does not open the keystore. %Ln attempts are left before it locks for a while.</source>
        <translation>
            <numerusform>此密码无法打开密钥库。再错 %Ln 次将暂时锁定。</numerusform>
        </translation>
    </message>
    <message>
        <source>Too many wrong passwords. Try again in {0}.</source>
        <translation>密码输错次数过多。请在 {0} 后重试。</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Unlock the signing key</source>
        <translation>解锁签名密钥</translation>
    </message>
    <message>
        <source>Unlocking…</source>
        <translation>正在解锁…</translation>
    </message>
</context>
<context>
    <name>UserForm</name>
    <message>
        <source>Acts for</source>
        <translation>所代表的企业</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add a person</source>
        <translation>添加人员</translation>
    </message>
    <message>
        <source>Edit the account of {0}</source>
        <translation>编辑“{0}”的账号</translation>
    </message>
    <message>
        <source>It stays: the audit log names it.</source>
        <translation>设定后不能更改：审计日志以它记名。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation>显示名称</translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>Who signs in, and what they may do.</source>
        <translation>谁可以登录，以及可以做什么。</translation>
    </message>
</context>
<context>
    <name>ValidityDialog</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel the rest</source>
        <translation>取消其余</translation>
    </message>
    <message>
        <source>Kept in the register; its hash goes onto the chain. Evidence has the hash, not the words.</source>
        <translation>保存在登记簿中，其哈希写入链上。证据中只有哈希，没有原文。</translation>
    </message>
    <message>
        <source>One transaction each, signed by the program's account, for good on the chain.</source>
        <translation>每份证书一笔交易，由本程序的账户签名，永久留在链上。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
</context>
<context>
    <name>ValueFacts</name>
    <message>
        <source>{0} more</source>
        <translation>另有 {0} 项</translation>
    </message>
</context>
<context>
    <name>VerdictLines</name>
    <message>
        <source>AGREES</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Mined</source>
        <translation>入块</translation>
    </message>
    <message>
        <source>NFT</source>
        <translation>NFT</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>持有人</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>代币</translation>
    </message>
    <message>
        <source>Token URI</source>
        <translation>代币 URI</translation>
    </message>
    <message>
        <source>Token id</source>
        <translation>代币 ID</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Validity</source>
        <translation>有效性</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>{0}: register {1}, chain {2}</source>
        <translation>{0}：登记簿 {1}，链上 {2}</translation>
    </message>
    <message>
        <source>{0}: register {1}, content store {2}</source>
        <translation>{0}：登记簿 {1}，内容库 {2}</translation>
    </message>
</context>
<context>
    <name>VerifyAllDialog</name>
    <message numerus="yes">
        <source>All %Ln NFTs agree</source>
        <translation>
            <numerusform>%Ln 个 NFT 全部一致</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Differences only</source>
        <translation>仅显示差异</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Name, cause or token id…</source>
        <translation>名称、原因或代币 ID…</translation>
    </message>
    <message numerus="yes">
        <source>Not all were verified: {0} of %Ln NFTs differ</source>
        <translation>
            <numerusform>尚未全部核验：%Ln 个 NFT 中有 {0} 个不一致</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was verified yet</source>
        <translation>尚未核验</translation>
    </message>
    <message>
        <source>Register, chain and content are compared for each NFT of the list.</source>
        <translation>为列表中的每个 NFT 比较登记簿、链与内容。</translation>
    </message>
    <message>
        <source>Register, chain and content are compared for each NFT of the selection.</source>
        <translation>为选中的每个 NFT 比较登记簿、链与内容。</translation>
    </message>
    <message numerus="yes">
        <source>Register, chain and content are compared for the first %Ln NFTs of the list.</source>
        <translation>
            <numerusform>为列表中的前 %Ln 个 NFT 比较登记簿、链与内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message numerus="yes">
        <source>Verify %Ln selected NFTs</source>
        <translation>
            <numerusform>核验选中的 %Ln 个 NFT</numerusform>
        </translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>重新核验</translation>
    </message>
    <message>
        <source>Verify all that is listed</source>
        <translation>核验列表中的全部 NFT</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln NFTs differ</source>
        <translation>
            <numerusform>%Ln 个 NFT 中有 {0} 个不一致</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln NFTs differ so far</source>
        <translation>
            <numerusform>目前 %Ln 个 NFT 中有 {0} 个不一致</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerifyAllPresenter</name>
    <message numerus="yes">
        <source>%Ln verdicts were written to {0}</source>
        <translation>
            <numerusform>已将 %Ln 项结论写入 {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation>导出已停止，未写入文件</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>正在核验</translation>
    </message>
</context>
<context>
    <name>VerifyDialog</name>
    <message>
        <source>Accept this register's account</source>
        <translation>认可本登记簿的账户</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>另一个文件…</translation>
    </message>
    <message>
        <source>Ask this register's chain</source>
        <translation>询问本登记簿的链</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Not verified</source>
        <translation>未核验</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Parts of the bundle</source>
        <translation>证据包的各部分</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>The contract is NOT the one that this register is bound to: it is another token.</source>
        <translation>合约并非本登记簿所绑定的合约：这是另一枚代币。</translation>
    </message>
    <message>
        <source>The contract is the one that this register is bound to.</source>
        <translation>合约即本登记簿所绑定的合约。</translation>
    </message>
    <message>
        <source>The part in focus</source>
        <translation>当前部分</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Verify a bundle</source>
        <translation>核核验据包</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>正在核验…</translation>
    </message>
    <message>
        <source>What to compare</source>
        <translation>需比对的内容</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>核验结果</translation>
    </message>
    <message>
        <source>{0} is no account that is known to have signed evidence for this register.</source>
        <translation>没有记录表明账户 {0} 曾为本登记簿签署证据。</translation>
    </message>
    <message>
        <source>{0} signs for this register, or has signed evidence for it.</source>
        <translation>账户 {0} 为本登记簿签名，或曾为其签署证据。</translation>
    </message>
</context>
<context>
    <name>VerifyTable</name>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Fact</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>消耗 Gas</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>持有人</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>Token URI</source>
        <translation>代币 URI</translation>
    </message>
    <message>
        <source>Token id</source>
        <translation>代币 ID</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Validity</source>
        <translation>有效性</translation>
    </message>
    <message>
        <source>Verification</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>content store</source>
        <translation>内容存储</translation>
    </message>
    <message>
        <source>register</source>
        <translation>登记簿</translation>
    </message>
    <message>
        <source>{0}: {1} agrees</source>
        <translation>{0}：{1}一致</translation>
    </message>
    <message>
        <source>{0}: {1} differs</source>
        <translation>{0}：{1}不一致</translation>
    </message>
</context>
<context>
    <name>WaitingCard</name>
    <message numerus="yes">
        <source>%Ln wait</source>
        <translation>
            <numerusform>%Ln 项等待中</numerusform>
        </translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Automatic batch</source>
        <translation>自动批量</translation>
    </message>
    <message>
        <source>Congestion</source>
        <translation>拥堵程度</translation>
    </message>
    <message>
        <source>Go together</source>
        <translation>一起铸造</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>最长等待</translation>
    </message>
    <message>
        <source>Mints that wait for others</source>
        <translation>等待同批的铸造</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No line is in focus.</source>
        <translation>没有选中任何行。</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>没有等待中的铸造。</translation>
    </message>
    <message>
        <source>Nothing waits. With “Wait for others” in the mint dialog a mint goes together with others, which costs less for each.</source>
        <translation>没有等待中的铸造。在铸造对话框中选择“等待同批”，即可与其他铸造一起进行，每项费用更低。</translation>
    </message>
    <message>
        <source>Send all now</source>
        <translation>全部立即发出</translation>
    </message>
    <message>
        <source>Sign in to see what waits.</source>
        <translation>登录后可查看等待中的铸造。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>as the chain has it</source>
        <translation>按链上情况</translation>
    </message>
    <message>
        <source>of the oldest</source>
        <translation>以最早的为准</translation>
    </message>
    <message>
        <source>set by hand</source>
        <translation>手动设定</translation>
    </message>
    <message>
        <source>the environment is not started</source>
        <translation>环境未启动</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
</context>
<context>
    <name>WaitingPresenter</name>
    <message numerus="yes">
        <source>%Ln assets are on their way.</source>
        <translation>
            <numerusform>%Ln 项资产已在铸造途中。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets wait no more; nothing was sent.</source>
        <translation>
            <numerusform>%Ln 项资产不再等待；未发送任何内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>The batch has gone already.</source>
        <translation>批次已经发出。</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>About this program</source>
        <translation>关于本程序</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>查找命令…</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>前往“{0}”</translation>
    </message>
    <message>
        <source>It is not installed: {0}</source>
        <translation>未安装：{0}</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Language: {0}</source>
        <translation>语言：{0}</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>浅色或深色</translation>
    </message>
    <message>
        <source>Open the menu</source>
        <translation>打开菜单</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Smoothness over the window</source>
        <translation>在窗口上显示流畅度</translation>
    </message>
    <message>
        <source>User guide</source>
        <translation>用户指南</translation>
    </message>
</context>
<context>
    <name>WorkLine</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>WorkspaceButton</name>
    <message>
        <source>All checkpoints…</source>
        <translation>所有检查点…</translation>
    </message>
    <message>
        <source>Return to checkpoint</source>
        <translation>返回检查点</translation>
    </message>
    <message>
        <source>Workspace: {0}</source>
        <translation>工作区：{0}</translation>
    </message>
    <message>
        <source>Workspaces</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
</context>
<context>
    <name>WorkspaceDetail</name>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>复制…</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Last opened</source>
        <translation>上次打开</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>尚无内容</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open another workspace first</source>
        <translation>请先打开其他工作区</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>This is the profile folder itself; the others lie in it</source>
        <translation>这是配置文件夹本身；其他工作区都在其中</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln 项资产</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个代币</numerusform>
        </translation>
    </message>
    <message>
        <source>Before a new chain</source>
        <translation>启用新链之前</translation>
    </message>
    <message>
        <source>Before a return</source>
        <translation>返回之前</translation>
    </message>
    <message>
        <source>Checkpoint now…</source>
        <translation>立即创建检查点…</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Manage workspaces…</source>
        <translation>管理工作区…</translation>
    </message>
    <message>
        <source>New workspace…</source>
        <translation>新建工作区…</translation>
    </message>
    <message>
        <source>Return to the newest checkpoint…</source>
        <translation>返回最新检查点…</translation>
    </message>
    <message>
        <source>{0} · {1} · block #{2}</source>
        <translation>{0} · {1} · 区块 #{2}</translation>
    </message>
</context>
<context>
    <name>WorkspacesDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the checkpoint</source>
        <translation>删除检查点</translation>
    </message>
    <message>
        <source>Each has a register, a chain and contents of its own. Settings and keystores are shared.</source>
        <translation>每个工作区都有自己的登记簿、链和内容。设置和密钥库共用。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>新建…</translation>
    </message>
    <message>
        <source>Workspaces</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>{0} (open)</source>
        <translation>{0}（已打开）</translation>
    </message>
</context>
<context>
    <name>WorkspacesInWindow</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Workspace: {0}</source>
        <translation>工作区：{0}</translation>
    </message>
</context>
<context>
    <name>WorkspacesPresenter</name>
    <message>
        <source>An empty register with a chain and contents of its own. What is open now stays as it is.</source>
        <translation>空的登记簿，带有自己的链和内容。当前打开的工作区保持不变。</translation>
    </message>
    <message>
        <source>Copy of {0}</source>
        <translation>{0} 的副本</translation>
    </message>
    <message>
        <source>Create and open</source>
        <translation>创建并打开</translation>
    </message>
    <message>
        <source>Delete the checkpoint “{0}”? The workspace stays as it is.</source>
        <translation>删除检查点“{0}”？工作区保持不变。</translation>
    </message>
    <message>
        <source>Delete “{0}” with all its files, {1}?</source>
        <translation>删除“{0}”及其全部文件（{1}）？</translation>
    </message>
    <message>
        <source>Delete “{0}” with {1} and {2}, {3} in all?</source>
        <translation>删除“{0}”（{1}、{2}，共 {3}）？</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制为新资产</translation>
    </message>
    <message>
        <source>Duplicate “{0}”</source>
        <translation>复制“{0}”</translation>
    </message>
    <message>
        <source>Fill it with the demonstration assets</source>
        <translation>填入演示资产</translation>
    </message>
    <message>
        <source>Its folder stays where it is.</source>
        <translation>其文件夹位置不变。</translation>
    </message>
    <message>
        <source>New workspace</source>
        <translation>新建工作区</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Rename “{0}”</source>
        <translation>重命名“{0}”</translation>
    </message>
    <message>
        <source>The copy has the same register, chain, contents and keys as at this moment; its backups and checkpoints begin anew.</source>
        <translation>副本含有此刻相同的登记簿、链、内容和密钥；备份和检查点从头开始。</translation>
    </message>
    <message>
        <source>There is no checkpoint yet.</source>
        <translation>尚无检查点。</translation>
    </message>
    <message>
        <source>This system shows no folders. It is {0}</source>
        <translation>此系统无法显示文件夹。其位置为 {0}</translation>
    </message>
    <message>
        <source>{0} Register, chain, contents, keys, backups and checkpoints go.</source>
        <translation>{0}登记簿、链、内容、密钥、备份和检查点都将删除。</translation>
    </message>
    <message>
        <source>“{0}” deleted</source>
        <translation>已删除“{0}”</translation>
    </message>
</context>
<context>
    <name>WritePart</name>
    <message>
        <source>As account</source>
        <translation>以账户</translation>
    </message>
    <message>
        <source>Calls made from here</source>
        <translation>从这里发出的调用</translation>
    </message>
    <message>
        <source>Empty for the account of the program; any other can be tried</source>
        <translation>留空则为程序自身的账户；可用任意账户试算</translation>
    </message>
    <message>
        <source>Function to call</source>
        <translation>要调用的函数</translation>
    </message>
    <message>
        <source>No ABI is known for this contract, so nothing can be written to it. Import its ABI first.</source>
        <translation>此合约的 ABI 未知，无法写入。请先导入其 ABI。</translation>
    </message>
    <message>
        <source>Simulate…</source>
        <translation>模拟…</translation>
    </message>
    <message>
        <source>The call is tried first, which costs nothing. What it would cost is shown before anything is sent.</source>
        <translation>先试运行调用，不产生费用。发送前会显示其费用。</translation>
    </message>
</context>
<context>
    <name>WritePresenter</name>
    <message>
        <source>{0} is done in block {1}</source>
        <translation>{0} 已在区块 {1} 完成</translation>
    </message>
    <message>
        <source>{0} was refused in its block: {1}</source>
        <translation>{0} 在其区块中被拒绝：{1}</translation>
    </message>
    <message>
        <source>{0} was sent and waits for a block</source>
        <translation>{0} 已发送，等待入块</translation>
    </message>
</context>
<context>
    <name>_BackupRow</name>
    <message>
        <source>Restore the backup of {0}, {1}</source>
        <translation>恢复 {0} 的备份，{1}</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>已校验</translation>
    </message>
</context>
<context>
    <name>_Boxes</name>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find: {0}</source>
        <translation>查找：{0}</translation>
    </message>
</context>
<context>
    <name>_Days</name>
    <message>
        <source>Before the first day.</source>
        <translation>早于起始日。</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation>日期请写作 YYYY-MM-DD。</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>YYYY-MM-DD</translation>
    </message>
</context>
<context>
    <name>_DonePanel</name>
    <message numerus="yes">
        <source>%Ln assets imported</source>
        <translation>
            <numerusform>已导入 %Ln 项资产</numerusform>
        </translation>
    </message>
    <message>
        <source>Import in the audit log</source>
        <translation>审计日志中的导入记录</translation>
    </message>
    <message>
        <source>They are drafts: look at them, then mint.</source>
        <translation>它们是草稿：请先查看，再铸造。</translation>
    </message>
    <message numerus="yes">
        <source>They are drafts: look at them, then mint. %Ln rows were left out.</source>
        <translation>
            <numerusform>它们是草稿：请先查看，再铸造。略过了 %Ln 行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Entry</name>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Move up (Alt+Up)</source>
        <translation>上移 (Alt+Up)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name of the field</source>
        <translation>字段名称</translation>
    </message>
    <message>
        <source>Remove field</source>
        <translation>移除字段</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Value of the field</source>
        <translation>字段的值</translation>
    </message>
</context>
<context>
    <name>_SnapshotRow</name>
    <message>
        <source>Go back to {0}</source>
        <translation>退回到 {0}</translation>
    </message>
    <message>
        <source>Go back…</source>
        <translation>退回…</translation>
    </message>
</context>
<context>
    <name>_StageRow</name>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
</context>
<context>
    <name>_Toast</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
</TS>
