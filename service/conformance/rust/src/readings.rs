//! What the client makes of an answer.

use cbcerr::v1::{CatalogEntry, FailedItem, TranslateResult, Translation, translate_result};
use cbcerr::{CbcError, meaning};
use prost::Message;
use prost_types::Any;
use tonic_types::{RpcStatusExt, StatusExt, pb::Status};

use crate::Failure;
use crate::pb::{CbcErrorView, Details, Reading};

/// The domain of the service's own errors.
const OWN_DOMAIN: &str = "cbcerr";

pub fn of_result(result: Option<TranslateResult>) -> Result<Reading, Failure> {
    match result.and_then(|either| either.result) {
        Some(translate_result::Result::Translation(t)) => Ok(of_translation(t)),
        Some(translate_result::Result::Error(own)) => Ok(of_own(own)),
        None => Err("a result is neither a translation nor an error".into()),
    }
}

pub fn of_translation(translation: Translation) -> Reading {
    let items = translation.items.into_iter().map(of_item).collect();
    let locale = translation.locale;
    Reading {
        locale,
        items,
        ..of_status(translation.status.unwrap_or_default())
    }
}

fn of_item(item: FailedItem) -> Reading {
    Reading {
        id: item.id,
        ..of_status(item.status.unwrap_or_default())
    }
}

pub fn of_entry(entry: CatalogEntry) -> Reading {
    Reading {
        meaning: meaning(entry.number),
        entry: Some(entry),
        ..Default::default()
    }
}

pub fn of_status(status: Status) -> Reading {
    reading(CbcError::from_status(&status), details(&status), status)
}

/// The reading of what Raise failed with; the standard details are those that tonic-types finds.
pub fn of_error(error: tonic::Status) -> Result<Reading, Failure> {
    let status = Status::decode(error.details())?;
    if status.details.is_empty() || is_own(&status) {
        return of_refusal(error);
    }
    let Details {
        cbc_error, others, ..
    } = details(&status);
    let details = Details {
        cbc_error,
        others,
        ..standard_details(&error)
    };
    Ok(reading(CbcError::from_error(&error), details, status))
}

/// The reading of an error of the service itself; any other is the task's failure.
pub fn of_refusal(error: tonic::Status) -> Result<Reading, Failure> {
    let status = Status::decode(error.details())?;
    if is_own(&status) {
        Ok(of_own(status))
    } else {
        Err(error.into())
    }
}

pub fn of_own(refused: Status) -> Reading {
    Reading {
        refused: Some(refused),
        ..Default::default()
    }
}

/// Tells whether a status is an error of the service itself.
pub fn is_own(status: &Status) -> bool {
    status
        .get_details_error_info()
        .is_some_and(|info| info.domain == OWN_DOMAIN)
}

fn reading(error: Option<CbcError>, details: Details, status: Status) -> Reading {
    Reading {
        meaning: error.as_ref().and_then(|error| meaning(error.number)),
        error: error.map(view),
        details: Some(details),
        status: Some(status),
        ..Default::default()
    }
}

fn view(error: CbcError) -> CbcErrorView {
    CbcErrorView {
        should_retry: Some(error.should_retry(false)),
        should_retry_idempotent: Some(error.should_retry(true)),
        retry_delay: error.retry_delay.and_then(|delay| delay.try_into().ok()),
        code: error.code,
        number: error.number,
        reason: error.reason,
        retry: error.retry,
        outcome: error.outcome,
        locale: error.locale,
        message: error.message,
    }
}

fn standard_details(error: &tonic::Status) -> Details {
    Details {
        error_info: error.get_details_error_info().map(Into::into),
        localized_message: error.get_details_localized_message().map(Into::into),
        retry_info: error.get_details_retry_info().map(Into::into),
        bad_request: error.get_details_bad_request().map(Into::into),
        precondition_failure: error.get_details_precondition_failure().map(Into::into),
        quota_failure: error.get_details_quota_failure().map(Into::into),
        resource_info: error.get_details_resource_info().map(Into::into),
        request_info: error.get_details_request_info().map(Into::into),
        help: error.get_details_help().map(Into::into),
        ..Default::default()
    }
}

/// Sorts the details by their types, the first of each.
fn details(status: &Status) -> Details {
    let mut sorted = Details::default();
    for packed in &status.details {
        if place(&mut sorted, packed).is_none() {
            sorted.others.push(packed.clone());
        }
    }
    sorted
}

/// Decodes a detail into the field of its type; none where there is no such field or it cannot be
/// read.
fn place(sorted: &mut Details, packed: &Any) -> Option<()> {
    match packed.type_url.rsplit_once('/')?.1 {
        "google.rpc.ErrorInfo" => first(&mut sorted.error_info, packed),
        "cbc.error.v1.CbcError" => first(&mut sorted.cbc_error, packed),
        "google.rpc.LocalizedMessage" => first(&mut sorted.localized_message, packed),
        "google.rpc.RetryInfo" => first(&mut sorted.retry_info, packed),
        "google.rpc.BadRequest" => first(&mut sorted.bad_request, packed),
        "google.rpc.PreconditionFailure" => first(&mut sorted.precondition_failure, packed),
        "google.rpc.QuotaFailure" => first(&mut sorted.quota_failure, packed),
        "google.rpc.ResourceInfo" => first(&mut sorted.resource_info, packed),
        "google.rpc.RequestInfo" => first(&mut sorted.request_info, packed),
        "google.rpc.Help" => first(&mut sorted.help, packed),
        _ => None,
    }
}

fn first<M: Message + Default>(field: &mut Option<M>, packed: &Any) -> Option<()> {
    let detail = M::decode(&*packed.value).ok()?;
    field.get_or_insert(detail);
    Some(())
}
