//! Observations: the client's view of responses.

use cbcerr::v1::{CatalogEntry, FailedItem, TranslateResult, Translation, translate_result};
use cbcerr::{CbcError, meaning};
use prost::Message;
use prost_types::Any;
use tonic_types::{RpcStatusExt, StatusExt, pb::Status};

use crate::Failure;
use crate::pb::{CbcErrorView, Details, Observation};

/// The domain of errors of the service itself.
const OWN_DOMAIN: &str = "cbcerr";

pub fn of_result(result: Option<TranslateResult>) -> Result<Observation, Failure> {
    match result.and_then(|r| r.result) {
        Some(translate_result::Result::Translation(t)) => Ok(of_translation(t)),
        Some(translate_result::Result::Error(status)) => Ok(rejection(status)),
        None => Err("a result is neither a translation nor an error".into()),
    }
}

pub fn of_translation(translation: Translation) -> Observation {
    let items = translation.items.into_iter().map(of_item).collect();
    let locale = translation.locale;
    Observation {
        locale,
        items,
        ..of_status(translation.status.unwrap_or_default())
    }
}

fn of_item(item: FailedItem) -> Observation {
    Observation {
        id: item.id,
        ..of_status(item.status.unwrap_or_default())
    }
}

pub fn of_entry(entry: CatalogEntry) -> Observation {
    Observation {
        meaning: meaning(entry.number),
        entry: Some(entry),
        ..Default::default()
    }
}

pub fn of_status(status: Status) -> Observation {
    observation(CbcError::from_status(&status), details(&status), status)
}

/// Returns the observation of an error of Raise. tonic-types reads the standard details.
pub fn of_error(error: tonic::Status) -> Result<Observation, Failure> {
    let status = Status::decode(error.details())?;
    if status.details.is_empty() || is_rejection(&status) {
        return of_rejection(error);
    }
    let Details {
        cbc_error, others, ..
    } = details(&status);
    let details = Details {
        cbc_error,
        others,
        ..standard_details(&error)
    };
    Ok(observation(CbcError::from_error(&error), details, status))
}

/// Returns the observation of an error of the service itself. Returns any other error.
pub fn of_rejection(error: tonic::Status) -> Result<Observation, Failure> {
    let status = Status::decode(error.details())?;
    if is_rejection(&status) {
        Ok(rejection(status))
    } else {
        Err(error.into())
    }
}

pub fn rejection(rejected: Status) -> Observation {
    Observation {
        rejected: Some(rejected),
        ..Default::default()
    }
}

/// Reports whether a status is an error of the service itself.
pub fn is_rejection(status: &Status) -> bool {
    status
        .get_details_error_info()
        .is_some_and(|info| info.domain == OWN_DOMAIN)
}

fn observation(error: Option<CbcError>, details: Details, status: Status) -> Observation {
    Observation {
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
        advice: error.advice,
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

/// Decodes the details by their types, the first of each.
fn details(status: &Status) -> Details {
    let mut result = Details::default();
    for any in &status.details {
        if set_field(&mut result, any).is_none() {
            result.others.push(any.clone());
        }
    }
    result
}

/// Decodes a detail into the field of its type. Returns `None` if there is no such field or the
/// detail cannot be decoded.
fn set_field(result: &mut Details, any: &Any) -> Option<()> {
    match any.type_url.rsplit_once('/')?.1 {
        "google.rpc.ErrorInfo" => first(&mut result.error_info, any),
        "cbc.error.v1.CbcError" => first(&mut result.cbc_error, any),
        "google.rpc.LocalizedMessage" => first(&mut result.localized_message, any),
        "google.rpc.RetryInfo" => first(&mut result.retry_info, any),
        "google.rpc.BadRequest" => first(&mut result.bad_request, any),
        "google.rpc.PreconditionFailure" => first(&mut result.precondition_failure, any),
        "google.rpc.QuotaFailure" => first(&mut result.quota_failure, any),
        "google.rpc.ResourceInfo" => first(&mut result.resource_info, any),
        "google.rpc.RequestInfo" => first(&mut result.request_info, any),
        "google.rpc.Help" => first(&mut result.help, any),
        _ => None,
    }
}

fn first<M: Message + Default>(field: &mut Option<M>, any: &Any) -> Option<()> {
    let detail = M::decode(&*any.value).ok()?;
    field.get_or_insert(detail);
    Some(())
}
