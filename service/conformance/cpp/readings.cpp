#include "readings.h"

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

// Tells whether a detail is a T that can be read; the first of them is kept.
template <typename T>
bool Keep(const Any& detail, bool kept, Details* details,
          T* (Details::*field)()) {
  T typed;
  if (!detail.UnpackTo(&typed)) return false;
  if (!kept) *(details->*field)() = typed;
  return true;
}

bool KeepTyped(const Any& any, Details* d) {
  using D = Details;
  return Keep(any, d->has_error_info(), d, &D::mutable_error_info) ||
         Keep(any, d->has_cbc_error(), d, &D::mutable_cbc_error) ||
         Keep(any, d->has_localized_message(), d,
              &D::mutable_localized_message) ||
         Keep(any, d->has_retry_info(), d, &D::mutable_retry_info) ||
         Keep(any, d->has_bad_request(), d, &D::mutable_bad_request) ||
         Keep(any, d->has_precondition_failure(), d,
              &D::mutable_precondition_failure) ||
         Keep(any, d->has_quota_failure(), d, &D::mutable_quota_failure) ||
         Keep(any, d->has_resource_info(), d, &D::mutable_resource_info) ||
         Keep(any, d->has_request_info(), d, &D::mutable_request_info) ||
         Keep(any, d->has_help(), d, &D::mutable_help);
}

Details Unpack(const Status& status) {
  Details details;
  for (const Any& detail : status.details()) {
    if (!KeepTyped(detail, &details)) *details.add_others() = detail;
  }
  return details;
}

}  // namespace

void SetMeaning(int number, Reading* reading) {
  if (const auto meaning = MeaningOf(number)) {
    *reading->mutable_meaning() = *meaning;
  }
}

Reading Read(const Status& status, const std::optional<CbcError>& error) {
  Reading reading;
  *reading.mutable_status() = status;
  *reading.mutable_details() = Unpack(status);
  if (error) {
    *reading.mutable_error() = View(*error);
    SetMeaning(error->number, &reading);
  }
  return reading;
}

Reading Read(const Status& status) { return Read(status, FromStatus(status)); }

Reading Read(const api::Translation& translation) {
  Reading reading = Read(translation.status());
  reading.set_locale(translation.locale());
  for (const api::FailedItem& item : translation.items()) {
    Reading& part = *reading.add_items() = Read(item.status());
    part.set_id(item.id());
  }
  return reading;
}

Reading Refused(const Status& status) {
  Reading reading;
  *reading.mutable_refused() = status;
  return reading;
}

Reading Read(const api::TranslateResult& result) {
  return result.has_error() ? Refused(result.error())
                            : Read(result.translation());
}

bool IsRefusal(const Status& status) {
  return Unpack(status).error_info().domain() == "cbcerr";
}

}  // namespace cbcerr::conformance::v1
