package cbcerr

// A Reason is the meaning of an error: the name of an errorv1.ErrorReason without its prefix. A server that is newer than
// this package may send further reasons. As an error, it is what errors.Is looks for:
//
//	errors.Is(err, cbcerr.ReasonWrongSite)
type Reason string

// Error returns the reason itself.
func (r Reason) Error() string { return string(r) }

// A RetryAdvice says whether and when to retry the call to upstream: the name of an errorv1.RetryAdvice without its prefix.
type RetryAdvice string

// The retry advice that this version knows.
const (
	RetryChangeRequest       RetryAdvice = "CHANGE_REQUEST"        // do not retry the call unchanged
	RetryFixState            RetryAdvice = "FIX_STATE"             // retry after a change of state
	RetryBackoff             RetryAdvice = "BACKOFF"               // retry after a delay; the call was not executed
	RetryBackoffIfIdempotent RetryAdvice = "BACKOFF_IF_IDEMPOTENT" // retry after a delay if the call is idempotent
	RetryVerifyFirst         RetryAdvice = "VERIFY_FIRST"          // read the current state before you decide
)

// An Outcome is the effect of the call on upstream's state: the name of an errorv1.Outcome without its prefix.
type Outcome string

// The outcomes that this version knows.
const (
	OutcomeNotApplied       Outcome = "NOT_APPLIED"       // no effect
	OutcomeApplied          Outcome = "APPLIED"           // full effect
	OutcomeAlreadyApplied   Outcome = "ALREADY_APPLIED"   // an earlier call had the effect
	OutcomePartiallyApplied Outcome = "PARTIALLY_APPLIED" // parts succeeded and parts failed
	OutcomeInProgress       Outcome = "IN_PROGRESS"       // upstream is still processing the call
	OutcomeUnknown          Outcome = "UNKNOWN"           // the response does not say
)
