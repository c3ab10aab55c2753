package render

import "strings"

// words are what is said to people in one language, besides the catalogue's texts.
type words struct {
	labels  map[label]string
	retry   map[string]string // what to do, by the name of the advice
	outcome map[string]string // what became of the call, by the name of the outcome
}

// A label stands before a value.
type label int

const (
	labelAdvice label = iota
	labelWait
	labelOutcome
	labelStatus
	labelHTTP
	labelMatch
	labelUpstream
	labelRequest
	labelOuter
	labelService
	labelPermission
	labelSite
	labelAccount
	labelTruncated
	labelViolation
	labelItem
	labelNumber
	labelRelated
	labelSuccess
)

// wordsOf are the words for a locale: Chinese for any Chinese, else English.
func wordsOf(locale string) words {
	if primary, _, _ := strings.Cut(locale, "-"); primary == "zh" {
		return chinese
	}
	return english
}

var english = words{
	labels: map[label]string{
		labelAdvice: "What to do", labelWait: "Wait", labelOutcome: "Outcome", labelStatus: "Status", labelHTTP: "Upstream HTTP", labelMatch: "Match",
		labelUpstream: "Upstream said", labelRequest: "Request", labelOuter: "Wrapped in", labelService: "Service",
		labelPermission: "Permission", labelSite: "Try site", labelAccount: "Account made", labelTruncated: "Shortened",
		labelViolation: "Complaint", labelItem: "Failed part", labelNumber: "Number", labelRelated: "Same reason",
		labelSuccess: "Upstream succeeded.",
	},
	retry: map[string]string{
		"CHANGE_REQUEST":        "Change the request: unchanged it cannot succeed.",
		"FIX_STATE":             "Change the account, resource, order, grant or limit that stands in the way; then the same call can succeed.",
		"BACKOFF":               "Wait, then send the same call again: upstream turned it away unexecuted.",
		"BACKOFF_IF_IDEMPOTENT": "It failed inside: send it again, after a wait, only if that cannot do the thing twice.",
		"VERIFY_FIRST":          "Read the current state before anything else: the call may have had an effect.",
	},
	outcome: map[string]string{
		"NOT_APPLIED": "Nothing was changed.", "APPLIED": "It took effect.", "ALREADY_APPLIED": "The effect was there already.",
		"PARTIALLY_APPLIED": "Some parts took effect, others did not.", "IN_PROGRESS": "It is still being carried out.",
		"UNKNOWN": "Whether it took effect cannot be told.",
	},
}

var chinese = words{
	labels: map[label]string{
		labelAdvice: "处理建议", labelWait: "等待", labelOutcome: "执行结果", labelStatus: "状态", labelHTTP: "上游HTTP状态", labelMatch: "匹配方式",
		labelUpstream: "上游消息", labelRequest: "请求ID", labelOuter: "外层错误码", labelService: "服务",
		labelPermission: "缺少的权限", labelSite: "可尝试的站点", labelAccount: "已创建的账号", labelTruncated: "已截断",
		labelViolation: "问题", labelItem: "失败项", labelNumber: "编号", labelRelated: "同因错误码",
		labelSuccess: "上游调用成功。",
	},
	retry: map[string]string{
		"CHANGE_REQUEST":        "请修改请求：原样重发不会成功。",
		"FIX_STATE":             "请先处理相关的账号、资源、订单、授权或配额，之后同样的请求可以成功。",
		"BACKOFF":               "请等待后重发同样的请求：上游未执行本次调用。",
		"BACKOFF_IF_IDEMPOTENT": "上游内部失败：仅当重复执行不会造成重复结果时，才可等待后重试。",
		"VERIFY_FIRST":          "请先查询当前状态再做其他操作：本次调用可能已经生效。",
	},
	outcome: map[string]string{
		"NOT_APPLIED": "未生效。", "APPLIED": "已生效。", "ALREADY_APPLIED": "此前已经生效。",
		"PARTIALLY_APPLIED": "部分生效，部分未生效。", "IN_PROGRESS": "仍在执行中。", "UNKNOWN": "无法确定是否生效。",
	},
}
