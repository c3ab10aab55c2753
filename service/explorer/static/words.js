// What the page itself says, in both of its languages.

const english = {
  lang: "en", search: "Codes", translate: "Translate", language: "Language", skip: "Skip to content", pages: "Pages",
  searchTitle: "What does the code mean?",
  searchLead: "The documented error codes of Huawei Cloud's billing and operations APIs (CBC, BSS): what each means and what to do about it.",
  searchLabel: "Search codes, reasons and texts", searchHint: "A code, a number or words of any language: CBC.5003, throttled, 余额",
  status: "Status", retry: "What to do", outcome: "Outcome", any: "any", reason: "Reason", number: "Number", wait: "Wait",
  found: (/** @type {number} */ n) => (n === 1 ? "1 code" : `${n} codes`),
  shown: (/** @type {number} */ n) => `the first ${n} are shown`, results: "Codes found",
  upstreamHTTP: "HTTP status on upstream's page", misleads: "(for information only: many errors come with 200, and most 500s are the client's fault)",
  texts: "Texts", related: "Codes with the same reason", elsewhere: "Means something else",
  whereSaid: (/** @type {string} */ text) => `where the message says “${text}”:`, whereShaped: (/** @type {string} */ shape) => `in a body of the shape “${shape}”:`,
  wraps: "where the message embeds another code: what that one means", codes: "Codes", none: "none",
  tryIt: "Try it: translate a response with this code", fromPrograms: "From programs", api: "As JSON",
  unknownCode: "The catalogue has no such code", unknownReason: "There is no such reason",
  unknownLead: "It may still be a real one: more codes exist than upstream documents. Paste the response to see what can be said of it.",
  translateTitle: "Translate a response",
  translateLead: "Paste the body of a response, or the whole of it as curl -i prints it. It is sent to this server and to nobody else, and is not kept.",
  response: "Response", httpStatus: "HTTP status", fromHead: "from the head", assumed: "no head: taken for this; change it if it was another",
  site: "Site that was called", unknownSite: "not known", answer: "Answer", waiting: "Paste a response to see what it means.",
  succeeded: "Upstream succeeded.", upstreamSaid: "Upstream said", code: "Code", message: "Message", items: "Parts that failed", item: "Part",
  match: "Found by", request: "Request", permission: "Missing permission", trySite: "Try the site", outerCode: "Wrapped in", account: "Account made",
  complaints: "Complaints", truncated: "Shortened", wholeStatus: "The status as JSON", sameAnswer: "Get this answer from",
  failed: "No answer", unreachable: "The server cannot be reached.", copy: "Copy", copied: "Copied", loading: "Loading…",
  footer: "Texts are those of Huawei Cloud's documentation. Status, reason, advice and outcome are this project's reading of them, not Huawei's word.",
  advice: {
    "": "Nothing: it succeeded.",
    CHANGE_REQUEST: "Change the request: unchanged it cannot succeed.",
    FIX_STATE: "Change the account, resource, order, grant or limit that stands in the way; then the same call can succeed.",
    BACKOFF: "Wait, then send the same call again: upstream turned it away unexecuted.",
    BACKOFF_IF_IDEMPOTENT: "It failed inside: send it again, after a wait, only if that cannot do the thing twice.",
    VERIFY_FIRST: "Read the current state before anything else: the call may have had an effect.",
  },
  outcomes: {
    NOT_APPLIED: "Nothing was changed.", APPLIED: "It took effect.", ALREADY_APPLIED: "The effect was there already.",
    PARTIALLY_APPLIED: "Some parts took effect, others did not.", IN_PROGRESS: "It is still being carried out.",
    UNKNOWN: "Whether it took effect cannot be told.",
  },
  service: "Service", source: "Source", ofPage: "Huawei Cloud's page of error codes", translated: "translation by this project",
  undocumented: "not documented", anyStatus: "any",
};

/** @typedef {typeof english} Words */

/** @type {Words} */
const chinese = {
  lang: "zh-CN", search: "错误码", translate: "解析响应", language: "语言", skip: "跳到正文", pages: "页面",
  searchTitle: "这个错误码是什么意思？",
  searchLead: "华为云运营能力 API（CBC，又称 BSS）公开文档中的错误码：每个码的含义和处理建议。",
  searchLabel: "搜索错误码、原因和文本", searchHint: "错误码、数字或任意语言的词：CBC.5003、throttled、余额",
  status: "状态", retry: "处理建议", outcome: "执行结果", any: "不限", reason: "原因", number: "编号", wait: "等待",
  found: (n) => `${n} 个错误码`, shown: (n) => `仅显示前 ${n} 个`, results: "搜索结果",
  upstreamHTTP: "上游文档中的 HTTP 状态码", misleads: "（仅供参考：许多错误返回 200，而多数 500 是客户端的问题）",
  texts: "文本", related: "同一原因的错误码", elsewhere: "另有含义",
  whereSaid: (text) => `消息中含有“${text}”时：`, whereShaped: (shape) => `响应体为“${shape}”形式时：`,
  wraps: "消息中嵌有另一个错误码时：以内层错误码的含义为准", codes: "错误码", none: "无",
  tryIt: "试一试：解析带有此错误码的响应", fromPrograms: "在程序中使用", api: "JSON 形式",
  unknownCode: "目录中没有这个错误码", unknownReason: "没有这个原因",
  unknownLead: "它仍可能真实存在：实际的错误码多于公开文档所列。粘贴完整响应，可以看到能够得出的结论。",
  translateTitle: "解析响应",
  translateLead: "粘贴响应体，或 curl -i 输出的完整响应。内容只发送到本服务器，不会保存。",
  response: "响应", httpStatus: "HTTP 状态码", fromHead: "取自响应头", assumed: "没有响应头：按此值处理，如有不同请修改",
  site: "调用的站点", unknownSite: "未知", answer: "解析结果", waiting: "粘贴响应后，这里显示它的含义。",
  succeeded: "上游调用成功。", upstreamSaid: "上游消息", code: "错误码", message: "消息", items: "失败项", item: "项",
  match: "匹配方式", request: "请求 ID", permission: "缺少的权限", trySite: "可尝试的站点", outerCode: "外层错误码", account: "已创建的账号",
  complaints: "具体问题", truncated: "已截断", wholeStatus: "完整的 Status（JSON）", sameAnswer: "用以下方式得到同样的结果",
  failed: "没有结果", unreachable: "无法连接服务器。", copy: "复制", copied: "已复制", loading: "加载中…",
  footer: "文本来自华为云文档。状态、原因、建议和执行结果是本项目的解读，并非华为官方说法。",
  advice: {
    "": "无需处理：调用成功。",
    CHANGE_REQUEST: "请修改请求：原样重发不会成功。",
    FIX_STATE: "请先处理相关的账号、资源、订单、授权或配额，之后同样的请求可以成功。",
    BACKOFF: "请等待后重发同样的请求：上游未执行本次调用。",
    BACKOFF_IF_IDEMPOTENT: "上游内部失败：仅当重复执行不会造成重复结果时，才可等待后重试。",
    VERIFY_FIRST: "请先查询当前状态再做其他操作：本次调用可能已经生效。",
  },
  outcomes: {
    NOT_APPLIED: "未生效。", APPLIED: "已生效。", ALREADY_APPLIED: "此前已经生效。", PARTIALLY_APPLIED: "部分生效，部分未生效。",
    IN_PROGRESS: "仍在执行中。", UNKNOWN: "无法确定是否生效。",
  },
  service: "服务", source: "来源", ofPage: "华为云错误码页面", translated: "本项目翻译", undocumented: "文档未说明", anyStatus: "任意",
};

/** The words for a locale: Chinese for any Chinese, else English. @param {string} locale @returns {Words} */
export function wordsFor(locale) {
  return /^zh\b/.test(locale) ? chinese : english;
}

/** @param {Record<string, string>} meanings @param {string} name */
export function meaning(meanings, name) {
  return meanings[name] ?? name;
}
