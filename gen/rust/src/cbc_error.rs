use std::{error::Error, fmt, time::Duration};

use prost::Message;
use tonic_types::pb::{ErrorInfo, RetryInfo, Status};

use crate::v1;

/// The domain of the `google.rpc.ErrorInfo` of every translated error.
pub const DOMAIN: &str = "cbc.huaweicloud.com";

/// What the catalogue that this crate was built from says of each code, in the order of their
/// numbers.
static MEANINGS: &[(i32, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/meanings.rs"));

/// An error of the CBC, translated. What was not said is empty.
///
/// Quote `code`, branch on `reason` (or on `detail.reason()` for the compiler's help), show
/// `message`. As a Rust error it prints what belongs into a log.
///
/// ```
/// # use cbcerr::{CbcError, v1::ErrorReason};
/// # fn f(status: &tonic::Status) {
/// if let Some(error) = CbcError::from_error(status) {
///     match error.detail.reason() {
///         ErrorReason::BalanceInsufficient => println!("{}", error.message),
///         _ if error.should_retry(false) => println!("again in {:?}", error.retry_delay),
///         _ => println!("{error}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CbcError {
    /// Upstream's code in its canonical spelling, such as `CBC.0250`.
    pub code: String,
    /// Its number in [`v1::ErrorCode`], also of a code that is newer than this crate; 0 where it
    /// has none.
    pub number: i32,
    /// The constant to branch on, such as `REQUEST_THROTTLED`: a name of [`v1::ErrorReason`]
    /// without its prefix.
    pub reason: String,
    /// The advice by its name in [`v1::RetryAdvice`], such as `BACKOFF`.
    pub retry: String,
    /// What became of the effect, by its name in [`v1::Outcome`], such as `NOT_APPLIED`.
    pub outcome: String,
    /// The text for people, in the language of `locale`.
    pub message: String,
    /// A BCP 47 tag, such as `zh-CN`.
    pub locale: String,
    /// How long to wait before a repetition; none where the error does not say. A negative time
    /// counts as zero.
    pub retry_delay: Option<Duration>,
    /// The same by typed enums, and more; the default where the status came without it.
    pub detail: v1::CbcError,
    /// All that was received.
    pub status: Status,
}

impl CbcError {
    /// Reads a status of Translate, BatchTranslate and StreamTranslate, of a failed item, or of
    /// REST.
    ///
    /// None where it is no error of the CBC: upstream succeeded, or it is another system's. A
    /// detail that cannot be read counts as not there.
    pub fn from_status(status: &Status) -> Option<Self> {
        let mut info = first::<ErrorInfo>(status, "google.rpc.ErrorInfo")?;
        if info.domain != DOMAIN {
            return None;
        }
        let mut said = |key| info.metadata.remove(key).unwrap_or_default();
        let code = said("code");
        let detail = first::<v1::CbcError>(status, "cbc.error.v1.CbcError").unwrap_or_default();
        Some(Self {
            number: match detail.code {
                0 => number_of(&code),
                number => number,
            },
            code,
            retry: said("retry"),
            outcome: said("outcome"),
            message: said("message"),
            locale: said("locale"),
            reason: info.reason,
            retry_delay: retry_delay(status),
            detail,
            status: status.clone(),
        })
    }

    /// Reads the error that Raise fails with.
    ///
    /// None where it is no error of the CBC, but the service's own or one of the network.
    pub fn from_error(error: &tonic::Status) -> Option<Self> {
        Self::from_status(&Status::decode(error.details()).ok()?)
    }

    /// Tells whether the call to upstream is worth repeating, after a wait: where upstream turned
    /// it away unexecuted, or where it failed inside and repeating it cannot do the thing twice. An
    /// advice that is newer than this crate counts as no.
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

/// What the catalogue that this crate was built from says of a code, without asking a server; none
/// for a code that it does not have.
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

/// The first detail of a type that can be read. Unlike the readers of tonic-types it takes any
/// prefix of the type's address.
fn first<M: Message + Default>(status: &Status, name: &str) -> Option<M> {
    status
        .details
        .iter()
        .find_map(|any| match any.type_url.rsplit_once('/') {
            Some((_, found)) if found == name => M::decode(&*any.value).ok(),
            _ => None,
        })
}

/// Not by `TryFrom`, which overflows at the least of all seconds.
fn retry_delay(status: &Status) -> Option<Duration> {
    let info = first::<RetryInfo>(status, "google.rpc.RetryInfo")?;
    let delay = info.retry_delay?.normalized();
    match (u64::try_from(delay.seconds), u32::try_from(delay.nanos)) {
        (Ok(seconds), Ok(nanos)) => Some(Duration::new(seconds, nanos)),
        _ => Some(Duration::ZERO),
    }
}

/// The contract's rule for a code whose number was lost, as in JSON that names an enum value which
/// is newer than the reader: exactly 4 digits, or 8 not beginning with 0.
fn number_of(code: &str) -> i32 {
    let digits = code.strip_prefix("CBC.").unwrap_or_default();
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
