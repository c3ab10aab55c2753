/// @file
/// Reads errors of Huawei Cloud's billing and operations APIs (CBC, also named
/// BSS) that cbcerr has translated. cbc/error/v1/*.pb.h has the messages, this
/// file what every program needs to handle an error. It makes no calls, keeps
/// no state, and throws no exceptions on invalid input.
///
///     if (!stub->Translate(&context, request, &answer).ok()) {
///       ...  // an error of cbcerr itself
///     }
///     const auto error = cbcerr::FromStatus(answer.translation().status());
///     if (error && error->ShouldRetry(false)) {
///       ...
///     }
#ifndef CBCERR_CBCERR_H_
#define CBCERR_CBCERR_H_

#include <grpcpp/support/error_details.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "cbc/error/v1/cbc_error.pb.h"
#include "cbc/error/v1/error_code.pb.h"
#include "cbc/error/v1/meaning.pb.h"
#include "cbcerr/json.h"  // IWYU pragma: export
#include "google/protobuf/duration.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace cbcerr {

/// Domain of the google.rpc.ErrorInfo of every translated error.
inline constexpr std::string_view kDomain = "cbc.huaweicloud.com";

/// A translated error of the CBC. Log `code`, branch on `reason`, show
/// `message`. Text that the status does not have is empty.
struct CbcError {
  /// Upstream's code in its canonical spelling, such as "CBC.0250".
  std::string code;
  /// Number of the code in cbc::error::v1::ErrorCode, or 0 if it has none.
  std::int32_t number = 0;
  /// Constant to branch on, such as "REQUEST_THROTTLED": the name of a
  /// cbc::error::v1::ErrorReason without its prefix. To branch on an enum, use
  /// `detail.reason()`, which does not know the reasons of a newer server.
  std::string reason;
  /// Retry advice for the call to upstream, such as "BACKOFF": the name of a
  /// cbc::error::v1::RetryAdvice without its prefix.
  std::string retry;
  /// Effect of the call to upstream, such as "NOT_APPLIED": the name of a
  /// cbc::error::v1::Outcome without its prefix.
  std::string outcome;
  /// Text for users, in the language of `locale`.
  std::string message;
  /// BCP 47 tag, such as "zh-CN".
  std::string locale;
  /// What to do, in one sentence for users.
  std::string advice;
  /// Recommended delay before a retry; not set if none is recommended. It is
  /// clamped to the range of std::chrono::nanoseconds, about 292 years.
  std::optional<std::chrono::nanoseconds> retry_delay;
  /// Typed detail, with enums and the code as received; empty if there is none.
  cbc::error::v1::CbcError detail;
  /// Whole status as received.
  google::rpc::Status status;

  /// Reports whether the advice permits a retry of the call to upstream, after
  /// a delay: upstream rejected it before executing it, or failed internally
  /// and a second call cannot take effect twice. Returns false for advice that
  /// is newer than this package.
  [[nodiscard]] bool ShouldRetry(bool idempotent) const {
    if (retry == "BACKOFF_IF_IDEMPOTENT") {
      return idempotent || outcome == "NOT_APPLIED";
    }
    return retry == "BACKOFF";
  }
};

namespace internal {

/// Returns the first detail of a type that can be decoded.
template <typename Detail>
std::optional<Detail> FirstDetail(const google::rpc::Status& status) {
  for (const auto& any : status.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

/// Returns the metadata value of a key; empty if there is none.
inline std::string ValueOf(const google::rpc::ErrorInfo& info,
                           const char* key) {
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

inline constexpr std::string_view kPrefix = "CBC.";

/// Returns the number of a code: 4 digits, or 8 not beginning with 0; else 0.
inline std::int32_t NumberOf(std::string_view code) {
  if (code.substr(0, kPrefix.size()) != kPrefix) return 0;
  code.remove_prefix(kPrefix.size());
  const bool valid = code.size() == 4 || (code.size() == 8 && code[0] != '0');
  if (!valid || code.find_first_not_of("0123456789") != code.npos) return 0;
  std::int32_t number = 0;
  std::from_chars(code.data(), code.data() + code.size(), number);
  return number == 0 ? cbc::error::v1::ERROR_CODE_CBC_0000 : number;
}

/// Converts a duration, clamped to the range of std::chrono::nanoseconds.
inline std::chrono::nanoseconds ToNanoseconds(
    const google::protobuf::Duration& duration) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  // Three seconds are left for nanos, which are below 2^31 even if invalid.
  constexpr seconds kMax =
      std::chrono::duration_cast<seconds>(nanoseconds::max()) - seconds(3);
  const seconds whole(duration.seconds());
  return std::clamp(whole, -kMax, kMax) + nanoseconds(duration.nanos());
}

}  // namespace internal

/// Returns the translated error of a status: of Translate, BatchTranslate or
/// StreamTranslate, of a failed item, or from the JSON of REST. Details that
/// cannot be decoded are ignored.
/// @return the error; empty if upstream succeeded, and for other statuses
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
  error.advice = internal::ValueOf(*info, "advice");
  error.detail =
      internal::FirstDetail<cbc::error::v1::CbcError>(status).value_or(
          cbc::error::v1::CbcError());
  error.number = error.detail.code();
  if (error.number == 0) error.number = internal::NumberOf(error.code);
  const auto wait = internal::FirstDetail<RetryInfo>(status);
  if (wait && wait->has_retry_delay()) {
    error.retry_delay = internal::ToNanoseconds(wait->retry_delay());
  }
  error.status = status;
  return error;
}

/// Returns the translated error of a failed call, such as Raise.
/// @return the error; empty for a success and for errors of cbcerr itself or
///     of the network
[[nodiscard]] inline std::optional<CbcError> FromError(
    const grpc::Status& error) {
  google::rpc::Status status;
  if (!grpc::ExtractErrorDetails(error, &status).ok()) return std::nullopt;
  return FromStatus(status);
}

/// Returns the meaning of a code's number in the catalogue of this version,
/// without a call.
/// @return the meaning; empty for an unknown number
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

/// Returns the meaning of a code's text, with or without the prefix, in any
/// letter case: "CBC.5003" or "5003".
/// @return the meaning; empty for an unknown code, and for a text that is not
///     a code
[[nodiscard]] inline std::optional<cbc::error::v1::Meaning> MeaningOf(
    std::string_view code) {
  constexpr auto kPrefix = internal::kPrefix;
  const std::string_view start = code.substr(0, kPrefix.size());
  const bool has_prefix = std::equal(
      start.begin(), start.end(), kPrefix.begin(), kPrefix.end(),
      [](unsigned char a, unsigned char b) { return std::toupper(a) == b; });
  if (has_prefix) code.remove_prefix(kPrefix.size());
  return MeaningOf(internal::NumberOf("CBC." + std::string(code)));
}

/// Other types do not compile, so that none is converted silently.
template <typename T,
          std::enable_if_t<std::is_arithmetic_v<T> || std::is_null_pointer_v<T>,
                           int> = 0>
std::optional<cbc::error::v1::Meaning> MeaningOf(T) = delete;

}  // namespace cbcerr

#endif  // CBCERR_CBCERR_H_
