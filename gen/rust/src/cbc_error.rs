use std::{error::Error, fmt, time::Duration};

use prost::Message;
use tonic_types::pb::{ErrorInfo, RetryInfo, Status};

use crate::v1;

/// Domain of the `google.rpc.ErrorInfo` of every translated error.
pub const DOMAIN: &str = "cbc.huaweicloud.com";

/// What the text of a code begins with.
const PREFIX: &str = "CBC.";

/// The number and the encoded meaning of each code of the catalogue, sorted by number.
static MEANINGS: &[(i32, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/meanings.rs"));

/// A translated error of the CBC.
///
/// Log `code`, branch on `reason`, show `message`. To branch on an enum, use `detail.reason()`.
/// Text that the status does not have is empty. `Display` formats code, reason and the English
/// message, for logs.
///
/// ```
/// # use cbcerr::{CbcError, v1::ErrorReason};
/// # fn f(status: &tonic::Status) {
/// if let Some(error) = CbcError::from_error(status) {
///     match error.detail.reason() {
///         ErrorReason::BalanceInsufficient => println!("{}", error.message),
///         _ if error.should_retry(false) => println!("retry in {:?}", error.retry_delay),
///         _ => println!("{error}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CbcError {
    /// Upstream's code in its canonical spelling, such as `CBC.0250`; empty if there is none.
    pub code: String,
    /// Number of the code in [`v1::ErrorCode`], also of a code that is newer than this crate; 0 if
    /// it has none.
    pub number: i32,
    /// Constant to branch on, such as `REQUEST_THROTTLED`: the name of a [`v1::ErrorReason`]
    /// without its prefix.
    pub reason: String,
    /// Retry advice for the call to upstream, such as `BACKOFF`: the name of a [`v1::RetryAdvice`]
    /// without its prefix.
    pub retry: String,
    /// Effect of the call to upstream, such as `NOT_APPLIED`: the name of a [`v1::Outcome`]
    /// without its prefix.
    pub outcome: String,
    /// Text for users, in the language of `locale`.
    pub message: String,
    /// BCP 47 tag, such as `zh-CN`.
    pub locale: String,
    /// What to do, in one sentence for users.
    pub advice: String,
    /// Recommended delay before a retry; `None` if none is recommended. A negative delay is zero.
    pub retry_delay: Option<Duration>,
    /// Typed detail, with enums and the code as received; the default if the status has none.
    pub detail: v1::CbcError,
    /// Whole status as received.
    pub status: Status,
}

impl CbcError {
    /// Returns the translated error of a status: of Translate, BatchTranslate or StreamTranslate,
    /// of a failed item, or from REST.
    ///
    /// Returns `None` if upstream succeeded, and for a status of another system. Details that
    /// cannot be decoded are ignored.
    pub fn from_status(status: &Status) -> Option<Self> {
        let mut info = first::<ErrorInfo>(status, "google.rpc.ErrorInfo")?;
        if info.domain != DOMAIN {
            return None;
        }
        let mut metadata = |key| info.metadata.remove(key).unwrap_or_default();
        let code = metadata("code");
        let detail = first::<v1::CbcError>(status, "cbc.error.v1.CbcError").unwrap_or_default();
        Some(Self {
            // The detail lacks the number of a code that is newer than this crate if it was read
            // from JSON.
            number: match detail.code {
                0 => number_of(code.strip_prefix(PREFIX).unwrap_or_default()),
                number => number,
            },
            code,
            retry: metadata("retry"),
            outcome: metadata("outcome"),
            message: metadata("message"),
            locale: metadata("locale"),
            advice: metadata("advice"),
            reason: info.reason,
            retry_delay: retry_delay(status),
            detail,
            status: status.clone(),
        })
    }

    /// Returns the translated error of a failed call, such as Raise.
    ///
    /// Returns `None` for an error of cbcerr itself, and for a network error.
    pub fn from_error(error: &tonic::Status) -> Option<Self> {
        Self::from_status(&Status::decode(error.details()).ok()?)
    }

    /// Reports whether the advice permits a retry of the call to upstream, after a delay.
    ///
    /// Upstream rejected the call before executing it, or failed internally and a second call
    /// cannot take effect twice. Returns `false` for advice that is newer than this crate.
    pub fn should_retry(&self, idempotent: bool) -> bool {
        match self.retry.as_str() {
            "BACKOFF" => true,
            "BACKOFF_IF_IDEMPOTENT" => idempotent || self.outcome == "NOT_APPLIED",
            _ => false,
        }
    }
}

impl fmt::Display for CbcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.code.is_empty() {
            write!(f, "{} ", self.code)?;
        }
        write!(f, "{}: {}", self.reason, self.status.message)
    }
}

impl Error for CbcError {}

/// Returns the meaning of a code's number in the catalogue of this version, or `None` for an unknown
/// number. It makes no call.
///
/// ```
/// use cbcerr::{meaning, v1::{ErrorCode, RetryAdvice}};
///
/// assert_eq!(meaning(ErrorCode::Cbc0250.into()).unwrap().retry(), RetryAdvice::Backoff);
/// assert_eq!(meaning(0), None);
/// ```
pub fn meaning(number: i32) -> Option<v1::Meaning> {
    let row = MEANINGS.binary_search_by_key(&number, |row| row.0).ok()?;
    v1::Meaning::decode(MEANINGS[row].1).ok()
}

/// Returns the meaning of a code's text, with or without the prefix, in any letter case, like
/// [`meaning`]. Texts that are not codes are unknown.
///
/// ```
/// use cbcerr::{meaning, meaning_of, v1::ErrorCode};
///
/// assert_eq!(meaning_of("CBC.5003").unwrap(), meaning(5003).unwrap());
/// assert_eq!(meaning_of("cbc.5003"), meaning(5003));
/// assert_eq!(meaning_of("5003"), meaning(5003));
/// assert_eq!(meaning_of("CBC.0000"), meaning(ErrorCode::Cbc0000.into()));
/// for text in ["", "CBC.", "CBC.cbc.5003", "cbc5003", "503", "05003", "CBC.+503", "CBC.5OO3", "APIGW.0308"] {
///     assert_eq!(meaning_of(text), None);
/// }
/// ```
pub fn meaning_of(code: &str) -> Option<v1::Meaning> {
    let digits = match code.split_at_checked(PREFIX.len()) {
        Some((prefix, digits)) if prefix.eq_ignore_ascii_case(PREFIX) => digits,
        _ => code,
    };
    meaning(number_of(digits))
}

/// Returns the first detail of a type that can be decoded. Unlike tonic-types it accepts any prefix
/// of the type URL.
fn first<M: Message + Default>(status: &Status, name: &str) -> Option<M> {
    status
        .details
        .iter()
        .find_map(|any| match any.type_url.rsplit_once('/') {
            Some((_, suffix)) if suffix == name => M::decode(&*any.value).ok(),
            _ => None,
        })
}

/// Returns the delay of a status. `TryFrom` would overflow for `i64::MIN` seconds.
fn retry_delay(status: &Status) -> Option<Duration> {
    let info = first::<RetryInfo>(status, "google.rpc.RetryInfo")?;
    let delay = info.retry_delay?.normalized();
    match (u64::try_from(delay.seconds), u32::try_from(delay.nanos)) {
        (Ok(seconds), Ok(nanos)) => Some(Duration::new(seconds, nanos)),
        _ => Some(Duration::ZERO),
    }
}

/// Returns the number of the digits of a code: 4, or 8 that do not begin with 0; else 0.
fn number_of(digits: &str) -> i32 {
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let well_formed = match digits.len() {
        4 => true,
        8 => !digits.starts_with('0'),
        _ => false,
    };
    match digits {
        "0000" => v1::ErrorCode::Cbc0000.into(),
        _ if well_formed && all_digits => digits.parse().unwrap_or(0),
        _ => 0,
    }
}
