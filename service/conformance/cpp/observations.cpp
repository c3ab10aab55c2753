#include "observations.h"

#include <cstdint>
#include <cstdlib>
#include <ratio>

namespace cbcerr::conformance::v1 {
namespace {

namespace api = cbc::error::v1;
using google::protobuf::Any;
using google::rpc::Status;

CbcErrorView View(const CbcError& error) {
  CbcErrorView view;
  view.set_code(error.code);
  view.set_number(error.number);
  view.set_reason(error.reason);
  view.set_retry(error.retry);
  view.set_outcome(error.outcome);
  view.set_locale(error.locale);
  view.set_message(error.message);
  view.set_advice(error.advice);
  view.set_should_retry(error.ShouldRetry(false));
  view.set_should_retry_idempotent(error.ShouldRetry(true));
  if (error.retry_delay) {
    const auto [seconds, nanos] =
        std::lldiv(error.retry_delay->count(), std::nano::den);
    view.mutable_retry_delay()->set_seconds(seconds);
    view.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(nanos));
  }
  return view;
}

// Reports whether a detail is a T that can be decoded. Sets the field if this
// is the first T.
template <typename T>
bool SetIfFirst(const Any& detail, bool has_field, Details* details,
                T* (Details::*field)()) {
  T typed;
  if (!detail.UnpackTo(&typed)) return false;
  if (!has_field) *(details->*field)() = typed;
  return true;
}

bool SetField(const Any& any, Details* d) {
  using D = Details;
  return SetIfFirst(any, d->has_error_info(), d, &D::mutable_error_info) ||
         SetIfFirst(any, d->has_cbc_error(), d, &D::mutable_cbc_error) ||
         SetIfFirst(any, d->has_localized_message(), d,
                    &D::mutable_localized_message) ||
         SetIfFirst(any, d->has_retry_info(), d, &D::mutable_retry_info) ||
         SetIfFirst(any, d->has_bad_request(), d, &D::mutable_bad_request) ||
         SetIfFirst(any, d->has_precondition_failure(), d,
                    &D::mutable_precondition_failure) ||
         SetIfFirst(any, d->has_quota_failure(), d,
                    &D::mutable_quota_failure) ||
         SetIfFirst(any, d->has_resource_info(), d,
                    &D::mutable_resource_info) ||
         SetIfFirst(any, d->has_request_info(), d, &D::mutable_request_info) ||
         SetIfFirst(any, d->has_help(), d, &D::mutable_help);
}

Details Unpack(const Status& status) {
  Details details;
  for (const Any& detail : status.details()) {
    if (!SetField(detail, &details)) *details.add_others() = detail;
  }
  return details;
}

}  // namespace

void SetMeaning(int number, Observation* observation) {
  if (const auto meaning = MeaningOf(number)) {
    *observation->mutable_meaning() = *meaning;
  }
}

Observation Read(const Status& status, const std::optional<CbcError>& error) {
  Observation observation;
  *observation.mutable_status() = status;
  *observation.mutable_details() = Unpack(status);
  if (error) {
    *observation.mutable_error() = View(*error);
    SetMeaning(error->number, &observation);
  }
  return observation;
}

Observation Read(const Status& status) {
  return Read(status, FromStatus(status));
}

Observation Read(const api::Translation& translation) {
  Observation observation = Read(translation.status());
  observation.set_locale(translation.locale());
  for (const api::FailedItem& item : translation.items()) {
    Observation& part = *observation.add_items() = Read(item.status());
    part.set_id(item.id());
  }
  return observation;
}

Observation Rejected(const Status& status) {
  Observation observation;
  *observation.mutable_rejected() = status;
  return observation;
}

Observation Read(const api::TranslateResult& result) {
  return result.has_error() ? Rejected(result.error())
                            : Read(result.translation());
}

bool IsRejection(const Status& status) {
  return Unpack(status).error_info().domain() == "cbcerr";
}

}  // namespace cbcerr::conformance::v1
