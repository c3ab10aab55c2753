// How a C++ program reads the errors that cbcerr translates. The typed messages
// are in cbc/error/v1/*.pb.h beside it; this file has the few words that every
// program needs. It asks nobody, keeps nothing and throws nothing of its own,
// whatever the bytes are.
//
//   const grpc::Status status = stub->Raise(&context, request, &response);
//   const auto error = cbcerr::FromError(status);
//   if (error && error->ShouldRetry(false)) …
#ifndef CBCERR_CBCERR_H_
#define CBCERR_CBCERR_H_

#include <google/protobuf/util/json_util.h>
#include <grpcpp/support/error_details.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cbc/error/v1/cbc_error.pb.h"
#include "cbc/error/v1/error_code.pb.h"
#include "cbc/error/v1/meaning.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace cbcerr {

// The domain of the google.rpc.ErrorInfo of every translated error.
inline constexpr std::string_view kDomain = "cbc.huaweicloud.com";

// An error of the CBC, translated. Quote `code`, branch on `reason`, show
// `message`.
struct CbcError {
  // Upstream's code in its canonical spelling, such as "CBC.0250"; empty where
  // none was received.
  std::string code;
  // The number of the code, as in cbc::error::v1::ErrorCode, also of a code
  // that is newer than this package; 0 where the code has none.
  std::int32_t number = 0;
  // The constant to branch on, such as "REQUEST_THROTTLED". The names are those
  // of cbc::error::v1::ErrorReason; `detail.reason()` is the same as an enum,
  // for the compiler's help, but does not know a newer server's names.
  std::string reason;
  // The name of the advice in cbc::error::v1::RetryAdvice, such as "BACKOFF".
  std::string retry;
  // What became of the effect, by its name in cbc::error::v1::Outcome, such as
  // "NOT_APPLIED".
  std::string outcome;
  // The text for people, in the language of `locale`.
  std::string message;
  // A language tag, such as "zh-CN".
  std::string locale;
  // How long to wait before a repetition; not set where the error does not say.
  // What is longer than a std::chrono::nanoseconds, about 292 years, is cut.
  std::optional<std::chrono::nanoseconds> retry_delay;
  // The same by typed enums, and more; empty where the status came without it.
  cbc::error::v1::CbcError detail;
  // All that was received.
  google::rpc::Status status;

  // Tells whether the call to upstream is worth repeating, after a wait: where
  // upstream turned it away unexecuted, or where it failed inside and repeating
  // it cannot do the thing twice. An advice that is newer than this package
  // counts as no.
  [[nodiscard]] bool ShouldRetry(bool idempotent) const {
    if (retry == "BACKOFF_IF_IDEMPOTENT") {
      return idempotent || outcome == "NOT_APPLIED";
    }
    return retry == "BACKOFF";
  }
};

namespace internal {

// The first detail of a type; nothing where there is none that can be read.
template <typename Detail>
std::optional<Detail> FirstDetail(const google::rpc::Status& status) {
  for (const auto& packed : status.details()) {
    Detail detail;
    if (packed.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

// The value of a key; empty where there is none.
inline std::string ValueOf(const google::rpc::ErrorInfo& info,
                           const char* key) {
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

// The contract's rule for a code whose number was lost, as in JSON that names
// an enum value which is newer than the reader: exactly 4 digits, or 8 not
// beginning with 0.
inline std::int32_t NumberOf(std::string_view code) {
  constexpr std::string_view kPrefix = "CBC.";
  if (code.substr(0, kPrefix.size()) != kPrefix) return 0;
  code.remove_prefix(kPrefix.size());
  const bool fits = code.size() == 4 || (code.size() == 8 && code[0] != '0');
  if (!fits || code.find_first_not_of("0123456789") != code.npos) return 0;
  std::int32_t number = 0;
  std::from_chars(code.data(), code.data() + code.size(), number);
  return number == 0 ? cbc::error::v1::ERROR_CODE_CBC_0000 : number;
}

// A duration, cut to what can be counted in nanoseconds.
inline std::chrono::nanoseconds Nanoseconds(
    const google::protobuf::Duration& duration) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  // The three seconds are room for any nanos, even ones that are not valid.
  constexpr seconds kMost =
      std::chrono::duration_cast<seconds>(nanoseconds::max()) - seconds(3);
  const seconds whole(duration.seconds());
  return std::clamp(whole, -kMost, kMost) + nanoseconds(duration.nanos());
}

// Removes from the JSON of a CbcError the names of enum values that are newer
// than this package.
inline void DropUnknownNames(google::protobuf::Struct* detail) {
  const auto* type = cbc::error::v1::CbcError::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* names = type->field(i)->enum_type();
    if (names == nullptr) continue;
    const std::string key(type->field(i)->json_name());
    const auto found = detail->fields().find(key);
    if (found != detail->fields().end() && found->second.has_string_value() &&
        names->FindValueByName(found->second.string_value()) == nullptr) {
      detail->mutable_fields()->erase(key);
    }
  }
}

// The same for every CbcError within an object.
inline void DropAllUnknownNames(google::protobuf::Struct* object) {
  const auto type = object->fields().find("@type");
  if (type != object->fields().end() &&
      type->second.string_value() ==
          "type.googleapis.com/cbc.error.v1.CbcError") {
    DropUnknownNames(object);
  }
  for (auto& [key, value] : *object->mutable_fields()) {
    if (value.has_struct_value()) {
      DropAllUnknownNames(value.mutable_struct_value());
    }
    if (!value.has_list_value()) continue;
    for (auto& element : *value.mutable_list_value()->mutable_values()) {
      if (element.has_struct_value()) {
        DropAllUnknownNames(element.mutable_struct_value());
      }
    }
  }
}

// JSON without the names of enum values in details that are newer than this
// package; as it is where it is no object.
inline std::string WithoutUnknownNames(const std::string& json) {
  google::protobuf::Struct object;
  std::string known;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return json;
  }
  DropAllUnknownNames(&object);
  const auto written =
      google::protobuf::util::MessageToJsonString(object, &known);
  return written.ok() ? known : json;
}

}  // namespace internal

// Reads a status of Translate, BatchTranslate or StreamTranslate, of a failed
// item, or one parsed from the JSON of REST. Empty where the status is no error
// of the CBC: upstream succeeded, or it is another system's. A detail that
// cannot be read counts as not there.
[[nodiscard]] inline std::optional<CbcError> FromStatus(
    const google::rpc::Status& status) {
  using google::rpc::ErrorInfo;
  using google::rpc::RetryInfo;
  const auto info = internal::FirstDetail<ErrorInfo>(status);
  if (!info || info->domain() != kDomain) return std::nullopt;
  CbcError error;
  error.code = internal::ValueOf(*info, "code");
  error.reason = info->reason();
  error.retry = internal::ValueOf(*info, "retry");
  error.outcome = internal::ValueOf(*info, "outcome");
  error.message = internal::ValueOf(*info, "message");
  error.locale = internal::ValueOf(*info, "locale");
  error.detail =
      internal::FirstDetail<cbc::error::v1::CbcError>(status).value_or(
          cbc::error::v1::CbcError());
  error.number = error.detail.code();
  if (error.number == 0) error.number = internal::NumberOf(error.code);
  const auto wait = internal::FirstDetail<RetryInfo>(status);
  if (wait && wait->has_retry_delay()) {
    error.retry_delay = internal::Nanoseconds(wait->retry_delay());
  }
  error.status = status;
  return error;
}

// Reads the error of Raise from its rich details. Empty where it is no error of
// the CBC: a success, an error of the service itself, or one of the network.
[[nodiscard]] inline std::optional<CbcError> FromError(
    const grpc::Status& error) {
  google::rpc::Status status;
  if (!grpc::ExtractErrorDetails(error, &status).ok()) return std::nullopt;
  return FromStatus(status);
}

// Reads JSON of the REST API into a message: a Translation, or a
// google.rpc.Status where a call failed. False where it cannot be read as one;
// the message may then be anything. Fields and names of enum values that are
// newer than this package are passed over, as protobuf 3.21 by itself does not
// do within details.
[[nodiscard]] inline bool ParseJson(const std::string& json,
                                    google::protobuf::Message* message) {
  using google::protobuf::util::JsonStringToMessage;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (JsonStringToMessage(json, message, options).ok()) return true;
  message->Clear();
  return JsonStringToMessage(internal::WithoutUnknownNames(json), message,
                             options)
      .ok();
}

// What the catalogue that this package was generated from says of a code, by
// its number and without a server. Empty for a number that it does not have.
[[nodiscard]] inline std::optional<cbc::error::v1::Meaning> MeaningOf(
    int number) {
  const auto* value =
      cbc::error::v1::ErrorCode_descriptor()->FindValueByNumber(number);
  if (value == nullptr ||
      !value->options().HasExtension(cbc::error::v1::meaning)) {
    return std::nullopt;
  }
  return value->options().GetExtension(cbc::error::v1::meaning);
}

}  // namespace cbcerr

#endif  // CBCERR_CBCERR_H_
